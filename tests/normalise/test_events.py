"""A forced order, from its printed size and price to coins, quote and dollars."""

from datetime import UTC, datetime
from decimal import Context, Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.normalise.eras import RATES, Known
from pipelines.normalise.events import forced, unsound
from pipelines.tables import INSTANT, INSTRUMENTS
from pipelines.tables.words import PriceKind, Unit
from pipelines.units import AMOUNT, Margin

AT = datetime(2026, 11, 10, 7, 30, tzinfo=UTC)
HOUR = datetime(2026, 11, 10, 7, tzinfo=UTC)
STEP = Decimal("1e-18")
WIDE = Context(prec=200)
TERMS = {
    "time": INSTANT,
    "margin": pl.Enum(Margin),
    "quote": pl.String(),
    "contract_size": AMOUNT,
    "coins_per_base": AMOUNT,
    "s": AMOUNT,
    "p": AMOUNT,
}
AMOUNTS = ("size_coins", "notional_quote", "notional_usd", "usd_basis")


def order(
    size, price, *, margin="linear", quote="USDT", contract="1", coins="1", unit=Unit.COINS,
    rate=None, **published,
):  # fmt: skip
    """What becomes of one order on a market of such terms."""
    digits = [None if n is None else Decimal(n) for n in (contract, coins, size, price)]
    rows = pl.DataFrame([(AT, margin, quote, *digits)], schema=TERMS, orient="row")
    rates = [] if rate is None else [(quote, HOUR, Decimal(rate))]
    looked_up = Known(INSTRUMENTS.empty(), rates=pl.DataFrame(rates, schema=RATES, orient="row"))
    made = forced(
        rows,
        looked_up,
        size=pl.col("s"),
        price=pl.col("p"),
        unit=unit,
        price_kind=PriceKind.FILL,
        **{name: pl.lit(value, dtype=AMOUNT) for name, value in published.items()},
    )
    return made.with_columns(reason=unsound()).row(0, named=True)


def amounts(*asked, **terms):
    told = order(*asked, **terms)
    return tuple(told[name] for name in AMOUNTS)


def test_coins_of_a_linear_market_are_worth_size_times_price():
    assert amounts("0.25", "88000") == (Decimal("0.25"), Decimal(22000), Decimal(22000), "par")


def test_contracts_of_a_linear_market_count_by_their_size():
    told = amounts("165", "28070", contract="0.0001", unit=Unit.CONTRACTS)
    assert told == (Decimal("0.0165"), Decimal("463.155"), Decimal("463.155"), "par")


def test_a_base_of_a_thousand_coins_is_a_thousand_coins_and_no_more_dollars():
    told = amounts("20000", "0.0104", coins="1000")
    assert told[:3] == (Decimal(20_000_000), Decimal(208), Decimal(208))


def test_inverse_contracts_are_their_own_dollars_whatever_the_price():
    terms = {"margin": "inverse", "quote": "USD", "contract": "100", "unit": Unit.CONTRACTS}
    assert amounts("7", "50000", **terms) == (
        Decimal("0.014"),
        Decimal(700),
        Decimal(700),
        "dollars",
    )
    assert amounts("7", "25000", **terms)[1:3] == (Decimal(700), Decimal(700))


@pytest.mark.parametrize("quote", ["USD", "USDT", "BTC", None])
def test_the_dollars_of_an_inverse_market_need_no_rate_and_heed_none(quote):
    told = amounts("500", "50000", margin="inverse", quote=quote, unit=Unit.USD, rate="0.5")
    assert told == (Decimal("0.01"), Decimal(500), Decimal(500), "dollars")


def test_a_rate_of_the_hour_turns_a_stable_coin_into_dollars_and_leaves_the_quote():
    assert amounts("2", "100", rate="0.9990") == (
        Decimal(2),
        Decimal(200),
        Decimal("199.8"),
        "rate",
    )


def test_dollars_that_the_venue_printed_are_kept_as_printed():
    assert amounts("0.05", "90000", published_usd=Decimal(4500))[1:] == (
        Decimal(4500),
        Decimal(4500),
        "published",
    )


def test_an_amount_of_the_quote_that_the_venue_printed_goes_before_our_product():
    told = amounts("0.05", "90000", published_quote=Decimal("4499.5"), rate="0.5")
    assert told[1:] == (Decimal("4499.5"), Decimal("2249.75"), "rate")
    assert amounts("0.05", "90000", published_quote=None)[1:3] == (Decimal(4500), Decimal(4500))


@pytest.mark.parametrize(
    ("unit", "terms"),
    [
        (Unit.USD, {"margin": "linear"}),
        (Unit.COINS, {"margin": "inverse", "quote": "USD"}),
        (Unit.CONTRACTS, {"margin": "linear", "contract": None}),
        (Unit.CONTRACTS, {"margin": "inverse", "quote": "USD", "contract": None}),
    ],
)
def test_a_unit_that_says_nothing_of_the_market_gives_no_amount_and_a_reason(unit, terms):
    told = order("5", "100", unit=unit, **terms)
    assert told["notional_usd"] is None
    assert told["reason"] == "size and price give no exact product"


@pytest.mark.parametrize(
    ("size", "price", "why"),
    [
        ("0", "100", "no positive size"),
        ("-1", "100", "no positive size"),
        (None, "100", "no positive size"),
        ("1", "0", "no positive price"),
        ("1", None, "no positive price"),
        ("99999999999999999999", "99999999999999999999", "size and price give no exact product"),
        ("1", "100", None),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(size, price, why):
    assert order(size, price)["reason"] == why


def rounded(left, right):
    """A product as a decimal of 18 places holds it."""
    return WIDE.quantize(WIDE.multiply(left, right), STEP)


@settings(max_examples=100, deadline=None)
@given(
    st.decimals("0.00000001", "1000000000", allow_nan=False, places=8),
    st.sampled_from(["0.0001", "0.001", "0.01", "0.1", "1", "10", "1000"]).map(Decimal),
    st.decimals("0.00000001", "1000000", allow_nan=False, places=8),
)
def test_contracts_times_their_size_times_the_price_is_exact_arithmetic(contracts, size, price):
    told = order(str(contracts), str(price), contract=str(size), unit=Unit.CONTRACTS)
    base = rounded(contracts, size)
    assert told["size_coins"] == base
    assert WIDE.multiply(contracts, size) == base  # nothing was rounded here
    assert abs(told["notional_quote"] - WIDE.multiply(base, price)) <= STEP / 2
    assert told["notional_usd"] == told["notional_quote"]


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 10**9).map(Decimal),
    st.sampled_from(["1", "10", "100"]).map(Decimal),
    st.decimals("0.0001", "1000000", allow_nan=False, places=4),
)
def test_an_inverse_order_keeps_every_dollar_and_its_coins_to_the_eighteenth_place(
    contracts, size, price
):
    terms = {"margin": "inverse", "quote": "USD", "unit": Unit.CONTRACTS}
    told = order(str(contracts), str(price), contract=str(size), **terms)
    dollars = contracts * size
    assert (told["notional_quote"], told["notional_usd"]) == (dollars, dollars)
    assert abs(told["size_coins"] - WIDE.divide(dollars, price)) <= STEP
