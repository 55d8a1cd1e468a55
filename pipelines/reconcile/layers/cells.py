"""At least and at most of every venue, coin, side and hour, on one price."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from pipelines.reconcile.layers import guards
from pipelines.reconcile.layers.ceiling import METHODS, ceilings
from pipelines.reconcile.layers.floor import floors
from pipelines.reconcile.layers.heard import own_sources, venues_with_a_feed
from pipelines.reconcile.layers.hours import ALL_MINUTES, MINUTES
from pipelines.reconcile.layers.markets import NOTHING, sides_of_markets
from pipelines.reconcile.layers.names import coded, spelt
from pipelines.reconcile.layers.orders import orders
from pipelines.reconcile.layers.parts import PART_ROWS, Held
from pipelines.reconcile.layers.seen import Seen
from pipelines.reconcile.layers.sizes import sizes, volumes
from pipelines.reconcile.layers.told_by_hour import (
    CELL,
    DAY,
    at_one_price,
    busy_minutes,
    daily_sums,
    other_hours,
    own_events,
    own_hours,
)
from pipelines.reconcile.layers.traded import closings, highest, hourly, prices, scanned
from pipelines.reconcile.views import counted
from pipelines.units import AMOUNT, notional, quotient

UNBOUNDED, CONTRADICTION, NO_PRICE = "unbounded", "contradiction", "no_price"
HOURS_A_DAY = 24
AT_A_TIME = 2  # many steps of a part keep one processor busy alone


@dataclass(frozen=True, slots=True)
class Cells:
    """``bounds``: CELL, price_usd, own_coins, at_least_coins, at_least_by, at_most_coins, at_most_by,
    at_least_usd, at_most_usd, flags. A cell without a row was heard whole and had nothing.

    ``refused``: source, venue, coin, guard, hours: figures that no guard lets count. ``orders``: of
    the venues' own feeds (:mod:`.orders`). ``feeds``: by CELL ``own_usd``, ``is_whole`` (all was heard)
    and ``part_unheard``. ``coverage``: venue and coverage of the feeds that were heard at all.
    ``sizes`` and ``volumes``: :mod:`.sizes`.
    """

    bounds: pl.DataFrame
    refused: pl.DataFrame
    orders: pl.DataFrame
    feeds: pl.DataFrame
    coverage: pl.DataFrame
    sizes: pl.DataFrame
    volumes: pl.DataFrame


def cells(seen: Seen) -> Cells:
    """The bounds of the hours of ``seen``, of the venues that have a feed of liquidations."""
    every = counted(seen.told).collect()
    bars = scanned(seen, venues_with_a_feed())
    traded = hourly(bars, seen)
    priced = prices(traded)
    own = at_one_price(coded(own_events(every)), coded(seen.told.instruments), priced)
    told, busy = own_hours(own), busy_minutes(own)
    markets = ceilings(
        seen, busy, sides_of_markets(seen, traded, told, busy), closings(seen, traded)
    )
    of_feeds = _of_feeds(markets)
    others = other_hours(seen, every, highest(bars, seen, traded))
    refused = _refused(seen, own, told, others, of_feeds)
    least = floors(told, others, refused, of_feeds)
    bounds = (
        of_feeds.join(least, on=CELL, how="full", coalesce=True)
        .with_columns(pl.col("at_least_coins").fill_null(NOTHING))
        .join(_priced(priced, told), on=["venue", "coin", "hour"], how="left")
    )
    flagged = _flagged(_in_dollars(bounds), refused)
    return Cells(
        spelt(flagged).sort(CELL),
        spelt(refused).sort(*guards.SERIES, "guard"),
        orders(own, refused, flagged),
        spelt(of_feeds.select(*CELL, "own_usd", "is_whole", "part_unheard")),
        spelt(markets.filter(pl.col("mask") != 0).select("venue", "coverage").unique()),
        spelt(sizes(seen, every, told)),
        spelt(volumes(markets)),
    )


def cells_in(held: Held, most: int = PART_ROWS) -> Cells:
    """The same of a whole market, in parts of about ``most`` rows, of which some are made at a time."""
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        each = list(threads.map(lambda cut: cells(held.seen(cut)), held.cuts(most)))
    if not each:
        return cells(Seen(held.told, held.candles, held.open_interest, held.first, held.last))
    return Cells(
        pl.concat([one.bounds for one in each]),  # parts come in the order of CELL
        pl.concat([one.refused for one in each]).sort("source", "venue", "coin", "guard"),
        pl.concat([one.orders for one in each]),
        pl.concat([one.feeds for one in each]),
        pl.concat([one.coverage for one in each]).unique(),
        pl.concat([one.sizes for one in each]),
        pl.concat([one.volumes for one in each]),
    )


def _of_feeds(markets: pl.DataFrame) -> pl.DataFrame:
    """By cell: what the feeds told, what was traded on that side, whether all was heard, and the
    ceilings of its markets together, called after the weakest.
    """
    weakest = pl.col("at_most_by").replace_strict(list(METHODS), range(len(METHODS))).min()
    return (
        markets.group_by(CELL)
        .agg(
            _all("own_coins"),
            _all("own_usd"),
            _all("side_coins"),
            pl.col("events").sum(),
            (pl.col("mask") == ALL_MINUTES).all().alias("is_whole"),
            _part_unheard().alias("part_unheard"),
            _all("at_most_coins"),
            weakest.alias("rank"),
        )
        .with_columns(
            at_most_by=pl.when(pl.col("at_most_coins").is_not_null()).then(
                pl.col("rank").replace_strict(range(len(METHODS)), list(METHODS))
            )
        )
        .drop("rank")
    )


def _part_unheard() -> pl.Expr:
    return 1.0 - pl.col("mask").bitwise_count_ones().cast(pl.Float64).mean() / MINUTES


def whole_days(feeds: pl.DataFrame) -> pl.DataFrame:
    """DAY and ``own_usd`` (null without a price) of the days of which every hour was heard whole."""
    return (
        feeds.with_columns(day=pl.col("hour") // HOURS_A_DAY)
        .group_by(DAY)
        .agg(pl.col("is_whole").all(), pl.len(), _all("own_usd"))
        .filter("is_whole", pl.col("len") == HOURS_A_DAY)
        .select(*DAY, "own_usd")
    )


def _refused(
    seen: Seen,
    own: pl.DataFrame,
    told: pl.DataFrame,
    others: pl.DataFrame,
    of_feeds: pl.DataFrame,
) -> pl.DataFrame:
    traded = of_feeds.filter(pl.col("side_coins").is_not_null()).select(*CELL, "side_coins")
    whole = of_feeds.filter("is_whole").select(*CELL, "own_coins", "events")
    by_source = told.group_by("source", *CELL).agg(pl.col("own_coins").sum().alias("told_coins"))
    daily = coded(daily_sums(seen.told.totals))
    compared = of_feeds.join(daily, on=["venue", "coin"], how="semi")
    found = pl.concat(
        [
            guards.doubled(told, own),
            guards.beyond_volume(by_source, traded),
            guards.beyond_volume(others, traded),
            guards.beyond_feed(others, whole),
            guards.beyond_feed_by_day(daily, whole_days(compared)),
        ]
    )
    place = ["source", "venue", "coin", "guard"]
    return found.group_by(place).agg(pl.col("hours").max())


def _priced(traded: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """What was traded gives the price; where nothing is held, the feed's own orders do."""
    own = (
        told.filter(pl.col("own_usd").is_not_null(), pl.col("own_coins") > 0)
        .group_by("venue", "coin", "hour")
        .agg(pl.col("own_usd").sum(), pl.col("own_coins").sum())
        .select(
            "venue",
            "coin",
            "hour",
            own_price_usd=quotient(pl.col("own_usd"), pl.col("own_coins")),
        )
    )
    place = ["venue", "coin", "hour"]
    return traded.join(own, on=place, how="full", coalesce=True).select(
        *place, pl.coalesce("price_usd", "own_price_usd")
    )


def _in_dollars(bounds: pl.DataFrame) -> pl.DataFrame:
    zero = {name: pl.col(f"{name}_coins") == 0 for name in ("at_least", "at_most")}
    return bounds.with_columns(
        pl.when(is_zero)
        .then(NOTHING)
        .otherwise(notional(pl.col(f"{name}_coins"), pl.col("price_usd")))
        .alias(f"{name}_usd")
        for name, is_zero in zero.items()
    )


def _flagged(bounds: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    """Words for what was assumed and does not hold here; empty where nothing is against the bounds."""
    own = (
        refused.filter(pl.col("guard") == guards.EXCEEDS_VOLUME)
        .join(_own_series(refused), on="source")
        .select("venue", "coin", pl.col("guard").alias("own_guard"))
        .unique(["venue", "coin"], keep="any")
    )
    marked = bounds.join(own, on=["venue", "coin"], how="left")
    words = {
        UNBOUNDED: pl.col("at_most_coins").is_null(),
        CONTRADICTION: pl.col("at_least_coins") > pl.col("at_most_coins"),
        NO_PRICE: pl.col("price_usd").is_null() & (pl.col("at_least_coins") > 0),
        guards.UNWITNESSED: pl.col("is_unwitnessed").fill_null(value=False),
    }
    flags = pl.concat_str(
        *(pl.when(found).then(pl.lit(word)) for word, found in words.items()),
        "own_guard",
        separator=",",
        ignore_nulls=True,
    )
    return _spoken(marked.with_columns(flags=flags))


def _spoken(shown: pl.DataFrame) -> pl.DataFrame:
    """Without cells that were heard whole and had nothing; in order."""
    nothing = (
        (pl.col("at_least_coins") == 0)
        & (pl.col("at_most_coins") == 0).fill_null(value=False)
        & (pl.col("flags") == "")
    )
    return shown.filter(~nothing).select(
        *CELL,
        "price_usd",
        "own_coins",
        "events",
        "at_least_coins",
        "at_least_by",
        "at_most_coins",
        "at_most_by",
        "at_least_usd",
        "at_most_usd",
        "flags",
    )


def _own_series(refused: pl.DataFrame) -> pl.DataFrame:
    return refused.filter(pl.col("source").is_in(own_sources())).select("source").unique()


def _all(name: str) -> pl.Expr:
    """A sum, or null where a part is not known."""
    whole = pl.col(name).is_not_null().all()
    return pl.when(whole).then(pl.col(name).sum()).cast(AMOUNT).alias(name)
