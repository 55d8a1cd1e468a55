"""Forced orders over REST: all of Gate's and Kraken's, an answer for each market."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from replica.feeds.feed import either
from replica.truth.answers import Printed
from replica.truth.faults import OURS, Planted
from replica.truth.nature import Nature
from replica.truth.span import WEEK_MS, Span, span_of
from replica.truth.text import amounts, joined
from replica.truth.timeline import HOUR_MS

GATE: Final = "https://api.gateio.ws/api/v4/futures/usdt/liq_orders"
GATE_ORDER: Final = (
    '{"contract":"<symbol>","left":0,"size":<held><size>,"order_size":<ordered><size>,'
    '"fill_price":"<fill>","order_price":"<order>","time":<time_s>}'
)
KRAKEN: Final = "https://futures.kraken.com/api/history/v3/market"
EXECUTION: Final = (
    '{"uid":"<uid>","timestamp":<time_ms>,"event":{"Execution":{"execution":{"uid":"<uid>",'
    '"timestamp":<time_ms>,"quantity":"<size>","price":"<fill>","markPrice":"<fill>",'
    '"usdValue":"<value>","limitFilled":false,"makerOrder":{"uid":"m<uid>"},"takerOrder":{'
    '"uid":"t<uid>","direction":"<side>","quantity":"<size>","limitPrice":"<order>",'
    '"orderType":"PartialLiquidation","reduceOnly":true,"timestamp":<time_ms>}}}}}'
)


def forced(nature: Nature, shown: pl.DataFrame, planted: tuple[Planted, ...]) -> Iterator[Printed]:
    """``shown`` has the orders as digits, in order of time; answers begin with the latest."""
    span = span_of(nature)
    doubled = [p for p in planted if p.source == OURS and p.venue == "gate"]
    for market in nature.markets:
        rows = shown.filter(pl.col("venue") == market.venue, pl.col("symbol") == market.symbol)
        of = (market.subject,)
        if market.venue == "gate":
            begin, end = span.begin_ms // 1000, (span.begin_ms + WEEK_MS) // 1000
            asked = {"contract": market.symbol, "from": str(begin), "to": str(end)}
            body = f"[{_gate_rows(_twice(rows, doubled, span))}]"
            yield span.printed("gate", "liquidations", of, GATE, asked, body)
        elif market.venue == "kraken":
            body = f'{{"len":{rows.height},"elements":[{_kraken_rows(rows)}]}}'
            address = f"{KRAKEN}/{market.symbol}/executions"
            yield span.printed("kraken", "executions", of, address, {"sort": "desc"}, body)


def _gate_rows(rows: pl.DataFrame) -> str:
    """A long that was liquidated has a size above zero."""
    signs = {"held": either("", "-"), "ordered": either("-", "")}
    return joined(rows[::-1], GATE_ORDER, time_s=pl.col("time_ms") // 1000, **signs)


def _kraken_rows(rows: pl.DataFrame) -> str:
    uid = pl.col("symbol") + pl.lit("-") + pl.int_range(pl.len()).cast(pl.String)
    value = pl.col("size").cast(pl.Float64) * pl.col("fill").cast(pl.Float64)
    values = {"uid": uid, "side": either("Sell", "Buy"), "value": amounts(value, 4)}
    return joined(rows[::-1], EXECUTION, **values)


def _twice(rows: pl.DataFrame, doubled: list[Planted], span: Span) -> pl.DataFrame:
    for one in doubled:
        first, end = (span.begin_ms + round(h * HOUR_MS) for h in (one.first_hour, one.end_hour))
        again = rows.filter(pl.col("time_ms").is_between(first, end, closed="left"))
        rows = pl.concat([rows, again]).sort("time_ms", maintain_order=True)
    return rows
