"""Hourly candles: prices, volume and which side took it, with the forced orders inside."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from replica.simulated import timeline
from replica.simulated.cascades import Plan
from replica.simulated.draws import Floats, drifting
from replica.simulated.listings import Listing
from replica.simulated.orders import Orders
from replica.simulated.prices import Bars, CoinPath, VenuePath, last_bars, smooth_bars

QUOTE_DECIMALS: Final = 4
# Voluntary trades of a calm day, as a multiple of open interest.
DAILY_TURNOVER: Final = 1.5
# Kraken's tape is read whole by its clients, so it is kept short.
TRADE_USD: Final = {"kraken": 20_000.0}
USUAL_TRADE_USD: Final = 4_000.0


@dataclass(frozen=True, slots=True)
class Volumes:
    base: Floats
    quote: Floats
    taker_buy_base: Floats
    taker_buy_quote: Floats


def candles(
    rng: np.random.Generator,
    listing: Listing,
    plan: Plan,
    path: CoinPath,
    venue: VenuePath,
    orders: Orders,
) -> pl.DataFrame:
    last = _rounded(last_bars(path, venue.last_gap, listing.multiplier), listing)
    last = _with_fills(last, orders)
    mark = _rounded(smooth_bars(path, venue.mark_gap, listing.multiplier), listing)
    index = _rounded(smooth_bars(path, venue.index_gap, listing.multiplier), listing)
    volumes = _volumes(rng, listing, plan, last, orders)
    forced = orders.summed(np.ones(orders.time_ms.size), timeline.HOUR_MS, True)
    forced += orders.summed(np.ones(orders.time_ms.size), timeline.HOUR_MS, False)
    trade_usd = TRADE_USD.get(listing.venue, USUAL_TRADE_USD)
    columns = {
        "time_ms": timeline.hour_starts(),
        **_named("", last),
        "volume_base": volumes.base,
        "turnover_quote": volumes.quote,
        "trades": (np.ceil(volumes.quote / trade_usd) + forced).astype(np.int64),
        "taker_buy_base": volumes.taker_buy_base,
        "taker_buy_quote": volumes.taker_buy_quote,
        **_named("mark_", mark),
        **_named("index_", index),
    }
    return pl.DataFrame(columns).filter(pl.col("time_ms") >= listing.launched_ms)


def _named(prefix: str, bars: Bars) -> dict[str, Floats]:
    return {
        f"{prefix}open": bars.open,
        f"{prefix}high": bars.high,
        f"{prefix}low": bars.low,
        f"{prefix}close": bars.close,
    }


def _rounded(bars: Bars, listing: Listing) -> Bars:
    places = listing.price_decimals
    return Bars(
        np.round(bars.open, places),
        np.round(bars.high, places),
        np.round(bars.low, places),
        np.round(bars.close, places),
    )


def _with_fills(bars: Bars, orders: Orders) -> Bars:
    """A candle reaches the prices at which forced orders were filled in it."""
    hour = (orders.time_ms - timeline.FIRST_MS) // timeline.HOUR_MS
    high, low = bars.high.copy(), bars.low.copy()
    np.maximum.at(high, hour, orders.fill_price)
    np.minimum.at(low, hour, orders.fill_price)
    return Bars(bars.open, high, low, bars.close)


def _volumes(
    rng: np.random.Generator, listing: Listing, plan: Plan, bars: Bars, orders: Orders
) -> Volumes:
    """Takers bought what closed shorts, and sold what closed longs, beside their own trades."""
    typical = (bars.open + bars.high + bars.low + bars.close) / 4.0
    willing, bought = _willing(rng, listing, plan, bars)
    longs, shorts = (orders.base_by(timeline.HOUR_MS, side) for side in (True, False))
    paid = orders.base * orders.fill_price
    long_quote, short_quote = (
        orders.summed(paid, timeline.HOUR_MS, side) for side in (True, False)
    )
    steps = 10.0**listing.size_decimals
    return Volumes(
        np.ceil((willing + longs + shorts) * steps) / steps,
        np.round(willing * typical + long_quote + short_quote, QUOTE_DECIMALS),
        # Rounded down, as the total is rounded up: sellers never fall short of forced sales.
        np.floor((willing * bought + shorts) * steps) / steps,
        np.round(willing * bought * typical + short_quote, QUOTE_DECIMALS),
    )


def _willing(
    rng: np.random.Generator, listing: Listing, plan: Plan, bars: Bars
) -> tuple[Floats, Floats]:
    """Base units traded by choice in each hour, and the share of them that takers bought."""
    move = np.log(bars.close / bars.open)
    pace = float(np.median(np.abs(move))) + 1e-6
    stress = plan.stress.reshape(timeline.HOURS, 60).mean(axis=1)
    swell = 0.25 * drifting(rng, timeline.HOURS, 12) + 0.1 * rng.standard_normal(timeline.HOURS)
    hourly = listing.interest_usd * DAILY_TURNOVER / 24.0 / listing.price
    busy = np.minimum(np.abs(move) / pace, 8.0)
    willing = hourly * np.exp(swell) * (0.6 + 0.25 * busy) * (1.0 + 2.0 * stress)
    lean = 0.12 * np.tanh(move / pace / 2.0) + 0.015 * rng.standard_normal(timeline.HOURS)
    return willing, np.clip(0.5 + lean, 0.3, 0.7)
