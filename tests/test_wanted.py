"""What is held is not asked again; what was asked too early is."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.extract.asking import Answer
from pipelines.extract.catalogue import CATALOGUE
from pipelines.extract.gather import Want
from pipelines.raw import ANSWERED, Asked, Raw
from pipelines.wanted import gaps_of, subjects_of, wants_of

PAYLOADS = Path(__file__).parent / "payloads"
FUNDING = CATALOGUE["binance/funding"]
INTEREST = CATALOGUE["binance/open_interest"]
DAILY = CATALOGUE["coinalyze/liquidations"]
LISTING = CATALOGUE["binance/instruments"]
FRAMES = CATALOGUE["bybit/all_liquidation"]
D = [date(2026, 11, 10) + timedelta(days=n) for n in range(5)]
NOW = datetime(2026, 11, 18, 6, tzinfo=UTC)


@pytest.fixture
def raw(tmp_path):
    return Raw(tmp_path)


def keep(raw, dataset, subject, first, last, *, at=NOW, outcome=ANSWERED, body=b"[]", page=0):
    one = Answer((subject,), first, last, page, "GET", "https://x/y", (), 200, at, body)
    raw.keep(dataset.source, dataset.name, at, [Asked((one,), outcome)], at)


def keep_listing(raw, source, at=NOW):
    told = json.loads((PAYLOADS / source / "instruments.json").read_text("utf-8"))
    answers = tuple(
        Answer(
            ("*",), D[0], D[0], 0, "GET", one["address"],
            tuple(one["params"].items()), 200, at, json.dumps(one["json"]).encode(),
        )
        for one in told
    )  # fmt: skip
    raw.keep(source, "instruments", at, [Asked(answers)], at)


def wants(raw, dataset, subjects, days=D, now=NOW):
    return wants_of(raw, dataset, days, subjects, now)


def test_what_is_held_is_not_asked_again(raw):
    keep(raw, FUNDING, "BTCUSDT", D[0], D[4])
    assert wants(raw, FUNDING, ("BTCUSDT",)) == []
    assert wants(raw, FUNDING, ("BTCUSDT", "NEWUSDT")) == [Want(D[0], D[4], ("NEWUSDT",))]


def test_subjects_with_the_same_gap_are_asked_together_by_range(raw):
    keep(raw, FUNDING, "A", D[0], D[2])
    assert wants(raw, FUNDING, ("A", "B", "C")) == [
        Want(D[0], D[4], ("B", "C")),
        Want(D[3], D[4], ("A",)),
    ]


def test_a_day_that_was_asked_before_it_was_over_is_asked_again(raw):
    early = datetime(2026, 11, 14, 23, 59, tzinfo=UTC)
    keep(raw, FUNDING, "A", D[0], D[4], at=early)
    assert gaps_of(raw, FUNDING, D, ("A",), NOW) == {"A": [D[4]]}
    keep(raw, FUNDING, "A", D[4], D[4], at=early + timedelta(minutes=1))
    assert gaps_of(raw, FUNDING, D, ("A",), NOW) == {}


def test_pages_turned_over_midnight_count_from_the_first_of_them(raw):
    asking = datetime(2026, 11, 14, 23, 59, 59, tzinfo=UTC)
    pages = tuple(
        Answer(
            ("A",),
            D[4],
            D[4],
            n,
            "GET",
            "https://x/y",
            (),
            200,
            asking + n * timedelta(seconds=2),
            b"",
        )
        for n in range(2)
    )
    raw.keep("binance", "funding", asking, [Asked(pages)], NOW)
    assert gaps_of(raw, FUNDING, [D[4]], ("A",), NOW) == {"A": [D[4]]}


def test_what_failed_is_asked_again(raw):
    keep(raw, FUNDING, "A", D[0], D[4], outcome="Unreachable")
    assert wants(raw, FUNDING, ("A",)) == [Want(D[0], D[4], ("A",))]


def test_what_is_held_is_not_asked_again_by_a_run_whose_clock_is_set_back(raw):
    keep(raw, FUNDING, "A", D[0], D[4], at=NOW + timedelta(hours=1))
    assert wants(raw, FUNDING, ("A",)) == []


def test_a_day_that_a_source_does_not_serve_is_not_asked_for(raw):
    month_later = NOW + timedelta(days=25)
    assert wants(raw, INTEREST, ("A",), now=month_later) == [Want(D[4], D[4], ("A",))]
    assert wants(raw, INTEREST, ("A",), now=NOW + timedelta(days=90)) == []
    assert wants(raw, DAILY, ("A",), days=[NOW.date()]) == []


def test_a_gap_in_the_middle_is_filled_by_one_range(raw):
    keep(raw, FUNDING, "A", D[0], D[0])
    keep(raw, FUNDING, "A", D[3], D[4])
    assert wants(raw, FUNDING, ("A",)) == [Want(D[1], D[2], ("A",))]


def test_a_fresh_listing_holds_for_a_day(raw):
    keep(raw, LISTING, "*", D[0], D[4], at=NOW - timedelta(hours=23))
    assert wants(raw, LISTING, ("*",)) == []
    assert wants(raw, LISTING, ("*",), now=NOW + timedelta(hours=1)) == [Want(D[0], D[4], ("*",))]


def test_a_capture_of_a_day_that_was_not_over_is_read_again(raw):
    keep(raw, FRAMES, "*", D[0], D[0], at=datetime(2026, 11, 10, 20, tzinfo=UTC))
    assert wants(raw, FRAMES, ("*",), days=D[:1]) == [Want(D[0], D[0], ("*",))]
    keep(raw, FRAMES, "*", D[0], D[0], at=NOW)
    assert wants(raw, FRAMES, ("*",), days=D[:1]) == []


def test_a_setting_of_coins_narrows_what_is_asked_but_never_open_interest(raw):
    keep_listing(raw, "binance")
    every = ("1000PEPEUSDT", "BTCUSDT", "ETHUSDT_261225")
    assert subjects_of(raw, FUNDING, (), NOW) == every
    assert subjects_of(raw, FUNDING, ("PEPE",), NOW) == ("1000PEPEUSDT",)
    assert subjects_of(raw, INTEREST, ("PEPE",), NOW) == every
    assert subjects_of(raw, FUNDING, ("DOGE",), NOW) == ()


@pytest.mark.parametrize(
    ("dataset", "coin", "subjects"),
    [
        ("bybit/funding", "BTC", ("inverse:BTCUSD", "linear:BTCPERP", "linear:BTCUSDT")),
        ("kraken/executions", "BTC", ("PF_XBTUSD", "PI_XBTUSD")),
        ("coinalyze/funding", "PEPE", ("1000PEPEUSDT_PERP.A", "KPEPE.H")),
        ("coinglass/funding", "PEPE", ("PEPE",)),
    ],
)
def test_a_coin_is_found_under_whatever_name_a_source_gives_it(raw, dataset, coin, subjects):
    keep_listing(raw, CATALOGUE[dataset].source)
    assert subjects_of(raw, CATALOGUE[dataset], (coin,), NOW) == subjects


def test_without_a_listing_there_is_nobody_to_ask_about(raw):
    assert subjects_of(raw, FUNDING, (), NOW) == ()
    assert subjects_of(raw, FRAMES, (), NOW) == ("*",)


def test_what_one_answer_tells_of_all_is_asked_about_everything_whatever_the_coins(raw):
    at_once = CATALOGUE["bitfinex/liquidations"]
    assert subjects_of(raw, at_once, (), NOW) == subjects_of(raw, at_once, ("BTC",), NOW) == ("*",)
    assert wants(raw, at_once, ("*",)) == [Want(D[0], D[4], ("*",))]
    keep(raw, at_once, "*", D[0], D[4])
    assert wants(raw, at_once, ("*",)) == []


def test_a_subject_that_a_dataset_does_not_know_is_no_gap_in_it(raw):
    keep_listing(raw, "kraken")
    funding, tape = CATALOGUE["kraken/funding"], CATALOGUE["kraken/executions"]
    assert subjects_of(raw, funding, (), NOW) == ("PF_XBTUSD", "PI_XBTUSD")
    assert "FF_ETHUSD_261225" in subjects_of(raw, tape, (), NOW)


def test_a_snapshot_is_taken_once_a_day_and_for_that_day_alone(raw):
    snapshot = CATALOGUE["kraken/open_interest"]
    today = NOW.date()
    assert wants(raw, snapshot, ("*",)) == [Want(today, today, ("*",))]
    keep(raw, snapshot, "*", today, today)
    assert wants(raw, snapshot, ("*",)) == []


def test_a_series_by_pair_is_asked_for_the_pairs_and_one_by_coin_for_the_coins(raw):
    coins = b'{"code": "0", "data": ["BTC"]}'
    pairs = b'{"code": "0", "data": {"OKX": [{"instrument_id": "BTC-USDT-SWAP"}]}}'
    for name, bodies in (("instruments", (coins, pairs)), ("pairs", (pairs,))):
        for body in bodies:
            listing = CATALOGUE[f"coinglass/{name}"]
            keep(raw, listing, "*", D[0], D[0], body=body)
    of_pairs = CATALOGUE["coinglass/pair_liquidations"]
    assert subjects_of(raw, of_pairs, (), NOW) == ("OKX:BTC-USDT-SWAP",)
    assert subjects_of(raw, CATALOGUE["coinglass/orders"], (), NOW) == ("BTC",)


WEEKS_OLD = datetime(2026, 11, 11, 2, tzinfo=UTC)  # two hours after the first of D


@pytest.mark.parametrize(
    ("later", "is_due"),
    [
        (timedelta(hours=20), False),
        (timedelta(hours=22), True),  # T+1
        (timedelta(days=8), True),
        (timedelta(days=40), True),
    ],
)
def test_a_publisher_s_sum_is_asked_again_when_a_release_has_come(raw, later, is_due):
    keep(raw, DAILY, "A", D[0], D[0], at=WEEKS_OLD)
    want = [Want(D[0], D[0], ("A",))] if is_due else []
    assert wants(raw, DAILY, ("A",), days=D[:1], now=WEEKS_OLD + later) == want


def test_what_was_asked_after_the_last_release_is_never_due_again(raw):
    keep(raw, DAILY, "A", D[0], D[0], at=WEEKS_OLD + timedelta(days=36))
    assert wants(raw, DAILY, ("A",), days=D[:1], now=WEEKS_OLD + timedelta(days=400)) == []


def test_a_release_is_asked_for_once(raw):
    keep(raw, DAILY, "A", D[0], D[0], at=WEEKS_OLD)
    again = WEEKS_OLD + timedelta(days=9)
    keep(raw, DAILY, "A", D[0], D[0], at=again)
    assert wants(raw, DAILY, ("A",), days=D[:1], now=again + timedelta(days=1)) == []


def test_events_are_not_asked_again_only_because_time_has_passed(raw):
    keep(raw, FUNDING, "A", D[0], D[4])
    assert wants(raw, FUNDING, ("A",), now=NOW + timedelta(days=40)) == []
