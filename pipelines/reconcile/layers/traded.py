"""What a venue traded in each hour, and in single minutes: the measure of what could be forced."""

from collections.abc import Collection

import polars as pl

from pipelines.reconcile.layers.hours import (
    HOUR_MS,
    MINUTE_MS,
    MINUTES,
    hour_of,
    hours_between,
    milliseconds,
)
from pipelines.reconcile.layers.names import at, coded
from pipelines.reconcile.layers.seen import Seen
from pipelines.units import AMOUNT, quotient

MINUTE_S, HOUR_S = 60, 3_600
MARKET_HOUR = ["venue", "coin", "instrument_id", "hour"]
VOLUMES = ("volume_coins", "taker_buy_coins", "turnover_usd")
# A forced order that closes a long sells: its side of the volume is what takers sold.
TAKEN = ("volume_coins", "taker_buy_coins")
SIDE_COINS = {"long": "sold_coins", "short": "bought_coins"}


def scanned(seen: Seen, venues: Collection[str]) -> pl.DataFrame:
    """All that hours need of the candles of ``venues``, since scans are the most costly step.

    By ``venue, coin, instrument_id, hour, interval_s``: VOLUMES, ``close`` and ``bars`` of the candles
    whose volume is known, and ``high`` of all. Minutes only of markets that lack an hour.
    """
    candles = seen.candles.filter(pl.col("venue").is_in(list(venues)))
    hours = _bars(candles, HOUR_S)
    many = len(hours_between(seen.first, seen.last))
    counts = hours.filter(pl.col("bars") > 0).group_by("instrument_id").len()
    whole = counts.filter(pl.col("len") >= many)["instrument_id"].cast(pl.String).to_list()
    return pl.concat(
        [hours, _bars(candles.filter(~pl.col("instrument_id").is_in(whole)), MINUTE_S)]
    )


def _bars(candles: pl.LazyFrame, interval_s: int) -> pl.DataFrame:
    rows = candles.filter(pl.col("interval_s") == interval_s).select(
        *MARKET_HOUR[:-1], hour_of(), "time", "interval_s", *VOLUMES, "close", "high"
    )
    if interval_s < HOUR_S:
        return coded(_added_up(rows))
    each = coded(rows.collect(engine="streaming"))
    if each.select(at("hour")).to_series().is_duplicated().any():
        each = _larger(each)
    known = pl.col("volume_coins").is_not_null()
    return each.drop("time").with_columns(bars=known.cast(pl.UInt32))


def _larger(each: pl.DataFrame) -> pl.DataFrame:
    """Of two feeds that tell one hour of a market the larger volume, so that a ceiling holds by both."""
    places = each.with_columns(at("hour"))
    by_volume = places.sort("volume_coins", *VOLUMES[1:], "close", descending=True, nulls_last=True)
    return by_volume.unique("at_hour", keep="first", maintain_order=True).drop("at_hour")


def _added_up(rows: pl.LazyFrame) -> pl.DataFrame:
    is_known = pl.col("volume_coins").is_not_null()
    known = [pl.when(is_known).then(name).alias(name) for name in VOLUMES[1:]]
    sums = [agg for name in VOLUMES for agg in (pl.col(name).sum(), _count(name))]
    found = (
        rows.with_columns(*known, at=pl.when(is_known).then("time"))
        .group_by("instrument_id", "hour")
        .agg(
            pl.col("venue", "coin", "interval_s").first(),
            *sums,
            pl.col("close").max_by("at"),
            pl.col("high").max(),
        )
        .collect(engine="streaming")
    )
    bars = pl.col("volume_coins_bars")
    return found.select(
        *MARKET_HOUR,
        "interval_s",
        *(
            pl.when(pl.col(f"{name}_bars") == bars).then(name).cast(AMOUNT).alias(name)
            for name in VOLUMES
        ),
        "close",
        "high",
        bars.alias("bars"),
    )


def _count(name: str) -> pl.Expr:
    return pl.col(name).count().alias(f"{name}_bars")


def hourly(bars: pl.DataFrame, seen: Seen) -> pl.DataFrame:
    """Columns ``venue, coin, instrument_id, hour, volume_coins, sold_coins, bought_coins,
    turnover_usd, close_usd``, from ``scanned``.

    From hourly candles where they are held, else from sixty of one minute. Where takers' sides are
    not published each side may be as large as the whole volume.
    """
    held = bars.filter(pl.col("bars") > 0)
    by_minute = pl.col("interval_s") == MINUTE_S
    place = ["instrument_id", "hour"]
    by_hour = held.filter(~by_minute)
    summed = held.filter(by_minute, pl.col("bars") == HOUR_S // MINUTE_S)
    return (
        pl.concat([by_hour, summed.join(by_hour, on=place, how="anti")])
        .join(_multipliers(seen), on="instrument_id", how="left")
        .select(
            *MARKET_HOUR,
            "volume_coins",
            *_sides(),
            "turnover_usd",
            quotient(pl.col("close"), pl.col("coins_per_base")).alias("close_usd"),
        )
    )


def minutes_within(seen: Seen, hours: pl.DataFrame, busy: pl.DataFrame) -> pl.DataFrame:
    """What was traded in the minutes that ``hours`` leave open: ``instrument_id, hour, long_coins,
    short_coins``, a row for each of the hours of which minutes are held.

    ``hours``: ``instrument_id, hour, mask``; a minute that was not heard is open on both sides.
    ``busy``: ``instrument_id, minute, long, short``, the sides on which it is open nonetheless.
    """
    minute = (milliseconds() // MINUTE_MS).alias("minute")
    markets = hours["instrument_id"].cast(pl.String)
    # Files are sorted by market: what lies outside is not read.
    within = pl.col("instrument_id").is_between(pl.lit(markets.min()), pl.lit(markets.max()))
    held = pl.col("interval_s") == MINUTE_S, pl.col("volume_coins").is_not_null()
    asked = hours.select(at("hour"), "mask").lazy()
    rows = (
        seen.candles.filter(within, *held)
        .select(pl.col("instrument_id").cast(pl.Categorical), hour_of(), minute, *TAKEN)
        .with_columns(at("hour"), at("minute"))
        .join(asked, on="at_hour")
        .join(busy.select(at("minute"), "long", "short").lazy(), on="at_minute", how="left")
    )
    found = _open_parts(rows).collect(engine="streaming")
    if (found["rows"] != found["minutes"].bitwise_count_ones()).any():  # two feeds tell a minute
        found = _open_parts(rows.unique("at_minute", keep="any")).collect(engine="streaming")
    return found.drop("at_hour", "rows", "minutes")


def _open_parts(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Sums by market and hour; ``rows``, and the different ``minutes`` among them as bits."""
    nth = pl.col("minute") - pl.col("hour").cast(pl.Int64) * MINUTES
    unheard = (pl.col("mask") & pl.col("bit")) == 0
    sides = [
        pl.when(pl.col(side).fill_null(value=False) | unheard)
        .then(name)
        .sum()
        .cast(AMOUNT)
        .alias(f"{side}_coins")
        for side, name in SIDE_COINS.items()
    ]
    return (
        rows.with_columns(*_sides(), bit=pl.lit(2, dtype=pl.Int64).pow(nth))
        .group_by("at_hour")
        .agg(
            pl.col("instrument_id", "hour").first(),
            *sides,
            pl.len().alias("rows"),
            pl.col("bit").bitwise_or().alias("minutes"),
        )
    )


def prices(hours: pl.DataFrame) -> pl.DataFrame:
    """One price of each ``venue, coin, hour``: ``price_usd`` a coin, at par where the quote is stable.

    What the hour's volume was worth over the volume, else the last price, else none.
    """
    place = ["venue", "coin", "hour"]
    worth = pl.col("turnover_usd").is_not_null() & (pl.col("volume_coins") > 0)
    found = (
        hours.group_by(place)
        .agg(
            pl.when(worth).then("turnover_usd").sum().cast(AMOUNT).alias("usd"),
            pl.when(worth).then("volume_coins").sum().cast(AMOUNT).alias("coins"),
        )
        .select(*place, price_usd=quotient(pl.col("usd"), pl.col("coins")))
    )
    unsaid = found.filter(pl.col("price_usd").is_null()).drop("price_usd")
    last = pl.col("close_usd").sort_by("volume_coins", "instrument_id").last()
    closes = hours.join(unsaid, on=place, how="semi").group_by(place).agg(price_usd=last)
    return pl.concat([found.filter(pl.col("price_usd").is_not_null()), closes])


def highest(bars: pl.DataFrame, seen: Seen, hours: pl.DataFrame) -> pl.DataFrame:
    """``high_usd`` of each ``venue, coin, hour``: the highest price a coin of any of its markets, from
    ``scanned``.
    """
    known = hours.select("venue", "coin", "hour").unique()
    return (
        bars.join(_multipliers(seen), on="instrument_id", how="left")
        .with_columns(high_usd=quotient(pl.col("high"), pl.col("coins_per_base")))
        .group_by("venue", "coin", "hour")
        .agg(pl.col("high_usd").max())
        .join(known, on=["venue", "coin", "hour"], how="semi")
    )


def closings(seen: Seen, hours: pl.DataFrame) -> pl.DataFrame:
    """``closed_coins`` of each ``instrument_id, hour``: all that was closed, by will or by force.

    Each trade has two sides, of which some open and some close: closings = volume - change of open
    interest. Only where open interest is held at both ends of the hour.
    """
    ms = milliseconds()
    ends = (
        seen.open_interest.filter(
            pl.col("instrument_id").is_not_null(),
            pl.col("open_interest_coins").is_not_null(),
            ms % HOUR_MS == 0,
        )
        .select("instrument_id", hour_of(), "open_interest_coins")
        .collect(engine="streaming")
        .pipe(coded)
        .select(at("hour"), "open_interest_coins")
        .unique("at_hour", keep="none")
    )
    after = ends.select(pl.col("at_hour") - 1, after_coins="open_interest_coins")
    change = pl.col("after_coins") - pl.col("open_interest_coins")
    return (
        hours.with_columns(at("hour"))
        .join(ends, on="at_hour")
        .join(after, on="at_hour")
        .select(
            "instrument_id", "hour", closed_coins=(pl.col("volume_coins") - change).cast(AMOUNT)
        )
        .filter(pl.col("closed_coins") >= 0)  # below zero the two were not taken at one time
    )


def _multipliers(seen: Seen) -> pl.DataFrame:
    listed = seen.told.instruments.select("instrument_id", "coins_per_base")
    return coded(listed.unique("instrument_id", keep="any"))


def _sides() -> tuple[pl.Expr, pl.Expr]:
    bought = pl.col("taker_buy_coins")
    sold = (pl.col("volume_coins") - bought).cast(AMOUNT)
    return (
        pl.coalesce(sold, "volume_coins").alias("sold_coins"),
        pl.coalesce(bought, "volume_coins").alias("bought_coins"),
    )
