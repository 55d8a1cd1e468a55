"""What holds for every reader, whatever a source writes."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines.normalise.registry import READERS
from pipelines.tables import LIQUIDATION_TOTALS, LIQUIDATIONS

NAMES = [f"{r.source}/{r.dataset}/{r.table.name}" for r in READERS]
JUNK = [
    None, True, "", "abc", "NaN", "1e999", "-0", "-5", "0", "１２", "1655078400１２３", "1,234.5",
    " Sell", "sell", "SELL ", "buy", "Both", "9" * 40, "0.0000000000000000001", 1e-19, -1, 0,
    [], {}, [["x"]], {"a": {"b": None}}, "\ud800", "\x00", "İ",
]  # fmt: skip
KINDS = ("replace", "drop", "double", "reverse", "rename", "wrap")
MUTATIONS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 10**6), st.sampled_from(JUNK)), max_size=4
)
# No shrinking: with a hundred readings a reader it would take minutes.
BRIEF = settings(
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
HAVE_SIDES = (LIQUIDATIONS, LIQUIDATION_TOTALS)


def spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place inside, as the container and the key in it."""
    keys = range(len(value)) if isinstance(value, list) else list(value)
    for key in keys:
        yield value, key
        if isinstance(value[key], list | dict):
            yield from spots(value[key])


def mutate(body: Any, mutations: list[tuple[str, int, Any]]) -> Any:
    box = [copy.deepcopy(body)]
    for kind, at, junk in mutations:
        places = list(spots(box))
        where, key = places[at % len(places)]
        match kind:
            case "replace":
                where[key] = copy.deepcopy(junk)
            case "drop" if len(where) > 1 or where is not box:
                del where[key]
            case "double" if isinstance(where, list) and where is not box:
                where.insert(key, copy.deepcopy(where[key]))
            case "reverse" if isinstance(where, list):
                where.reverse()
            case "rename" if isinstance(where, dict):
                where[f"{key}_"] = where.pop(key)
            case "wrap":
                where[key] = [where[key]]
        box = box[:1] or [None]
    return box[0]


def as_lines(body: Any) -> list[str]:
    return [str(line) for line in body] if isinstance(body, list) else [str(body)]


def spoiled(question: Any, mutations: list[tuple[str, int, Any]], cut: float, flip: float) -> Any:
    """The question with a body that was mutated, cut off, or bent in one byte."""
    body = mutate(question.body, mutations)
    match question.kind:
        case "csv" | "gzip" | "text":
            body = [line.replace("\ud800", "?") for line in as_lines(body)] or [""]
        case "frames" | "lives" if not isinstance(body, list):
            body = [body]
    data = bytearray(replace(question, body=body).bytes)
    if flip and data:
        data[int(flip * (len(data) - 1))] ^= 0x20
    kept = bytes(data[: int(cut * len(data))]) if cut < 1 else bytes(data)
    return replace(question, kind="bytes", body=kept)


def sides_of(rows: Any) -> dict[Any, set[Any]]:
    """The side that each size was told for; in the payloads no size stands for both."""
    names = [n for n in ("size", "size_coins", "notional_usd") if n in rows.rows.columns]
    sizes = rows.rows.select(pl.coalesce(names).alias("amount"), "position")
    found: dict[Any, set[Any]] = {}
    for amount, position in sizes.iter_rows():
        found.setdefault(amount, set()).add(position)
    return found


@pytest.mark.parametrize("reader", READERS, ids=NAMES)
def test_the_payload_is_read_without_a_refusal(bench, reader, count_rows):
    questions = bench.payload_of(reader)
    rows = bench.read(reader, questions)
    assert rows.refused.is_empty()
    assert reader.table.conform(rows.rows).height >= count_rows(reader, bench.pages(questions)) > 0


@pytest.mark.parametrize("reader", READERS, ids=NAMES)
def test_whatever_comes_each_row_is_kept_or_refused_and_no_side_is_guessed(
    bench, reader, count_rows
):
    questions = bench.payload_of(reader)
    known = bench.known_of(reader)
    has_side = reader.table in HAVE_SIDES
    true_sides = sides_of(bench.read(reader, questions, known)) if has_side else {}

    @settings(BRIEF, max_examples=100 if has_side else 40)
    @given(
        MUTATIONS,
        st.one_of(st.just(1.0), st.floats(0, 1)),
        st.one_of(st.just(0.0), st.floats(0, 1)),
        st.integers(0, 99),
    )
    def holds(mutations, cut, flip, which):
        bad = list(questions)
        at = which % len(bad)
        bad[at] = spoiled(bad[at], mutations, cut, flip)
        rows = bench.read(reader, bad, known)
        told = rows.rows
        if "origin" in told.columns:
            told = told.filter(pl.col("origin") != "left_out")
        assert told.height + rows.refused.height == count_rows(reader, bench.pages(bad))
        reader.table.conform(rows.rows)
        if has_side and not flip:
            for size, sides in sides_of(rows).items():
                assert sides <= true_sides.get(size, sides)

    holds()
