"""Forced orders of one instrument: when, which side, how large, at which prices."""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import polars as pl

from replica.simulated import timeline
from replica.simulated.cascades import Plan
from replica.simulated.draws import Flags, Floats, Integers
from replica.simulated.listings import Listing
from replica.simulated.prices import BP, CoinPath, VenuePath
from replica.simulated.processes import Intensity, Process

# Forced orders of all other weeks together, for each one of the cascade week.
CALM_SHARE: Final = 0.3
NOTIONAL_DECIMALS: Final = 8
WORST_SLIP: Final = 60 * BP
# More borrowed money stands behind long positions.
LONG_CROWDING: Final = 1.35


@dataclass(frozen=True, slots=True)
class Orders:
    """Columns of forced orders in order of time; `is_long` says a long position was closed."""

    time_ms: Integers
    is_long: Flags
    size: Floats
    base: Floats
    fill_price: Floats
    order_price: Floats
    bankruptcy_price: Floats
    notional_usd: Floats

    def base_by(self, step_ms: int, is_long: bool) -> Floats:
        """Base units closed in each step of the timeline."""
        return self.summed(self.base, step_ms, is_long)

    def summed(self, amounts: Floats, step_ms: int, is_long: bool) -> Floats:
        steps = (timeline.NOW_MS - timeline.FIRST_MS) // step_ms
        held = self.is_long == is_long
        at = (self.time_ms[held] - timeline.FIRST_MS) // step_ms
        return np.bincount(at, weights=amounts[held], minlength=steps).astype(np.float64)

    def frame(self, listing: Listing) -> pl.DataFrame:
        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        return pl.DataFrame(columns).with_columns(
            symbol=pl.lit(listing.symbol), coin=pl.lit(listing.coin)
        )


def intensity(plan: Plan, path: CoinPath, launched_ms: int) -> Intensity:
    """Falling minutes close longs and rising ones shorts, the more so the more they move."""
    points = path.points
    move = points[1:] - np.concatenate((np.full(2, points[0]), points[:-3]))
    pace = float(np.median(np.abs(move)))
    falls = np.maximum(-move, 0.0) / pace
    rises = np.maximum(move, 0.0) / pace
    longs = LONG_CROWDING * (0.4 + falls**1.8) * (1.0 + 5.0 * plan.stress)
    shorts = (0.4 + rises**1.8) * (1.0 + 2.0 * plan.stress)
    both = longs + shorts
    both[: max(0, (launched_ms - timeline.FIRST_MS) // timeline.MINUTE_MS)] = 0.0
    week = both[timeline.CASCADE_WEEK].sum()
    calm = both.sum() - week
    scaled = both * CALM_SHARE / calm
    scaled[timeline.CASCADE_WEEK] = both[timeline.CASCADE_WEEK] / week
    cumulative = np.cumsum(scaled)
    return Intensity(cumulative / cumulative[-1], longs / both.clip(1e-9))


def forced_orders(
    rng: np.random.Generator,
    process: Process,
    listing: Listing,
    rates: Intensity,
    plan: Plan,
    path: CoinPath,
    venue: VenuePath,
) -> Orders:
    count = max(1, round(listing.events * (1.0 + CALM_SHARE)))
    burst = process(rng, rates, count)
    order = np.argsort(burst.instant, kind="stable")
    time_ms = timeline.FIRST_MS + burst.instant[order].astype(np.int64)
    kept = order[time_ms < timeline.NOW_MS]
    time_ms = time_ms[time_ms < timeline.NOW_MS]
    is_long, multiple = burst.is_long[kept], burst.multiple[kept]
    minutes = burst.instant[kept] / timeline.MINUTE_MS
    edges = np.arange(timeline.MINUTES + 1)
    mark = np.exp(np.interp(minutes, edges, path.points + venue.mark_gap))
    stress = plan.stress[minutes.astype(np.int64)]
    fill, order_price, bankrupt = _prices(
        rng, listing, mark * listing.multiplier, is_long, stress, multiple
    )
    size, base, notional = _amounts(listing, listing.order_usd * multiple, fill)
    return Orders(time_ms, is_long, size, base, fill, order_price, bankrupt, notional)


def _prices(
    rng: np.random.Generator,
    listing: Listing,
    mark: Floats,
    is_long: Flags,
    stress: Floats,
    multiple: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Fill, order and bankruptcy price: each a step further against the trader."""
    count = mark.size
    sign = np.where(is_long, -1.0, 1.0)
    slip = 3 * BP * np.exp(0.5 * rng.standard_normal(count))
    slip *= (1.0 + 2.0 * stress) * (1.0 + 0.2 * np.log1p(multiple))
    gap = 25 * BP * np.exp(0.5 * rng.standard_normal(count))
    scale = 10.0**listing.price_decimals

    def beyond(ticks: Floats, by: Floats, least: float) -> Floats:
        """Whole ticks, further from the mark."""
        return sign * np.maximum(np.ceil(sign * ticks * (1.0 + sign * by)), sign * ticks + least)

    fill = sign * np.ceil(sign * mark * scale * (1.0 + sign * np.minimum(slip, WORST_SLIP)))
    bankrupt = beyond(fill, gap, 1.0)
    order = beyond(bankrupt, 4 * BP * rng.random(count), 0.0)
    return fill / scale, order / scale, bankrupt / scale


def _amounts(listing: Listing, usd: Floats, fill: Floats) -> tuple[Floats, Floats, Floats]:
    """Size in the venue's unit, base units and notional; USDT and USDC count as one dollar."""
    contract = listing.contract_size
    if listing.margin == "inverse":
        size = np.maximum(1.0, np.rint(usd / contract))
        return size, np.round(size * contract / fill, listing.size_decimals), size * contract
    if listing.counts_contracts:
        size = np.maximum(1.0, np.rint(usd / (fill * contract)))
        base = np.round(size * contract, listing.size_decimals)
    else:
        steps = 10.0**listing.size_decimals
        size = base = np.maximum(1.0, np.rint(usd / fill * steps)) / steps
    return size, base, np.round(base * fill, NOTIONAL_DECIMALS)
