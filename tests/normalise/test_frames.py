"""Captured frames: torn lines, signs of life, and when a capture listened."""

import io
import json
import os
import time
from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest

from pipelines.normalise.asked import listening
from pipelines.normalise.frames import heard

T0 = 1_794_268_800_000  # 2026-11-10
ALIVE = b'{"received_at":"2026-11-10T07:05:00.000Z","alive":true}\n'


def line(at="2026-11-10T07:03:00.000Z", size="0.5"):
    event = {"T": T0 + 1, "s": "BTCUSDT", "S": "Buy", "v": size, "p": "88000"}
    frame = json.dumps({"topic": "allLiquidation.BTCUSDT", "data": [event]})
    told = {"received_at": at, "frame": frame}
    return json.dumps(told, separators=(",", ":")).encode() + b"\n"


@pytest.mark.parametrize("cut", [1, 20, 60, 100, 140])
def test_a_line_torn_in_the_middle_is_refused_and_the_next_one_read(bench, reasons, cut):
    torn = line()[:cut] + b"\n" + line(size="0.75")
    told = bench.told("bybit", "all_liquidation", torn)
    assert told.rows.height == 1
    assert [r.startswith("unreadable frame") for r in reasons(told)] == [True]


def test_two_lines_that_ran_together_are_refused_as_one(bench, reasons):
    told = bench.told("bybit", "all_liquidation", line()[:80] + line() + line())
    assert told.rows.height == 1
    assert len(reasons(told)) == 1


def test_a_sign_of_life_is_no_frame_and_no_fault(bench):
    told = bench.told("bybit", "all_liquidation", ALIVE + line() + b"\n\n")
    assert told.rows.height == 1
    assert told.refused.is_empty()


@pytest.mark.parametrize(
    "bad",
    [
        b'{"received_at":"2026-11-10T07:03:00Z","frame":"\\ud800"}\n',
        b'{"received_at":"2026-11-10T07:03:00Z","frame":"{\\"a\\":1,\\"a\\":2}"}\n',
        b'{"received_at":"2026-11-10T07:03:00Z","frame":{"no":"text"}}\n',
        b'{"received_at":"2026-11-10T07:03:00Z"}\n',
        b"[1]\n",
        b"7\n",
        b"null\n",
        b"\xff\xfe\n",
    ],
)
def test_an_envelope_that_holds_no_frame_is_refused_and_the_next_one_read(bench, bad):
    told = bench.told("bybit", "all_liquidation", bad + line())
    assert (told.rows.height, told.refused.height) == (1, 1)


def test_a_minute_with_any_sound_was_heard_and_a_minute_counts_once(bench):
    body = line() + line() + ALIVE + line("2026-11-10T09:00:00.000+01:00") + b"{}\n"
    sounds = heard(bench.pages([bench.payload("bybit", "all_liquidation")[0]])[0])
    assert sounds.minutes == {datetime(2026, 11, 10, 0, tzinfo=UTC): {0}}
    page = bench.pages([bench.payload("bybit", "all_liquidation")[0]])[0]
    sounds = heard(type(page)(**{n: getattr(page, n) for n in page.__slots__} | {"body": body}))
    seven, eight = (datetime(2026, 11, 10, h, tzinfo=UTC) for h in (7, 8))
    assert sounds.minutes == {seven: {3, 5}, eight: {0}}
    assert (sounds.frames[seven], sounds.frames[eight]) == (2, 1)


def test_a_receive_time_without_an_offset_is_utc_in_every_place(bench, monkeypatch):
    page = bench.pages([bench.payload("bybit", "all_liquidation")[0]])[0]
    body = line("2026-11-10T07:03:00.000")
    page = type(page)(**{n: getattr(page, n) for n in page.__slots__} | {"body": body})
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert list(heard(page).minutes) == [datetime(2026, 11, 10, 7, tzinfo=UTC)]
    finally:
        monkeypatch.delenv("TZ") if before is None else monkeypatch.setenv("TZ", before)
        time.tzset()


def test_a_captured_day_has_24_hours_and_a_silent_hour_is_a_row_of_zero(archive, bench):
    archive.keep("bybit", "all_liquidation", line() + ALIVE)
    rows, _ = listening(archive.raw, bench.day, bench.day, bench.asked_at)
    assert rows.height == 24
    told = dict(rows.select(rows["time"].dt.hour(), "minutes_heard").iter_rows())
    assert (told[7], told[8]) == (2, 0)
    assert rows["frames"].sum() == 1


def segment(*sounds):
    """A collector's segment of (time, kind, connection, event or None)."""
    rows = [
        (
            datetime.fromisoformat(at),
            kind,
            session,
            b"" if frame is None else json.dumps(frame).encode(),
        )
        for at, kind, session, frame in sounds
    ]
    frame = pl.DataFrame(rows, schema=["received_at", "kind", "session", "frame"], orient="row")
    buffer = io.BytesIO()
    frame.with_columns(pl.col("received_at").cast(pl.Datetime("us", "UTC"))).write_parquet(buffer)
    return buffer.getvalue()


AT = "2026-11-10T07:03:00+00:00"


def batch(*sizes):
    events = [{"T": T0 + 1, "s": "BTCUSDT", "S": "Buy", "v": size, "p": "88000"} for size in sizes]
    return {"topic": "allLiquidation.BTCUSDT", "data": events}


def sizes_of(told):
    return sorted(told.rows["size"].cast(pl.Float64).to_list())


def test_a_segment_is_read_as_lines_are_and_only_its_events(bench):
    body = segment(
        (AT, "other", "a.1", {"op": "subscribe", "success": True}),
        (AT, "life", "a.1", {"topic": "tickers.BTCUSDT", "data": {}}),
        (AT, "event", "a.1", batch("0.5")),
        (AT, "alive", "a", None),
    )
    told = bench.told("bybit", "all_liquidation", body)
    assert sizes_of(told) == [0.5]
    assert told.refused.is_empty()


def test_what_two_connections_heard_is_one_event_and_equals_on_one_are_two(bench):
    body = segment(
        (AT, "event", "a.1", batch("0.5", "0.5", "0.75")),
        (AT, "event", "b.1", batch("0.5")),
        (AT, "event", "b.1", batch("0.75", "2")),
    )
    assert sizes_of(bench.told("bybit", "all_liquidation", body)) == [0.5, 0.5, 0.75, 2.0]


def test_what_is_told_again_after_a_new_connection_counts_once(bench):
    body = segment(
        (AT, "event", "a.1", batch("0.5")),
        (AT, "event", "a.2", batch("0.5")),
        (AT, "event", "a.2", batch("3")),
    )
    assert sizes_of(bench.told("bybit", "all_liquidation", body)) == [0.5, 3.0]


def test_archives_of_two_collectors_merge_whichever_file_each_event_is_in(bench):
    question = bench.payload("bybit", "all_liquidation")[0]
    one = segment((AT, "event", "a.1", batch("0.5", "0.5")))
    two = segment((AT, "event", "b.1", batch("0.5")), (AT, "event", "b.1", batch("7")))
    pages = [replace(question, kind="bytes", body=body) for body in (one, two)]
    reader = bench.reader("bybit", "all_liquidation", "liquidations")
    for order in (pages, pages[::-1]):
        assert sizes_of(bench.read(reader, order)) == [0.5, 0.5, 7.0]


def test_a_collector_vouches_for_minutes_itself_and_a_frame_alone_does_not(bench):
    body = segment(
        (AT, "event", "a.1", batch("0.5")),
        ("2026-11-10T07:04:59.999999+00:00", "alive", "a", None),
        ("2026-11-10T08:00:30+00:00", "life", "a.1", {}),
    )
    page = replace(bench.pages([bench.payload("bybit", "all_liquidation")[0]])[0], body=body)
    sounds = heard(page)
    seven = datetime(2026, 11, 10, 7, tzinfo=UTC)
    assert {hour: minutes for hour, minutes in sounds.minutes.items() if minutes} == {seven: {4}}
    assert sounds.frames[seven] == 1
