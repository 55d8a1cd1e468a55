"""What a venue traded in each hour, and in single minutes: the measure of what could be forced."""

from collections.abc import Collection

import polars as pl

from pipelines.reconcile.layers.hours import HOUR_MS, MINUTE_MS, hour_of, milliseconds
from pipelines.reconcile.layers.seen import Seen
from pipelines.units import AMOUNT, quotient

MINUTE_S, HOUR_S = 60, 3_600
MARKET_HOUR = ["venue", "coin", "instrument_id", "hour"]
VOLUMES = ("volume_coins", "taker_buy_coins", "turnover_usd")
# A forced order that closes a long sells: its side of the volume is what takers sold.
SIDE_COINS = {"long": "sold_coins", "short": "bought_coins"}


def scanned(seen: Seen, venues: Collection[str]) -> pl.DataFrame:
    """All that hours need of the candles of ``venues``, in one scan, since it is the most costly step.

    By ``venue, coin, instrument_id, hour, interval_s``: VOLUMES, ``close`` and ``bars`` of the candles
    whose volume is known, and ``high`` of all.
    """
    is_known = pl.col("volume_coins").is_not_null()
    known = [pl.when(is_known).then(name).alias(name) for name in VOLUMES[1:]]
    sums = [agg for name in VOLUMES for agg in (pl.col(name).sum(), _count(name))]
    found = (
        seen.candles.filter(
            pl.col("interval_s").is_in([MINUTE_S, HOUR_S]), pl.col("venue").is_in(list(venues))
        )
        .with_columns(*known, at=pl.when(is_known).then("time"))
        .group_by("instrument_id", hour_of(), "interval_s")
        .agg(
            pl.col("venue", "coin").first(),
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
    turnover_usd, close_usd, has_minutes``, from ``scanned``.

    From hourly candles where they are held, else from sixty of one minute. Where takers' sides are
    not published each side may be as large as the whole volume.
    """
    held = bars.filter(pl.col("bars") > 0)
    by_minute = pl.col("interval_s") == MINUTE_S
    place = ["instrument_id", "hour"]
    minutes = held.filter(by_minute).select(*place, has_minutes=pl.lit(value=True))
    by_hour = held.filter(~by_minute)
    summed = held.filter(by_minute, pl.col("bars") == HOUR_S // MINUTE_S)
    return (
        pl.concat([by_hour, summed.join(by_hour, on=place, how="anti")])
        .join(minutes, on=place, how="left")
        .join(_multipliers(seen), on="instrument_id", how="left")
        .select(
            *MARKET_HOUR,
            "volume_coins",
            *_sides(),
            "turnover_usd",
            quotient(pl.col("close"), pl.col("coins_per_base")).alias("close_usd"),
            pl.col("has_minutes").fill_null(value=False),
        )
    )


def minutes_of(seen: Seen, wanted: pl.DataFrame) -> pl.DataFrame:
    """``sold_coins`` and ``bought_coins`` of the minutes ``instrument_id, minute`` that are wanted."""
    minute = (milliseconds() // MINUTE_MS).alias("minute")
    markets = wanted["instrument_id"]
    # Files are sorted by market: what lies outside is not read.
    within = pl.col("instrument_id").is_between(pl.lit(markets.min()), pl.lit(markets.max()))
    found = (
        seen.candles.filter(
            within, pl.col("interval_s") == MINUTE_S, pl.col("volume_coins").is_not_null()
        )
        .select("instrument_id", minute, "volume_coins", "taker_buy_coins")
        .join(wanted.lazy().unique(), on=["instrument_id", "minute"], how="semi")
        .collect(engine="streaming")
    )
    return found.select("instrument_id", "minute", *_sides()).unique(["instrument_id", "minute"])


def prices(hours: pl.DataFrame) -> pl.DataFrame:
    """One price of each ``venue, coin, hour``: ``price_usd`` a coin, at par where the quote is stable.

    What the hour's volume was worth over the volume, else the last price, else none.
    """
    worth = pl.col("turnover_usd").is_not_null() & (pl.col("volume_coins") > 0)
    return (
        hours.group_by("venue", "coin", "hour")
        .agg(
            pl.col("turnover_usd").filter(worth).sum().cast(AMOUNT),
            pl.col("volume_coins").filter(worth).sum().cast(AMOUNT).alias("coins"),
            pl.col("close_usd").sort_by("volume_coins", "instrument_id").last(),
        )
        .with_columns(
            price_usd=pl.coalesce(quotient(pl.col("turnover_usd"), pl.col("coins")), "close_usd")
        )
        .select("venue", "coin", "hour", "price_usd")
    )


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
        .unique(["instrument_id", "hour"], keep="none")
    )
    after = ends.select(
        "instrument_id", pl.col("hour") - 1, pl.col("open_interest_coins").alias("after_coins")
    )
    change = pl.col("after_coins") - pl.col("open_interest_coins")
    return (
        hours.join(ends, on=["instrument_id", "hour"])
        .join(after, on=["instrument_id", "hour"])
        .select(
            "instrument_id", "hour", closed_coins=(pl.col("volume_coins") - change).cast(AMOUNT)
        )
        .filter(pl.col("closed_coins") >= 0)  # below zero the two were not taken at one time
    )


def _multipliers(seen: Seen) -> pl.DataFrame:
    listed = seen.told.instruments.select("instrument_id", "coins_per_base")
    return listed.unique("instrument_id", keep="any")


def _sides() -> tuple[pl.Expr, pl.Expr]:
    bought = pl.col("taker_buy_coins")
    sold = (pl.col("volume_coins") - bought).cast(AMOUNT)
    return (
        pl.coalesce(sold, "volume_coins").alias("sold_coins"),
        pl.coalesce(bought, "volume_coins").alias("bought_coins"),
    )
