"""Coinalyze's view: one market at a time, in its base asset, or in USD for inverse ones."""

import polars as pl

from replica.digits import trimmed
from replica.market import Asked
from replica.rows import TIME
from replica.simulated.world import World
from replica.views.buckets import FIVE_MINUTES_MS, HOUR_MS, merged, ohlc, span_of
from replica.views.instruments import Instrument, named
from replica.views.liquidated import Tallies, by_side
from replica.views.venue import leanings

PRICES = ("open", "high", "low", "close")
PERCENT = 8


class CoinalyzeView:
    def __init__(self, world: World, tallies: Tallies) -> None:
        self._world, self._tallies = world, tallies
        self._named = named(world, "coinalyze")

    def series(self, asked: Asked) -> pl.DataFrame | None:
        one, span = self._named.get(("", asked.symbol)), span_of(asked.interval)
        if one is None or span is None or span < FIVE_MINUTES_MS:
            return None
        in_usd = asked.param("convert_to_usd") == "true"
        match asked.dataset:
            case "liquidation":
                return self._liquidated(one, span, in_usd)
            case "open_interest":
                return self._open_interest(one, span, in_usd)
            case "funding":
                return self._funding(one, span)
            case "ratio_global":
                return leanings(self._world, one, "ratio_global", span).select(
                    TIME,
                    trimmed(pl.col("ratio"), 4).alias("ratio"),
                    trimmed(pl.col("long") * 100, 2).alias("long"),
                    trimmed(pl.col("short") * 100, 2).alias("short"),
                )
            case "price" if span >= HOUR_MS:
                return self._candles(one, span)
        return None

    def _liquidated(self, one: Instrument, span: int, in_usd: bool) -> pl.DataFrame:
        """Buckets without a liquidation are left out."""
        tally = self._tallies.of(one.venue).filter(pl.col("symbol") == one.symbol)
        unit = "notional_usd" if in_usd or one.inverse else "base"
        sums = by_side(tally, unit, span)
        return sums.select(
            TIME, *[trimmed(pl.col(side), 5).alias(side) for side in ("long", "short")]
        )

    def _open_interest(self, one: Instrument, span: int, in_usd: bool) -> pl.DataFrame:
        unit = "oi_usd" if in_usd or one.inverse else "oi_base"
        bars = ohlc(self._world.open_interest(one.venue, one.symbol), unit, span)
        return bars.select(TIME, *[trimmed(pl.col(name), 4).alias(name) for name in PRICES])

    def _funding(self, one: Instrument, span: int) -> pl.DataFrame:
        """Percent; the rate in force in each hour, so that a day closes on its last rate."""
        first = self._world.open_interest(one.venue, one.symbol)[TIME].min()
        hours = pl.int_range(self._world.first_ms, self._world.now_ms + 1, HOUR_MS, eager=True)
        grid = pl.DataFrame({TIME: hours}).filter(pl.col(TIME) >= first)
        rates = grid.join_asof(self._world.funding(one.venue, one.symbol), on=TIME)
        rates = rates.drop_nulls("rate").with_columns(pl.col("rate") * 100)
        bars = ohlc(rates, "rate", max(span, HOUR_MS))
        return bars.select(TIME, *[trimmed(pl.col(name), PERCENT).alias(name) for name in PRICES])

    def _candles(self, one: Instrument, span: int) -> pl.DataFrame:
        bars = merged(self._world.candles(one.venue, one.symbol), span)
        bought = pl.col("taker_buy_base") / pl.col("volume_base")
        return bars.select(
            TIME,
            *[trimmed(pl.col(name), one.price_decimals).alias(name) for name in PRICES],
            trimmed(pl.col("volume_base"), max(one.size_decimals, 1)).alias("volume"),
            trimmed(pl.col("taker_buy_base"), max(one.size_decimals, 1)).alias("buy_volume"),
            pl.col("trades").cast(pl.Int64).cast(pl.String).alias("trades"),
            (pl.col("trades") * bought).round().cast(pl.Int64).cast(pl.String).alias("buy_trades"),
        )
