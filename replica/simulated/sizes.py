"""How large a simulated market is: which coins, and what share of the forced orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from replica.simulated.coins import COINS, Coin
from replica.simulated.wide_coins import wide_coins


@dataclass(frozen=True, slots=True)
class Size:
    """`share` is of the full market's forced orders."""

    coins: tuple[Coin, ...]
    share: float


# A wide market is for whoever asks much: many instruments, with few forced orders each.
SIZES: Final[Mapping[str, Size]] = MappingProxyType(
    {
        "full": Size(COINS, 1.0),
        "small": Size(COINS[:6], 0.017),
        "wide": Size((*COINS, *wide_coins()), 0.03),
    }
)


def size_of(name: str) -> Size:
    if name not in SIZES:
        raise ValueError(f"size is one of {', '.join(SIZES)}, not {name!r}")
    return SIZES[name]
