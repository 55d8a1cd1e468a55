"""What HTX is asked over REST: the same questions of its linear and its coin-margined swaps."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from pipelines import strict_json
from pipelines.extract import captures
from pipelines.extract.asking import Ask, Dataset, Kept, Scope
from pipelines.extract.connectors.htx import live
from pipelines.extract.connectors.htx.pages import by_number, last_points, orders
from pipelines.extract.connectors.htx.refusals import INFO, MARKET
from pipelines.extract.errors import OurRequest
from pipelines.extract.manners import Window
from pipelines.extract.ranges import ALL_AT_ONCE, HOUR_MS, within_days
from pipelines.extract.turning import (
    Params,
    Series,
    SeriesOf,
    at_once,
    by_spans,
    one_after_another,
    stamps_ms,
    stamps_s,
)

SOURCE: Final = "htx"
SINCE: Final = date(2020, 10, 21)
COIN_FEED_SINCE: Final = date(2020, 4, 9)  # the venue's change log names the day
LINEAR, INVERSE = "linear", "inverse"
_ORDERS_KEPT_DAYS: Final = 89  # ninety, counted back from the moment of asking
_INTEREST_POINTS: Final = 200
_INTEREST_DAYS: Final = _INTEREST_POINTS // 24 - 1
_CANDLES: Final = 2000
_MARK_DAYS: Final = _CANDLES // 24 - 1
_RATIO_DAYS: Final = 1
_ORDERS_A_PAGE: Final = 100
_RATES_A_PAGE: Final = 50

_API: Final = {LINEAR: "/linear-swap-api", INVERSE: "/swap-api"}
_CANDLE_PATHS: Final = {
    LINEAR: "/linear-swap-ex/market/history/kline",
    INVERSE: "/swap-ex/market/history/kline",
}
_MARK_PATHS: Final = {
    LINEAR: "/index/market/history/linear_swap_mark_price_kline",
    INVERSE: "/index/market/history/swap_mark_price_kline",
}


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """Every swap by its margin; a contract with a date has another number of parts."""
    subjects: set[str] = set()
    for body in bodies:
        rows = strict_json.read(body).get("data")
        for row in rows if isinstance(rows, list) else ():
            code = str(row.get("contract_code", "")) if isinstance(row, dict) else ""
            base, dash, quote = code.partition("-")
            if base and quote and dash not in quote:
                subjects.add(f"{INVERSE if quote == 'USD' else LINEAR}:{code}")
    return tuple(sorted(subjects))


def _named(subject: str) -> tuple[str, str]:
    margin, _, code = subject.partition(":")
    if margin not in _API or not code:
        raise OurRequest(f"{subject!r} is not spelled as linear:CODE or inverse:CODE")
    return margin, code


def _of(
    path_of: Callable[[str], str],
    rows: Callable[[Any], Any],
    stamps: Callable[[Sequence[Any]], list[int]],
    most: int,
    *,
    window: Window = INFO,
    code_is: str = "contract_code",
    **fixed: str | int,
) -> SeriesOf:
    """A series of each subject; ``path_of`` its margin."""

    def series(subject: str, scope: Scope) -> Series:
        margin, code = _named(subject)
        params: Params = {code_is: code, **fixed}
        return Series(path_of(margin), params, rows, stamps, most, cost={window.name: 1})

    return series


def _api(name: str) -> Callable[[str], str]:
    return lambda margin: f"{_API[margin]}/{name}"


def _data(told: Any) -> Any:
    return told["data"]


def _in_data(name: str) -> Callable[[Any], Any]:
    return lambda told: told["data"].get(name) if isinstance(told["data"], dict) else None


def _seconds(start_ms: int, last_ms: int) -> Params:
    return {"from": start_ms // 1000, "to": last_ms // 1000}


_LISTINGS: Final = (
    at_once("/linear-swap-api/v1/swap_contract_info"),
    at_once("/swap-api/v1/swap_contract_info"),
)
_INTEREST: Final = _of(
    _api("v1/swap_his_open_interest"),
    _in_data("tick"),
    stamps_ms("ts"),
    _INTEREST_POINTS,
    period="60min",
    amount_type=1,
)
# How many orders a page of v3 holds is not said: the last page is an empty one.
_V3: Final = _of(
    _api("v3/swap_liquidation_orders"),
    _data,
    stamps_ms("created_at"),
    1,
    code_is="contract",
    trade_type=0,
)
_V5: Final = _of(
    lambda margin: "/v5/market/liquidation_orders",
    _data,
    stamps_ms("liquidation_time"),
    _ORDERS_A_PAGE,
    limit=_ORDERS_A_PAGE,
)
_RATES: Final = _of(
    _api("v1/swap_historical_funding_rate"),
    _in_data("data"),
    stamps_ms("funding_time"),
    _RATES_A_PAGE,
)


def _candles(paths: dict[str, str]) -> SeriesOf:
    return _of(paths.__getitem__, _data, stamps_s("id"), _CANDLES, window=MARKET, period="60min")


def _elite(name: str) -> Ask:
    path = _api(f"v1/swap_elite_{name}_ratio")
    series = _of(path, _in_data("list"), stamps_ms("ts"), 0, period="60min")
    return last_points(series, has_size=False)


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Every swap, linear and coin-margined, with the size of its contract.",
        SINCE,
        one_after_another(*_LISTINGS),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "liquidations",
        "Every liquidation order of the past ninety days, at its bankruptcy price.",
        SINCE,
        orders(_V3, "query_id", "from_id"),
        serves=lambda day, now: within_days(_ORDERS_KEPT_DAYS, day, now),
    ),
    Dataset(
        SOURCE,
        "liquidations_v5",
        "The same orders of linear swaps in the newer form, which names both sides.",
        SINCE,
        orders(_V5, "id", "from", lambda subject: _named(subject)[0] == LINEAR),
        routine=False,
        serves=lambda day, now: within_days(_ORDERS_KEPT_DAYS, day, now),
    ),
    Dataset(
        SOURCE,
        "open_interest",
        "Open interest by hour in contracts, the last 200 hours.",
        SINCE,
        last_points(_INTEREST),
        weighs=True,
        serves=lambda day, now: within_days(_INTEREST_DAYS, day, now),
    ),
    Dataset(SOURCE, "funding", "Each settled funding rate.", SINCE, by_number(_RATES)),
    Dataset(
        SOURCE,
        "long_short",
        "Longs and shorts of the largest traders by hour: of accounts, and of positions.",
        SINCE,
        one_after_another(_elite("account"), _elite("position")),
        serves=lambda day, now: within_days(_RATIO_DAYS, day, now),
    ),
    Dataset(
        SOURCE,
        "candles",
        "Hourly candles of the last price.",
        SINCE,
        by_spans(_candles(_CANDLE_PATHS), _seconds, HOUR_MS),
        weighs=True,
    ),
    Dataset(
        SOURCE,
        "mark_candles",
        "Hourly candles of the mark price, the last 2000.",
        SINCE,
        last_points(_candles(_MARK_PATHS)),
        serves=lambda day, now: within_days(_MARK_DAYS, day, now),
    ),
    captures.dataset(
        SOURCE,
        live.LINEAR,
        "Liquidation orders of linear swaps, as the socket gave them.",
        SINCE,
    ),
    captures.dataset(
        SOURCE,
        live.COIN,
        "Liquidation orders of coin-margined contracts, as the socket gave them.",
        COIN_FEED_SINCE,
    ),
)
