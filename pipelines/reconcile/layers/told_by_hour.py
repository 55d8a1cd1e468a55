"""What was told of each hour: by the venues' own feeds, event by event, and by all others."""

import polars as pl

from pipelines.reconcile.layers.heard import own_sources
from pipelines.reconcile.layers.hours import MINUTE_MS, hour_of, milliseconds
from pipelines.reconcile.layers.names import coded
from pipelines.reconcile.layers.seen import Seen
from pipelines.reconcile.views import SEVERAL
from pipelines.tables.words import Coverage
from pipelines.units import AMOUNT, Margin, quotient

CELL = ["venue", "coin", "position", "hour"]
OWN_MARKET = ["source", "instrument_id", "position"]
SECOND_MS = 1_000
ENDS = {"first": -SECOND_MS, "last": SECOND_MS}  # how far a message's second may reach
HOUR_S = 3_600
DAY_S = 86_400
DAY = ["venue", "coin", "position", "day"]
# Feeds that show at most one order of a market and second.
ONE_A_SECOND = (
    Coverage.LARGEST_OF_SECOND,
    Coverage.LATEST_OF_SECOND,
    Coverage.ONE_OF_SECOND,
    Coverage.LARGEST_OF_SIDE_AND_SECOND,
)


def own_events(counted: pl.DataFrame) -> pl.DataFrame:
    """The counted events of the venues' own feeds, with ``hour`` and ``position`` as text."""
    return counted.filter(pl.col("source").is_in(own_sources())).with_columns(
        hour_of(), pl.col("position").cast(pl.String), pl.col("coverage").cast(pl.String)
    )


def at_one_price(
    own: pl.DataFrame, instruments: pl.DataFrame, prices: pl.DataFrame
) -> pl.DataFrame:
    """The events with the coins of inverse contracts at the hour's ``price_usd``.

    An inverse contract is a number of dollars: how many coins that is depends on whose price is
    taken, and feeds print different ones. ``prices``: ``venue, coin, hour, price_usd``.
    """
    inverse = instruments.filter(pl.col("margin") == Margin.INVERSE.value).select("instrument_id")
    coins = quotient(pl.col("notional_quote"), pl.col("price_usd"))
    marked = own.join(inverse, on="instrument_id", how="semi").join(
        prices, on=["venue", "coin", "hour"], how="left"
    )
    marked = marked.with_columns(size_coins=pl.coalesce(coins, "size_coins")).drop("price_usd")
    return pl.concat([own.join(inverse, on="instrument_id", how="anti"), marked])


def own_hours(own: pl.DataFrame) -> pl.DataFrame:
    """``own_coins`` and ``own_usd`` of each market, side and hour, ``events``, and ``single_coins``:
    the same with events that are alike to the last digit counted once.
    """
    place = [*OWN_MARKET, "hour"]
    more = _repeated(own).group_by(place)
    repeated = more.agg(pl.col("size_coins").sum().alias("more_coins"), pl.len().alias("more"))
    every = own.group_by(place).agg(
        pl.col("venue", "coin").first(),
        _sum("size_coins", "own_coins"),
        _sum("notional_usd", "own_usd"),
        pl.len().alias("events"),
    )
    single = pl.col("own_coins") - pl.col("more_coins").fill_null(pl.lit(0).cast(AMOUNT))
    return every.join(repeated, on=place, how="left").select(
        *every.columns,
        single_coins=single.cast(AMOUNT),
        single_events=pl.col("events") - pl.col("more").fill_null(0),
    )


def _repeated(own: pl.DataFrame) -> pl.DataFrame:
    """The second and later of events that are alike; only those of one instant are compared."""
    instant = own.select(pl.struct(*OWN_MARKET, "time").hash())
    near = own.filter(instant.to_series().is_duplicated())
    alike = [*OWN_MARKET, "time", "size", "price", "notional_quote"]
    return near.filter(~pl.struct(alike).is_first_distinct())


def busy_minutes(own: pl.DataFrame) -> pl.DataFrame:
    """Minutes in which a market's feed, showing one a second, may have withheld something.

    ``instrument_id, minute``, and ``long`` and ``short``: of which side. Where a second begins is not
    documented: each is taken to reach a second before and after. A feed that shows one of each side
    hides none of the other.
    """
    both = pl.col("coverage") != Coverage.LARGEST_OF_SIDE_AND_SECOND.value
    shown = own.filter(pl.col("coverage").is_in([word.value for word in ONE_A_SECOND])).select(
        "instrument_id",
        *(((milliseconds() + step) // MINUTE_MS).alias(name) for name, step in ENDS.items()),
        *((both | (pl.col("position") == side)).alias(side) for side in ("long", "short")),
    )
    first = shown.select("instrument_id", pl.col("first").alias("minute"), "long", "short")
    last = shown.filter(pl.col("last") > pl.col("first")).select(
        "instrument_id", pl.col("last").alias("minute"), "long", "short"
    )
    return (
        pl.concat([first, last])
        .group_by("instrument_id", "minute")
        .agg(pl.col("long", "short").any())
    )


def other_hours(seen: Seen, counted: pl.DataFrame, highs: pl.DataFrame) -> pl.DataFrame:
    """What trackers and archives tell of a single venue: ``source, venue, coin, position, hour,
    told_coins``.

    From their hourly sums and from events that they repeat. Dollars become coins by the highest
    price of the hour, ``highs`` (``venue, coin, hour, high_usd``), so that they are never too many.
    """
    place = ["source", *CELL]
    hourly = (
        seen.told.totals.filter(pl.col("interval_s") == HOUR_S, pl.col("venue") != SEVERAL)
        .with_columns(hour_of(), pl.col("position").cast(pl.String))
        .pipe(coded)
        .join(highs, on=["venue", "coin", "hour"], how="left")
        .with_columns(
            coins=pl.coalesce("size_coins", quotient(pl.col("notional_usd"), pl.col("high_usd")))
        )
    )
    repeated = counted.filter(~pl.col("source").is_in(own_sources())).with_columns(
        hour_of(), pl.col("position").cast(pl.String), coins=pl.col("size_coins")
    )
    rows = pl.concat([part.select(*place, "coins") for part in (hourly, coded(repeated))])
    return (
        rows.group_by(place)
        .agg(_sum("coins", "told_coins"))
        .filter(pl.col("told_coins").is_not_null())
    )


def daily_sums(totals: pl.DataFrame) -> pl.DataFrame:
    """Daily sums among ``totals``: ``source, scope``, DAY, ``told_usd``.

    A cell with an unknown part is left out.
    """
    rows = totals.filter(pl.col("interval_s") == DAY_S).with_columns(
        pl.col("position").cast(pl.String), day=pl.col("time").dt.epoch("d")
    )
    return (
        rows.group_by("source", *DAY)
        .agg(
            pl.col("scope").unique().sort().str.join("; "),
            pl.col("notional_usd").is_not_null().all().alias("is_known"),
            pl.col("notional_usd").sum().cast(AMOUNT).alias("told_usd"),
        )
        .filter("is_known")
        .drop("is_known")
    )


def _sum(name: str, alias: str) -> pl.Expr:
    """A sum, or null where a part is not known."""
    whole = pl.col(name).is_not_null().all()
    return pl.when(whole).then(pl.col(name).sum()).cast(AMOUNT).alias(alias)
