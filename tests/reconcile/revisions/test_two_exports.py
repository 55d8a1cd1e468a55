"""One series of CoinGlass asked for twice, an hour apart: what was equal, restated, and lacking."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.edition import MODELS
from pipelines.extract.catalogue import CATALOGUE
from pipelines.extract.gather import Want, gather
from pipelines.house import House
from pipelines.lake import days_between
from pipelines.load.connection import connect
from pipelines.load.models import read_all
from pipelines.load.warehouse import build
from pipelines.normalise.days import write_days
from pipelines.reconcile.revisions import triangle
from pipelines.reconcile.week import write_week
from pipelines.settings import Settings
from pipelines.tables import RELEASES, REVISIONS
from pipelines.units import AMOUNT
from pipelines.web import Web
from pipelines.weeks import Week

RECORDED = Path(__file__).parents[4] / "shared" / "recorded"
EXPORTS = [RECORDED / f"coinglass/liquidation_hourly_BTC_export_{one}.parquet" for one in "ab"]
FIRST, LAST = date(2025, 11, 23), date(2026, 2, 28)
DAYS = days_between(FIRST, LAST)
HOURLY = CATALOGUE["coinglass/liquidations_hourly"]
ASKED = datetime(2026, 3, 1, 6, tzinfo=UTC)
VENUES = "Binance,Bybit,OKX"
pytestmark = pytest.mark.skipif(
    not all(path.exists() for path in EXPORTS), reason="no recorded market beside the project"
)
# hour of the bucket, side: what became of it, dollars by the first export and by the second
CHANGED = {
    ("2025-11-23 05", "long"): ("appeared", None, "702059.93624"),
    ("2025-11-23 05", "short"): ("appeared", None, "79334.1739"),
    ("2025-11-23 06", "long"): ("restated", "0", "1377585.03304"),
    ("2025-11-23 06", "short"): ("restated", "0", "31731.95504"),
    ("2025-12-27 02", "long"): ("withdrawn", "197218.7411", None),
    ("2025-12-27 02", "short"): ("withdrawn", "2832.8616", None),
    ("2026-02-06 19", "long"): ("withdrawn", "534225.60874", None),
    ("2026-02-06 19", "short"): ("withdrawn", "3780045.98104", None),
}


def changed_in(revisions):
    rows = revisions.filter(~pl.col("change").is_in(["equal", "asked_once"]))
    return {
        (f"{row['bucket']:%Y-%m-%d %H}", row["position"]): (
            row["change"],
            *(None if row[n] is None else Decimal(row[n]) for n in ("first_usd", "latest_usd")),
        )
        for row in rows.iter_rows(named=True)
    }


WANTED = {
    place: (word, *(None if usd is None else Decimal(usd) for usd in told))
    for place, (word, *told) in CHANGED.items()
}


def directly():
    """The two files as rows of RELEASES, every hour of either in both."""
    told = [
        pl.read_parquet(path)
        .unpivot(["long_usd", "short_usd"], index="ts_utc", value_name="usd")
        .with_columns(
            asking=pl.lit(ASKED + timedelta(hours=nth)), position=pl.col("variable").str.head(-4)
        )
        for nth, path in enumerate(EXPORTS)
    ]
    cells = pl.concat(told).select("ts_utc", "position").unique()
    rows = [
        cells.join(one, on=["ts_utc", "position"], how="left").with_columns(
            pl.col("asking").fill_null(one["asking"][0]), is_told=pl.col("usd").is_not_null()
        )
        for one in told
    ]
    return (
        pl.concat(rows)
        .select(
            source=pl.lit("coinglass"),
            venue=pl.lit("several"),
            coin=pl.lit("BTC"),
            instrument_id=pl.lit(None, dtype=pl.String),
            scope=pl.lit(VENUES),
            time=pl.col("ts_utc").cast(pl.Datetime("ms")).dt.replace_time_zone("UTC"),
            interval_s=pl.lit(3600),
            position="position",
            asking=pl.col("asking").cast(pl.Datetime("us", "UTC")),
            is_told="is_told",
            size_coins=pl.lit(None, dtype=AMOUNT),
            notional_usd=pl.col("usd").cast(pl.String).cast(AMOUNT, strict=False),
            feed=pl.lit("coinglass/liquidations_hourly@2020-12-23"),
            asked_at=pl.col("asking").cast(pl.Datetime("us", "UTC")),
            answer=pl.lit("a" * 64),
        )
        .cast(RELEASES.schema)
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The series asked for twice over HTTP, and everything made of both."""
    house = House(tmp_path_factory.mktemp("exports"))
    settings = Settings(
        market=f"recorded:{RECORDED}", data=house.root, now=ASKED, coins="BTC", exchange_list=VENUES
    )
    with Web(settings, house) as web:
        web.ask(CATALOGUE["coinglass/instruments"], DAYS)
        assert web.ask(HOURLY, DAYS).outcome.failed == {}
        again = gather(
            house.raw,
            web._door("coinglass"),
            HOURLY,
            [Want(FIRST, LAST, ("BTC",))],
            web.clock,
            settings={"exchange_list": VENUES},
        )
        assert again.failed == {}
        now = web.clock.now()
    list(write_days(house.raw, house.lake, RELEASES, FIRST, LAST, now))
    for week in {Week.of(day) for day in DAYS}:
        write_week(house.lake, week, now)
    build(house.warehouse, house.lake, read_all(MODELS))
    return house


def test_the_two_files_differ_in_one_hour_and_lack_three_between_them():
    revisions = triangle(directly(), FIRST)
    assert changed_in(revisions) == WANTED
    assert revisions.filter(pl.col("change") == "equal").height == 2 * 2343


def test_the_archive_tells_of_the_same_hours_as_the_files(house):
    revisions = pl.concat(house.lake.read(REVISIONS, w.monday, w.monday) for w in weeks())
    assert changed_in(revisions) == WANTED
    assert revisions.filter(pl.col("change") == "equal").height == 2 * 2343
    assert revisions.height == 2 * 2347
    assert revisions["askings"].unique().to_list() == [2]


def weeks():
    return sorted({Week.of(day) for day in DAYS})


def test_what_nobody_had_asked_for_by_a_release_is_not_known_at_it(house):
    november = house.lake.read(REVISIONS, date(2025, 11, 17), date(2025, 11, 17))
    assert (
        november["t35_usd"].null_count() == november.height == november["t35_asked_at"].null_count()
    )
    (saturday,) = (house.lake.read(REVISIONS, date(2026, 2, 23), date(2026, 2, 23)),)
    over = saturday.filter(pl.col("bucket") >= datetime(2026, 2, 28, tzinfo=UTC))
    assert over["t1_usd"].equals(over["latest_usd"], check_names=False)
    assert over["first_asked_at"].lt(over["t1_asked_at"]).all()


def test_the_summary_of_a_week_adds_up_and_names_the_mean(house):
    with connect(house.warehouse, read_only=True) as warehouse:
        rows = warehouse.execute(
            "select week, cells, cells_asked_again, cells_equal, cells_restated, cells_appeared, "
            "cells_withdrawn, mean_revision_usd, mean_absolute_revision_log from mart.revisions "
            "where release = 'latest' and (cells_equal < cells) order by week"
        ).fetchall()
    assert rows == [
        ("2025-W47", 38, 38, 34, 2, 2, 0, 39147.69, 0.0),
        ("2025-W52", 336, 336, 334, 0, 0, 2, 0.0, 0.0),
        ("2026-W06", 336, 336, 334, 0, 0, 2, 0.0, 0.0),
    ]


def test_a_row_leads_to_the_answer_that_told_it_or_did_not(house):
    rows = house.lake.read(RELEASES, FIRST, FIRST).filter(
        pl.col("time") == datetime(2025, 11, 23, 5, tzinfo=UTC), pl.col("position") == "long"
    )
    assert rows["is_told"].to_list() == [False, True]
    kept = house.raw.index("coinglass", "liquidations_hourly")
    assert set(rows["answer"]) <= set(kept["sha256"])
    made = house.lake.made(RELEASES, FIRST)
    assert len({p for p in made.inputs if "liquidations_hourly/index" in p}) == 2
