"""Series of CoinGlass by coin, over the venues of an ``exchange_list`` that we choose, or by pair."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipelines.extract.asking import Answer, Ask, Dataset, Scope
from pipelines.extract.connectors.coinglass.names import EXCHANGE_LIST, SINCE, SOURCE
from pipelines.extract.paging import Pages, whole_numbers
from pipelines.extract.ranges import DAY_MS, HOUR_MS, answer, day_is_over, spans

if TYPE_CHECKING:
    from pipelines.extract.door import Door

PAIRS: Final = "pairs"  # the dataset that lists the subjects of series by pair
_ROWS_A_PAGE: Final = 1000


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


def _pair(pair: str, scope: Scope) -> dict[str, str]:
    """Of ``Binance:BTCUSDT``; a symbol may hold a colon of its own."""
    exchange, _, symbol = pair.partition(":")
    return {"exchange": exchange, "symbol": symbol}


def _pair_in_dollars(pair: str, scope: Scope) -> dict[str, str]:
    return {**_pair(pair, scope), "unit": "usd"}


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


def _daily_by_pair(name: str, about: str, series: _Series) -> Dataset:
    """Thousands of pairs, each a question of its own: asked by name alone."""
    return Dataset(
        SOURCE,
        name,
        about,
        SINCE,
        _history("1d", DAY_MS, series),
        subjects_from=PAIRS,
        routine=False,
        serves=day_is_over,
    )


_LIQUIDATIONS: Final = _Series("liquidation/aggregated-history", _coin_on_venues)

HISTORIES: Final = (
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
    _daily_by_pair(
        "pair_liquidations",
        "Dollars of longs and of shorts liquidated a day, by pair of one venue.",
        _Series("liquidation/history", _pair),
    ),
    _daily_by_pair(
        "pair_open_interest",
        "Open interest in dollars by pair of one venue, daily candles.",
        _Series("open-interest/history", _pair_in_dollars),
    ),
    _daily_by_pair(
        "pair_funding",
        "Funding rate by pair of one venue, daily candles, in percent.",
        _Series("funding-rate/history", _pair),
    ),
)
