"""What a market must offer to the sources that answer from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import polars as pl

INTERVAL_MS: Mapping[str, int] = {
    "1m": 60_000,
    "3m": 180_000,
    "5m": 300_000,
    "15m": 900_000,
    "30m": 1_800_000,
    "1h": 3_600_000,
    "2h": 7_200_000,
    "4h": 14_400_000,
    "6h": 21_600_000,
    "8h": 28_800_000,
    "12h": 43_200_000,
    "1d": 86_400_000,
    "3d": 259_200_000,
    "1w": 604_800_000,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A series that a source is asked for, in the source's own words.

    `where` holds the further parameters that choose the series; `asking` counts how often the
    same request came before, from 1, for a market that answers the second time differently.
    """

    source: str
    dataset: str
    symbol: str
    interval: str = ""
    where: tuple[tuple[str, str], ...] = ()
    asking: int = 1

    def param(self, name: str) -> str:
        return dict(self.where).get(name, "")


class Market(Protocol):
    """Frames hold `time_ms` ascending, and every value as the digits to print, or null.

    Columns are named by dataset: open, high, low, close; volume, turnover, trades, buy_volume,
    buy_turnover; long, short, ratio; rate, mark; oi, oi_usd.
    """

    kind: str
    now_ms: int
    remembers_askings: bool

    def listing(self, source: str) -> pl.DataFrame:
        """The instruments that the source lists.

        Columns: symbol, base, quote, coin, venue, margin, contract_size, price_decimals,
        size_decimals, launched_ms, funding_hours, inverse; null where not known.
        """
        ...

    def venue_names(self, source: str) -> list[str]:
        """The venues that an aggregator covers, in its own spelling."""
        ...

    def series(self, asked: Asked) -> pl.DataFrame | None:
        """None when the market holds nothing of the kind."""
        ...

    def truth(self) -> pl.DataFrame | None:
        """Day, venue, coin, position, notional_usd, events; None when it is not known."""
        ...
