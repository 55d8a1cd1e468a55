"""Binance COIN-M: contracts of dollars, statistics by pair, limits shared with USD-M."""

from collections.abc import Mapping

from replica.answer import Answer, RefusedError, Request, json_answer
from replica.clock import DAY_MS
from replica.market import Asked
from replica.rows import Field, constant, number, text
from replica.venues.binance import (
    CANDLE,
    PRICE_CANDLE,
    STATISTIC_ROWS,
    Binance,
    error,
    limit_in,
    needed,
    times_in,
)
from replica.venues.binance_specs import coin_margined_info

HOST = "dapi.binance.com"
LONGEST_MS = 200 * DAY_MS
PERPETUAL = "_PERP"
CONTRACT_TYPES = ("ALL", "CURRENT_QUARTER", "NEXT_QUARTER", "PERPETUAL")
# Volume counts contracts; the amount beside it, base coins. So with what takers bought.
CONTRACT_CANDLE = (
    *CANDLE[:5],
    text("", "contracts"),
    number("", "close_ms"),
    text("", "turnover"),
    number("", "trades"),
    text("", "buy_contracts"),
    text("", "buy_turnover"),
    constant("", '"0"'),
)
INTEREST = (
    text("sumOpenInterest", "contracts"),
    text("sumOpenInterestValue", "base"),
    number("timestamp", "time_ms"),
)


class BinanceCoinM(Binance):
    hosts = (HOST,)
    home = "/dapi/v1"
    inverse = True
    candles: Mapping[str, tuple[str, str, tuple[Field, ...]]] = {
        "/dapi/v1/klines": ("price", "symbol", CONTRACT_CANDLE),
        "/dapi/v1/markPriceKlines": ("mark", "symbol", PRICE_CANDLE),
    }

    def _instruments(self) -> Answer:
        return json_answer(coin_margined_info(self._listing, self._desk.clock.now_ms()))

    def _funding(self, request: Request) -> Answer:
        self._known(needed(request, "symbol"))
        return super()._funding(request)

    def _candles(self, request: Request) -> Answer:
        """At most 200 days; always the newest rows before the end."""
        start, end = times_in(request)
        if start is not None and end is not None and end - start > LONGEST_MS:
            raise RefusedError(error(-1130, "Data sent for parameter 'endTime' is not valid."))
        dataset, key, fields = self.candles[request.path]
        symbol, interval = self._known(needed(request, key)), self._interval(request)
        asked = Asked("binance", dataset, symbol, interval)
        limit = limit_in(request, 500, 1500)
        return self._rows(asked, fields, start, end, limit, "[]", newest=True)

    def _statistics(self, request: Request) -> Answer:
        """Of the pair's perpetual, the only contract that this market lists."""
        dataset, fields = STATISTIC_ROWS[request.path]
        pair = needed(request, "pair")
        symbol = self._known(f"{pair}{PERPETUAL}")
        named = (constant("pair", f'"{pair}"'),)
        if dataset != "venue_open_interest":
            return self._kept(request, dataset, symbol, (*named, *fields))
        kind = request.params.get("contractType", "ALL")
        if kind not in CONTRACT_TYPES:
            raise RefusedError(error(-1130, "Data sent for parameter 'contractType' is not valid."))
        if kind.endswith("QUARTER"):
            return json_answer([])
        of_kind = constant("contractType", '"PERPETUAL"')
        return self._kept(request, dataset, symbol, (*named, of_kind, *INTEREST))


ANSWERS = (BinanceCoinM,)
