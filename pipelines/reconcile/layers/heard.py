"""Which minutes of each market a venue's own feeds of liquidations were heard or asked for."""

from functools import cache

import polars as pl

from pipelines.reconcile.layers.hours import ALL_MINUTES, hour_of, hours_between
from pipelines.reconcile.layers.names import coded
from pipelines.reconcile.layers.seen import Seen
from pipelines.reconcile.views import EVERYTHING
from pipelines.regimes import regimes
from pipelines.sources import SOURCES
from pipelines.tables import LIQUIDATIONS

MARKET = ["source", "venue", "coin", "instrument_id"]


def own_sources() -> list[str]:
    """Sources that speak for a venue itself; trackers and archives repeat what they heard."""
    return [source.id for source in SOURCES.values() if source.kind == "venue"]


def venues_with_a_feed() -> list[str]:
    """Venues of which some feed tells single liquidations."""
    told = _feeds()["source"].unique()
    return sorted({SOURCES[source].of_venue for source in told})


def heard(seen: Seen) -> pl.DataFrame:
    """Columns ``source, venue, coin, instrument_id, hour, mask, coverage``.

    Bit n of ``mask`` is set where minute n of the hour was heard, or asked for after the day was
    over. Of feeds that tell the same events the best that is held counts; where a source has feeds
    of different events, a minute was heard if all of them were. A market without a row was not
    heard at all.
    """
    markets = _markets(seen)
    masks = pl.concat([_listened(seen, markets), _asked(seen, markets)])
    group = ["market", "first_dataset", "hour"]
    best = masks.sort(
        *group,
        pl.col("mask") != ALL_MINUTES,
        pl.col("dataset") != pl.col("first_dataset"),
        "dataset",
    ).unique(group, keep="first", maintain_order=True)
    of_market = best.join(_told_by(seen, markets), on="market", how="left")
    ours = of_market.filter(
        pl.col("told_by").is_null() | (pl.col("told_by") == pl.col("first_dataset"))
    )
    return (
        ours.group_by("market", "hour")
        .agg(
            pl.col("mask").bitwise_and(),
            pl.when(pl.col("coverage").n_unique() == 1)
            .then(pl.col("coverage").first())
            .otherwise(pl.lit("unknown"))
            .alias("coverage"),
        )
        .join(coded(markets), on="market")
        .sort("market", "hour")
        .select(*MARKET, "hour", "mask", "coverage")
    )


@cache
def _feeds() -> pl.DataFrame:
    """Feeds of liquidations of the venues themselves, with the days and coverage of their eras."""
    return regimes().filter(
        pl.col("canonical") == LIQUIDATIONS.name, pl.col("source").is_in(own_sources())
    ).select(
        "source",
        "dataset",
        "coverage",
        pl.coalesce("told_first_by", "dataset").alias("first_dataset"),
        (pl.col("first_day").dt.epoch("d") * 24).alias("from_hour"),
        ((pl.col("last_day").dt.epoch("d") + 1) * 24).fill_null(2**31 - 1).alias("until_hour"),
    )  # fmt: skip


def _of_era(rows: pl.DataFrame) -> pl.DataFrame:
    """With the coverage that the feed had in that hour."""
    return (
        rows.join(_feeds(), on=["source", "dataset"])
        .filter(pl.col("hour").is_between("from_hour", "until_hour", closed="left"))
        .select("market", "dataset", "first_dataset", "hour", "mask", "coverage")
    )


def _markets(seen: Seen) -> pl.DataFrame:
    """MARKET, ``source_symbol``, and ``market``, a number in their order: quicker to sort than words."""
    listed = seen.told.instruments.select(*MARKET, "source_symbol").unique(MARKET, keep="any")
    return listed.sort(MARKET).with_row_index("market")


def _listened(seen: Seen, markets: pl.DataFrame) -> pl.DataFrame:
    minutes = seen.told.listening.select(
        "source", "dataset", hour_of(), pl.col("minutes_mask").alias("mask")
    )
    feeds = minutes.select("source", "dataset").unique()
    hours = pl.DataFrame({"hour": hours_between(seen.first, seen.last)}, schema={"hour": pl.Int32})
    every = (
        markets.select("market", "source")
        .join(feeds, on="source")
        .join(hours, how="cross")
        .join(minutes, on=["source", "dataset", "hour"], how="left")
    )
    return _of_era(every.with_columns(pl.col("mask").fill_null(0)))


def _asked(seen: Seen, markets: pl.DataFrame) -> pl.DataFrame:
    live = seen.told.listening.select("source", "dataset").unique()
    over = pl.col("asked_at") >= pl.col("time").dt.offset_by("1d")
    days = (
        seen.told.askings.filter(pl.col("is_complete"), over)
        .join(live, on=["source", "dataset"], how="anti")
        .join(_feeds().select("source", "dataset").unique(), on=["source", "dataset"])
        .select("source", "dataset", "subject", hour_of())
    )
    named = days.join(
        markets, left_on=["source", "subject"], right_on=["source", "source_symbol"]
    ).drop("subject")
    at_once = (
        days.filter(pl.col("subject") == EVERYTHING).drop("subject").join(markets, on="source")
    )
    place = ["source", "dataset", "market", "hour"]
    whole = pl.concat([named.select(place), at_once.select(place)]).unique()
    each_hour = whole.with_columns(
        hour=pl.int_ranges(pl.col("hour"), pl.col("hour") + 24, dtype=pl.Int32)
    ).explode("hour")
    return _of_era(each_hour.with_columns(mask=pl.lit(ALL_MINUTES, dtype=pl.Int64)))


def _told_by(seen: Seen, markets: pl.DataFrame) -> pl.DataFrame:
    """The feeds that told a market's events, as the first of those that tell the same."""
    told = seen.told.spoken.select("source", "instrument_id", "dataset").unique()
    return (
        told.join(_feeds(), on=["source", "dataset"])
        .join(markets, on=["source", "instrument_id"])
        .select("market", pl.col("first_dataset").alias("told_by"))
        .unique()
    )
