"""Kraken's executions: the tape in its words, each fill with the two orders that met."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from replica.digits import fixed
from replica.rows import TIME
from replica.simulated.world import World
from replica.template import filled
from replica.views.instruments import Instrument
from replica.views.tape import Tape, with_place

WORDS = ("Limit", "Market", "IoC", "FillOrKill")
FORCED_WORDS = ("PartialLiquidation", "PartialLiquidation", "PartialLiquidation", "Liquidation")
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
class Executions:
    world: World
    one: Instrument

    def rows(self) -> pl.DataFrame:
        """Columns: time_ms, element_uid, event; ascending."""
        tape = Tape(self.world, self.one)
        forced = tape.forced()
        words = pl.Series("order_type", tape.rng.choice(FORCED_WORDS, forced.height), pl.String)
        forced = forced.with_columns(words, reduce_only=pl.lit(value=True))
        ordinary = tape.ordinary(forced.height)
        ordinary = ordinary.with_columns(
            pl.Series("order_type", tape.rng.choice(WORDS, ordinary.height), pl.String),
            pl.Series("reduce_only", tape.rng.random(ordinary.height) < 0.2),
        )
        fills = with_place(pl.concat([forced, ordinary]))
        for name in ("element_uid", "uid", "maker_uid", "taker_uid"):
            fills = fills.with_columns(pl.Series(name, _uids(tape.rng, fills.height)))
        return tape.with_mark(fills).select(TIME, "element_uid", self._event().alias("event"))

    def _event(self) -> pl.Expr:
        one = self.one
        value = pl.col("size") if one.inverse else pl.col("size") * pl.col("price")
        buyer, seller = pl.lit("Buy"), pl.lit("Sell")
        return filled(
            EVENT,
            tradeable=pl.lit(one.symbol),
            maker_side=pl.when("sells").then(buyer).otherwise(seller),
            taker_side=pl.when("sells").then(seller).otherwise(buyer),
            quantity=fixed(pl.col("size"), 0 if one.inverse else one.size_decimals),
            price=fixed(pl.col("price"), one.price_decimals),
            limit_price=fixed(pl.col("order_price"), one.price_decimals),
            mark=fixed(pl.col("mark"), one.price_decimals + 4),
            usd=fixed(value, 2),
        )


def _uids(rng: np.random.Generator, count: int) -> list[str]:
    drawn = rng.bytes(16 * count).hex()
    words = (drawn[at : at + 32] for at in range(0, len(drawn), 32))
    return [f"{one[:8]}-{one[8:12]}-4{one[13:16]}-a{one[17:20]}-{one[20:]}" for one in words]
