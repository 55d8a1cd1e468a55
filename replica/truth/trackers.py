"""What trackers publish: sums of what the venues' feeds showed them, with the planted faults."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from replica.simulated.draws import Draws, Floats
from replica.truth import faults
from replica.truth.faults import OF_DAYS, Planted, applied, with_effect
from replica.truth.nature import Nature, Throttle
from replica.truth.orders import Orders, published, unit_usd
from replica.truth.terms import VENUES
from replica.truth.timeline import HOUR_MS

ALWAYS: Final = ("binance", "okx", "bybit")
SOMETIMES: Final = tuple(venue for venue in VENUES if venue not in ALWAYS)


@dataclass(frozen=True, slots=True)
class Series:
    """One tracker's amounts by (market, side, hour from the day before on): ``hourly`` ones, and
    ``daily`` ones, which are still by hour, but may be faulty in another way. Those of linear
    markets in units, of inverse ones too.
    """

    venues: tuple[str, ...]
    hourly: Floats
    daily: Floats
    hourly_usd: Floats
    daily_usd: Floats


def lists(nature: Nature) -> dict[str, tuple[str, ...]]:
    """Which venues each tracker covers in that week."""
    rng = Draws(nature.seed).of("trackers")
    found: dict[str, tuple[str, ...]] = {}
    for name in faults.TRACKERS:
        more = [v for v in SOMETIMES if rng.random() < 0.6]
        found[name] = tuple(v for v in VENUES if v in (*ALWAYS, *more))
    return found


def series(
    nature: Nature, orders: Orders, planted: tuple[Planted, ...]
) -> tuple[dict[str, Series], tuple[Planted, ...]]:
    """What each tracker publishes, and the faults with what each of them did."""
    seen = orders.at(orders.shown)
    ticks = 10.0 ** np.array([m.price_places for m in nature.markets])[seen.market]
    usd = seen.units * unit_usd(nature, seen.market, seen.fill / ticks)
    rate = np.array(
        [1.0 if m.is_inverse or m.venue == "kraken" else nature.usdt for m in nature.markets]
    )
    count = len(nature.markets)
    units_by_hour = seen.summed(seen.units, count, HOUR_MS)
    usd_by_hour = seen.summed(usd, count, HOUR_MS) * rate[:, None, None]
    found, told = {}, [p for p in planted if p.source not in faults.TRACKERS]
    for name, venues in lists(nature).items():
        covered = np.array([m.venue in venues for m in nature.markets])[:, None, None]
        units, dollars = units_by_hour * covered, usd_by_hour * covered
        hourly, hourly_usd = units, dollars
        for fault in (p for p in planted if p.source == name):
            rows = _hit(nature, fault)
            share = _shown(nature, orders, fault) if fault.kind == "throttled" else None
            after = applied(dollars, fault, rows, share)
            told.append(with_effect(fault, dollars, after))
            # Coins are not dollars: what is wrong with the rate does not touch them.
            coins = units if fault.kind == "par" else applied(units, fault, rows, share)
            units, dollars = coins, after
            if fault.kind not in OF_DAYS:
                hourly_usd = applied(hourly_usd, fault, rows, share)
                hourly = hourly if fault.kind == "par" else applied(hourly, fault, rows, share)
        found[name] = Series(venues, hourly, units, hourly_usd, dollars)
    return found, tuple(told)


def _shown(nature: Nature, orders: Orders, fault: Planted) -> Floats:
    """The share of each hour's units that a feed of one order a second shows, by (market, side, hour)."""
    count = len(nature.markets)
    of_venue = np.array([m.venue == fault.venue for m in nature.markets])
    own = orders.at(of_venue[orders.market])
    heard = own.at(published(own, Throttle(fault.rule)))
    whole, part = (one.summed(one.units, count, HOUR_MS) for one in (own, heard))
    share: Floats = np.divide(part, whole, out=np.ones_like(whole), where=whole > 0)
    return share


def _hit(nature: Nature, fault: Planted) -> list[bool]:
    """The markets that a fault touches; dollars of inverse contracts need no rate."""
    return [
        fault.venue in ("", m.venue)
        and fault.coin in ("", m.coin)
        and not (fault.kind == "par" and (m.is_inverse or m.venue == "kraken"))
        and not (fault.kind == "contract_size" and m.is_inverse)
        for m in nature.markets
    ]
