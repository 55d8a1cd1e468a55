"""Feeds of a source that tell the same events, matched over a week from what the lake holds."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from pipelines.reconcile.matching.feeds import matched_feeds
from pipelines.reconcile.told import Told
from pipelines.tables import (
    ASKINGS,
    INSTRUMENTS,
    LIQUIDATION_TOTALS,
    LIQUIDATIONS,
    LISTENING,
    MATCHES,
    UNMATCHED,
)

MONDAY = date(2025, 3, 3)
MIDNIGHT = datetime(2025, 3, 3, tzinfo=UTC)
MARKET = "okx:BTC-USDT-SWAP"
STREAM, LIST = "liquidation_orders", "liquidations"  # of OKX; the stream comes first
WHOLE = (1 << 60) - 1
FEEDS = {STREAM: "okx/liquidation_orders@2021-09-21", LIST: "okx/liquidations@2021-09-21"}


def made(table, rows):
    names = {name for row in rows for name in row}
    told = pl.DataFrame(rows, schema={n: t for n, t in table.schema.items() if n in names})
    missing = [pl.lit(None, dtype=t).alias(n) for n, t in table.schema.items() if n not in names]
    return told.with_columns(missing).select(table.schema.names())


def event(dataset, seconds, size=1, **more):
    at = MIDNIGHT + timedelta(seconds=seconds)
    row = {
        "source": "okx", "venue": "okx", "coin": "BTC", "instrument_id": MARKET, "time": at,
        "nth": 0, "position": "long", "size_coins": Decimal(size), "price": Decimal(84_000),
        "notional_usd": Decimal(84_000 * size), "feed": FEEDS.get(dataset, dataset),
        "answer": "a" * 64,
    }  # fmt: skip
    return row | more


def heard(hours=24, mask=WHOLE, dataset=STREAM):
    minutes = mask.bit_count()
    return [
        {
            "source": "okx", "venue": "okx", "dataset": dataset, "frames": 1,
            "time": MIDNIGHT + timedelta(hours=n), "minutes_heard": minutes, "minutes_mask": mask,
        }
        for n in range(hours)
    ]  # fmt: skip


def asked(after=timedelta(days=2), dataset=LIST, source="okx", subject="BTC-USDT-SWAP"):
    return {
        "source": source, "dataset": dataset, "subject": subject, "time": MIDNIGHT,
        "is_complete": True, "outcome": "answered", "answers": 1, "bytes": 1,
        "asked_at": MIDNIGHT + after,
    }  # fmt: skip


def week(events, listening=None, askings=None, instruments=()):
    listed = {
        "source": "okx", "source_symbol": "BTC-USDT-SWAP", "instrument_id": MARKET,
        "venue": "okx", "coin": "BTC", "time": MIDNIGHT,
    }  # fmt: skip
    told = Told(
        made(LIQUIDATIONS, events).lazy(),
        LIQUIDATION_TOTALS.empty(),
        made(ASKINGS, [asked()] if askings is None else askings),
        made(LISTENING, heard() if listening is None else listening),
        made(INSTRUMENTS, [listed, *instruments]),
    )
    found = matched_feeds(told, MONDAY)
    return MATCHES.conform(found.matches).to_dicts(), UNMATCHED.conform(found.unmatched).to_dicts()


def counts(row):
    names = ("matched_exactly", "matched_scored", "only_a", "only_b", "unheard_a", "unheard_b")
    return tuple(row[name] for name in names)


def test_a_market_s_day_is_counted_by_what_each_feed_told():
    both = [event(STREAM, n, n + 1) for n in range(10)] + [event(LIST, n, n + 1) for n in range(10)]
    near = [event(STREAM, 100, 50), event(LIST, 101, 50, price=Decimal(83_000))]
    alone = [event(STREAM, 200, 7), event(LIST, 300, 8), event(LIST, 400, 9)]
    (row,), unmatched = week([*both, *near, *alone])
    assert (row["dataset_a"], row["dataset_b"], row["day"]) == (STREAM, LIST, MONDAY)
    assert counts(row) == (10, 1, 1, 2, 0, 0)
    assert {(u["told_by"], u["not_told_by"], u["size_coins"]) for u in unmatched} == {
        (STREAM, LIST, 7), (LIST, STREAM, 8), (LIST, STREAM, 9),
    }  # fmt: skip
    assert all(u["was_listening"] for u in unmatched)


def test_what_was_told_while_a_stream_was_deaf_is_no_loss_of_what_it_heard():
    first_half = (1 << 30) - 1  # minutes 0 to 29 of each hour
    told = [event(LIST, 60 * minute) for minute in (5, 29, 30, 45)]
    (row,), unmatched = week(told, heard(mask=first_half))
    assert counts(row) == (0, 0, 0, 2, 2, 0)
    assert [u["was_listening"] for u in unmatched] == [True, True, False, False]


def test_a_feed_that_was_held_and_told_nothing_lacks_all_that_the_other_told():
    (row,), _ = week([event(LIST, 1)])
    assert counts(row) == (0, 0, 0, 1, 0, 0)


def test_a_list_that_was_asked_for_before_the_day_was_over_is_set_beside_nothing():
    assert week([event(STREAM, 1)], askings=[asked(timedelta(hours=9))]) == ([], [])


def test_a_feed_that_nobody_heard_or_asked_is_set_beside_nothing():
    assert week([event(STREAM, 1)], askings=[]) == ([], [])
    assert week([event(LIST, 1)], listening=[]) == ([], [])


def test_another_source_is_never_set_beside_it():
    tracker = event(LIST, 1, source="tardis", feed="tardis/liquidations@2019-01-01")
    told = [asked(), asked(source="tardis")]
    rows, unmatched = week([event(STREAM, 1), tracker], askings=told)
    assert {row["source"] for row in rows} == {"okx"}
    assert [u["source"] for u in unmatched] == ["okx"]


def test_an_event_over_midnight_is_matched_and_counts_on_the_day_of_the_first_feed():
    listening = [*heard(), *({**h, "time": h["time"] + timedelta(days=1)} for h in heard())]
    askings = [asked(), {**asked(), "time": MIDNIGHT + timedelta(days=1)}]
    last = 86_400 - 0.2
    rows, unmatched = week([event(STREAM, last), event(LIST, last + 0.5)], listening, askings)
    assert [(row["day"].day, counts(row)) for row in rows] == [
        (3, (0, 1, 0, 0, 0, 0)), (4, (0, 0, 0, 0, 0, 0)),
    ]  # fmt: skip
    assert unmatched == []


def kraken(dataset, seconds, size=1):
    more = {"source": "kraken", "venue": "kraken", "instrument_id": "kraken:PF_XBTUSD"}
    return event(dataset, seconds, size, **more, feed=f"kraken/{dataset}@2022-03-23")


def week_of_kraken(events):
    """Its executions and its tape, which show every liquidation both."""
    listening = [{**h, "source": "kraken", "venue": "kraken"} for h in heard(dataset="trade")]
    return week(events, listening, [asked(dataset="executions", source="kraken", subject="*")])


@pytest.mark.parametrize("common", [6, 7])
def test_an_estimate_needs_seven_in_common(common):
    told = [kraken(d, 10 * n, n + 1) for n in range(common) for d in ("executions", "trade")]
    (row,), _ = week_of_kraken([*told, kraken("executions", 5000)])
    assert (row["dataset_a"], row["coverage_a"], row["coverage_b"]) == ("executions", "all", "all")
    if common < 7:
        assert row["events_estimated"] is row["lost_b_pct"] is None
    else:
        assert (row["events_estimated"], row["events_estimated_se"]) == (8, 0)
        assert (row["lost_a_pct"], row["lost_b_pct"]) == (0, 12.5)


def test_feeds_that_show_by_other_rules_or_by_none_that_is_known_give_no_estimate():
    told = [event(d, 10 * n, n + 1) for n in range(9) for d in (STREAM, LIST)]
    (row,), _ = week(told)
    assert (row["coverage_a"], row["coverage_b"]) == ("one_of_second", "unknown")
    assert row["events_estimated"] is None
    later = [{**e, "time": e["time"].replace(year=2026, month=8)} for e in told]
    then = MIDNIGHT.replace(year=2026, month=8)
    (row,), _ = week(
        later,
        [{**h, "time": h["time"].replace(year=2026, month=8)} for h in heard()],
        [{**asked(), "time": then, "asked_at": then + timedelta(days=2)}],
    )
    assert (row["coverage_a"], row["coverage_b"]) == ("unknown", "unknown")
    assert row["events_estimated"] is None


def test_a_stream_for_one_kind_of_market_lacks_nothing_of_another():
    markets = {"gate:BTC_USDT": ("USDT", "linear"), "gate:BTC_USD": ("USD", "inverse")}
    listed = [
        {
            "source": "gate", "venue": "gate", "source_symbol": name.removeprefix("gate:"),
            "instrument_id": name, "coin": "BTC", "quote": quote, "margin": margin,
            "time": MIDNIGHT,
        }
        for name, (quote, margin) in markets.items()
    ]  # fmt: skip
    told = [
        event(
            dataset, 10, instrument_id=name, source="gate", venue="gate", feed=f"gate/{dataset}@x"
        )
        for dataset, name in (
            ("liquidations", "gate:BTC_USDT"),
            ("public_liquidates", "gate:BTC_USDT"),
            ("liquidations", "gate:BTC_USD"),
            ("public_liquidates_btc", "gate:BTC_USD"),
        )
    ]
    listening = [
        {**h, "source": "gate", "venue": "gate"}
        for dataset in ("public_liquidates", "public_liquidates_btc")
        for h in heard(dataset=dataset)
    ]
    askings = [asked(source="gate", subject=one["source_symbol"]) for one in listed]
    rows, unmatched = week(told, listening, askings, listed)
    assert {(r["instrument_id"], r["dataset_b"], counts(r)) for r in rows} == {
        ("gate:BTC_USDT", "public_liquidates", (1, 0, 0, 0, 0, 0)),
        ("gate:BTC_USD", "public_liquidates_btc", (1, 0, 0, 0, 0, 0)),
    }
    assert unmatched == []
