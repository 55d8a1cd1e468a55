"""The clock can be set, runs on from there, and speaks UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pipelines.clock import Clock, instant, iso

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def test_a_set_clock_runs_on_from_its_instant():
    passed = iter([5.0, 65.0])
    clock = Clock(NOON, began=5.0, monotonic=lambda: next(passed))
    assert clock.now() == NOON
    assert clock.now() == NOON + timedelta(minutes=1)


def test_instants_as_text_sort_in_the_order_of_time():
    instants = [NOON + timedelta(microseconds=n**3) for n in range(100)]
    assert sorted(map(iso, instants)) == [iso(i) for i in instants]


def test_an_instant_without_an_offset_is_utc_and_any_other_becomes_so():
    assert instant("2026-11-18T12:00:00") == NOON
    assert instant("2026-11-18T21:00:00+09:00") == NOON
    assert iso(NOON.astimezone(timezone(timedelta(hours=9)))) == "2026-11-18T12:00:00.000000Z"
    with pytest.raises(ValueError, match="Invalid isoformat"):
        instant("soon")
