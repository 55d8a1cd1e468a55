"""Every side and hour of a market: what was heard, told and traded of it."""

import polars as pl

from pipelines.reconcile.layers.heard import heard
from pipelines.reconcile.layers.hours import MINUTES
from pipelines.reconcile.layers.names import at
from pipelines.reconcile.layers.seen import Seen
from pipelines.reconcile.layers.traded import MARKET_HOUR, SIDE_COINS
from pipelines.units import AMOUNT

NOTHING = pl.lit(0).cast(AMOUNT)


def sides_of_markets(
    seen: Seen, traded: pl.DataFrame, told: pl.DataFrame, busy: pl.DataFrame
) -> pl.DataFrame:
    """Each side and hour of the markets that were heard, asked about, traded or told of."""
    listened, hours, own = (part.with_columns(at("hour")) for part in (heard(seen), traded, told))
    places = pl.concat([part.select(*MARKET_HOUR, "at_hour") for part in (listened, hours, own)])
    any_side = own.group_by("at_hour").agg(pl.col("own_coins").sum().alias("any_coins"))
    reached = busy.select(
        "instrument_id", hour=(pl.col("minute") // MINUTES).cast(own.schema["hour"])
    ).select(at("hour"), is_busy=True)
    volumes = hours.select("at_hour", "volume_coins", *SIDE_COINS.values())
    every = (
        places.unique("at_hour")  # a market is of one venue and coin
        .join(listened.select("at_hour", "mask", "coverage"), on="at_hour", how="left")
        .join(volumes, on="at_hour", how="left")
        .join(any_side, on="at_hour", how="left")
        .join(reached.unique(), on="at_hour", how="left")
    )
    rows = pl.concat(
        every.join(
            own.filter(pl.col("position") == side).select(
                "at_hour", "own_coins", "own_usd", "events"
            ),
            on="at_hour",
            how="left",
        ).with_columns(position=pl.lit(side, dtype=pl.Categorical))
        for side in SIDE_COINS
    )
    told_of = pl.col("events").is_not_null()
    side_coins = [pl.when(position=side).then(name) for side, name in SIDE_COINS.items()]
    return rows.with_columns(
        pl.col("mask").fill_null(0),
        pl.col("coverage").fill_null("unknown"),
        pl.col("events").fill_null(0),
        pl.col("is_busy").fill_null(value=False),
        own_coins=pl.when(told_of).then("own_coins").otherwise(NOTHING),
        own_usd=pl.when(told_of).then("own_usd").otherwise(NOTHING),
        side_coins=pl.coalesce(side_coins),
    ).with_columns(
        other_coins=(pl.col("any_coins").fill_null(NOTHING) - pl.col("own_coins")).cast(AMOUNT)
    )
