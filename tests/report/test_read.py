from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from pipelines.lake import Lake
from pipelines.load.models import read_all
from pipelines.load.warehouse import build
from pipelines.report.rows import read
from pipelines.report.trail import find
from pipelines.report.weekly import render
from pipelines.tables import LIQUIDATION_TOTALS
from pipelines.weeks import Week

WEEK = Week(date(2022, 6, 13))
HELD = [WEEK.monday + timedelta(days=n) for n in (0, 1, 3, 4, 5, 6)]
ASKED = datetime(2022, 6, 27, tzinfo=UTC)
SPECK = Decimal("0.000000000000000001")


def _totals(day: date) -> pl.DataFrame:
    common = {
        "source": "coinglass",
        "venue": "several",
        "coin": "BTC",
        "instrument_id": None,
        "scope": "OKX,Binance",
        "time": datetime(day.year, day.month, day.day, tzinfo=UTC),
        "interval_s": 86_400,
        "size_coins": None,
        "price": None,
        "notional_usd": Decimal(1_000_000) + SPECK,
        "usd_basis": "published",
        "origin": "published",
        "feed": "coinglass/liquidations_daily@2020-12-23",
        "coverage": "collected",
        "asked_at": ASKED,
        "answer": "0" * 64,
    }
    rows = [common | {"position": position} for position in ("long", "short")]
    return pl.DataFrame(rows, schema=LIQUIDATION_TOTALS.schema)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    lake = Lake(folder / "lake")
    for day in HELD:
        lake.write(LIQUIDATION_TOTALS, day, _totals(day), as_of="2022-06-27T00:00:00Z")
    models = read_all(Path(__file__).parents[2] / "sql")
    return build(folder / "warehouse.duckdb", lake, models).path


def test_a_week_is_read_from_a_real_warehouse_and_its_missing_day_is_said(
    warehouse: Path, small_week: ModuleType
) -> None:
    files = render(read(warehouse, WEEK), small_week.evidence("live"))
    found = find(files["report.json"], "total.coinglass.long")
    assert found.exact == "6000000.000000000000000006"
    assert found.missing_days == (date(2022, 6, 15),)
    assert found.notes == ("6 of 7 days; missing 2022-06-15",)
    assert "all venues asked: OKX, Binance" in files["report.md"].decode()
    assert find(files["report.json"], "day.coinglass.2022-06-15.long").value is None


def test_a_week_that_nobody_holds_is_read_as_no_rows(warehouse: Path) -> None:
    assert read(warehouse, WEEK.before).liquidations.is_empty()
