"""Ordinary trading with the forced orders inside it: prices, volumes and open interest.

Amounts are the market's own whole units, so that what must hold holds to the unit: takers sold at
least what closed longs, and volume less the change of open interest is at least what was forced.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from replica.simulated.draws import Draws, Floats, Integers
from replica.truth.nature import Nature
from replica.truth.orders import Orders, unit_usd
from replica.truth.paths import Paths
from replica.truth.timeline import DAY_MS, HOUR_MS, HOURS, MINUTE_MS, MINUTES

BP: Final = 1e-4
SLOW_MINUTES: Final = 30
# How far a bar reaches beyond the edges of its minutes.
WICK_BP: Final = 2.0


@dataclass(frozen=True, slots=True)
class Bars:
    """By market and step: prices in ticks, amounts in units, ``quote`` in the quote."""

    open: Integers
    high: Integers
    low: Integers
    close: Integers
    volume: Integers
    taker_buy: Integers
    quote: Floats

    def of(self, places: Integers) -> "Bars":
        return Bars(*(getattr(self, name)[places] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Activity:
    """``interest`` has the open interest at the edges of hours, one more than there are hours."""

    hourly: Bars
    minutely: Bars  # of Binance's markets alone, in their order
    interest: Integers


def logs_of(nature: Nature, paths: Paths) -> Floats:
    """Log price of each market at the edges of minutes."""
    draws = Draws(nature.seed)
    names = [coin.name for coin in nature.coins]
    first = np.log([coin.price_usd for coin in nature.coins])
    level = draws.of("levels").uniform(np.log(0.6), np.log(1.6), size=len(names))
    points = paths.points + (first + level)[:, None]
    gaps = {
        v: _gap(draws.of("basis", v), nature.venues[v].drawn["basis_bp"]) for v in nature.venues
    }
    rows = [points[names.index(m.coin)] + gaps[m.venue] for m in nature.markets]
    return np.stack(rows)


def _gap(rng: np.random.Generator, bp: float) -> Floats:
    steps = rng.standard_normal(MINUTES // SLOW_MINUTES + 2)
    edges = np.arange(MINUTES + 1) / SLOW_MINUTES
    gap: Floats = bp * BP * np.interp(edges, np.arange(steps.size), steps)
    return gap


def activity(nature: Nature, paths: Paths, logs: Floats, orders: Orders) -> Activity:
    rng = Draws(nature.seed).of("activity", nature.process)
    binance = [p for p, m in enumerate(nature.markets) if m.venue == "binance"]
    forced = orders.summed(orders.units, len(nature.markets), MINUTE_MS)
    willing = _willing(rng, nature, paths, logs, orders, forced)
    lean = _lean(rng, logs)
    minutely = _bars(rng, nature, logs, orders, forced, willing, lean, MINUTE_MS, np.array(binance))
    hourly = _bars(
        rng, nature, logs, orders, forced, willing, lean, HOUR_MS, np.arange(len(nature.markets))
    )
    return Activity(hourly, minutely, _interest(rng, nature, hourly, _by_hour(forced)))


def _by_hour(minutes: Floats) -> Floats:
    hours: Floats = minutes.reshape(*minutes.shape[:-1], HOURS, 60).sum(axis=-1)
    return hours


def _willing(
    rng: np.random.Generator,
    nature: Nature,
    paths: Paths,
    logs: Floats,
    orders: Orders,
    forced: Floats,
) -> Integers:
    """Units traded by choice in each minute."""
    clock = np.arange(MINUTES) % 1_440
    daily = 0.3 * np.cos(2 * np.pi * (clock - 15 * 60) / 1_440)
    typical = np.exp(logs.mean(axis=1))
    per_unit = unit_usd(nature, np.arange(typical.size), typical)
    made = np.empty((typical.size, MINUTES))
    for place, market in enumerate(nature.markets):
        drawn = nature.venues[market.venue]
        usd = nature.usd * drawn.share / drawn.drawn["forced_share"] / (7 * 1_440)
        coin = next(n for n, c in enumerate(nature.coins) if c.name == market.coin)
        weight = nature.coins[coin].weight * drawn.coin_weights[coin]
        weight *= drawn.drawn["inverse_share"] if market.is_inverse else 1.0
        noise = rng.gamma(4.0, 0.25, size=MINUTES)
        swell = np.exp(daily) * (1.0 + drawn.drawn["stress_volume"] * paths.stress) * noise
        made[place] = usd * weight / per_unit[place] * swell
        made[place] += drawn.drawn["company"] * forced[place].sum(axis=0)
    return np.ceil(made).astype(np.int64)


def _lean(rng: np.random.Generator, logs: Floats) -> Floats:
    """Share of the willing volume that takers bought in each minute."""
    move = np.diff(logs, axis=1)
    pace = np.median(np.abs(move), axis=1, keepdims=True)
    noise = 0.06 * rng.standard_normal(move.shape)
    share: Floats = np.clip(0.5 + 0.1 * np.tanh(move / pace / 3.0) + noise, 0.15, 0.85)
    return share


def _bars(
    rng: np.random.Generator,
    nature: Nature,
    logs: Floats,
    orders: Orders,
    forced: Floats,
    willing: Integers,
    lean: Floats,
    step_ms: int,
    markets: Integers,
) -> Bars:
    places = np.array([nature.markets[m].price_places for m in markets])
    ticks = np.exp(logs[markets]) * (10.0**places)[:, None]
    width = step_ms // MINUTE_MS
    first, last = ticks[:, :-1:width], ticks[:, width::width]
    shape = (markets.size, MINUTES // width, width)
    wick = 1.0 + WICK_BP * BP * rng.gamma(1.0, size=(2, markets.size, MINUTES // width))
    high = np.maximum(first, ticks[:, 1:].reshape(shape).max(axis=2)) * wick[0]
    low = np.minimum(first, ticks[:, 1:].reshape(shape).min(axis=2)) / wick[1]
    highest, lowest = np.ceil(high).astype(np.int64), np.floor(low).astype(np.int64)
    _reach(orders, markets, step_ms, highest, lowest)
    bought = np.floor(willing[markets] * lean[markets]).astype(np.int64)
    took = forced[markets].astype(np.int64)
    volume = (willing[markets] + took.sum(axis=1)).reshape(shape).sum(axis=2)
    buy = (bought + took[:, 1]).reshape(shape).sum(axis=2)
    price = (first + last) / 2 / (10.0**places)[:, None]
    per_unit = unit_usd(nature, np.repeat(markets, price.shape[1]), price.ravel())
    return Bars(
        np.rint(first).astype(np.int64),
        highest,
        np.maximum(lowest, 1),
        np.rint(last).astype(np.int64),
        volume,
        buy,
        volume * per_unit.reshape(price.shape),
    )


def _reach(orders: Orders, markets: Integers, step_ms: int, high: Integers, low: Integers) -> None:
    """A candle reaches the prices at which forced orders were filled in it."""
    row = np.full(int(orders.market.max(initial=0)) + 1 + int(markets.max()), -1)
    row[markets] = np.arange(markets.size)
    here = row[orders.market] >= 0
    at = row[orders.market[here]], orders.time_ms[here] // step_ms
    np.maximum.at(high, at, orders.fill[here])
    np.minimum.at(low, at, orders.fill[here])


def _interest(rng: np.random.Generator, nature: Nature, bars: Bars, forced: Floats) -> Integers:
    """Both sides of every trade open or close; forced ones close, and of the others about half."""
    volume = bars.volume.astype(np.float64)
    took = forced.sum(axis=1)
    free = 2 * volume - took  # sides of trades that were not forced
    usual = volume.mean(axis=1) * (DAY_MS / HOUR_MS) / nature.drawn["turnover"]
    held = np.empty((volume.shape[0], HOURS + 1), dtype=np.int64)
    held[:, 0] = np.ceil(usual)
    noise = 0.03 * rng.standard_normal(volume.shape)
    # As many close as open, and some more where many were forced.
    even = (volume - took) / np.maximum(free, 1.0)
    for hour in range(HOURS):
        pull = 0.08 * np.log(np.maximum(held[:, hour], 1) / usual)
        stress = 0.3 * took[:, hour] / np.maximum(free[:, hour], 1.0)
        # Never more than all but a tenth of what is open.
        most = (0.9 * held[:, hour] + volume[:, hour] - took[:, hour]) / np.maximum(
            free[:, hour], 1.0
        )
        closing = np.clip(
            even[:, hour] + noise[:, hour] + pull + stress, 0.0, np.minimum(most, 0.95)
        )
        closed = took[:, hour] + np.floor(closing * free[:, hour])
        held[:, hour + 1] = held[:, hour] + bars.volume[:, hour] - closed.astype(np.int64)
    return held
