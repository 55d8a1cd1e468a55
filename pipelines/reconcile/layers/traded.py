"""What a venue traded in each hour, and in single minutes: the measure of what could be forced."""

import polars as pl

from pipelines.reconcile.layers.hours import HOUR_MS, MINUTE_MS, hour_of, milliseconds
from pipelines.reconcile.layers.seen import Seen
from pipelines.units import AMOUNT, quotient

MINUTE_S, HOUR_S = 60, 3_600
VOLUMES = ("volume_coins", "taker_buy_coins", "turnover_usd")
# A forced order that closes a long sells: its side of the volume is what takers sold.
SIDE_COINS = {"long": "sold_coins", "short": "bought_coins"}


def hourly(seen: Seen) -> pl.DataFrame:
    """Columns ``venue, coin, instrument_id, hour, volume_coins, sold_coins, bought_coins,
    turnover_usd, close_usd, has_minutes``.

    From hourly candles where they are held, else from sixty of one minute. Where takers' sides are
    not published each side may be as large as the whole volume.
    """
    held = (
        seen.candles.filter(pl.col("interval_s").is_in([MINUTE_S, HOUR_S]))
        .filter(pl.col("volume_coins").is_not_null())
        .group_by("venue", "coin", "instrument_id", hour_of(), "interval_s")
        .agg(
            *(_sum_of_all(name) for name in VOLUMES),
            pl.col("close").sort_by("time").last(),
            pl.len().alias("bars"),
        )
        .collect(engine="streaming")
    )
    place = ["venue", "coin", "instrument_id", "hour"]
    by_minute = pl.col("interval_s") == MINUTE_S
    minutes = held.filter(by_minute).select(place)
    whole = held.filter(~by_minute | (pl.col("bars") == HOUR_S // MINUTE_S))
    one = whole.sort(*place, pl.col("interval_s") != HOUR_S).unique(
        place, keep="first", maintain_order=True
    )
    has_minutes = minutes.with_columns(has_minutes=pl.lit(value=True))
    return (
        one.join(has_minutes, on=place, how="left", maintain_order="left")
        .join(_multipliers(seen), on="instrument_id", how="left", maintain_order="left")
        .select(
            *place,
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
    found = (
        seen.candles.filter(pl.col("interval_s") == MINUTE_S, pl.col("volume_coins").is_not_null())
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


def highest(seen: Seen, hours: pl.DataFrame) -> pl.DataFrame:
    """``high_usd`` of each ``venue, coin, hour``: the highest price a coin of any of its markets."""
    highs = (
        seen.candles.filter(pl.col("interval_s").is_in([MINUTE_S, HOUR_S]))
        .group_by("venue", "coin", "instrument_id", hour_of())
        .agg(pl.col("high").max())
        .collect(engine="streaming")
    )
    known = hours.select("venue", "coin", "hour").unique()
    return (
        highs.join(_multipliers(seen), on="instrument_id", how="left")
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


def _sum_of_all(name: str) -> pl.Expr:
    """A sum, or null where a part is not known."""
    whole = pl.col(name).is_not_null().all()
    return pl.when(whole).then(pl.col(name).sum()).cast(AMOUNT).alias(name)


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
