"""Orders in one order, whatever way they came; sorted by one number, since four columns are dear."""

import polars as pl

TIMES = 2**42  # milliseconds until the year 2109


def ordered(orders: pl.DataFrame) -> pl.DataFrame:
    """``orders`` by ``market, time_ms, position, usd``."""
    rows = orders.with_columns(at=_market(orders) * TIMES + pl.col("time_ms")).sort("at")
    as_before = (rows["at"].diff() == 0).fill_null(value=False)
    if not as_before.any():
        return rows.drop("at")
    tied = as_before | as_before.shift(-1, fill_value=False)
    parts = [rows.filter(~tied), rows.filter(tied).sort("at", "position", "usd")]
    return pl.concat(parts).sort("at", maintain_order=True).drop("at")


def _market(orders: pl.DataFrame) -> pl.Expr:
    """The number of a market's name in the order of names."""
    market = pl.col("market")
    if not isinstance(orders.schema["market"], pl.Enum):
        market = market.cast(pl.Enum(orders["market"].unique().cast(pl.String).sort()))
    return market.to_physical().cast(pl.Int64)
