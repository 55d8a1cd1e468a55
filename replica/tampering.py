"""Faults inside the data: repeated, missing, restated and malformed rows."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from replica.answer import Answer, Request
from replica.clock import HOUR_MS, to_ms
from replica.faults import Rule
from replica.rows import Page, Rendered

Row = tuple[int, bytes]
Change = Callable[[bytes], bytes]
# A value with a decimal point, with the quotes around it if it has them.
DECIMAL = re.compile(rb'"?-?\d+\.\d+"?')
LAST_PAIR = re.compile(rb'"(\w+)":("?[^",{}]+"?)\}?$')


def tampered(answer: Answer, rule: Rule, request: Request) -> Answer:
    rows = answer.page.rows()
    match rule.kind:
        case "repeat_row":
            rows = _repeat(rows, rule, request)
        case "missing_hour":
            rows = _without_hour(rows, rule)
        case "restated":
            rows = _restate(rows, rule, request)
        case "duplicate_key":
            rows = _change_middle(rows, _twice)
        case "nan":
            rows = _change_middle(rows, lambda row: DECIMAL.sub(b"NaN", row, count=1))
    return replace(answer, page=_page(rows))


def _page(rows: list[Row]) -> Page:
    lengths = [len(row) + 1 for _, row in rows]
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    times = np.array([time for time, _ in rows], np.int64)
    return Page(Rendered(times, b",".join(row for _, row in rows), starts), 0, len(rows))


def _series(request: Request) -> str:
    """What stays the same from one page of a series to the next."""
    params = request.params
    names = ("symbol", "symbols", "pair", "interval", "intervalTime", "period", "category")
    return request.path + "?" + "&".join(params.get(name, "") for name in names)


def _repeat(rows: list[Row], rule: Rule, request: Request) -> list[Row]:
    """The last row of a page comes again as the first row of the next page."""
    key = _series(request)
    before = rule.memory.get(key)
    if rows:
        rule.memory[key] = rows[-1][1]
    if before is None or not rows or any(row == before for _, row in rows):
        return rows
    return [(rows[0][0], before), *rows]


def _without_hour(rows: list[Row], rule: Rule) -> list[Row]:
    """The stated hour is left out, or the hour of the middle row."""
    stated = rule.text("hour")
    if not stated and not rows:
        return rows
    instant = to_ms(stated) if stated else rows[len(rows) // 2][0]
    gone = instant // HOUR_MS
    return [(time, row) for time, row in rows if time // HOUR_MS != gone]


def _restate(rows: list[Row], rule: Rule, request: Request) -> list[Row]:
    """One row differs from the second asking of the same request on."""
    key = f"{request.path}?{request.query}"
    if key not in rule.memory:
        rule.memory[key] = b""
        return rows
    return _change_middle(rows, lambda row: DECIMAL.sub(_other_number, row, count=1))


def _other_number(found: re.Match[bytes]) -> bytes:
    """The same number with another first digit, never zero."""
    value = found.group()
    at = next(place for place, byte in enumerate(value) if chr(byte).isdigit())
    return value[:at] + str(value[at] % 9 + 1).encode()[:1] + value[at + 1 :]


def _change_middle(rows: list[Row], change: Change) -> list[Row]:
    if not rows:
        return rows
    at = len(rows) // 2
    time, row = rows[at]
    return [*rows[:at], (time, change(row)), *rows[at + 1 :]]


def _twice(row: bytes) -> bytes:
    """The last key of the row is given a second time with another value."""
    found = LAST_PAIR.search(row.rstrip(b"}"))
    if not row.startswith(b"{") or found is None:
        return row
    value = found.group(2)
    other = DECIMAL.sub(_other_number, value) if DECIMAL.search(value) else b'"other"'
    depth = len(row) - len(row.rstrip(b"}"))
    return row.rstrip(b"}") + b',"' + found.group(1) + b'":' + other + b"}" * depth
