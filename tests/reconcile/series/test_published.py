"""A venue's share of printed totals, and where it broke."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.catalogue import CATALOGUE
from pipelines.house import House
from pipelines.lake import days_between
from pipelines.normalise.days import write_days
from pipelines.reconcile.series.published import published_shares, rounding, share_breaks
from pipelines.settings import Settings
from pipelines.tables import CLAIMS
from pipelines.web import Web


def claim(name, day, value, scope="market", side="total", parts=(), maker="Bybt"):
    told = [{"by": "venue", "what": what, "value_usd": usd} for what, usd in parts]
    return {
        "claim_id": name, "time": datetime(2021, 4, day, tzinfo=UTC),
        "first_day": date(2021, 4, day), "last_day": date(2021, 4, day),
        "scope": scope, "side": side, "source_named": maker, "value_usd": Decimal(value),
        "note": json.dumps({"parts": told}) if told else None,
    }  # fmt: skip


def shares(*claims):
    return published_shares(pl.DataFrame(list(claims)))


def test_a_part_beside_its_whole_has_a_share_as_wide_as_the_rounding():
    (row,) = shares(claim("A", 18, "10100000000", parts=[("Binance", "5000000000")])).to_dicts()
    assert (row["low"], row["share"], row["high"]) == (0.44335, 0.49505, 0.547264)


def test_a_venue_alone_is_set_beside_the_market_of_the_same_maker_side_and_days():
    whole = claim("A", 18, "9850000000", parts=[("Binance", "4000000000")])
    alone = claim("B", 18, "4430000000", scope="Binance")
    others = [
        claim("C", 18, "1", scope="Binance", maker="another"),
        claim("D", 18, "1", scope="Binance", side="long"),
        claim("E", 25, "1", scope="Binance"),
        claim("F", 18, "1", scope="BTC"),
    ]
    found = shares(whole, alone, *others)
    assert found.select("part_claim", "whole_claim").rows() == [("A", "A"), ("B", "A")]


def test_shares_that_rounding_lets_meet_are_no_break():
    before = claim("A", 1, "1000000000", parts=[("Binance", "300000000")])
    after = claim("B", 20, "1000000000", parts=[("Binance", "200000000")])
    assert share_breaks(shares(before, after)).is_empty()


def test_shares_of_two_makers_are_not_set_beside_each_other():
    before = claim("A", 1, "10100000000", parts=[("Binance", "5010000000")])
    after = claim("B", 20, "8610000000", parts=[("Binance", "1010000000")], maker="another")
    assert share_breaks(shares(before, after)).is_empty()


def test_a_venue_that_grows_breaks_as_one_that_shrinks():
    low = claim("A", 1, "1010000000", parts=[("Binance", "101000000")])
    high = claim("B", 20, "1010000000", parts=[("Binance", "505000000")])
    (row,) = share_breaks(shares(low, high)).to_dicts()
    assert (row["share_before"], row["share_after"]) == (0.1, 0.5)
    assert 4.9 < row["least_factor"] < 5


@given(st.integers(1, 999_999), st.integers(0, 9))
def test_the_rounding_of_a_figure_is_half_a_unit_of_its_last_digit(digits, zeros):
    value = Decimal(digits) * 10**zeros
    half = rounding(value)
    assert value % (2 * half) == 0
    assert value % (20 * half) != 0


@pytest.fixture(scope="module")
def claims(tmp_path_factory):
    """The claims as they stand in our ledger, read as every other answer is."""
    house = House(tmp_path_factory.mktemp("claims"))
    first, last = date(2021, 4, 16), date(2021, 5, 20)
    with Web(Settings(market="live", data=house.root), house) as web:
        web.ask(CATALOGUE["ledger/claims"], days_between(first, last))
        now = web.clock.now()
    list(write_days(house.raw, house.lake, CLAIMS, first, last, now))
    return house.lake.read(CLAIMS, first, last).filter(pl.col("last_day") <= last)


def test_binance_broke_between_april_and_may_2021_by_printed_numbers_alone(claims):
    """Five tellings, H001 H003 H005 against H010: nearly half of the market, then an eighth of it,
    and at least 2.2 times less however the figures were rounded. The day itself is not printed.
    """
    found = published_shares(claims)
    of_binance = found.filter(pl.col("venue") == "Binance")
    assert [round(share, 2) for share in of_binance["share"]] == [0.5, 0.53, 0.44, 0.45, 0.12, 0.12]
    assert share_breaks(found).to_dicts() == [
        {
            "venue": "Binance", "source_named": "Bybt",
            "last_before": date(2021, 4, 19), "first_after": date(2021, 5, 18),
            "shares_before": 4, "shares_after": 2,
            "share_before": 0.478341, "low_before": 0.435961, "high_before": 0.547264,
            "share_after": 0.120639, "low_after": 0.057803, "high_after": 0.2,
            "least_factor": 2.179805, "threshold": 1.5,
            "claims_before": "H001, H002, H003, H005", "claims_after": "H008, H009, H010",
        }
    ]  # fmt: skip
