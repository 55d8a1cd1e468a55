"""What may not be counted: figures that cannot be, judged by what the venue itself traded and told.

Every guard judges a source's figures of one venue and coin as a whole: a contract multiplier that is
missing, rows that are doubled or a day that is shifted spoil all of its hours, not only those in
which it shows.
"""

import polars as pl

from pipelines.reconcile.layers.hours import milliseconds
from pipelines.reconcile.layers.told_by_hour import CELL, OWN_MARKET, SECOND_MS

SERIES = ["source", "venue", "coin"]
ALIKE = ["venue", "coin", *OWN_MARKET, "hour", "time", "size", "price", "notional_quote"]
EXCEEDS_VOLUME = "exceeds_volume"
EXCEEDS_ITS_FEED = "exceeds_its_feed"
DOUBLED = "doubled"
UNWITNESSED = "unwitnessed"
# A forced order near the end of an hour may be traded in the next.
VOLUME_TOLERANCE = 1.001
# With so few orders in an hour a feed of one a second hides next to nothing.
CALM_EVENTS = 5
FEED_TOLERANCE = 1.02
FEED_SHARE = 0.2
LEAST_HOURS = 3
TWIN_SHARE = 0.3
LEAST_TWINS = 3
# In a feed of whole seconds a cascade has equal orders of one second: in simulated weeks up to half
# of an hour's orders had a twin by chance, and all of them where rows were doubled.
REPEATED_SHARE = 0.9
LEAST_REPEATED = 5
DAY_TOLERANCE = 1.1
HOURS_A_DAY = 24


def beyond_volume(told: pl.DataFrame, traded: pl.DataFrame) -> pl.DataFrame:
    """Series of ``told`` (SERIES, position, hour, told_coins) of which an hour exceeds what was
    traded on its side (``venue, coin, position, hour, side_coins``): SERIES, ``guard``, ``hours``.
    """
    told_coins = pl.col("told_coins").cast(pl.Float64)
    over = told.join(traded, on=CELL).filter(
        told_coins > pl.col("side_coins").cast(pl.Float64) * VOLUME_TOLERANCE
    )
    return _judged(over, EXCEEDS_VOLUME)


def beyond_feed(told: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Series that say more than the venue's own feed in calm hours that were heard whole.

    ``own``: CELL, ``own_coins``, ``events``, of hours heard whole, zeros among them. Whoever hears
    the same feed can at most hear the same; one in which another order of the same second was
    shown differs where there are many, not where there are few.
    """
    calm = told.join(own.filter(pl.col("events") <= CALM_EVENTS), on=CELL)
    over = (
        pl.col("told_coins").cast(pl.Float64)
        > pl.col("own_coins").cast(pl.Float64) * FEED_TOLERANCE
    )
    spoken = (pl.col("told_coins") > 0) | (pl.col("own_coins") > 0)
    counts = (
        calm.filter(spoken)
        .group_by(SERIES)
        .agg(over.sum().cast(pl.UInt32).alias("hours"), pl.len().alias("compared"))
    )
    beyond = (pl.col("hours") >= LEAST_HOURS) & (pl.col("hours") > pl.col("compared") * FEED_SHARE)
    return counts.filter(beyond).select(*SERIES, pl.lit(EXCEEDS_ITS_FEED).alias("guard"), "hours")


def beyond_feed_by_day(told: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Daily sums that say more than the venue's own feed on days that were heard whole.

    ``told``: SERIES, position, day, ``told_usd``; ``own``: venue, coin, position, day, ``own_usd``.
    Dollars may differ by whose price is taken and by what a stable coin is worth, not by more.
    """
    both = told.join(own, on=["venue", "coin", "position", "day"])
    over = pl.col("told_usd").cast(pl.Float64) > pl.col("own_usd").cast(pl.Float64) * DAY_TOLERANCE
    counts = both.group_by(SERIES).agg(
        (over.sum() * HOURS_A_DAY).cast(pl.UInt32).alias("hours"), pl.len().alias("days")
    )
    beyond = pl.col("hours") > pl.col("days") * HOURS_A_DAY * FEED_SHARE
    return counts.filter(beyond).select(*SERIES, pl.lit(EXCEEDS_ITS_FEED).alias("guard"), "hours")


def doubled(own: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Own feeds of which some hours have twins, alike to the last digit, far beyond chance.

    ``own``: ``own_hours`` of ``events``. What chance makes depends on how finely a feed tells time:
    two equal orders in one millisecond are strange, two in one second are not. An hour of which
    every instant is a whole second is therefore only doubled where nearly every order of it has a
    twin. A floor counts twins once in any case; this says that a feed repeated itself, and that an
    estimate has to do the same.
    """
    twins = pl.col("events").cast(pl.Int64) - pl.col("single_events").cast(pl.Int64)
    hours = own.group_by(*SERIES, "hour").agg(
        twins.sum().alias("twins"), pl.col("events").cast(pl.Int64).sum()
    )
    hit = hours.filter(
        pl.col("twins") >= LEAST_TWINS, pl.col("twins") > pl.col("events") * TWIN_SHARE
    )
    if hit.is_empty():
        return _judged(hit, DOUBLED)
    return _judged(hit.join(_by_chance(events, hit), on=[*SERIES, "hour"], how="anti"), DOUBLED)


def _by_chance(events: pl.DataFrame, hit: pl.DataFrame) -> pl.DataFrame:
    """Of the hours ``hit`` (SERIES, hour) those of whole seconds in which not nearly all repeats."""
    place = [*SERIES, "hour"]
    orders = (
        events.join(hit, on=place, how="semi")
        .group_by(ALIKE)
        .agg(pl.len().alias("rows"))
        .group_by(place)
        .agg(
            (milliseconds() % SECOND_MS == 0).all().alias("is_coarse"),
            (pl.col("rows") > 1).mean().alias("repeated"),
            (pl.col("rows") > 1).sum().alias("repeats"),
        )
    )
    sure = (pl.col("repeated") >= REPEATED_SHARE) & (pl.col("repeats") >= LEAST_REPEATED)
    return orders.filter("is_coarse", ~sure).select(place)


def _judged(over: pl.DataFrame, guard: str) -> pl.DataFrame:
    return over.group_by(SERIES).agg(
        pl.lit(guard).alias("guard"), pl.col("hour").n_unique().cast(pl.UInt32).alias("hours")
    )
