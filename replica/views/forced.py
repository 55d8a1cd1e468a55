"""The forced orders of a venue as its own history would show them, each value as digits."""

import polars as pl

from replica.digits import fixed
from replica.rows import TIME
from replica.simulated.world import World
from replica.views.instruments import Instrument


def forced(world: World, venue: str, one: Instrument | None, *, throttled: bool) -> pl.DataFrame:
    """In order of time, of one instrument or (None) of all.

    Columns: time_ms, nth (place in the venue's history), symbol, position, size (in the venue's
    unit), base, usd, fill, order, bankruptcy. ``throttled`` orders are those that its live feed
    published.
    """
    orders = world.shown(venue) if throttled else world.liquidations(venue)
    numbered = orders.with_row_index("nth")
    if one is not None:
        numbered = numbered.filter(pl.col("symbol") == one.symbol)
    terms = world.instruments.filter(pl.col("venue") == venue).select(
        "symbol", "price_decimals", "size_decimals", "contract_size", "margin"
    )
    held = numbered.join(terms, on="symbol", maintain_order="left")
    whole = (pl.col("contract_size") != 1.0) | (pl.col("margin") == "inverse")
    price, size = pl.col("price_decimals"), pl.col("size_decimals")
    return held.select(
        TIME,
        "nth",
        "symbol",
        "position",
        size=fixed(pl.col("size"), pl.when(whole).then(0).otherwise(size)),
        base=fixed(pl.col("base"), size),
        usd=fixed(pl.col("notional_usd"), 4),
        fill=fixed(pl.col("fill_price"), price),
        order=fixed(pl.col("order_price"), price),
        bankruptcy=fixed(pl.col("bankruptcy_price"), price),
    )
