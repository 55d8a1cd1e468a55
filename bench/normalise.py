"""JSON to canonical rows, beside what ``msgspec`` with Decimal structs makes of the same bytes."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from bench.answers import SHAPES, Answers, answers
from bench.child import in_turn
from bench.lines import Line
from pipelines.normalise.engine import read_pages
from pipelines.raw import Page, Raw
from pipelines.strict_json import read
from pipelines.units import AMOUNT

MARKETS, DAYS = 108, 40  # 103,680 rows a source, in answers of 960


class Kline(msgspec.Struct, array_like=True):
    open_time: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    close_time: int
    quote_volume: Decimal
    trades: int
    taker_buy: Decimal


class Sides(msgspec.Struct):
    time: int
    aggregated_long_liquidation_usd: Decimal
    aggregated_short_liquidation_usd: Decimal


class Totals(msgspec.Struct):
    data: list[Sides]


class Reading(msgspec.Struct):
    openInterest: Decimal  # noqa: N815  the source's spelling
    singleOpenInterest: Decimal  # noqa: N815
    timestamp: str


class Result(msgspec.Struct):
    list: list[Reading]


class Interest(msgspec.Struct):
    result: Result


@dataclass(frozen=True, slots=True)
class Typed:
    """How ``msgspec`` is told the shape of a source's answer."""

    answer: object
    rows: Callable[[Any], Iterable[Any]]
    row: type[msgspec.Struct]


TYPED = {
    "binance": Typed(list[Kline], lambda answer: answer, Kline),
    "coinglass": Typed(Totals, lambda answer: answer.data, Sides),
    "bybit": Typed(Interest, lambda answer: answer.result.list, Reading),
}
POLARS = {Decimal: AMOUNT, int: pl.Int64(), str: pl.String()}


@dataclass(frozen=True, slots=True)
class Handed(Raw):
    """An archive that hands over what it was given: files and digests are not measured here."""

    handed: tuple[Page, ...] = ()

    def pages(self, source: str, dataset: str, chosen: pl.DataFrame) -> Any:
        return iter(self.handed)


def ours(given: Answers) -> int:
    raw = Handed(Path(), handed=tuple(given.pages))
    made = read_pages(raw, given.shape.reader, given.chosen, given.known, given.days)
    assert made.refused.is_empty(), made.refused
    return made.rows.height


def strict_reading(given: Answers) -> int:
    for page in given.pages:
        read(page.body)
    return given.rows


def typed_frame(given: Answers) -> int:
    """Structs of Decimals, then a frame with a decimal column for each."""
    typed, rows = TYPED[given.shape.source], _decoded(given)
    kinds = {f.name: POLARS[f.type] for f in msgspec.structs.fields(typed.row)}
    columns = [
        pl.Series(name, [getattr(row, name) for row in rows], dtype=kind)
        for name, kind in kinds.items()
    ]
    return pl.DataFrame(columns).height


def decoding(given: Answers) -> int:
    return len(_decoded(given))


def _decoded(given: Answers) -> list[Any]:
    typed = TYPED[given.shape.source]
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(typed.answer)
    return [row for page in given.pages for row in typed.rows(decoder.decode(page.body))]


CASES = {"ours": ours, "strict": strict_reading, "frame": typed_frame, "decode": decoding}


def in_one_process(source: str, scale: float, rounds: int) -> dict[str, float]:
    """The best of some rounds of each case, in turn; seconds, and how many rows and bytes."""
    given = answers(SHAPES[source], max(1, round(MARKETS * scale)), DAYS)
    best = dict.fromkeys(CASES, float("inf"))
    for _ in range(rounds):
        for name, case in CASES.items():
            began = time.perf_counter()
            case(given)
            best[name] = min(best[name], time.perf_counter() - began)
    return best | {"rows": float(given.rows), "bytes": float(given.bytes)}


def lines(scale: float, repeat: int) -> list[Line]:
    """A line for each source, in a process of its own, and one for all bytes together."""
    cases: dict[str, tuple[str, dict[str, object]]] = {
        source: ("bench.normalise:in_one_process", {"source": source, "scale": scale, "rounds": 5})
        for source in SHAPES
    }
    ran = in_turn(cases, repeat)
    found = [_line(source, one.said, at_least=0.6) for source, one in ran.items()]
    every = {name: sum(one.said[name] for one in ran.values()) for name in CASES}
    found.append(_line("all three", every, at_least=0.6))
    parts = f"{every['decode']:.2f} / {every['ours']:.2f} s"
    found.append(
        Line("msgspec decoding alone, no frame / ours", every["decode"] / every["ours"], parts)
    )
    return found


def _line(source: str, said: dict[str, float], *, at_least: float) -> Line:
    what = f"JSON to exact frame, {source}: our rate / msgspec's"
    seconds = f"{said['frame']:.2f} / {said['ours']:.2f} s"
    return Line(what, said["frame"] / said["ours"], seconds, at_least=at_least)
