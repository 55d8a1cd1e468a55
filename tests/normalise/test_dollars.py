"""From an amount of the quote to dollars: the dollar itself, the rate of the hour, or par."""

from datetime import UTC, datetime
from decimal import Context, Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.normalise.dollars import in_dollars, rates_of
from pipelines.normalise.eras import RATES, Known
from pipelines.tables import CANDLES, INSTANT, INSTRUMENTS
from pipelines.units import AMOUNT

SEVEN = datetime(2026, 11, 10, 7, tzinfo=UTC)
IN_IT = datetime(2026, 11, 10, 7, 59, 59, 999000, tzinfo=UTC)
EIGHT = datetime(2026, 11, 10, 8, tzinfo=UTC)
STEP = Decimal("1e-18")
WIDE = Context(prec=200)


def known(*rates):
    """What a reader may look up: (quote, hour, rate)."""
    held = [(quote, hour, Decimal(rate)) for quote, hour, rate in rates]
    return Known(INSTRUMENTS.empty(), rates=pl.DataFrame(held, schema=RATES, orient="row"))


def dollars(rows, looked_up):
    """(amount in dollars, how they came about) of rows (quote, instant, amount of the quote)."""
    schema = {"quote": pl.String(), "time": INSTANT, "notional_quote": AMOUNT}
    frame = pl.DataFrame(
        [(quote, at, None if a is None else Decimal(a)) for quote, at, a in rows],
        schema=schema,
        orient="row",
    )
    return in_dollars(frame, looked_up).select("notional_usd", "usd_basis").rows()


def candles(*rows):
    """Canonical candles of (coin, hour, seconds, close)."""
    given_ = [
        {"coin": coin, "time": hour, "interval_s": seconds, "close": Decimal(close)}
        for coin, hour, seconds, close in rows
    ]
    frame = pl.DataFrame(given_, schema_overrides=dict(CANDLES.schema))
    return frame.select("coin", pl.col("time").cast(INSTANT), "interval_s", "close")


def test_a_stable_coin_is_worth_what_its_own_hour_closed_at():
    looked_up = known(("USDT", SEVEN, "0.9991"), ("USDT", EIGHT, "1.0002"))
    rows = [("USDT", SEVEN, "1000"), ("USDT", IN_IT, "1000"), ("USDT", EIGHT, "1000")]
    assert dollars(rows, looked_up) == [
        (Decimal("999.1"), "rate"),
        (Decimal("999.1"), "rate"),
        (Decimal("1000.2"), "rate"),
    ]


def test_without_a_rate_of_that_hour_and_coin_it_is_taken_at_par_and_says_so():
    looked_up = known(("USDC", SEVEN, "0.99"))
    assert dollars([("USDT", SEVEN, "5"), ("USDC", EIGHT, "7")], looked_up) == [
        (Decimal(5), "par"),
        (Decimal(7), "par"),
    ]


def test_the_dollar_is_a_dollar_whatever_rate_is_held():
    assert dollars([("USD", SEVEN, "5")], known(("USD", SEVEN, "0.5"))) == [(Decimal(5), "dollars")]


@pytest.mark.parametrize("quote", ["BTC", "EUR", "usdt", None])
def test_a_quote_that_is_neither_gives_no_dollars_even_at_a_rate(quote):
    looked_up = known(("BTC", SEVEN, "90000"))
    assert dollars([(quote, SEVEN, "5")], looked_up) == [(None, None)]


def test_an_instant_that_could_not_be_read_falls_into_no_hour():
    assert dollars([("USDT", None, "5")], known(("USDT", SEVEN, "0.9"))) == [(Decimal(5), "par")]


def test_no_rows_are_no_rows():
    assert dollars([], known(("USDT", SEVEN, "0.9"))) == []


def test_a_rate_is_the_close_of_an_hourly_candle_and_of_no_other():
    made = rates_of(candles(("USDT", SEVEN, 3600, "0.9991"), ("USDT", SEVEN, 60, "0.5")))
    assert made.rows() == [("USDT", SEVEN, Decimal("0.9991"))]
    assert made.schema == RATES


def test_two_candles_of_one_hour_do_not_double_what_was_liquidated():
    made = rates_of(candles(("USDT", SEVEN, 3600, "0.9"), ("USDT", SEVEN, 3600, "0.8")))
    looked_up = Known(INSTRUMENTS.empty(), rates=made)
    assert dollars([("USDT", SEVEN, "10")], looked_up) == [(Decimal(9), "rate")]


@settings(max_examples=80, deadline=None)
@given(
    st.decimals("0.000000000000000001", "1000000000", allow_nan=False, places=18),
    st.decimals("0.9", "1.1", allow_nan=False, places=8),
)
def test_nothing_is_lost_or_rounded_but_behind_the_eighteenth_place(amount, rate):
    ((got, basis),) = dollars([("USDT", SEVEN, str(amount))], known(("USDT", SEVEN, str(rate))))
    true = WIDE.multiply(amount, rate)
    assert abs(WIDE.subtract(got, true)) <= STEP / 2
    assert basis == "rate"
