"""Binance COIN-M: what its answers, files and frames mean.

Shapes are documented ones; the first line of the file of liquidations is a real one of 2023-06-25
with its price moved, the tickers are real frames of 2020 with their times moved.
"""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from pipelines.tables.words import Coverage, Unit

T0 = 1_794_268_800_000  # 2026-11-10
SOURCE = "binance_coin_m"


def order(symbol="BTCUSD_PERP", side="SELL", contracts="25", price="80000", **more):
    told = {"s": symbol, "S": side, "q": contracts, "p": "80100", "ap": price, "X": "FILLED"}
    return {"e": "forceOrder", "o": told | {"z": contracts, "T": T0 + 1000} | more}


def line(side="SELL", contracts="40", status="FILLED", at=T0):
    return f"{at},{side},LIMIT,IOC,{contracts},80100.5,80000,{status},{contracts},{contracts}"


def test_a_contract_is_dollars_of_the_listing_and_stays_so_at_any_price(bench):
    """25 of 100 dollars at 80000, and 30 of 10 dollars at 80000: 2500 and 300 dollars."""
    rows = bench.of(SOURCE, "force_orders").rows
    told = {r["instrument_id"]: r for r in rows.iter_rows(named=True)}
    bitcoin, ether = told["binance:BTCUSD_PERP"], told["binance:ETHUSD_PERP"]
    assert (bitcoin["notional_usd"], bitcoin["size_coins"]) == (Decimal(2500), Decimal("0.03125"))
    assert (ether["notional_usd"], ether["size_coins"]) == (Decimal(300), Decimal("0.00375"))
    assert {(r["size_unit"], r["usd_basis"]) for r in told.values()} == {("contracts", "dollars")}
    dearer = bench.told(SOURCE, "force_orders", [order(price="160000")]).rows
    assert dearer["notional_usd"].to_list() == [Decimal(2500)]


def test_a_forced_sale_closed_a_long(bench):
    """The side is that of the order, as the vendor's SDK and two third parties say."""
    rows = bench.of(SOURCE, "force_orders").rows
    told = dict(rows.select("instrument_id", "position").iter_rows())
    assert (told["binance:BTCUSD_PERP"], told["binance:ETHUSD_PERP"]) == ("long", "short")


@pytest.mark.parametrize(
    ("frame", "word"),
    [
        (order(side="HOLD"), "unknown side 'HOLD'"),
        (order(X="MELTED"), "unknown status 'MELTED'"),
        (order("BTCUSDT"), "symbol 'BTCUSDT' is not in the listing"),
        (order() | {"st": 1}, "tell different margins"),
        (order(contracts="0"), "no positive size"),
    ],
)
def test_an_unknown_word_is_refused_and_harms_nobody_else(bench, reasons, frame, word):
    rows = bench.told(SOURCE, "force_orders", [frame, order()])
    assert [word in reason for reason in reasons(rows)] == [True]
    assert rows.rows.height == 1


def test_its_own_frames_say_less_before_2021_and_end_with_the_merge(bench):
    reader = bench.reader(SOURCE, "force_orders", "liquidations")
    eras = reader.stretches(date(2021, 4, 26), date(2021, 4, 27))
    assert [era.coverage for era, _, _ in eras] == [Coverage.UNKNOWN, Coverage.ONE_OF_SECOND]
    assert {era.shown.size for era, _, _ in eras} == {(Unit.CONTRACTS,)}
    assert reader.until == date(2026, 6, 29)
    assert reader.told_first_by == "bulk_liquidations"


def test_a_file_of_liquidations_holds_each_order_twice(bench):
    """7 and 40 contracts stand twice, 12 once: its twin is lost, and it is an order all the same."""
    rows = bench.of(SOURCE, "bulk_liquidations").rows.sort("time")
    told = rows.select("size", "position", "notional_usd", "coverage").rows()
    assert told == [
        (Decimal(7), "short", Decimal(700), "one_of_second"),
        (Decimal(40), "long", Decimal(4000), "one_of_second"),
        (Decimal(12), "long", Decimal(1200), "one_of_second"),
    ]


@pytest.mark.parametrize(("lines", "orders"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_equal_neighbours_are_halved_and_an_odd_one_counts(bench, lines, orders):
    rows = bench.told(SOURCE, "bulk_liquidations", [line()] * lines).rows
    assert rows.height == orders


def test_equal_lines_that_stand_apart_are_left_alone(bench):
    lines = [line(), line(contracts="41"), line()]
    assert bench.told(SOURCE, "bulk_liquidations", lines).rows.height == 3


def test_an_unknown_word_of_a_file_is_refused_and_the_other_lines_stand(bench, reasons):
    lines = [line(side="HOLD")] * 2 + [line(status="MELTED")] * 2 + [line()] * 2
    told = bench.told(SOURCE, "bulk_liquidations", lines)
    assert reasons(told) == ["unknown side 'HOLD'", "unknown status 'MELTED'"]
    assert told.rows.height == 1


def test_open_interest_is_contracts_of_dollars_beside_the_coins_printed(bench):
    for dataset in ("open_interest", "bulk_metrics"):
        row = bench.of(SOURCE, dataset, table="open_interest").rows.sort("time").row(0, named=True)
        assert row["instrument_id"] == "binance:BTCUSD_PERP"
        assert row["open_interest_usd"] == Decimal(900_000)
        assert row["open_interest_coins"] == Decimal("10.00000001")
        assert row["usd_basis"] == "dollars"


def test_open_interest_of_a_dated_contract_has_no_name_and_is_refused(bench, reasons):
    body = bench.payload(SOURCE, "open_interest")[0].body
    body[0]["contractType"] = "CURRENT_QUARTER"
    told = bench.told(SOURCE, "open_interest", body)
    assert reasons(told) == ["unknown contract type 'CURRENT_QUARTER'"]
    assert told.rows.height == 2


def test_a_ratio_of_a_pair_is_filed_under_its_perpetual(bench):
    rows = bench.of(SOURCE, "long_short").rows
    told = dict(rows.select("who", pl.col("long_short_ratio").cast(pl.Float64)).iter_rows())
    assert told == {"all_accounts": 1.5, "top_accounts": 1.1, "top_positions": 1.2}
    assert set(rows["instrument_id"]) == {"binance:BTCUSD_PERP"}


@pytest.mark.parametrize("dataset", ["candles", "bulk_klines"])
def test_the_first_volume_counts_contracts_and_the_second_coins(bench, dataset):
    row = bench.of(SOURCE, dataset).rows.row(0, named=True)
    assert row["turnover_usd"] == Decimal(125_000)
    assert row["volume_coins"] == Decimal("1.38750001")
    assert row["taker_buy_coins"] == Decimal("0.55500001")


def test_a_mark_price_has_no_volume(bench):
    rows = bench.of(SOURCE, "mark_candles").rows
    assert set(rows["kind"]) == {"mark"}
    assert rows["volume_coins"].null_count() == rows.height


def test_funding_says_its_fraction(bench):
    assert bench.of(SOURCE, "funding").rows["funding_rate"].to_list() == [Decimal("0.0001")] * 3
    hours = bench.of(SOURCE, "bulk_funding").rows["interval_s"].to_list()
    assert hours == [28_800, 28_800]


def test_a_ticker_of_contracts_is_dollars(bench):
    rows = bench.of(SOURCE, "force_orders", table="tickers").rows.sort("time")
    mark, interest, lasting = rows.iter_rows(named=True)
    assert (mark["mark_price"], mark["funding_rate"]) == (Decimal("9501.15723333"), None)
    assert (interest["open_interest"], interest["open_interest_unit"]) == (
        Decimal(15279),
        "contracts",
    )
    assert (interest["open_interest_usd"], interest["open_interest_coins"]) == (
        Decimal(1_527_900),
        None,
    )
    assert lasting["funding_rate"] == Decimal("0.0001")


def test_the_listing_tells_dollars_in_a_contract_and_refuses_none(bench, reasons):
    rows = bench.of(SOURCE, "instruments").rows
    told = dict(rows.select("symbol", "contract_size").iter_rows())
    assert (told["BTCUSD_PERP"], told["ETHUSD_PERP"]) == (Decimal(100), Decimal(10))
    assert set(rows["margin"]) == {"inverse"}
    assert set(rows["venue"]) == {"binance"}
    body = bench.payload(SOURCE, "instruments")[0].body
    del body["symbols"][0]["contractSize"]
    told = bench.told(SOURCE, "instruments", body)
    assert reasons(told) == ["no dollars in a contract"]
    assert told.rows.height == 2
