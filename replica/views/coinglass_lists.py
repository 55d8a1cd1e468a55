"""CoinGlass's lists: sums of the past hours by coin or by venue, and single orders of a week."""

import polars as pl

from replica.digits import fixed, trimmed
from replica.market import Asked
from replica.rows import TIME
from replica.simulated.world import World
from replica.venues.coinglass_words import BUYS, SELLS, VENUE_NAMES
from replica.views.buckets import HOUR_MS
from replica.views.liquidated import Tallies

USD = 5


def rolling(world: World, tallies: Tallies, asked: Asked) -> pl.DataFrame:
    """What was shown in the hours that end now. Columns: time_ms, name, long, short."""
    since_ms = world.now_ms - int(asked.param("hours")) * HOUR_MS
    held = pl.concat(
        [
            tallies.of(venue).select(
                TIME, "coin", "position", "notional_usd", venue=pl.lit(VENUE_NAMES[venue])
            )
            for venue in world.venues
        ]
    ).filter(pl.col(TIME) >= since_ms)
    usd = pl.col("notional_usd")
    sides = {side: usd.filter(pl.col("position") == side).sum() for side in ("long", "short")}
    by = "coin" if asked.dataset == "rolling_by_coin" else "venue"
    sums = held.group_by(by).agg(**sides).sort(pl.col("long") + pl.col("short"), descending=True)
    return sums.select(
        pl.lit(world.now_ms).alias(TIME),
        pl.col(by).alias("name"),
        *[trimmed(pl.col(side), USD).alias(side) for side in sides],
    )


def reported(world: World, asked: Asked) -> pl.DataFrame | None:
    """The orders of a coin that were shown, above some dollars.

    Columns: time_ms, venue, symbol, coin, price, usd, side.
    """
    wanted, least = asked.param("exchange"), float(asked.param("least_usd"))
    venues = [venue for venue in world.venues if wanted in ("", VENUE_NAMES[venue])]
    if not venues or asked.symbol not in world.coins:
        return None
    shown = pl.concat(
        [world.shown(venue).with_columns(venue=pl.lit(venue.upper())) for venue in venues]
    )
    of_coin = shown.filter(pl.col("coin") == asked.symbol, pl.col("notional_usd") >= least)
    sells = pl.col("position") == "long"
    return of_coin.sort(TIME, maintain_order=True).select(
        TIME,
        "venue",
        "symbol",
        "coin",
        price=fixed(pl.col("fill_price"), 8),
        usd=fixed(pl.col("notional_usd"), 4),
        side=pl.when(sells).then(pl.lit(SELLS)).otherwise(pl.lit(BUYS)),
    )
