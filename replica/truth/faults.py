"""Faults that are planted in a week, each of a kind that a pipeline must find or survive.

A fault of a tracker changes what it publishes; one of our own feed changes what our collector
kept, or what a page of answers holds twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from replica.simulated.draws import Draws, Floats
from replica.truth.nature import LARGEST, LATEST, Nature
from replica.truth.terms import HEARD
from replica.truth.timeline import HOURS, LEAD_HOURS

OURS: Final = "ours"
TRACKERS: Final = ("coinalyze", "coinglass", "coinglass_pairs")
# How often there are so many faults in a week.
COUNTS: Final = (0.2, 0.35, 0.3, 0.15)
DOUBLED: Final = (*HEARD, "gate")
# Venues that tell every order to us, of which a tracker may hear a feed of one order a second.
FULL: Final = ("bybit", "gate", "kraken")


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault. ``first_hour`` and ``end_hour`` (not included) count from the start of the week.

    ``effect_usd`` is what it added to the week's total of that source (below zero: took away),
    ``effect_long_usd`` to the longs of it, and ``moved_usd`` the sum of what it changed in single
    days, markets and sides, whatever the sign. ``venue`` and
    ``coin`` are empty where all are meant; ``factor`` is what sizes were multiplied by, if all alike;
    ``rule`` which order of a second a throttled feed shows.
    """

    kind: str
    source: str
    venue: str
    coin: str
    first_hour: float
    end_hour: float
    factor: float = 1.0
    effect_usd: float = 0.0
    effect_long_usd: float = 0.0
    moved_usd: float = 0.0
    rule: str = ""


def drawn(nature: Nature, lists: dict[str, tuple[str, ...]]) -> tuple[Planted, ...]:
    """None to three faults of different kinds, of a tracker that is silent one for each of its
    venues; ``lists`` has these.
    """
    rng = Draws(nature.seed).of("faults")
    count = int(rng.choice(len(COUNTS), p=COUNTS))
    kinds = rng.choice(len(KINDS), size=count, replace=False)
    made = [KINDS[int(kind)](rng, nature, lists) for kind in kinds]
    planted = [
        replace(one, venue=venue)
        for one in made
        for venue in ((one.venue,) if one.venue else lists[one.source])
    ]
    if nature.usdt != 1.0:
        planted += [Planted("par", name, "", "", 0, 168, 1.0 / nature.usdt) for name in TRACKERS]
    return tuple(planted)


Lists = dict[str, tuple[str, ...]]


def _tracker(rng: np.random.Generator, lists: Lists) -> tuple[str, str]:
    source = str(rng.choice(TRACKERS))
    return source, str(rng.choice(lists[source]))


def _part_week(
    rng: np.random.Generator, least: int, most: int, per_hour: int = 1
) -> tuple[int, int]:
    """Beginning and end of a stretch of so many hours, in steps of an hour or of less."""
    length = int(rng.integers(least * per_hour, most * per_hour + 1))
    at = int(rng.integers(0, 168 * per_hour - length + 1))
    return at, at + length


def venue_lost(rng: np.random.Generator, nature: Nature, lists: Lists) -> Planted:
    source, venue = _tracker(rng, lists)
    return Planted("venue_lost", source, venue, "", int(rng.integers(24, 144)), 168, 0.0)


def venue_added(rng: np.random.Generator, nature: Nature, lists: Lists) -> Planted:
    """Missing until then."""
    source, venue = _tracker(rng, lists)
    return Planted("venue_added", source, venue, "", 0, int(rng.integers(24, 144)), 0.0)


def tracker_outage(rng: np.random.Generator, nature: Nature, lists: Lists) -> Planted:
    source, venue = _tracker(rng, lists)
    first, end = _part_week(rng, 3, 36)
    return Planted("outage", source, venue if rng.random() < 0.5 else "", "", first, end, 0.0)


def our_outage(rng: np.random.Generator, nature: Nature, lists: Lists) -> Planted:
    """It begins and ends at any minute."""
    first, end = (minute / 60 for minute in _part_week(rng, 1, 12, 60))
    return Planted("outage", OURS, str(rng.choice(HEARD)), "", first, end, 0.0)


def contract_size(rng: np.random.Generator, nature: Nature, lists: Lists) -> Planted:
    """OKX in contracts, or the multiplier applied the other way round; or ten times a venue."""
    source, venue = _tracker(rng, lists)
    whole = (0, 168) if rng.random() < 0.6 else _part_week(rng, 24, 120)
    power = next(c.okx_power for c in nature.coins if c.name == "BTC")
    if rng.random() < 0.5 and "okx" in lists[source]:
        factor = 10.0 ** (-power if rng.random() < 0.5 else power)
        return Planted("contract_size", source, "okx", "BTC", *whole, factor)
    factor = 10.0 if rng.random() < 0.5 else 0.1
    coin = str(rng.choice([c.name for c in nature.coins]))
    return Planted("contract_size", source, venue, coin, *whole, factor)


def day_shifted(rng: np.random.Generator, nature: Nature, lists: Lists) -> Planted:
    """Its days are labelled with the day after, or end eight hours before UTC's."""
    source, venue = _tracker(rng, lists)
    return Planted("day_shifted", source, venue, "", 0, 168, 24.0 if rng.random() < 0.5 else 8.0)


def rows_doubled(rng: np.random.Generator, nature: Nature, lists: Lists) -> Planted:
    source, venue = _tracker(rng, lists)
    return Planted("rows_doubled", source, venue, "", *_part_week(rng, 6, 72), 2.0)


def our_rows_doubled(rng: np.random.Generator, nature: Nature, lists: Lists) -> Planted:
    first, end = _part_week(rng, 6, 72)
    return Planted("rows_doubled", OURS, str(rng.choice(DOUBLED)), "", first, end, 2.0)


def throttled(rng: np.random.Generator, nature: Nature, lists: Lists) -> Planted:
    """A tracker hears one order a second and market of a venue that tells us all."""
    source = str(rng.choice(TRACKERS))
    venue = str(rng.choice([name for name in FULL if name in lists[source]]))
    rule = LATEST if rng.random() < 0.5 else LARGEST
    return Planted("throttled", source, venue, "", 0, 168, rule=rule)


def sides_swapped(rng: np.random.Generator, nature: Nature, lists: Lists) -> Planted:
    source, venue = _tracker(rng, lists)
    whole = (0, 168) if rng.random() < 0.5 else _part_week(rng, 24, 120)
    return Planted("sides_swapped", source, venue, "", *whole)


KINDS: Final = (
    venue_lost,
    venue_added,
    tracker_outage,
    our_outage,
    contract_size,
    day_shifted,
    rows_doubled,
    our_rows_doubled,
    throttled,
    sides_swapped,
)
# What stands in a daily series alone: the hourly one of the same tracker is right.
OF_DAYS: Final = ("day_shifted",)


def applied(
    amounts: Floats, fault: Planted, rows: Sequence[bool], shown: Floats | None = None
) -> Floats:
    """Amounts by (market, side, hour from the day before on) as the fault leaves them; ``shown`` is
    the share of each that a throttled feed shows.
    """
    hit = np.flatnonzero(rows)
    hours = slice(LEAD_HOURS + int(fault.first_hour), LEAD_HOURS + int(fault.end_hour))
    made = amounts.copy()
    if hit.size == 0:
        return made
    match fault.kind:
        case "sides_swapped":
            made[hit, :, hours] = amounts[hit][:, ::-1, hours]
        case "day_shifted":
            late = int(fault.factor)
            made[hit, :, LEAD_HOURS:] = amounts[hit][:, :, LEAD_HOURS - late : HOURS - late]
        case "throttled":
            assert shown is not None
            made[hit] = amounts[hit] * shown[hit]
        case _:
            made[hit, :, hours] = amounts[hit][:, :, hours] * fault.factor
    return made


def with_effect(fault: Planted, before: Floats, after: Floats) -> Planted:
    """The fault with what it did to dollars by (market, side, hour), within the week."""
    change = (after - before)[:, :, LEAD_HOURS:]
    by_day = change.reshape(*change.shape[:2], 7, 24).sum(axis=3)
    return replace(
        fault,
        effect_usd=round(float(change.sum()), 2),
        effect_long_usd=round(float(change[:, 0].sum()), 2),
        moved_usd=round(float(np.abs(by_day).sum()), 2),
    )
