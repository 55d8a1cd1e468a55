"""Claims in a line and in a file: many spellings, and a bad row that spoils no other."""

from datetime import UTC, date, datetime

import pytest

from pipelines.reconcile.claims.claim import Unread
from pipelines.reconcile.claims.files import read_file
from pipelines.reconcile.claims.ledger import ledger_now
from pipelines.reconcile.claims.sentence import read_sentence

DAY, WEEK = 86_400, 604_800


@pytest.mark.parametrize(
    "text",
    [
        "2.3B longs 7d 2025-11-07",
        "2025-11-07: $2.3 billion long, 1w",
        "longs of 2.3bn in the past 7 days, Nov 7, 2025",
        "7 November 2025 week longs 2300000000",
        "2,300 million long weekly 2025-11-07",
    ],
)
def test_one_claim_has_many_spellings(text):
    told = read_sentence(text)
    assert told.amount.value_usd == 2_300_000_000
    assert (told.side, told.span.length_s, told.event_day) == ("long", WEEK, date(2025, 11, 7))
    assert told.scope.is_market


@pytest.mark.parametrize(
    ("text", "venue", "coin", "source"),
    [
        ("60M BTC 24h Bybit 2025-02-03", "bybit", "BTC", ""),
        ("60M ethereum day 2025-02-03 CoinGlass", None, "ETH", "CoinGlass"),
        ("60M 24h on Huobi 2021-04-18", "htx", None, ""),
    ],
)
def test_a_scope_and_a_source_may_be_named(text, venue, coin, source):
    told = read_sentence(text)
    assert (*told.scope.cell, told.source_named) == (venue, coin, source)


def test_a_range_of_days_is_searched_whole_and_a_year_is_itself():
    month = read_sentence("2.3B longs 7d 2025-11-01..2025-11-30").span
    assert month.last_end == datetime(2025, 12, 1, tzinfo=UTC)
    assert not month.is_one
    year = read_sentence("150B 2025").span
    assert year.is_one
    assert year.length_s == 365 * DAY


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2.3B longs", "names no date"),
        ("longs 7d 2025-11-07", "names no figure"),
        ("5B 24h 2025-13-01", "is no day"),
        ("", "names no date"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(text, why):
    with pytest.raises(ValueError, match=why) as caught:
        read_sentence(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"value_usd": "abc"}, "is no number of dollars"),
        ({"value_usd": ""}, "has no value_usd"),
        ({"value_usd": "0"}, "it is zero"),
        ({"event_date_utc": "someday"}, "is no day"),
        ({"event_date_utc": "2025-02-30"}, "is no day"),
        ({"side": "sideways"}, "is none of long, short, total"),
    ],
)
def test_a_bad_row_says_why_and_spoils_no_other(read, changed, why):
    row = {"claim_id": "A", "event_date_utc": "2025-11-07", "value_usd": "5B", "side": "longs"}
    bad, good = read(row | changed, row | {"claim_id": "B"})
    assert isinstance(bad, Unread)
    assert why in bad.reason
    assert good.id == "B"


def test_columns_may_lack_and_rows_without_a_name_are_named_by_their_place(read):
    one, two = read(*[{"event_date_utc": "2025-11", "value_usd": "2.3B"}] * 2)
    assert (one.id, two.id) == ("row 1", "row 2")
    assert (one.side, one.scope.words, one.span.length_s) == ("total", "market", None)


def test_an_unquoted_comma_and_an_id_given_twice_are_refused():
    body = (
        b"claim_id,event_date_utc,value_usd\nA,2025-11-07,2,300,000\nB,2025-11-07,5\nB,2025-11-07,6"
    )
    comma, good, again = read_file(body)
    assert "more fields" in comma.reason
    assert good.id == "B"
    assert "given twice" in again.reason


@pytest.mark.parametrize("body", [b"", b"a,b\n1,2", b"\xff\xfe\x00"])
def test_what_is_no_file_of_claims_is_refused_in_one_line(body):
    with pytest.raises(ValueError, match=r"column|UTF-8"):
        read_file(body)


def test_every_claim_of_our_ledger_can_be_read_and_a_told_hour_narrows_its_window():
    told = {one.id: one for one in ledger_now()}
    assert len(told) == 40
    assert not [one for one in told.values() if isinstance(one, Unread)]
    ends = (told["H028"].span.first_end, told["H028"].span.last_end)
    assert ends == (datetime(2025, 9, 22, 7, tzinfo=UTC), datetime(2025, 9, 22, 9, tzinfo=UTC))
    assert {part.by for part in told["H022"].noted.parts} == {"side", "venue"}
