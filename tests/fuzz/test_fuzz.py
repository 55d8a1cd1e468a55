"""Each law can break: a reader that is wrong in one way is found out, and a run can go on."""

import re
from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

from fuzz import __main__ as command
from fuzz.amounts import words_of
from fuzz.laws import Trial, wrong_side
from fuzz.mutation import Recipe, Step, recipe, spoiled
from fuzz.payloads import Bench, payload
from fuzz.shards import Done, Failure, Shard, State, name_of, run, shards_of
from fuzz.sides import RULES
from pipelines.normalise.registry import READERS
from pipelines.tables import LIQUIDATION_TOTALS, LIQUIDATIONS, REPORTED_ORDERS, ROLLING_TOTALS

BYBIT = next(r for r in READERS if name_of(r) == "bybit/all_liquidation/liquidations")
FUNDING = next(r for r in READERS if name_of(r) == "binance/funding/funding")
WITH_SIDES = [
    r
    for r in READERS
    if r.table in (LIQUIDATIONS, LIQUIDATION_TOTALS, REPORTED_ORDERS, ROLLING_TOTALS)
]


def altered(reader, **changed):
    """The reader with other functions in its eras."""
    eras = tuple(
        replace(era, **{name: change(getattr(era, name)) for name, change in changed.items()})
        for era in reader.eras
    )
    return replace(reader, eras=eras)


def broken_of(reader, until=125):
    outcome = run(Trial(reader), Shard(name_of(reader), 0, until))
    return outcome.law if isinstance(outcome, Failure) else None


def mistake(kind):
    """A way to be wrong, as a change of ``read``."""
    flip = {"long": "short", "short": "long"}
    size = pl.col("size").cast(pl.Float64)

    def turned(rows):
        turn = pl.col("position").cast(pl.String).replace(flip).cast(rows["position"].dtype)
        return pl.when(size > 1.0002).then(turn).otherwise("position").alias("position")

    changes = {
        "turns some sides": lambda rows: rows.with_columns(turned(rows)),
        "loses a row": lambda rows: rows.filter(~(size == 1.0002)),
        "makes a row twice": lambda rows: pl.concat([rows, rows.filter(size == 1.0002)]),
        "makes up an amount": lambda rows: rows.with_columns(
            size=pl.lit(Decimal(7)).cast(rows["size"].dtype)
        ),
    }
    return lambda read: lambda rows, known: changes[kind](read(rows, known))


@pytest.mark.parametrize(
    ("kind", "law"),
    [
        ("turns some sides", "but the words say"),
        ("loses a row", "accounted for"),
        ("makes a row twice", "accounted for|the words say"),
        ("makes up an amount", "that nobody printed"),
    ],
)
def test_a_reader_that_is_wrong_is_found_out(kind, law):
    assert broken_of(BYBIT) is None
    assert re.search(law, broken_of(altered(BYBIT, read=mistake(kind))))


def test_an_unknown_word_that_becomes_a_side_is_found_out():
    def guesses(read):
        def guessing(rows, known):
            told = read(rows, known)
            side = pl.col("position").fill_null(told["position"].dtype.categories[0])
            is_side = pl.col("reason").str.contains("unknown side").fill_null(value=False)
            reason = pl.when(~is_side).then("reason")
            return told.with_columns(position=side, reason=reason)

        return guessing

    assert "printed with a side" in broken_of(altered(BYBIT, read=guesses), until=500)


def test_a_reader_that_raises_is_found_out_and_its_recipe_made_short():
    def raises(unpack):
        def raising(page):
            for row in unpack(page):
                if isinstance(row, tuple) and None in row:
                    raise KeyboardInterruptedOddlyError
                yield row

        return raising

    outcome = run(Trial(altered(BYBIT, unpack=raises)), Shard("x", 0, 500))
    assert isinstance(outcome, Failure)
    assert "KeyboardInterruptedOddlyError" in outcome.law
    assert len(outcome.seeds) == 1
    assert len(outcome.recipes[0].steps) == 1


class KeyboardInterruptedOddlyError(Exception):
    """None of those that an answer may cause."""


def test_answers_that_leak_into_each_other_are_found_out():
    def leaks(read):
        def leaking(rows, known):
            told = read(rows, known)
            return told.with_columns(funding_rate=pl.col("funding_rate").max())

        return leaking

    assert "otherwise beside" in broken_of(altered(FUNDING, read=leaks))


@pytest.mark.parametrize("reader", WITH_SIDES, ids=map(name_of, WITH_SIDES))
def test_every_reader_with_sides_has_a_rule_that_knows_each_row_of_its_payload(reader):
    """So no row escapes: an amount without words is a broken law."""
    assert (reader.source, reader.dataset) in RULES
    questions = payload(reader.source, reader.dataset, reader.table.name)
    words = [words_of(reader.source, reader.dataset, q.kind, q.bytes) for q in questions]
    assert any(sides for found in words for sides in found.values())
    assert broken_of(reader, until=1) is None


def test_a_side_is_judged_by_the_words_of_its_own_amount():
    words = words_of("gate", "liquidations", "json", b'[{"size": -165}, {"size": "2500"}]')
    assert wrong_side([([Decimal(165)], "short"), ([Decimal(2500)], "long")], words) == ""
    assert "told of long" in wrong_side([([Decimal(165)], "long")], words)
    assert "told of long" in wrong_side([([Decimal(2500)], "long")] * 2, words)
    assert "nobody printed" in wrong_side([([Decimal(7)], "long")], words)


def test_a_seed_alone_decides_how_an_answer_is_spoiled():
    questions = Bench().payload_of(BYBIT)
    made = [
        [
            spoiled("bybit", "all_liquidation", questions, recipe("x", seed)).bytes
            for seed in range(50)
        ]
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert len(set(made[0])) > 40


def test_each_amount_of_a_spoiled_answer_is_its_own():
    """Two events that were equal before a word of one was changed are told apart."""
    questions = Bench().payload_of(BYBIT)
    body = spoiled("bybit", "all_liquidation", questions, Recipe(0, ())).bytes.decode()
    sizes = re.findall(r'v\\": \\"([0-9.]+)', body)
    assert len(sizes) == len(set(sizes)) == 4


@pytest.mark.parametrize("kind", ["swap", "borrow", "wrap", "drop", "double", "reverse", "rename"])
def test_no_step_fails_wherever_it_is_taken(kind):
    for name in ("bybit", "binance_coin_m", "hyperliquid"):
        reader = next(r for r in READERS if r.source == name and r.table is LIQUIDATIONS)
        questions = Bench().payload_of(reader)
        for at in range(60):
            steps = (Step(kind, at, at * 7), Step(kind, at * 3, at))
            assert spoiled(name, reader.dataset, questions, Recipe(at, steps)).kind == "bytes"


def test_a_second_run_goes_on_where_the_first_ended(tmp_path, capsys):
    asked = ["--readers", "bybit/funding/*", "--shard", "50", "--state", str(tmp_path)]
    assert command.main([*asked, "--per-reader", "100"]) == 0
    first = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.json")}
    assert command.main([*asked, "--per-reader", "150"]) == 0
    second = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.json")}
    assert (len(first), len(second)) == (2, 3)
    assert first.items() <= second.items()
    assert "150 answers, at least 150 of each of 1 readers" in capsys.readouterr().out


def test_a_run_stops_when_its_time_is_over_and_says_that_it_can_go_on(tmp_path, capsys):
    asked = ["--readers", "bybit/funding/*", "--seconds", "-1", "--state", str(tmp_path)]
    assert command.main(asked) == 0
    assert "goes on from here" in capsys.readouterr().out
    assert list(tmp_path.rglob("*.json")) == []


def test_a_failure_is_told_with_its_seed_and_ends_with_one(tmp_path, capsys, monkeypatch):
    wrong = altered(BYBIT, read=mistake("turns some sides"))
    monkeypatch.setattr(command, "READERS", [wrong])
    assert command.main(["--per-reader", "125", "--state", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    seed = re.search(r"--only (\d+)", told)[1]
    assert list(tmp_path.rglob("*.json")) == []
    assert command.main(["--readers", name_of(wrong), "--only", seed]) == 1
    monkeypatch.setattr(command, "READERS", [BYBIT])
    assert command.main(["--only", seed]) == 0


def test_a_name_that_no_reader_has_is_said(capsys):
    assert command.main(["--readers", "nobody/*"]) == 2
    assert "no reader" in capsys.readouterr().err


def test_shards_cover_each_seed_once_and_are_noted_by_reader(tmp_path):
    shards = list(shards_of("a/b/c", 25, 10))
    assert [(s.first, s.until) for s in shards] == [(0, 10), (10, 20), (20, 25)]
    state = State(tmp_path)
    for shard in shards:
        assert not state.has(shard)
        state.note(shard, Done(shard.until - shard.first, 1, 2))
    assert state.sums() == {"a/b/c": Done(25, 3, 6)}
