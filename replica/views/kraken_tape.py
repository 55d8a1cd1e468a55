"""Kraken's execution tape: every forced fill of the truth among some ordinary fills."""

import zlib
from dataclasses import dataclass

import numpy as np
import polars as pl

from replica.digits import fixed
from replica.rows import TIME
from replica.simulated.world import World
from replica.template import filled
from replica.views.instruments import Instrument

ORDINARY_PER_FORCED = 7
WORDS = ("Limit", "Market", "IoC", "FillOrKill")
FORCED_WORDS = ("PartialLiquidation", "PartialLiquidation", "PartialLiquidation", "Liquidation")
HOUR_MS = 3_600_000
EVENT = (
    '{"Execution":{"execution":{"uid":"<uid>",'
    '"makerOrder":{"uid":"<maker_uid>","tradeable":"<tradeable>","direction":"<maker_side>",'
    '"quantity":"<quantity>","timestamp":<time_ms>,"limitPrice":"<price>","orderType":"Post",'
    '"reduceOnly":false,"lastUpdateTimestamp":<time_ms>},'
    '"takerOrder":{"uid":"<taker_uid>","tradeable":"<tradeable>","direction":"<taker_side>",'
    '"quantity":"<quantity>","timestamp":<time_ms>,"limitPrice":"<limit_price>",'
    '"orderType":"<order_type>","reduceOnly":<reduce_only>,"lastUpdateTimestamp":<time_ms>},'
    '"timestamp":<time_ms>,"quantity":"<quantity>","price":"<price>","markPrice":"<mark>",'
    '"limitFilled":false,"usdValue":"<usd>"},"takerReducedQuantity":""}}'
)


@dataclass(frozen=True, slots=True)
class Tape:
    world: World
    one: Instrument

    def rows(self) -> pl.DataFrame:
        """Columns: time_ms, element_uid, event; ascending."""
        rng = np.random.default_rng(zlib.crc32(self.one.symbol.encode()))
        forced = self._forced(rng)
        fills = pl.concat([forced, self._ordinary(rng, forced.height)]).sort(
            TIME, maintain_order=True
        )
        for name in ("element_uid", "uid", "maker_uid", "taker_uid"):
            fills = fills.with_columns(pl.Series(name, _uids(rng, fills.height)))
        marked = self._with_mark(fills)
        return marked.select(TIME, "element_uid", self._event().alias("event"))

    def _forced(self, rng: np.random.Generator) -> pl.DataFrame:
        orders = self.world.shown("kraken").filter(pl.col("symbol") == self.one.symbol)
        words = rng.choice(FORCED_WORDS, orders.height)
        return orders.select(
            TIME,
            pl.col("size").alias("quantity"),
            pl.col("fill_price").alias("price"),
            pl.col("order_price").alias("limit_price"),
            (pl.col("position") == "long").alias("sells"),
            pl.Series("order_type", words, dtype=pl.String),
            pl.lit(True).alias("reduce_only"),
        )

    def _ordinary(self, rng: np.random.Generator, forced: int) -> pl.DataFrame:
        """Fills at any time since the first candle, at prices between its open and close."""
        count = max(forced * ORDINARY_PER_FORCED, 20)
        bars = self.world.candles("kraken", self.one.symbol)
        picks = np.sort(rng.integers(0, bars.height, count))
        inside = rng.random(count)
        hours = bars[picks]
        price = hours["open"] + (hours["close"] - hours["open"]) * inside
        usd = np.exp(rng.normal(6.5, 1.4, count))
        size = np.maximum(usd, 1.0) if self.one.inverse else usd / price.to_numpy()
        decimals = 0 if self.one.inverse else self.one.size_decimals
        step = 10.0**-decimals
        return pl.DataFrame(
            {
                TIME: hours[TIME].to_numpy() + (inside * HOUR_MS).astype(np.int64),
                "quantity": np.maximum(np.round(size, decimals), step),
                "price": price.round(self.one.price_decimals),
                "limit_price": price.round(self.one.price_decimals),
                "sells": rng.random(count) < 0.5,
                "order_type": rng.choice(WORDS, count),
                "reduce_only": rng.random(count) < 0.2,
            }
        )

    def _with_mark(self, fills: pl.DataFrame) -> pl.DataFrame:
        bars = self.world.candles("kraken", self.one.symbol)
        bars = bars.select(pl.col(TIME).alias("hour_ms"), "mark_open", "mark_close")
        fills = fills.with_columns((pl.col(TIME) // HOUR_MS * HOUR_MS).alias("hour_ms"))
        joined = fills.join(bars, on="hour_ms", how="left", maintain_order="left")
        part = (pl.col(TIME) - pl.col("hour_ms")) / HOUR_MS
        mark = pl.col("mark_open") + (pl.col("mark_close") - pl.col("mark_open")) * part
        return joined.with_columns(mark.fill_null(pl.col("price")).alias("mark"))

    def _event(self) -> pl.Expr:
        one = self.one
        value = pl.col("quantity") if one.inverse else pl.col("quantity") * pl.col("price")
        buyer, seller = pl.lit("Buy"), pl.lit("Sell")
        return filled(
            EVENT,
            tradeable=pl.lit(one.symbol),
            maker_side=pl.when("sells").then(buyer).otherwise(seller),
            taker_side=pl.when("sells").then(seller).otherwise(buyer),
            quantity=fixed(pl.col("quantity"), 0 if one.inverse else one.size_decimals),
            price=fixed(pl.col("price"), one.price_decimals),
            limit_price=fixed(pl.col("limit_price"), one.price_decimals),
            mark=fixed(pl.col("mark"), one.price_decimals + 4),
            usd=fixed(value, 2),
        )


def _uids(rng: np.random.Generator, count: int) -> list[str]:
    drawn = rng.bytes(16 * count).hex()
    words = (drawn[at : at + 32] for at in range(0, len(drawn), 32))
    return [f"{one[:8]}-{one[8:12]}-4{one[13:16]}-a{one[17:20]}-{one[20:]}" for one in words]
