"""Kept answers in, rows and refusals out, whatever the source."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import polars as pl
import pytest

from pipelines.extract.asking import Answer
from pipelines.normalise.days import rests_on
from pipelines.normalise.engine import normalise
from pipelines.normalise.eras import Era, Reader
from pipelines.normalise.listing import listing
from pipelines.normalise.registry import LISTINGS, READERS
from pipelines.raw import ANSWERED, Asked
from pipelines.tables import FUNDING, LIQUIDATION_TOTALS
from pipelines.tables.words import Coverage

LATER = timedelta(hours=1)


def totals(*amounts, first=date(2026, 11, 10)):
    start = (first - date(1970, 1, 1)).days * 86_400
    rows = [{"t": start + n * 86_400, "l": a, "s": a} for n, a in enumerate(amounts)]
    return json.dumps([{"symbol": "BTCUSDT_PERP.A", "history": rows}]).encode()


@pytest.fixture
def asked(archive, bench):
    """Keeps an answer of Coinalyze, and reads days of it as known at an instant."""

    class Asked:
        def keep(self, body, hours=0, days=(bench.day, bench.last_day), **more):
            at = bench.asked_at + hours * LATER
            params = (("interval", "daily"), ("h", str(hours)))
            archive.keep(
                "coinalyze", "liquidations", body, subject="BTCUSDT_PERP.A",
                days=days, asked_at=at, params=params, **more,
            )  # fmt: skip

        def longs(self, hours=24, first=bench.day, last=bench.last_day):
            reader = bench.reader("coinalyze", "liquidations")
            known = bench.known("coinalyze", "price")
            at = bench.asked_at + hours * LATER
            self.made = normalise(archive.raw, reader, first, last, at, known)
            rows = self.made.rows.filter(pl.col("position") == "long").sort("time")
            return dict(rows.select(pl.col("time").dt.day(), "size_coins").iter_rows())

    return Asked()


def test_what_is_dated_after_a_feed_ended_is_refused_and_not_believed(asked, archive, bench):
    asked.keep(totals(1, 2, 3))
    reader = replace(bench.reader("coinalyze", "liquidations"), until=date(2026, 11, 11))
    known = bench.known("coinalyze", "price")
    at = bench.asked_at + LATER
    made = normalise(archive.raw, reader, bench.day, bench.last_day, at, known)
    assert set(made.rows["time"].dt.day()) == {10, 11}
    assert set(made.refused["reason"]) == {"dated after 2026-11-11, when this feed ended"}
    assert made.refused.height == 2  # a long and a short


def test_a_bucket_that_was_restated_is_told_as_it_stands_now_or_as_it_stood(asked):
    asked.keep(totals(1, 2, 3))
    asked.keep(totals(1, 9, 3), hours=2)
    assert asked.longs()[11] == Decimal(9)
    assert asked.longs(hours=1)[11] == Decimal(2)
    assert asked.made.rows.height == 6  # never both


def test_an_answer_is_silent_about_days_that_a_later_one_tells(asked):
    day = date(2026, 11, 11)
    asked.keep(totals(1, 2, 3))
    asked.keep(totals(7, first=day), hours=2, days=(day, day))
    assert asked.longs() == {10: Decimal(1), 11: Decimal(7), 12: Decimal(3)}
    assert asked.made.refused.is_empty()


def test_an_answer_about_several_is_silent_about_one_that_was_asked_again_alone(archive, bench):
    """Nothing of it is refused: its question was about that one too."""
    symbols = ("BTCUSDT_PERP.A", "1000PEPEUSDT_PERP.A")
    start = (bench.day - date(1970, 1, 1)).days * 86_400
    told = [{"symbol": s, "history": [{"t": start, "l": 1, "s": 2}]} for s in symbols]
    days = (bench.day, bench.day)
    for body, hours in ((told, 0), (told[1:], 2)):
        at = bench.asked_at + hours * LATER
        answer = Answer(
            tuple(one["symbol"] for one in body), *days, page=0, method="GET",
            address="https://x/y", params=(("interval", "daily"), ("h", str(hours))), status=200, asked_at=at,
            body=json.dumps(body).encode(),
        )  # fmt: skip
        archive.raw.keep("coinalyze", "liquidations", at, [Asked((answer,), ANSWERED)], at)
    reader, known = bench.reader("coinalyze", "liquidations"), bench.known("coinalyze", "price")
    made = normalise(archive.raw, reader, *days, bench.asked_at + 9 * LATER, known)
    assert made.refused.is_empty()
    assert (made.rows.height, made.rows["asked_at"].n_unique()) == (4, 2)


def test_an_asking_that_was_cut_short_tells_nothing(asked):
    asked.keep(totals(1, 2, 3))
    asked.keep(totals(5, 5, 5), hours=2, outcome="Unreachable")
    assert asked.longs()[10] == Decimal(1)


def test_an_answer_that_is_no_json_is_one_refused_row_and_harms_no_other(archive, bench):
    for n, (symbol, body) in enumerate(
        [("BTCUSDT", b"<html>busy</html>"), ("1000PEPEUSDT", None), ("BTCUSDT", b"\xff")]
    ):
        rows = [{"symbol": symbol, "fundingRate": "0.1", "fundingTime": 1_794_268_800_000}]
        archive.keep(
            "binance", "funding", body or json.dumps(rows).encode(), subject=symbol,
            params=(("symbol", symbol), ("n", str(n))), page=n,
        )  # fmt: skip
    reader = bench.reader("binance", "funding")
    made = normalise(
        archive.raw, reader, bench.day, bench.day, bench.asked_at, bench.known("binance")
    )
    assert made.rows["coin"].to_list() == ["PEPE"]
    assert [r.startswith("unreadable answer") for r in made.refused["reason"]] == [True, True]
    assert made.refused["row"].to_list()[0] in {"<html>busy</html>", "\ufffd"}


@pytest.mark.parametrize(
    ("source", "body"),
    [("hyperliquid", [1, 2, 3]), ("dydx", {"markets": "none"}), ("binance", {"symbol": "BTCUSDT"})],
)
def test_an_answer_of_another_shape_is_refused_whatever_taking_it_apart_trips_over(
    bench, reasons, source, body
):
    dataset = "open_interest" if source != "binance" else "funding"
    made = bench.told(source, dataset, body)
    assert made.rows.is_empty()
    assert len(reasons(made)) == 1


def test_what_an_answer_says_of_a_subject_that_only_another_was_asked_about_is_refused(
    bench, reasons
):
    reader = bench.reader("binance", "funding")
    first = bench.payload_of(reader)[0]
    rate = first.body[0]
    other = replace(first, subjects=("1000PEPEUSDT",), body=[rate | {"symbol": "1000PEPEUSDT"}])
    strays = replace(first, body=[rate, rate | {"symbol": "1000PEPEUSDT", "fundingRate": "1"}])
    made = bench.read(reader, [strays, other])
    assert sorted(made.rows["funding_rate"]) == [Decimal("0.0001"), Decimal("0.0001")]
    assert reasons(made) == ["'1000PEPEUSDT' was not asked for"]


def test_each_row_names_the_answer_that_said_it(asked, archive):
    asked.keep(totals(1, 2, 3))
    asked.longs()
    (answer,) = set(asked.made.rows["answer"])
    assert answer in set(archive.raw.index("coinalyze", "liquidations")["sha256"])
    paths = set().union(*asked.made.inputs.values())
    assert {path.split("/")[2] for path in paths} == {"bodies", "index"}


def test_the_latest_listing_stands_for_every_day(archive, bench):
    old, new = (bench.payload("kraken", "instruments")[0].body for _ in range(2))
    new["instruments"] = new["instruments"][:1]
    for hours, body in enumerate((old, new)):
        at = bench.asked_at + hours * LATER
        archive.keep("kraken", "instruments", json.dumps(body).encode(), asked_at=at)
    reader = LISTINGS["kraken"]
    assert listing(archive.raw, reader, bench.asked_at).rows.height == 3
    assert listing(archive.raw, reader, bench.asked_at + LATER).rows.height == 1
    assert listing(archive.raw, reader, bench.asked_at - LATER).rows.is_empty()


def test_eras_that_do_not_follow_one_another_are_no_reader():
    days = [date(2025, 2, 20), date(2025, 2, 20)]
    eras = tuple(Era(d, Coverage.ALL, (), iter, lambda rows, known: rows) for d in days)
    with pytest.raises(ValueError, match="must follow"):
        Reader("x", "y", FUNDING, eras)


def test_an_era_ends_on_the_eve_of_the_next_and_no_day_has_two(bench):
    for reader in READERS:
        first, last = reader.eras[0].since, date(2026, 11, 1)
        stretches = reader.stretches(first, last)
        assert stretches[0][1] == first
        assert stretches[-1][2] == last
        for (_, _, until), (_, since, _) in pairwise(stretches):
            assert since - until == timedelta(days=1)


def test_a_table_of_dollars_rests_on_its_listing_and_its_closes_too():
    assert ("coinalyze", "price") in rests_on(LIQUIDATION_TOTALS)
    assert ("coinglass", "instruments") in rests_on(LIQUIDATION_TOTALS)
