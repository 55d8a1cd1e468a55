"""ISO weeks in UTC."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from pipelines.weeks import NotAWeekError, Week

ALL_DAYS = [date(2015, 1, 1) + timedelta(days=n) for n in range(26 * 366)]


def test_the_last_monday_of_2026_begins_week_53():
    week = Week.parse("2026-W53")
    assert (week.monday, week.sunday) == (date(2026, 12, 28), date(2027, 1, 3))
    assert Week.of(date(2027, 1, 1)) == week
    assert week.name == "2026-W53"


@pytest.mark.parametrize(
    "text",
    ["2025-W53", "2025-W60", "2025-W00", "2025-W5", "2025W05", "2025-w05", "2025-W05 ", "",
     "2025-05", "25-W05", "2025-W005", "２０２５-W05", "2021-W53", "0000-W01"],
)  # fmt: skip
def test_what_is_no_week_is_refused(text):
    with pytest.raises(NotAWeekError):
        Week.parse(text)


def test_every_day_of_26_years_is_in_the_week_that_the_calendar_says():
    for day in ALL_DAYS:
        year, number, weekday = day.isocalendar()
        week = Week.of(day)
        assert week.name == f"{year}-W{number:02}"
        assert day - week.monday == timedelta(days=weekday - 1)
        assert Week.parse(week.name) == week


def test_a_year_has_53_weeks_when_the_calendar_says_so_and_no_more():
    for year in range(2015, 2041):
        weeks = {Week.of(day).name for day in ALL_DAYS if day.isocalendar().year == year}
        last = date(year, 12, 28).isocalendar().week
        assert weeks == {f"{year}-W{n:02}" for n in range(1, last + 1)}
        if last == 52:
            with pytest.raises(NotAWeekError, match="no week 53"):
                Week.parse(f"{year}-W53")


def test_a_week_is_over_at_the_first_instant_of_the_next_monday_utc():
    week = Week.parse("2022-W24")
    end = datetime(2022, 6, 20, tzinfo=UTC)
    assert not week.is_over(end - timedelta(microseconds=1))
    assert week.is_over(end)
    assert week.is_over(end.astimezone(timezone(timedelta(hours=-9))))


def test_the_last_complete_week_is_judged_in_utc():
    tokyo = timezone(timedelta(hours=9))
    assert Week.last_complete(datetime(2022, 6, 20, 8, tzinfo=tokyo)).name == "2022-W23"
    assert Week.last_complete(datetime(2022, 6, 20, 9, tzinfo=tokyo)).name == "2022-W24"
