"""What is drawn for one week before anything happens in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from replica.simulated.draws import Draws
from replica.truth.paths import REGIMES, STRESSED
from replica.truth.processes import MANNERS, PROCESSES
from replica.truth.ranges import OF_VENUE, OF_WEEK
from replica.truth.terms import COINS, HEARD, USUAL_WEIGHT, VENUES, Coin, Market, markets_of
from replica.truth.timeline import FIRST_MONDAY, MONDAYS

LARGEST, LATEST = "largest", "latest"
WINDOW_MS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Throttle:
    """One order of each window of a second is shown; windows begin ``offset_ms`` after a second."""

    shows: str
    by_side: bool = False
    offset_ms: int = 0


@dataclass(frozen=True, slots=True)
class VenueNature:
    """``share`` and ``count_share`` are of the week's dollars and orders."""

    share: float
    count_share: float
    manner: Mapping[str, float]
    drawn: Mapping[str, float]
    coin_weights: tuple[float, ...]
    throttle: Throttle | None


@dataclass(frozen=True, slots=True)
class Nature:
    """``usdt`` is what a USDT was worth in the week, in dollars."""

    seed: int
    regime: str
    process: str
    monday: date
    coins: tuple[Coin, ...]
    markets: tuple[Market, ...]
    orders: float
    usd: float
    usdt: float
    drawn: Mapping[str, float]
    venues: Mapping[str, VenueNature]


def nature(seed: int, process: str | None, size: float) -> Nature:
    """Regimes and processes take turns by seed; all else is drawn. Raises ValueError."""
    names = tuple(PROCESSES)
    process = names[seed // len(REGIMES) % len(names)] if process is None else process
    if process not in PROCESSES:
        raise ValueError(f"process is one of {', '.join(names)}, not {process!r}")
    rng = Draws(seed).of("nature", process)
    regime = REGIMES[seed % len(REGIMES)]
    drawn = {name: one.draw(rng) for name, one in OF_WEEK.items()}
    coins = _coins(rng)
    usd = drawn["stressed_usd" if regime in STRESSED else "calm_usd"]
    off = drawn["usdt_off_par"] * rng.choice((-1.0, 1.0)) if rng.random() < 0.15 else 0.0
    return Nature(
        seed=seed,
        regime=regime,
        process=process,
        monday=FIRST_MONDAY + timedelta(weeks=int(rng.integers(MONDAYS))),
        coins=coins,
        markets=markets_of(coins),
        orders=drawn["orders"] * size,
        usd=usd * size,
        usdt=round(1.0 + float(off), 5),
        drawn=drawn,
        venues=_venues(rng, process, drawn["binance_share"], len(coins)),
    )


def _coins(rng: np.random.Generator) -> tuple[Coin, ...]:
    """Bitcoin and two or three others, in the usual order."""
    others = rng.choice(np.arange(1, len(COINS)), size=int(rng.integers(2, 4)), replace=False)
    return tuple(COINS[place] for place in (0, *sorted(others)))


def _venues(
    rng: np.random.Generator, process: str, binance: float, coins: int
) -> dict[str, VenueNature]:
    drawn = {v: {name: one.draw(rng) for name, one in OF_VENUE.items()} for v in VENUES}
    weights = {v: drawn[v]["weight"] * usual for v, usual in USUAL_WEIGHT.items()}
    total = sum(weights.values())
    # Binance stays the largest: what would be above it is cut, and the others share it.
    shares = {v: min((1 - binance) * w / total, 0.95 * binance) for v, w in weights.items()}
    shares = {"binance": binance} | shares
    counts = {v: share / drawn[v]["order_scale"] for v, share in shares.items()}
    return {
        v: VenueNature(
            share=shares[v] / sum(shares.values()),
            count_share=counts[v] / sum(counts.values()),
            manner={name: one.draw(rng) for name, one in MANNERS[process].items()},
            drawn=drawn[v],
            coin_weights=tuple(rng.uniform(0.6, 1.6, size=coins)),
            throttle=_throttle(rng, v),
        )
        for v in VENUES
    }


def _throttle(rng: np.random.Generator, venue: str) -> Throttle | None:
    """What is not documented differs from week to week: Binance's rule, and where a second begins."""
    offset = int(rng.integers(WINDOW_MS)) if rng.random() < 0.5 else 0
    shows = LATEST if rng.random() < 0.3 else LARGEST
    if venue not in HEARD:
        return None
    match venue:
        case "binance":
            return Throttle(shows, offset_ms=offset)
        case "okx":
            return Throttle(LATEST, offset_ms=offset)
        case "bitget":
            return Throttle(LARGEST, by_side=True, offset_ms=offset)
        case _:
            return None
