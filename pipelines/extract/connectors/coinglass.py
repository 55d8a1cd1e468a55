"""CoinGlass v4 is asked for coins, over the venues of an ``exchange_list`` that we choose.

Its refusals come with HTTP status 200 and a ``code`` that means several things: 400 is said of
too many requests, of a missing parameter and of a plan that is too low. So code and words
decide together.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from pipelines import strict_json
from pipelines.extract.asking import EVERYTHING, Answer, Ask, Dataset, Kept, Scope
from pipelines.extract.errors import (
    Headers,
    KeyMissing,
    KeyRefused,
    NotAnAnswer,
    NotServed,
    OurRequest,
    PlanTooLow,
    ServerFault,
    SourceError,
    TooManyRequests,
    by_status,
)
from pipelines.extract.manners import (
    Heard,
    Manners,
    Window,
    classifier,
    count_in,
    text_of,
)
from pipelines.extract.paging import Pages, whole_numbers
from pipelines.extract.ranges import (
    ALL_AT_ONCE,
    DAY_MS,
    HOUR_MS,
    answer,
    day_is_over,
    spans,
)
from pipelines.statements import Statement

if TYPE_CHECKING:
    from pipelines.extract.door import Door

SOURCE: Final = "coinglass"
SINCE: Final = date(2020, 1, 1)
# The venues of its documentation of January 2026 without BitMEX, which closed on 2026-09-23.
EXCHANGE_LIST: Final = (
    "OKX,Binance,HTX,Bitfinex,Bybit,Deribit,Gate,Kraken,KuCoin,CME,Bitget,dYdX,CoinEx,BingX,"
    "Coinbase,Gemini,Crypto.com,Hyperliquid,Bitunix,MEXC,WhiteBIT,Aster,Lighter,EdgeX,Drift,"
    "Paradex,Extended,ApeX Omni"
)
_ROWS_A_PAGE: Final = 1000


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """What an answer says about itself; HTTP status matters only where there is no ``code``."""
    if not isinstance(told, dict) or not isinstance(told.get("code"), str):
        return by_status(status, body) or _without_code(told, body)
    code, words = told["code"], text_of(told, "msg", "message")
    if code == "0" and "data" not in told:
        return NotAnAnswer("it has no data in it", body=body)
    if code == "0":
        return by_status(status, body)
    return _refusal(code, words.lower())(f"code {code}, {words!r}", body=body)


classify = classifier(judge)


def _without_code(told: object, body: bytes) -> SourceError | None:
    return None if told is None else NotAnAnswer("it has no code in it", retry=True, body=body)


# The words decide before the code does.
_BY_WORDS: Final[tuple[tuple[str, type[SourceError]], ...]] = (
    ("too many requests", TooManyRequests),
    ("rate limit", TooManyRequests),
    ("upgrade", PlanTooLow),
    ("api key missing", KeyMissing),
    ("server error", ServerFault),
)
_BY_CODE: Final[dict[str, type[SourceError]]] = {
    "401": KeyRefused,
    "403": PlanTooLow,
    "404": NotServed,
    "429": TooManyRequests,
    **dict.fromkeys(("408", "500", "502", "503", "504"), ServerFault),
}


def _refusal(code: str, words: str) -> type[SourceError]:
    by_words = next((kind for said, kind in _BY_WORDS if said in words), None)
    return by_words or _BY_CODE.get(code, OurRequest)


def hears(headers: Headers) -> Iterator[Heard]:
    """Each answer names the plan's requests a minute, and how many of them are used."""
    most = count_in(headers, "API-KEY-MAX-LIMIT")
    yield Heard("requests", amount=most, used=count_in(headers, "API-KEY-USE-LIMIT"))


# The smallest plan's rate, until the first answer names the plan's own.
MANNERS: Final = Manners((Window("requests", 30, 60.0),), judge, hears)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """The coins of ``supported-coins``; the answer about pairs lists venues, not coins."""
    coins: set[str] = set()
    for body in bodies:
        data = strict_json.read(body).get("data")
        if isinstance(data, list):
            coins.update(coin for coin in data if isinstance(coin, str) and coin)
    return tuple(sorted(coins))


def _ask_instruments(door: "Door", scope: Scope) -> Iterator[Answer]:
    for path in ("/api/futures/supported-coins", "/api/futures/supported-exchange-pairs"):
        yield answer(door.get(path), (EVERYTHING,), scope.first_day, scope.last_day)


@dataclass(frozen=True, slots=True)
class _Series:
    path: str
    names: Callable[[str, Scope], dict[str, str]]  # the parameters that say of what


def _coin(coin: str, scope: Scope) -> dict[str, str]:
    return {"symbol": coin}


def _coin_on_venues(coin: str, scope: Scope) -> dict[str, str]:
    return {"exchange_list": scope.settings.get("exchange_list", EXCHANGE_LIST), "symbol": coin}


def _pair_on_binance(coin: str, scope: Scope) -> dict[str, str]:
    return {"exchange": "Binance", "symbol": f"{coin}USDT"}


def _history(interval: str, bucket_ms: int, *all_series: _Series) -> Ask:
    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        for coin in scope.subjects:
            for series in all_series:
                yield from _one_series(door, scope, coin, series)

    def _one_series(door: "Door", scope: Scope, coin: str, series: _Series) -> Iterator[Answer]:
        pages = Pages(door.source.name, newest_first=False)
        for span in spans(scope, bucket_ms, _ROWS_A_PAGE):
            params: dict[str, str | int] = {
                **series.names(coin, scope),
                "interval": interval,
                "limit": _ROWS_A_PAGE,
                "start_time": span.start_ms,
                "end_time": span.last_ms,
            }
            reply = door.get(f"/api/futures/{series.path}", params)
            pages.turn(reply, whole_numbers(reply.told["data"], "time"))
            yield answer(reply, (coin,), *span.days)

    return ask


def _daily(name: str, about: str, *series: _Series, weighs: bool = False) -> Dataset:
    ask = _history("1d", DAY_MS, *series)
    return Dataset(SOURCE, name, about, SINCE, ask, weighs=weighs, serves=day_is_over)


_LIQUIDATIONS: Final = _Series("liquidation/aggregated-history", _coin_on_venues)

DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Coins, and the pairs of each venue, that CoinGlass covers now.",
        SINCE,
        _ask_instruments,
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    _daily(
        "liquidations_daily",
        "Dollars of longs and of shorts liquidated a day, by coin, over all venues asked for.",
        _LIQUIDATIONS,
    ),
    Dataset(
        SOURCE,
        "liquidations_hourly",
        "The same by hour, for plans that include hours.",
        SINCE,
        _history("1h", HOUR_MS, _LIQUIDATIONS),
    ),
    _daily(
        "open_interest",
        "Open interest by coin: all, margined in stable coins, margined in the coin itself.",
        _Series("open-interest/aggregated-history", _coin),
        _Series("open-interest/aggregated-stablecoin-history", _coin_on_venues),
        _Series("open-interest/aggregated-coin-margin-history", _coin_on_venues),
        weighs=True,
    ),
    _daily(
        "funding",
        "Funding rate by coin, weighted by open interest, in percent.",
        _Series("funding-rate/oi-weight-history", _coin),
    ),
    _daily(
        "long_short",
        "Long/short ratios on Binance: all accounts, top accounts, top positions.",
        _Series("global-long-short-account-ratio/history", _pair_on_binance),
        _Series("top-long-short-account-ratio/history", _pair_on_binance),
        _Series("top-long-short-position-ratio/history", _pair_on_binance),
    ),
    _daily(
        "taker_volume",
        "Dollars bought and sold by takers a day, by coin, over all venues asked for.",
        _Series("aggregated-taker-buy-sell-volume/history", _coin_on_venues),
    ),
    _daily(
        "price",
        "Daily candles of the coin's USDT contract on Binance.",
        _Series("price/history", _pair_on_binance),
    ),
)

STATEMENTS: tuple[Statement, ...] = ()
