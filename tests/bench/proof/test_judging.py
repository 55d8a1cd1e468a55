"""Bounds, guards, gaps and intervals beside a truth, with stand-ins for what is judged."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from bench.proof.binomial import at_least, at_most, interval
from bench.proof.bounds import HOUR_MS, bounds
from bench.proof.gaps import tables
from bench.proof.guards import fired, unnoticed
from bench.proof.judged import CELLS, ESTIMATES, PARTS, REFUSED, Judged
from bench.proof.seen import Canonical
from bench.proof.shards import Shard, code_digest, made, shards
from bench.proof.tables import every
from bench.proof.weeks import Judges, Result, result
from bench.truth import main
from replica.truth import Planted, TruthWeek, week

SIZE = 0.02


@pytest.fixture(scope="module")
def true() -> TruthWeek:
    return week(31, size=SIZE)


def known(true: TruthWeek, low: float = 0.5, high: float = 2.0) -> Judged:
    """A judge that knows the truth, and prints it so many times."""
    price = pl.lit(100.0)
    coins = pl.col("coins") + pl.col("inverse_usd") / price
    cells = true.cells.select(
        "venue",
        "coin",
        "position",
        (pl.col("hour").dt.epoch("ms") // HOUR_MS).cast(pl.Int32).alias("hour"),
        price_usd=price,
        at_least_coins=coins * low,
        at_most_coins=coins * high,
        at_least_by=pl.lit("truth"),
        at_most_by=pl.lit("truth"),
        flags=pl.lit(""),
    )
    return Judged(cells.cast(CELLS), REFUSED.to_frame(), ESTIMATES.to_frame())  # type: ignore[arg-type]


def test_bounds_around_the_truth_are_not_broken(true: TruthWeek) -> None:
    told = bounds(true, known(true))
    assert (told.above, told.below) == (0, 0)
    assert told.clear_usd == told.usd == pytest.approx(true.usd)
    assert told.cell_width == pytest.approx(1.5)


@pytest.mark.parametrize(("low", "high", "where"), [(1.01, 2.0, "below"), (0.5, 0.99, "above")])
def test_bounds_beside_the_truth_are_broken_in_every_cell(
    true: TruthWeek, low: float, high: float, where: str
) -> None:
    told = bounds(true, known(true, low, high))
    assert getattr(told, where) == true.cells.height
    assert {one.by for one in told.broken} == {"truth"}


def test_a_cell_that_is_not_mentioned_is_said_to_be_empty(true: TruthWeek) -> None:
    judged = known(true)
    less = Judged(judged.cells[1:], judged.refused, judged.estimates)
    assert bounds(true, less).above == 1


def test_a_cell_under_a_flag_breaks_nothing_and_is_not_clear(true: TruthWeek) -> None:
    judged = known(true, 1.5, 2.0)
    flagged = judged.cells.with_columns(flags=pl.lit("unbounded,doubled"))
    told = bounds(true, Judged(flagged, judged.refused, judged.estimates))
    assert (told.above, told.below, told.clear_cells) == (0, 0, 0)
    assert told.flags["doubled"] == pytest.approx(true.usd)


OKX = Planted("contract_size", "coinglass_pairs", "okx", "BTC", 0, 168, 100.0, 5e6)


def test_a_guard_fires_rightly_where_a_fault_was_planted() -> None:
    refused = pl.DataFrame(
        [("coinglass", "okx", "BTC", "exceeds_volume"), ("gate", "gate", "BTC", "doubled")],
        schema=REFUSED,
        orient="row",
    )
    right, wrong = fired(refused, [OKX])
    assert {right.guard: right.kinds, wrong.guard: wrong.kinds} == {
        "exceeds_volume": ("contract_size",),
        "doubled": (),
    }
    assert unnoticed(refused, [OKX]) == []
    assert unnoticed(REFUSED.to_frame(), [OKX]) == ["contract_size"]


class Told:
    """Tellings of ten million each, but for those given, whose gaps are put down to units."""

    def __init__(self, venues: tuple[str, ...] = ("okx",), **usd: int) -> None:
        names = ("feeds", "coinalyze", "coinglass", "coinglass_pairs")
        self.usd = {name: Decimal(usd.get(name, 10_000_000)) for name in names}
        self.venues = dict.fromkeys(self.usd, frozenset(venues))

    def parts(self, a: str, b: str, position: str | None) -> pl.DataFrame:
        sign = 1 if a == "coinglass_pairs" else -1
        return pl.DataFrame(
            {"cause": ["unit", "unexplained"], "part_usd": [sign * 4_900_000, sign * 100_000]},
            schema=PARTS,
        )


def test_what_is_missing_parts_two_only_in_venues_that_the_other_tells() -> None:
    smaller = replace(OKX, factor=0.1, effect_usd=-5e6)
    met, unmet = (
        next(t for t in tables(Told(venues), [smaller]) if t.b == "coinglass_pairs").causes
        for venues in (("okx",), ("bybit",))
    )
    assert [c.effect_usd for c in met] == [5e6]
    assert unmet == ()


def test_a_cause_is_recovered_if_its_part_has_the_sign_of_what_was_planted() -> None:
    told = Told(coinglass_pairs=15_000_000)
    of_pairs = {(t.a, t.b): t for t in tables(told, [OKX])}
    found = of_pairs["coinalyze", "coinglass_pairs"]
    assert found.adds_up
    assert [(c.kind, c.effect_usd, c.is_recovered) for c in found.causes] == [
        ("contract_size", -5e6, True)
    ]
    assert (found.named, found.invented) == (("unit",), ())
    assert of_pairs["coinalyze", "coinglass"].causes == ()
    assert of_pairs["coinalyze", "coinglass"].invented == ("unit",)
    assert not of_pairs["coinalyze", "coinglass"].adds_up


def test_the_exact_interval_is_that_of_the_tables() -> None:
    """Clopper and Pearson, 95%: 7 of 10 and 0 of 10, as every textbook has them."""
    assert interval(7, 10, 0.95) == pytest.approx((0.3475, 0.9333), abs=1e-4)
    assert interval(0, 10, 0.95) == pytest.approx((0.0, 0.3085), abs=1e-4)
    assert interval(500, 500)[0] == pytest.approx(0.005 ** (1 / 500))
    assert at_least(3, 10, 0.4) + at_most(2, 10, 0.4) == pytest.approx(1)


BROKEN = {
    "venue": "okx", "coin": "BTC", "position": "long", "hour": 494_000, "at_least": 2.5,
    "truth": 2.0, "at_most": 9.0, "by": "coinalyze",
}  # fmt: skip


def of_week(seed: int, scratch: Path | None) -> Result:
    """A result that costs nothing: the tables must take it as it is."""
    regime = ("calm", "trending", "cascade", "cascades")[seed % 4]
    estimate = {"level": "total", "sides": "both", "venue": "", "estimate_usd": 11.0}
    return {
        "seed": seed,
        "regime": regime,
        "process": "price_feedback" if seed % 5 == 0 else "split_orders",
        "usd": 10.0,
        "shown_usd": 5.0,
        "bounds": {
            "cells": 4, "clear_cells": 3, "above": 0, "below": 1, "usd": 10.0, "clear_usd": 9.0,
            "least_usd": 5.0, "width_usd": 18.0, "cell_width": 2.0, "flags": {"unbounded": 1.0},
            "broken": [BROKEN],
        },
        "fired": [{"guard": "doubled", "source": "gate", "venue": "gate", "kinds": []}],
        "unnoticed": ["contract_size"],
        "trackers": {"coinalyze": 4.0, "coinglass": 6.0},
        "estimates": [estimate | {"low_usd": 9.0, "high_usd": 12.0, "truth_usd": 10.0}],
        "gaps": [],
        "seconds": {"simulated": 1.0, "read": 2.0},
    }  # fmt: skip


def test_a_run_goes_on_where_it_ended_and_tells_the_same(tmp_path: Path) -> None:
    todo = shards(0, 5, 2)
    assert [(one.first, one.end) for one in todo] == [(0, 2), (2, 4), (4, 5)]
    first = made(todo[:2], tmp_path, 1, lambda line: None, of_week)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    said: list[str] = []
    every_one = made(todo, tmp_path, 1, said.append, of_week)
    assert every_one[:4] == first
    assert [one["seed"] for one in every_one] == [0, 1, 2, 3, 4]
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert said[0].startswith("3 shards, 2 of them made before")
    assert said[-1].startswith("3/3 shards, seeds 4:5, ETA 0:00:00")


def test_a_shard_of_other_code_is_not_read(tmp_path: Path) -> None:
    shard = Shard(0, 1)
    shard.place(tmp_path, "0" * 12).write_text("not JSON", "utf-8")
    assert made([shard], tmp_path, 1, lambda line: None, of_week)[0]["seed"] == 0
    assert shard.place(tmp_path, code_digest()).exists()


def test_the_tables_count_what_the_weeks_hold() -> None:
    text = "\n".join(every([of_week(seed, None) for seed in range(20)], 1.9))
    assert "| **all** | 20 | 80 | 60 | 0 | 20 | 90.00% | 2.000 | 2.000 |" in text
    assert "| 0 | okx | BTC | long | 494000 | 2.5 | 2 | 9 | coinalyze |" in text
    assert "| doubled | 0 | 20 | gate of gate 20 |" in text
    assert "| contract_size | 20 |" in text
    estimate = "| **all** | 16 | 16 | 16 | 100.00% | 0.718 to 1.000 | yes | 10.00 |"
    assert estimate in text
    assert "| **all** | 16 | 10.000 | 50.000 | 50.000 | 40.000 | 0.000 | 5.000 | 50.000 |" in text


def test_a_week_is_judged_from_its_seed_to_its_result() -> None:
    def silent(canonical: Canonical) -> Judged:
        return Judged(CELLS.to_frame(), REFUSED.to_frame(), ESTIMATES.to_frame())

    told = result(2, None, Judges(silent, None), size=SIZE)
    again = result(2, None, Judges(silent, None), size=SIZE)
    assert told["bounds"]["above"] == told["bounds"]["cells"] > 0
    one, other = (json.dumps(dict(each) | {"seconds": 0}, sort_keys=True) for each in (told, again))
    assert one == other


@pytest.mark.parametrize("words", [["--seeds", "5:5"], ["--seeds", "0:2000000"], ["--jobs", "0"]])
def test_bad_words_end_the_command_before_anything_is_made(words: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(words)
