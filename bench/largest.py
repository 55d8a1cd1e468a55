"""A source's instruments of the simulated market, the largest by open interest first."""

from collections import defaultdict
from collections.abc import Sequence

from replica.simulated.world import World
from replica.views.instruments import listing

OF_VENUE = {"binance_coin_m": "binance"}


def largest(world: World, source: str, subjects: Sequence[str]) -> list[str]:
    """Those that carry no weight come last, in the order of the listing."""
    weights = _weights(world, source)
    # a subject may say what it settles in before its symbol
    held = {one: weights.get(one) or weights.get(one.partition(":")[2], 0.0) for one in subjects}
    return sorted(subjects, key=lambda one: -held[one])


def _weights(world: World, source: str) -> dict[str, float]:
    """Open interest by the source's own symbol, and of coins over all venues."""
    interest = {(v, s): usd for v in world.venues for s, usd in world.usual_interest(v).items()}
    weights: dict[str, float] = defaultdict(float)
    for row in listing(world, OF_VENUE.get(source, source)).iter_rows(named=True):
        usd = interest[row["venue"], row["venue_symbol"]]
        weights[row["symbol"]] = usd
        if source == "coinglass":
            weights[row["coin"]] += usd
    return weights
