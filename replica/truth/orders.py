"""Every forced order of a week: where, when, which side, how large, at which prices."""

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from replica.simulated.draws import Draws, Flags, Floats, Integers
from replica.truth.feedback import fed_back
from replica.truth.nature import LARGEST, WINDOW_MS, Nature, Throttle, VenueNature
from replica.truth.paths import STRESSED, Paths
from replica.truth.processes import HELD_OUT, PROCESSES, Burst, Starts
from replica.truth.terms import Market
from replica.truth.timeline import HOUR_MS, HOURS, LEAD_MINUTES, MINUTE_MS, MINUTES

BP: Final = 1e-4
MOST_FALL: Final = 30.0


@dataclass(frozen=True, slots=True)
class Orders:
    """Columns in order of time; ``time_ms`` counts from the first instant of the day before.

    ``units`` are the market's own, prices are in its ticks.
    """

    market: Integers
    time_ms: Integers
    is_short: Flags
    units: Integers
    fill: Integers
    bankruptcy: Integers
    shown: Flags

    def at(self, kept: Flags | Integers) -> "Orders":
        return Orders(*(getattr(self, field.name)[kept] for field in fields(self)))

    def summed(self, amounts: Floats | Integers, markets: int, step_ms: int) -> Floats:
        """By market, side (longs first) and step of time."""
        steps = HOURS * HOUR_MS // step_ms
        key = (self.market * 2 + self.is_short) * steps + self.time_ms // step_ms
        sums = np.bincount(key, weights=amounts, minlength=markets * 2 * steps)
        by_step: Floats = sums.astype(np.float64).reshape(markets, 2, steps)
        return by_step


def weights_of(nature: Nature, paths: Paths) -> tuple[Paths, Floats]:
    """How forced orders spread over (coin, side, minute), the sum being one; and the market, which
    they have moved if the process says so.
    """
    draws = Draws(nature.seed)
    moves = paths.points[:, 3:] - paths.points[:, :-3]
    move = np.concatenate((np.zeros((moves.shape[0], 2)), moves), axis=1)
    pace = np.median(np.abs(move), axis=1, keepdims=True)
    against = np.stack((-move, move), axis=1) / pace[:, None]
    pushed = 0.4 + np.clip(against, 0.0, MOST_FALL) ** nature.drawn["steepness"]
    pushed[:, 0] *= nature.drawn["long_crowding"]
    calm = pushed / pushed.sum(axis=(1, 2), keepdims=True)
    if nature.regime in STRESSED:
        fierce = pushed * paths.stress**1.5
        fierce /= fierce.sum(axis=(1, 2), keepdims=True)
        share = nature.drawn["cascade_share"]
        calm = (1 - share) * calm + share * fierce
    weight = np.array([coin.weight for coin in nature.coins])
    weights = calm * (weight / weight.sum())[:, None, None]
    if nature.process == HELD_OUT:
        return fed_back(draws.of("feedback"), paths, weights)
    return paths, weights


def orders(nature: Nature, paths: Paths, weights: Floats, logs: Floats) -> Orders:
    """Of all venues together; ``logs`` has the log price of each market at the edges of minutes."""
    draws = Draws(nature.seed)
    parts = []
    for venue, drawn in nature.venues.items():
        rng = draws.of("orders", nature.process, venue)
        burst = _burst(rng, nature, drawn, paths, weights)
        parts.append(_of_venue(rng, nature, venue, burst, paths, logs))
    columns = zip(*([getattr(p, f.name) for f in fields(Orders)] for p in parts), strict=True)
    whole = Orders(*(np.concatenate(column) for column in columns))
    return whole.at(np.argsort(whole.time_ms, kind="stable"))


def _burst(
    rng: np.random.Generator, nature: Nature, drawn: VenueNature, paths: Paths, weights: Floats
) -> Burst:
    own = weights * np.array(drawn.coin_weights)[:, None, None]
    in_week = own[:, :, LEAD_MINUTES:].sum() / own.sum()
    cumulative = np.cumsum(own)
    starts = Starts(cumulative / cumulative[-1], paths.stress)
    count = max(8, round(nature.orders * drawn.count_share / in_week))
    burst = PROCESSES[nature.process](rng, starts, count, drawn.manner)
    kept = burst.instant < MINUTES * MINUTE_MS
    return Burst(burst.instant[kept], burst.place[kept], burst.multiple[kept])


def _of_venue(
    rng: np.random.Generator,
    nature: Nature,
    venue: str,
    burst: Burst,
    paths: Paths,
    logs: Floats,
) -> Orders:
    drawn = nature.venues[venue]
    market, count = _market(rng, nature, venue, burst), burst.instant.size
    time_ms = burst.instant.astype(np.int64)
    is_short = (burst.place % 2).astype(np.bool_)
    minute, part = np.divmod(time_ms, MINUTE_MS)
    before, after = logs[market, minute], logs[market, minute + 1]
    mark = np.exp(before + (after - before) * part / MINUTE_MS)
    sign = np.where(is_short, 1.0, -1.0)
    noise = np.exp(0.5 * rng.standard_normal((2, count)))
    slip = drawn.drawn["slip_bp"] * BP * noise[0] * (1.0 + 2.0 * paths.stress[minute])
    beyond = drawn.drawn["bankruptcy_bp"] * BP * noise[1]
    ticks = 10.0 ** np.array([one.price_places for one in nature.markets])[market]
    fill = np.maximum(1, np.rint(mark * (1.0 + sign * slip) * ticks)).astype(np.int64)
    bankrupt = np.maximum(1, np.rint(mark * (1.0 + sign * (slip + beyond)) * ticks))
    in_week = minute >= LEAD_MINUTES
    usd = burst.multiple * (nature.usd * drawn.share / burst.multiple[in_week].sum())
    units = np.maximum(1, np.rint(usd / unit_usd(nature, market, fill / ticks))).astype(np.int64)
    made = Orders(
        market, time_ms, is_short, units, fill, bankrupt.astype(np.int64), np.ones(count, np.bool_)
    )
    made = made.at(np.argsort(made.time_ms, kind="stable"))
    if drawn.throttle is None:
        return made
    return replace(made, shown=published(made, drawn.throttle))


def _market(rng: np.random.Generator, nature: Nature, venue: str, burst: Burst) -> Integers:
    coin = burst.place // 2
    linear, inverse = _places(nature.markets, nature, venue)
    if not (inverse >= 0).any():
        return linear[coin]
    taken = rng.random(coin.size) < nature.venues[venue].drawn["inverse_share"]
    return np.where(taken & (inverse[coin] >= 0), inverse[coin], linear[coin])


def _places(markets: tuple[Market, ...], nature: Nature, venue: str) -> tuple[Integers, Integers]:
    """Of each coin the place of its linear and of its inverse market; -1 where there is none."""
    found = np.full((2, len(nature.coins)), -1, dtype=np.int64)
    names = [coin.name for coin in nature.coins]
    for place, one in enumerate(markets):
        if one.venue == venue:
            found[int(one.is_inverse), names.index(one.coin)] = place
    return found[0], found[1]


def unit_usd(nature: Nature, market: Integers, price: Floats) -> Floats:
    """Dollars in a unit of each order's market at that price."""
    coins = np.array([0.0 if m.is_inverse else 10.0**m.unit_power for m in nature.markets])
    usd = np.array([float(m.unit_usd) for m in nature.markets])
    value: Floats = coins[market] * price + usd[market]
    return value


def published(orders: Orders, throttle: Throttle) -> Flags:
    """Which of one venue's orders, in order of time, its feed shows: one of each window."""
    window = (orders.time_ms - throttle.offset_ms) // WINDOW_MS
    key = window * 256 + orders.market * 2
    if throttle.by_side:
        key += orders.is_short
    place = np.arange(key.size)
    # The last of each group is shown: the latest, or the largest, and the first of equals.
    order = np.lexsort((-place, orders.units, key) if throttle.shows == LARGEST else (place, key))
    last = np.append(np.diff(key[order]) != 0, True)
    shown = np.zeros(key.size, np.bool_)
    shown[order[last]] = True
    return shown
