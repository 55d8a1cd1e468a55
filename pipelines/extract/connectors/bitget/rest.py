"""What Bitget is asked over REST and heard to say over its socket, and how it refuses."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from pipelines import strict_json
from pipelines.extract import captures
from pipelines.extract.asking import Answer, Ask, Dataset, Kept, Scope
from pipelines.extract.errors import (
    Headers,
    NotAnAnswer,
    NotServed,
    OurRequest,
    ServerFault,
    SourceError,
    TooManyRequests,
    by_status,
)
from pipelines.extract.manners import Manners, Window, classifier, text_of
from pipelines.extract.onward import by_cursor, by_number
from pipelines.extract.ranges import ALL_AT_ONCE, HOUR_MS, answer, whole, within_days
from pipelines.extract.streams import Stream
from pipelines.extract.turning import (
    Params,
    Series,
    SeriesOf,
    at_once,
    by_spans,
    one_after_another,
    stamps_ms,
)

if TYPE_CHECKING:
    from pipelines.extract.door import Door

SOURCE: Final = "bitget"
SINCE: Final = date(2021, 1, 1)
FEED_SINCE: Final = date(2026, 4, 28)  # of the first frame that anybody showed
# What a product type's contracts are quoted in: a row of the listing does not name its type.
PRODUCT_OF: Final = {"USDT": "USDT-FUTURES", "USD": "COIN-FUTURES", "USDC": "USDC-FUTURES"}
PRODUCTS: Final = tuple(PRODUCT_OF.values())
V2: Final = "/api/v2/mix/market"
_EVENTS_A_PAGE: Final = 100
_EVENTS_KEPT_DAYS: Final = 2  # three days, counted back from the moment of asking
_RATES_A_PAGE: Final = 100
_CANDLES_A_PAGE: Final = 200
_RATIOS_KEPT_DAYS: Final = 1

_REFUSALS: Final[dict[str, type[SourceError]]] = {
    "429": TooManyRequests,
    "40010": ServerFault,
    "40017": OurRequest,
    "40034": OurRequest,
    "40309": NotServed,
    "40725": ServerFault,
    "400172": OurRequest,
}


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """``code`` decides; HTTP status only where there is none."""
    code = text_of(told, "code") if isinstance(told, dict) else ""
    if not code:
        error = by_status(status, body)
        return error or (
            None if told is None else NotAnAnswer("it has no code", retry=True, body=body)
        )
    if code == "00000":
        is_whole = status == 200 and told.get("data") is not None
        return None if is_whole else NotAnAnswer("it has no data in it", body=body)
    words, by_http = text_of(told, "msg"), by_status(status)
    kind = _REFUSALS.get(code) or (OurRequest if by_http is None else type(by_http))
    if kind is OurRequest and "symbol" in words.lower():
        kind = NotServed
    return kind(f"code {code}, {words!r}", body=body)


classify = classifier(judge)

MANNERS: Final = Manners(
    (
        Window("requests", 20, 1.0),
        Window("liquidations", 5, 1.0),
        Window("ratios", 1, 1.0),
    ),
    judge,
)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """Every contract of the listings, with the product type that its quote tells."""
    subjects: set[str] = set()
    for body in bodies:
        rows = strict_json.read(body).get("data")
        for row in rows if isinstance(rows, list) else ():
            told = row if isinstance(row, dict) else {}
            product, symbol = PRODUCT_OF.get(text_of(told, "quoteCoin")), text_of(told, "symbol")
            if product and symbol:
                subjects.add(f"{product}:{symbol}")
    return tuple(sorted(subjects))


def _named(subject: str) -> dict[str, str | int]:
    product, _, symbol = subject.partition(":")
    if product not in PRODUCTS or not symbol:
        raise OurRequest(f"{subject!r} is not spelled as USDT-FUTURES:SYMBOL")
    return {"symbol": symbol, "productType": product}


def _data(told: Any) -> Any:
    return told["data"]


def _in_data(name: str) -> Any:
    return lambda told: told["data"].get(name) if isinstance(told["data"], dict) else None


def _all_products(path: str) -> Ask:
    return one_after_another(*(at_once(path, productType=product) for product in PRODUCTS))


def _liquidations(product: str) -> Ask:
    def series(subject: str, scope: Scope) -> Series:
        return Series(
            "/api/v3/market/liquidations",
            {"category": product, "limit": _EVENTS_A_PAGE},
            rows=_in_data("list"),
            stamps=stamps_ms("ts"),
            most=_EVENTS_A_PAGE,
            cost={"liquidations": 1},
        )

    return by_cursor(series, lambda told: text_of(told["data"], "cursor"))


def _rates(subject: str, scope: Scope) -> Series:
    return Series(
        f"{V2}/history-fund-rate",
        {**_named(subject), "pageSize": _RATES_A_PAGE},
        rows=_data,
        stamps=stamps_ms("fundingTime"),
        most=_RATES_A_PAGE,
    )


def _candles(path: str) -> SeriesOf:
    def series(subject: str, scope: Scope) -> Series:
        return Series(
            f"{V2}/{path}",
            {**_named(subject), "granularity": "1H", "limit": _CANDLES_A_PAGE},
            rows=_data,
            stamps=stamps_ms(0),
            most=_CANDLES_A_PAGE,
        )

    return series


def _bounds(start_ms: int, last_ms: int) -> Params:
    return {"startTime": start_ms, "endTime": last_ms}


def _ask_ratios(door: "Door", scope: Scope) -> Iterator[Answer]:
    """The last hours, however many there are; asked by symbol alone, and so of one product type."""
    span = whole(scope, HOUR_MS)
    for subject in scope.subjects if span else ():
        assert span is not None
        named = _named(subject)
        if named["productType"] == PRODUCT_OF["USDT"]:
            params: Params = {"symbol": named["symbol"], "period": "1h"}
            reply = door.get(f"{V2}/account-long-short", params, cost={"ratios": 1})
            yield answer(reply, (subject,), *span.days)


def _says(subjects: Sequence[str]) -> Sequence[str]:
    types = [product.lower() for product in PRODUCTS]
    args = [{"instType": one, "topic": "liquidation"} for one in types]
    busy = {"instType": types[0], "topic": "ticker", "symbol": "BTCUSDT"}
    return [json.dumps({"op": "subscribe", "args": [*args, busy]})]


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Every contract of the three product types.",
        SINCE,
        _all_products(f"{V2}/contracts"),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "liquidations",
        "Liquidations of the past three days, perhaps late; what its amounts count is not said.",
        SINCE,
        one_after_another(*map(_liquidations, PRODUCTS)),
        subjects_a_call=ALL_AT_ONCE,
        serves=lambda day, now: within_days(_EVENTS_KEPT_DAYS, day, now),
    ),
    Dataset(
        SOURCE,
        "open_interest",
        "Open interest in coins of every contract at the moment of asking.",
        SINCE,
        _all_products(f"{V2}/tickers"),
        kept=Kept.SNAPSHOT,
        subjects_a_call=ALL_AT_ONCE,
        weighs=True,
    ),
    Dataset(SOURCE, "funding", "Each settled funding rate.", SINCE, by_number(_rates, "pageNo")),
    Dataset(
        SOURCE,
        "candles",
        "Hourly candles of the last price.",
        SINCE,
        by_spans(_candles("history-candles"), _bounds, HOUR_MS),
        weighs=True,  # open interest is in coins
    ),
    Dataset(
        SOURCE,
        "mark_candles",
        "Hourly candles of the mark price.",
        SINCE,
        by_spans(_candles("history-mark-candles"), _bounds, HOUR_MS),
    ),
    Dataset(
        SOURCE,
        "long_short",
        "Shares of accounts that are net long and net short, by hour, of contracts in USDT.",
        SINCE,
        _ask_ratios,
        serves=lambda day, now: within_days(_RATIOS_KEPT_DAYS, day, now),
    ),
    captures.dataset(
        SOURCE,
        "liquidation",
        "The largest liquidation of each side, symbol and second, as the socket gave it.",
        FEED_SINCE,
    ),
)

STREAMS: Final = (
    Stream(
        SOURCE,
        "liquidation",
        "ws.bitget.com",
        "/v3/ws/public",
        _says,
        events=(b'"topic":"liquidation"',),
        lives=(b'"topic":"ticker"',),
        ping="ping",
        ping_s=25.0,
    ),
)
