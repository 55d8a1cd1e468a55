"""From a printed number back to the bytes that it came from."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from pipelines.extract.asking import Answer
from pipelines.house import House
from pipelines.raw import Asked
from pipelines.report.trail import UnknownKeyError
from pipelines.tables import LIQUIDATION_TOTALS
from pipelines.trace import trace
from pipelines.weeks import Week

DAY = date(2022, 6, 13)
AT = datetime(2022, 6, 20, 6, tzinfo=UTC)
WEEK = Week.of(DAY)


def row(coin, sha256):
    return {
        "source": "coinglass", "venue": "several", "coin": coin, "instrument_id": None,
        "scope": "x", "time": datetime(2022, 6, 13, tzinfo=UTC), "interval_s": 86_400,
        "position": "long", "size_coins": None, "price": None, "notional_usd": Decimal(5),
        "usd_basis": "published", "origin": "published", "feed": "f", "coverage": "collected",
        "asked_at": AT, "answer": sha256,
    }  # fmt: skip


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    params = (("symbol", "BTC"),)
    one = Answer(("BTC",), DAY, DAY, 0, "GET", "https://x/y", params, 200, AT, b"{}")
    other = Answer(("ETH",), DAY, DAY, 0, "GET", "https://x/y", (), 200, AT, b"[]")
    house.raw.keep("coinglass", "liquidations_daily", AT, [Asked((one, other))], AT)
    named = dict(
        house.raw.index("coinglass", "liquidations_daily").select("subject", "sha256").iter_rows()
    )
    rows = [row(coin, sha256) for coin, sha256 in named.items()]
    frame = pl.DataFrame(rows, schema=LIQUIDATION_TOTALS.schema)
    house.lake.write(LIQUIDATION_TOTALS, DAY, frame, as_of="T")
    step = {
        "table": "lake.liquidation_totals", "filters": {"coin": "BTC", "interval_s": 86_400},
        "first_day": "2022-06-13", "last_day": "2022-06-19",
    }  # fmt: skip
    number = {
        "key": "total.btc", "label": "BTC longs", "value": "5", "unit": "usd", "printed": "5",
        "source": step, "trail": [step, step],
    }  # fmt: skip
    (house.reports / WEEK.name).mkdir(parents=True)
    told = json.dumps({"numbers": [number]})
    (house.reports / WEEK.name / "report.json").write_text(told)
    return house


def test_a_number_leads_to_its_rows_once_and_to_the_question_that_was_asked(house):
    trail = trace(house, WEEK, "total.btc")
    assert trail.rows["liquidation_totals"]["coin"].to_list() == ["BTC"]
    (origin,) = trail.origins
    assert (origin.method, origin.address, origin.asked_at) == ("GET", "https://x/y", AT)
    assert json.loads(origin.params) == {"symbol": "BTC"}
    assert (house.root / origin.file).exists()
    assert origin.is_intact


def test_an_answer_whose_file_was_bent_is_said_not_to_be_intact(house, bent):
    (file,) = (house.root / "raw").rglob("bodies/*.parquet")
    with bent(file, 4321):
        assert [o.is_intact for o in trace(house, WEEK, "total.btc").origins] == [False]


def test_a_key_of_no_number_is_answered_with_one_that_is_near(house):
    with pytest.raises(UnknownKeyError, match=r"did you mean total\.btc"):
        trace(house, WEEK, "total.bt")


def test_a_week_without_an_edition_has_nothing_to_trace(house):
    with pytest.raises(FileNotFoundError, match="liqledger report"):
        trace(house, WEEK.before, "total.btc")
