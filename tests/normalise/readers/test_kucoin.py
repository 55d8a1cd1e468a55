"""KuCoin: what its answers mean.

The payloads have the shapes that ccxt 4.5.90 and the vendor's SDK 1.3.2 quote; numbers are our own.
"""

from decimal import Decimal

import polars as pl
import pytest

from pipelines.tables import LIQUIDATION_TOTALS, LIQUIDATIONS


def test_nothing_is_read_as_a_liquidation(bench):
    tables = {r.table for r in bench.readers() if r.source == "kucoin"}
    assert not tables & {LIQUIDATIONS, LIQUIDATION_TOTALS}


def test_a_minus_before_the_multiplier_is_an_inverse_contract_of_dollars(bench):
    rows = bench.of("kucoin", "instruments").rows
    names = ("symbol", "coin", "quote", "margin", "contract_size", "is_perpetual")
    assert sorted(rows.select(names).rows()) == [
        ("1000BONKUSDTM", "BONK", "USDT", "linear", Decimal(10), True),
        ("ETHUSDTM", "ETH", "USDT", "linear", Decimal("0.01"), True),
        ("XBTMZ26", "BTC", "USD", "inverse", Decimal(1), False),
        ("XBTUSDM", "BTC", "USD", "inverse", Decimal(1), True),
        ("XBTUSDTM", "BTC", "USDT", "linear", Decimal("0.001"), True),
    ]
    thousand = rows.filter(pl.col("symbol") == "1000BONKUSDTM")
    assert thousand["coins_per_base"].to_list() == [Decimal(1000)]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"isInverse": None}, "unknown isInverse 'null'"),
        ({"isInverse": "perhaps"}, "unknown isInverse 'perhaps'"),
        ({"multiplier": 0}, "no contract size"),
        ({"multiplier": "many"}, "no contract size"),
    ],
)
def test_a_contract_that_is_not_explained_is_refused_alone(bench, reasons, changed, reason):
    body = bench.payload("kucoin", "instruments")[0].body
    body["data"][0] |= changed
    told = bench.told("kucoin", "instruments", body)
    assert reasons(told) == [reason]
    assert told.rows.height == 4


def test_open_interest_counts_lots_of_coins_or_of_dollars(bench):
    rows = bench.of("kucoin", "open_interest").rows
    names = ("instrument_id", "open_interest_coins", "open_interest_usd", "usd_basis")
    assert set(rows.select(names).rows()) == {
        ("kucoin:ETHUSDTM", Decimal("80539.6"), None, None),
        ("kucoin:ETHUSDTM", Decimal("80539.5"), None, None),
        ("kucoin:XBTUSDM", None, Decimal(25_000_000), "dollars"),
    }


def test_open_interest_that_is_not_told_is_not_zero(bench, reasons):
    body = bench.payload("kucoin", "open_interest")[0].body
    body["data"][0]["openInterest"] = None
    told = bench.told("kucoin", "open_interest", body)
    assert reasons(told) == ["no exact open interest"]
    assert told.rows.height == 1


def test_a_rate_with_an_exponent_is_read_to_the_digit(bench):
    rows = bench.told(
        "kucoin",
        "funding",
        b'{"code":"200000","data":[{"symbol":"XBTUSDTM","fundingRate":2.26E-4,'
        b'"timepoint":1794268800000}]}',
    ).rows
    assert rows["funding_rate"].to_list() == [Decimal("0.000226")]


def test_the_row_of_another_contract_is_refused(bench, reasons):
    body = bench.payload("kucoin", "funding")[0].body
    body["data"][0]["symbol"] = "ETHUSDTM"
    told = bench.told("kucoin", "funding", body)
    assert reasons(told) == ["'ETHUSDTM' was not asked for"]
    assert told.rows.height == 1


def test_candles_count_lots_and_an_inverse_lot_is_dollars(bench):
    rows = bench.of("kucoin", "candles").rows
    shown = ("instrument_id", "volume_coins", "turnover_usd")
    assert set(rows.select(shown).rows()) == {
        ("kucoin:XBTUSDTM", Decimal("12.5"), Decimal(1_125_625)),
        ("kucoin:XBTUSDM", None, Decimal(640_000)),
    }


def test_the_places_of_a_candle_are_open_high_low_close(bench):
    first = bench.of("kucoin", "candles").rows.row(0, named=True)
    told = [first[name] for name in ("open", "high", "low", "close")]
    assert told == [Decimal(90_000), Decimal("90100.5"), Decimal(89_900), Decimal(90_060)]
