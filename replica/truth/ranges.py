"""Everything that differs from week to week, as ranges: no week tells the constants of another."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np


@dataclass(frozen=True, slots=True)
class Range:
    """Any number between two, evenly; or evenly by its logarithm."""

    low: float
    high: float
    by_log: bool = False

    def draw(self, rng: np.random.Generator) -> float:
        if self.by_log:
            return math.exp(rng.uniform(math.log(self.low), math.log(self.high)))
        return float(rng.uniform(self.low, self.high))


Ranges = Mapping[str, Range]

# Of a whole week.
OF_WEEK: Final[Ranges] = MappingProxyType(
    {
        "orders": Range(103_000, 110_000),
        "calm_usd": Range(1.0e8, 6.0e8, by_log=True),
        "stressed_usd": Range(3.0e8, 3.0e9, by_log=True),
        "binance_share": Range(0.26, 0.44),
        # Orders of a move: how much stronger a fall of twice the size sets them off.
        "steepness": Range(1.2, 2.0),
        "long_crowding": Range(0.8, 1.6),
        # Share of a stressed week's orders that fall into its cascades.
        "cascade_share": Range(0.25, 0.75),
        "calm_vol": Range(0.25, 0.5),
        "trend": Range(0.04, 0.12),
        "turnover": Range(0.5, 3.0, by_log=True),
        "usdt_off_par": Range(0.005, 0.03, by_log=True),
    }
)
# Of each venue in each week.
OF_VENUE: Final[Ranges] = MappingProxyType(
    {
        # Weight of its dollars beside the other venues', but for Binance.
        "weight": Range(0.5, 1.5),
        # Its orders are so many times as large as those of the week.
        "order_scale": Range(0.5, 2.0, by_log=True),
        # Forced orders as a share of all volume.
        "forced_share": Range(0.006, 0.08, by_log=True),
        # Trading that comes with stress, and trading that comes with forced orders.
        "stress_volume": Range(1.0, 8.0),
        "company": Range(0.3, 3.0),
        "basis_bp": Range(0.5, 4.0),
        "slip_bp": Range(1.0, 6.0),
        "bankruptcy_bp": Range(15.0, 60.0),
        "inverse_share": Range(0.05, 0.35),
    }
)
