"""Real input, whole way: what must come out of the recorded week 2022-W24."""

import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.edition import MODELS
from pipelines.extract.catalogue import CATALOGUE
from pipelines.house import House
from pipelines.lake import days_between
from pipelines.load.models import read_all
from pipelines.load.warehouse import build
from pipelines.normalise.days import write_days
from pipelines.settings import Settings
from pipelines.tables import FUNDING, LIQUIDATION_TOTALS, QUARANTINE, Table
from pipelines.web import Web

RECORDED = Path(__file__).parents[3] / "shared" / "recorded"
WEEK = "2022-W24"


def report(data: Path) -> dict[str, Any]:
    return json.loads((data / "reports" / WEEK / "report.json").read_bytes())


def rows(data: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_coinglass_prints_its_seven_coins_to_the_cent(recorded_week: Path) -> None:
    found = rows(
        recorded_week,
        f"select position, round(notional_usd, 2), coins from mart.weekly_totals "
        f"where week = '{WEEK}' and source = 'coinglass' order by position",
    )
    assert found == [
        ("long", Decimal("1014899818.19"), 7),
        ("short", Decimal("740627400.79"), 7),
    ]
    printed = {number["printed"] for number in report(recorded_week)["numbers"]}
    assert {"1,014,899,818.19", "740,627,400.79"} <= printed


def test_bitcoin_and_ether_longs_come_out_by_source(recorded_week: Path) -> None:
    found = rows(
        recorded_week,
        f"select source, coin, round(notional_usd / 1e6, 2)::double from mart.weekly_liquidations "
        f"where week = '{WEEK}' and position = 'long' and coin in ('BTC', 'ETH') order by all",
    )
    assert found == [
        ("coinalyze", "BTC", pytest.approx(91.77, abs=0.01)),
        ("coinalyze", "ETH", pytest.approx(44.24, abs=0.01)),
        ("coinglass", "BTC", 479.65),
        ("coinglass", "ETH", 467.50),
    ]


def test_the_page_states_the_ratio_of_the_two_sources_with_both_scopes(recorded_week: Path) -> None:
    sentences = [one["text"] for one in report(recorded_week)["sentences"]]
    for coin, ratio in (("BTC", "5.23"), ("ETH", "10.57")):
        (said,) = [s for s in sentences if f"{coin} longs" in s and ratio in s]
        assert "CoinGlass" in said
        assert "Coinalyze" in said
        assert "Binance" in said


def test_the_page_names_the_unit_of_stable_coin_open_interest(recorded_week: Path) -> None:
    page = (recorded_week / "reports" / WEEK / "index.html").read_text("utf-8")
    found = rows(
        recorded_week,
        f"select sentence from mart.findings where week = '{WEEK}' "
        "and finding = 'stable_open_interest_unit'",
    )
    assert found
    assert "stable" in page


def test_no_promise_of_ours_is_broken(recorded_week: Path) -> None:
    names = rows(
        recorded_week,
        "select table_name from information_schema.tables where table_schema = 'check'",
    )
    assert names
    for (name,) in names:
        assert rows(recorded_week, f'select * from "check".{name}') == []


def house_of(folder: Path, first: date, last: date, table: Table, names: list[str]) -> House:
    """A house with one table of a stretch of days, from some datasets, without Dagster."""
    if not RECORDED.is_dir():
        pytest.skip("../shared/recorded is not beside the project")
    house = House(folder)
    with Web(Settings(market=f"recorded:{RECORDED}"), house) as web:
        for name in names:
            web.ask(CATALOGUE[name], days_between(first, last))
        now = web.clock.now()
    list(write_days(house.raw, house.lake, table, first, last, now))
    return house


def test_coinalyze_s_daily_funding_is_binance_s_last_settlement_on_all_364_days(
    tmp_path: Path,
) -> None:
    names = ["coinalyze/instruments", "coinalyze/funding", "binance/instruments", "binance/funding"]
    house = house_of(tmp_path, date(2022, 1, 1), date(2022, 12, 31), FUNDING, names)
    build(house.warehouse, house.lake, read_all(MODELS))
    both = """
        with settled as (
            select cast(time as date) as utc_day, arg_max(funding_rate, time) as rate
            from read_parquet($lake) where feed like 'binance/funding@%'
            and instrument_id = 'binance:BTCUSDT' group by utc_day
        )
        select count(*), count(*) filter (c.funding_rate = s.rate)
        from read_parquet($lake) c join settled s on cast(c.time as date) = s.utc_day
        where c.feed like 'coinalyze/funding@%' and c.instrument_id = 'binance:BTCUSDT'
    """
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        lake = str(house.lake.root / FUNDING.name / "*" / "*.parquet")
        assert connection.execute(both, {"lake": lake}).fetchall() == [(364, 364)]


def test_days_before_the_history_of_coinglass_are_missing_and_not_zero(tmp_path: Path) -> None:
    names = ["coinglass/instruments", "coinglass/liquidations_daily"]
    house = house_of(tmp_path, date(2020, 12, 14), date(2020, 12, 27), LIQUIDATION_TOTALS, names)
    held = house.lake.read(LIQUIDATION_TOTALS, date(2020, 12, 14), date(2020, 12, 27))
    assert held["time"].dt.date().min() == date(2020, 12, 23)
    refused = house.lake.read(
        QUARANTINE, date(2020, 12, 14), date(2020, 12, 22), LIQUIDATION_TOTALS.name
    )
    assert refused.height == 9 * 7 * 2
    assert refused["reason"].str.contains("padding").all()
    build(house.warehouse, house.lake, read_all(MODELS))
    found = rows(
        tmp_path,
        "select distinct days_held, missing_days from mart.weekly_liquidations "
        "where week = '2020-W52' and source = 'coinglass'",
    )
    assert found == [(5, "2020-12-21,2020-12-22")]


@pytest.mark.parametrize(
    ("zone", "threads"), [("Asia/Tokyo", "1"), ("America/New_York", "2")], ids=["east", "west"]
)
def test_the_week_is_made_again_to_the_byte_elsewhere(
    recorded_week: Path, tmp_path: Path, run: Any, zone: str, threads: str
) -> None:
    elsewhere = tmp_path / "another folder"
    shutil.copytree(recorded_week, elsewhere)
    env = {"TZ": zone, "POLARS_MAX_THREADS": threads}
    done = run("reproduce", WEEK, "--data", str(elsewhere), env=env)
    assert "the same bytes" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


def test_a_number_of_the_page_is_walked_back_to_intact_answers(
    recorded_week: Path, run: Any
) -> None:
    numbers = report(recorded_week)["numbers"]
    key = next(n["key"] for n in numbers if n["printed"] == "1,014,899,818.19")
    done = run("trace", WEEK, key, "--data", str(recorded_week))
    assert done.returncode == 0, done.stderr
    assert "/api/futures/liquidation/aggregated-history" in done.stdout
    assert done.stdout.count("intact") == 7
    assert "DAMAGED" not in done.stdout


def test_an_unknown_key_gets_the_nearest_ones(recorded_week: Path, run: Any) -> None:
    done = run("trace", WEEK, "total.coinglas.long", "--data", str(recorded_week))
    assert done.returncode == 1
    assert "did you mean" in done.stderr
    assert done.stderr.count("\n") == 1


def test_verify_names_the_one_file_in_which_a_bit_was_flipped(
    recorded_week: Path, tmp_path: Path, run: Any
) -> None:
    data = tmp_path / "data"
    shutil.copytree(recorded_week, data)
    assert run("verify", "--data", str(data)).returncode == 0
    victim = sorted((data / "lake" / LIQUIDATION_TOTALS.name).glob("*/*.parquet"))[3]
    body = bytearray(victim.read_bytes())
    body[len(body) // 2] ^= 1
    victim.write_bytes(body)
    done = run("verify", "--data", str(data))
    assert done.returncode == 1
    assert str(victim) in done.stdout
    assert "1 damaged" in done.stdout


def test_an_analyst_reads_and_can_do_nothing_else(recorded_week: Path, run: Any) -> None:
    data = str(recorded_week)
    good = run("sql", "select count(*) from mart.weekly_totals", "--data", data)
    assert good.returncode == 0
    for query in ("copy (select 1) to '/tmp/x.csv'", "select * from read_text('/etc/passwd')"):
        bad = run("sql", query, "--data", data)
        assert bad.returncode == 1
        assert bad.stderr.count("\n") == 1
        assert "Traceback" not in bad.stderr
