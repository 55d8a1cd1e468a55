"""A venue's tape: every forced fill of the truth among some ordinary fills."""

import zlib
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from replica.digits import fixed
from replica.rows import TIME
from replica.simulated.world import World
from replica.views.instruments import Instrument

ORDINARY_PER_FORCED = 7
HOUR_MS = 3_600_000
USD = 4
# Venues on which a forced order may have been the resting one; every so many of them is.
FORCED_MAKERS = {"deribit": 6}


@dataclass(frozen=True, slots=True)
class Tape:
    """Fills of one instrument; each drawing from ``rng`` follows the one before."""

    world: World
    one: Instrument
    rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        seed = zlib.crc32(self.one.symbol.encode())
        object.__setattr__(self, "rng", np.random.default_rng(seed))

    def rows(self) -> pl.DataFrame:
        """In order of time. Columns: time_ms, nth (place on the tape), is_forced, position (of
        the forced order, else null), sells (whether the taker sold), size (in the venue's unit),
        base, usd, price, mark.
        """
        one, forced = self.one, self.forced()
        fills = with_place(pl.concat([forced, self.ordinary(forced.height)]))
        return self.with_mark(fills).select(
            TIME,
            "nth",
            "is_forced",
            "position",
            "sells",
            size=fixed(pl.col("size"), self.size_places),
            base=fixed(pl.col("base"), one.size_decimals),
            usd=fixed(pl.col("usd"), USD),
            price=fixed(pl.col("price"), one.price_decimals),
            mark=fixed(pl.col("mark"), one.price_decimals + 4),
        )

    @property
    def size_places(self) -> int:
        return 0 if self.one.counts_contracts else self.one.size_decimals

    def forced(self) -> pl.DataFrame:
        """Columns: time_ms, size, base, usd, price, order_price, position, sells, is_forced."""
        orders = self.world.shown(self.one.venue).filter(pl.col("symbol") == self.one.symbol)
        long = pl.col("position") == "long"
        every = FORCED_MAKERS.get(self.one.venue)
        rests = pl.int_range(pl.len()) % every == every - 1 if every else pl.lit(value=False)
        return orders.select(
            TIME,
            "size",
            "base",
            pl.col("notional_usd").alias("usd"),
            pl.col("fill_price").alias("price"),
            "order_price",
            "position",
            (long != rests).alias("sells"),
            pl.lit(value=True).alias("is_forced"),
        )

    def ordinary(self, forced: int) -> pl.DataFrame:
        """Fills at any time since the first candle, at prices between its open and close."""
        one, rng = self.one, self.rng
        count = max(forced * ORDINARY_PER_FORCED, 20)
        bars = self.world.candles(one.venue, one.symbol)
        picks = np.sort(rng.integers(0, bars.height, count))
        inside = rng.random(count)
        hours = bars[picks]
        price = hours["open"] + (hours["close"] - hours["open"]) * inside
        usd = np.exp(rng.normal(6.5, 1.4, count))
        coins = np.maximum(usd, 1.0) if one.inverse else usd / price.to_numpy()
        step = 10.0**-self.size_places
        size = np.maximum(np.round(coins / one.contract_size, self.size_places), step)
        printed = price.round(one.price_decimals)
        of_contracts = size * one.contract_size
        return pl.DataFrame(
            {
                TIME: hours[TIME].to_numpy() + (inside * HOUR_MS).astype(np.int64),
                "size": size,
                "base": of_contracts / printed if one.inverse else of_contracts,
                "usd": of_contracts if one.inverse else of_contracts * printed,
                "price": printed,
                "order_price": printed,
                "position": pl.Series([None] * count, dtype=pl.String),
                "sells": rng.random(count) < 0.5,
                "is_forced": np.zeros(count, dtype=bool),
            }
        )

    def with_mark(self, fills: pl.DataFrame) -> pl.DataFrame:
        bars = self.world.candles(self.one.venue, self.one.symbol)
        bars = bars.select(pl.col(TIME).alias("hour_ms"), "mark_open", "mark_close")
        fills = fills.with_columns((pl.col(TIME) // HOUR_MS * HOUR_MS).alias("hour_ms"))
        joined = fills.join(bars, on="hour_ms", how="left", maintain_order="left")
        part = (pl.col(TIME) - pl.col("hour_ms")) / HOUR_MS
        mark = pl.col("mark_open") + (pl.col("mark_close") - pl.col("mark_open")) * part
        return joined.with_columns(mark.fill_null(pl.col("price")).alias("mark"))


def with_place(fills: pl.DataFrame) -> pl.DataFrame:
    """In order of time, each with its place on the tape."""
    return fills.sort(TIME, maintain_order=True).with_row_index("nth")
