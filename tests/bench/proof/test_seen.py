"""What sources say of a week comes out of the real readers as it was shown: count, coins, side, time."""

import polars as pl
import pytest

from bench.proof.seen import Canonical, canonical
from replica.truth import Planted, TruthWeek, week

SIZE = 0.05
PLACE = ["venue", "coin", "symbol", "position", "time"]


def without_faults_of_ours(first: int) -> TruthWeek:
    """The first week from that seed on in which our own feeds are whole."""
    for seed in range(first, first + 50):
        found = week(seed, size=SIZE)
        if not any(one.source == "ours" for one in found.planted):
            return found
    raise AssertionError("every week has a fault of ours")


@pytest.fixture(scope="module")
def true() -> TruthWeek:
    return without_faults_of_ours(0)


@pytest.fixture(scope="module")
def seen(true: TruthWeek) -> Canonical:
    return canonical(true)


def as_read(seen: Canonical, venue: str) -> pl.DataFrame:
    symbols = seen.told.instruments.select("source", "instrument_id", "symbol").unique()
    rows = seen.told.events.filter(pl.col("venue") == venue).collect()
    return (
        rows.join(symbols, on=["source", "instrument_id"])
        .with_columns(pl.col("position").cast(pl.String))
        .select(*PLACE, "size_coins", "notional_quote")
    )


def as_shown(true: TruthWeek, venue: str) -> pl.DataFrame:
    rows = true.orders.filter(pl.col("venue") == venue, "is_shown")
    to = "1s" if venue == "gate" else "1ms"
    return rows.with_columns(pl.col("time").dt.truncate(to).cast(pl.Datetime("ms", "UTC")))


def test_no_reader_refuses_a_row(seen: Canonical) -> None:
    assert seen.refused.is_empty()


@pytest.mark.parametrize("venue", ["binance", "okx", "bitget", "bybit", "gate", "kraken"])
def test_events_are_those_that_were_shown(true: TruthWeek, seen: Canonical, venue: str) -> None:
    shown, read = as_shown(true, venue), as_read(seen, venue)
    assert read.height == shown.height > 0
    linear = shown.filter(pl.col("margin") == "linear")
    coins = linear.select(*PLACE, pl.col("coins").round(8)).sort(*PLACE, "coins")
    told = (
        read.join(linear.select("symbol").unique(), on="symbol", how="semi")
        .select(*PLACE, pl.col("size_coins").cast(pl.Float64).round(8).alias("coins"))
        .sort(*PLACE, "coins")
    )
    assert told.cast({"time": pl.Datetime("ms", "UTC")}).rows() == coins.rows()


@pytest.mark.parametrize("venue", ["okx", "bybit"])
def test_inverse_contracts_are_read_as_their_dollars(
    true: TruthWeek, seen: Canonical, venue: str
) -> None:
    inverse = as_shown(true, venue).filter(pl.col("margin") == "inverse")
    read = as_read(seen, venue).join(inverse.select("symbol").unique(), on="symbol", how="semi")
    assert read.height == inverse.height > 0
    assert float(read["notional_quote"].sum()) == inverse["inverse_usd"].sum()


def test_every_market_has_its_hours_and_binance_its_minutes(
    true: TruthWeek, seen: Canonical
) -> None:
    hours = seen.candles.filter(pl.col("interval_s") == 3_600, pl.col("source") != "kraken_spot")
    assert (hours.group_by("instrument_id").len()["len"] == 168).all()
    coins = true.orders["coin"].n_unique()
    minutes = seen.candles.filter(pl.col("interval_s") == 60)
    assert minutes["venue"].unique().to_list() == ["binance"]
    assert minutes.height == coins * 7 * 1_440
    assert minutes["taker_buy_coins"].null_count() == 0


def test_forced_flow_is_inside_the_candles_that_were_read(true: TruthWeek, seen: Canonical) -> None:
    """By the venue's own hours: longs by takers' sales, where those are told, else by all volume."""
    hours = seen.candles.filter(pl.col("interval_s") == 3_600, pl.col("venue") == "binance")
    sold = pl.col("volume_coins") - pl.col("taker_buy_coins")
    traded = hours.select("coin", hour="time", sold=sold, bought="taker_buy_coins")
    cells = true.cells.filter(pl.col("venue") == "binance").with_columns(
        pl.col("hour").cast(pl.Datetime("ms", "UTC"))
    )
    traded = traded.with_columns(pl.col("hour").cast(pl.Datetime("ms", "UTC")))
    both = cells.join(traded, on=["coin", "hour"], how="left")
    side = pl.when(pl.col("position") == "long").then("sold").otherwise("bought")
    assert both.select(pl.col("coins") <= side.cast(pl.Float64) * (1 + 1e-12)).to_series().all()


def test_an_hour_without_a_fault_was_heard_whole(true: TruthWeek, seen: Canonical) -> None:
    assert (seen.told.listening["minutes_heard"] == 60).all()
    assert seen.told.listening.height == 5 * 168
    assert seen.told.askings["is_complete"].all()


def test_trackers_come_out_as_they_were_published(true: TruthWeek, seen: Canonical) -> None:
    pairs = seen.told.totals.filter(pl.col("feed").str.starts_with("coinglass/pair_liquidations"))
    mine = true.trackers.filter(pl.col("source") == "coinglass_pairs")["usd"].sum()
    assert float(pairs["notional_usd"].sum()) == pytest.approx(mine, rel=1e-6)


def with_fault(kind: str) -> tuple[TruthWeek, Planted]:
    for seed in range(200):
        found = week(seed, size=0.01)
        for one in found.planted:
            if (one.source, one.kind) == ("ours", kind) and abs(one.effect_usd) > 0:
                return found, one
    raise AssertionError(f"no week has {kind} of ours")


def test_rows_that_our_feed_holds_twice_are_read_twice() -> None:
    found, fault = with_fault("rows_doubled")
    read = canonical(found).told.events.filter(pl.col("venue") == fault.venue).collect()
    shown = found.orders.filter(pl.col("venue") == fault.venue, "is_shown")
    assert read.height > shown.height


def test_a_gap_of_our_collector_is_not_heard_and_its_orders_are_missing() -> None:
    found, fault = with_fault("outage")
    seen = canonical(found)
    minutes = seen.told.listening.filter(pl.col("venue") == fault.venue)
    gone = minutes.group_by("dataset").agg(gone=60 * pl.len() - pl.col("minutes_heard").sum())
    length = round((fault.end_hour - fault.first_hour) * 60)
    assert (gone["gone"] >= length).all()
    assert (gone["gone"] <= length + 2).all()
    read = seen.told.events.filter(pl.col("venue") == fault.venue).collect()
    shown = found.orders.filter(pl.col("venue") == fault.venue, "is_shown")
    assert read.height < shown.height
