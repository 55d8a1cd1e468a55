"""The days of a week as sources are asked about them, and an answer about one market."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from replica.simulated.draws import Integers
from replica.truth.answers import Printed
from replica.truth.nature import Nature
from replica.truth.terms import Market
from replica.truth.text import digits
from replica.truth.timeline import DAY_MS, LEAD_DAYS, start_ms

WEEK_MS = 7 * DAY_MS


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day, and the first instant in milliseconds."""

    first: date
    last: date
    begin_ms: int

    def steps(self, step_ms: int) -> Integers:
        """The beginnings of its buckets."""
        return self.begin_ms + np.arange(WEEK_MS // step_ms, dtype=np.int64) * step_ms

    def printed(
        self,
        source: str,
        dataset: str,
        subjects: tuple[str, ...],
        address: str,
        params: Mapping[str, str],
        body: str | bytes,
    ) -> Printed:
        """An answer about all of the days."""
        held = body.encode() if isinstance(body, str) else body
        return Printed(source, dataset, subjects, self.first, self.last, address, params, held)


def span_of(nature: Nature) -> Span:
    begin = start_ms(nature.monday) + LEAD_DAYS * DAY_MS
    return Span(nature.monday, nature.monday + timedelta(days=6), begin)


def question(market: Market) -> dict[str, str]:
    """What an hourly series of a market is asked for with."""
    match market.venue:
        case "bybit":
            return {"category": category(market), "symbol": market.symbol, "interval": "60"}
        case "okx":
            return {"instId": market.symbol, "bar": "1H"}
        case "bitget":
            return {"symbol": market.symbol, "productType": "USDT-FUTURES", "granularity": "1H"}
        case "gate":
            return {"contract": market.symbol, "interval": "1h"}
        case "kraken":
            return {}
    return {"symbol": market.symbol, "interval": "1h"}


def category(market: Market) -> str:
    """Bybit's word."""
    return "inverse" if market.is_inverse else "linear"


def coins(market: Market, units: pl.Expr) -> pl.Expr:
    """Units of a linear market as coins, in digits."""
    power = market.unit_power
    return digits(units * 10**power, 0) if power > 0 else digits(units, -power)
