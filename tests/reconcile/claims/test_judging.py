"""Verdicts on dollars by hand: what fits, what is excluded, and what nothing follows from."""

import random
from datetime import date, timedelta

import pytest

from pipelines.reconcile.claims.judging import judge
from pipelines.reconcile.claims.ledger import ledger_now
from pipelines.reconcile.claims.searching import base_rate, search
from pipelines.tables.words import Verdict

BTC = ("coinglass", "several", "BTC", "long")
DAYS = (10, 20, 30, 40, 50, 60, 70, 15, 25, 35)  # from Monday 2022-06-13
LONG = (*DAYS, *range(101, 161))  # and two months in which nothing small happened


def verdict_of(told, windows):
    (one,) = judge([told], windows)
    return one


def of_btc(claim, value, day="2022-06-15", **more):
    named = {"source_named": "CoinGlass", "scope": "BTC", "side": "long", "window": "UTC day"}
    return claim(value, **{"event_date_utc": day} | named | more)


def test_a_figure_of_its_own_scope_window_and_side_is_supported(claim, held):
    one = verdict_of(of_btc(claim, "30M"), held((*BTC, DAYS)))
    assert one.verdict is Verdict.SUPPORTED
    assert "30 million USD in the 24 hours to 2022-06-16 00:00Z, a UTC day" in one.reason


def test_another_window_that_fits_is_only_what_it_may_mean(claim, held):
    one = verdict_of(of_btc(claim, "280.0M", "2022-06-19"), held((*BTC, LONG)))
    assert one.verdict is Verdict.COMPATIBLE
    assert "the 7 days to 2022-06-20 00:00Z, an ISO week" in one.reason


def test_a_coin_is_not_the_market_however_well_it_fits(claim, held):
    one = verdict_of(of_btc(claim, "30.00M", scope="market"), held((*BTC, LONG)))
    assert one.verdict is Verdict.COMPATIBLE
    assert "BTC" in one.reason


def test_a_trackers_figure_is_excluded_from_both_sides_by_its_own_series(claim, held):
    windows = held((*BTC, DAYS))
    for value, said in (("90M", "at most"), ("5M", "at least")):
        one = verdict_of(of_btc(claim, value), windows)
        assert one.verdict is Verdict.CONTRADICTED
        assert said in one.reason


def test_of_what_happened_a_floor_excludes_less_and_nothing_excludes_more(claim, held):
    windows = held((*BTC, DAYS))
    less, more = (of_btc(claim, value, source_named="") for value in ("5M", "90M"))
    assert verdict_of(less, windows).verdict is Verdict.CONTRADICTED
    assert verdict_of(more, windows).verdict is Verdict.NOT_CHECKABLE


def test_a_window_whose_clock_is_not_told_is_excluded_by_all_that_it_may_touch(claim, held):
    windows = held((*BTC, DAYS))
    may = of_btc(claim, "65M", window="rolling 24h")  # 30 of one day and 35 of the next may be it
    assert verdict_of(may, windows).verdict is Verdict.NOT_CHECKABLE
    cannot = of_btc(claim, "75M", window="rolling 24h")
    assert verdict_of(cannot, windows).verdict is Verdict.CONTRADICTED


def test_seven_days_are_bounded_by_the_six_that_every_window_holds(claim, held):
    windows = held((*BTC, DAYS))
    low = of_btc(claim, "150M", "2022-06-20", window="7d", source_named="")
    assert verdict_of(low, windows).verdict is Verdict.CONTRADICTED


def test_seven_coins_never_exclude_a_markets_total_from_above(claim, held):
    coins = [("coinglass", "several", coin, "long", DAYS) for coin in ["BTC", "ETH", "SOL"]]
    one = verdict_of(of_btc(claim, "9B", scope="market"), held(*coins))
    assert one.verdict is Verdict.NOT_CHECKABLE
    assert "No series held covers the whole market" in one.reason


def test_a_part_that_its_tracker_excludes_contradicts_the_claim(claim, held):
    told = of_btc(claim, "9B", scope="market", note="BTC long 800M")
    one = verdict_of(told, held((*BTC, DAYS)))
    assert one.verdict is Verdict.CONTRADICTED
    assert one.reason.startswith("Its part BTC")


def test_a_missing_day_is_named_and_is_not_zero(claim, held):
    windows = held((*BTC, (10, 20, None, 40)))
    one = verdict_of(of_btc(claim, "5B", window="7d", day="2022-06-16"), windows)
    assert one.verdict is Verdict.NOT_CHECKABLE
    assert "2022-06-15" in one.reason


def test_a_figure_to_the_last_digit_of_another_date_belongs_to_it(claim, held):
    days = [f"{n}.{n * 37 % 1000:03}421" for n in range(10, 60)]
    told = of_btc(claim, f"{days[40]}M", "2022-06-20", scope="BTC")
    one = verdict_of(told, held((*BTC, days)))
    assert one.verdict is Verdict.OTHER_DATE
    assert f"{date(2022, 6, 13) + timedelta(days=41)}" in one.reason


def test_the_chance_of_a_fit_counts_every_other_date_once(claim, held):
    days = (90, 90, 30, 90, 90, 90, 90, 90, 90, 30, 90, 90)
    found = search(of_btc(claim, "30M"), held((*BTC, days)))
    assert (found.searched, found.fitting) == (3, 1)
    # Ends are held from 06-14 to 06-25. Of the spans of two days that begin three days or more
    # from 06-15 and touch one, those that begin from 06-18 to 06-25; three hold the end of 06-23.
    assert found.dates == 8 + 1
    assert found.chance == pytest.approx(3 / 9, abs=1e-6)


def test_a_fit_that_most_dates_have_is_no_evidence(claim, held):
    told = of_btc(claim, "30M", scope="market")
    one = verdict_of(told, held((*BTC, [30] * 30)))
    assert one.verdict is Verdict.NOT_CHECKABLE
    assert "no evidence" in one.reason


def test_the_base_rate_is_the_share_of_all_windows_of_that_length(claim, held):
    told = of_btc(claim, "250M", window="7d")
    rate = base_rate(told, held((*BTC, DAYS)))
    # Weeks come to 280, 285, 290 and 295 million.
    assert (rate.reached, rate.windows, rate.share) == (4, 4, 1.0)
    assert base_rate(of_btc(claim, "290.5M", window="7d"), held((*BTC, DAYS))).share == 0.25


def test_hours_are_searched_where_they_are_held(claim, held):
    windows = held((*BTC, [1] * 40 + [5] * 24 + [1] * 30), step=3_600)
    one = verdict_of(of_btc(claim, "120M", "2022-06-15", window="rolling 24h"), windows)
    assert one.verdict is Verdict.SUPPORTED
    assert "2022-06-15 16:00Z" in one.reason


def test_an_empty_folder_leaves_only_what_needs_no_market(held):
    found = {one.id: one for one in judge(ledger_now(), held())}
    assert found["H021"].verdict is Verdict.INCONSISTENT
    assert found["H040"].verdict is Verdict.OTHER_DATE
    others = {one.verdict for name, one in found.items() if name not in ("H021", "H040")}
    assert others == {Verdict.NOT_CHECKABLE}
    assert all(one.rate is None for one in found.values())


def test_the_order_of_claims_changes_nothing(held):
    told, windows = ledger_now(), held((*BTC, DAYS))
    mixed = random.Random(7).sample(told, len(told))
    by_id = {one.id: (one.verdict, one.in_words) for one in judge(told, windows)}
    assert {one.id: (one.verdict, one.in_words) for one in judge(mixed, windows)} == by_id
