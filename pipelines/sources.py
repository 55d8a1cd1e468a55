"""Who is asked: the facts about each source, one entry each. Meaning lives in ``normalise``."""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher of derivatives data.

    ``hosts`` is the allow-list of names that may be asked, the first being the usual one.
    ``key_variable`` names the environment variable that holds the key, ``key_header`` the header
    that carries it; both are empty where no key is needed. ``terms`` says what may be done with
    the answers, as far as that is known.
    """

    id: str
    name: str
    hosts: tuple[str, ...]
    since: date
    kind: str  # "venue" or "aggregator"
    key_variable: str = ""
    key_header: str = ""
    terms: str = ""


SOURCES: Final = {
    source.id: source
    for source in (
        Source(
            "coinglass",
            "CoinGlass v4",
            ("open-api-v4.coinglass.com",),
            date(2020, 1, 1),
            "aggregator",
            "COINGLASS_API_KEY",
            "CG-API-KEY",
            "Paid plan; terms reportedly forbid building an independent database without consent.",
        ),
        Source(
            "coinalyze",
            "Coinalyze v1",
            ("api.coinalyze.net",),
            date(2019, 9, 1),
            "aggregator",
            "COINALYZE_API_KEY",
            "api_key",
            "Free key; asks to be cited.",
        ),
        Source(
            "binance",
            "Binance USD-M",
            ("fapi.binance.com", "data.binance.vision"),
            date(2019, 9, 8),
            "venue",
            terms="Public market data, no key.",
        ),
        Source(
            "kraken",
            "Kraken Futures",
            ("futures.kraken.com",),
            date(2022, 3, 23),
            "venue",
            terms="Public market data, no key.",
        ),
        Source(
            "bybit",
            "Bybit v5",
            ("api.bybit.com",),
            date(2020, 3, 25),
            "venue",
            terms="Public market data, no key; refused from some countries.",
        ),
    )
}
