"""Tardis.dev: each venue's own unit, the order's side, and files parted by the time of hearing.

The columns, and the figures of the first ticker, are from a real file that a third party shows;
the other rows are made.
"""

import gzip
from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

US = 1_794_268_800_000_000  # 2026-11-10
HEAD = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount"


def told_of(bench, *lines, dataset="liquidations", head=HEAD, **more):
    body = gzip.compress("\n".join([head, *lines, ""]).encode(), mtime=0)
    return bench.told("tardis", dataset, body, **more)


def event(side="sell", price="100", amount="2", at=US, symbol="BTCUSDT"):
    return f"binance-futures,{symbol},{at},{at + 9},,{side},{price},{amount}"


def of(bench, instrument):
    rows = bench.of("tardis", "liquidations").rows
    return rows.filter(pl.col("instrument_id") == instrument).sort("time").to_dicts()


def test_sell_is_a_liquidated_long_on_every_venue(bench):
    """The vendor's own code says so of its normalised side."""
    first, second = of(bench, "binance:BTCUSDT")
    assert (first["position"], second["position"]) == ("long", "short")
    (inverse,) = of(bench, "bybit:BTCUSD")
    assert inverse["position"] == "long"


@pytest.mark.parametrize(
    ("instrument", "unit", "kind", "coins", "quote"),
    [
        ("binance:BTCUSDT", "coins", "order", "0.5", "45000.25"),
        ("binance:1000PEPEUSDT", "coins", "order", "3000000", "30"),
        ("bybit:BTCUSD", "usd", "bankruptcy", "0.05", "4000"),
        ("okx:BTC-USDT-SWAP", "contracts", "bankruptcy", "0.07", "6300"),
        ("okx:BTC-USD-SWAP", "contracts", "bankruptcy", "0.01", "800"),
    ],
)
def test_amounts_are_in_the_venue_s_unit_at_the_venue_s_price(
    bench, instrument, unit, kind, coins, quote
):
    row = of(bench, instrument)[0]
    assert (row["size_unit"], row["price_kind"]) == (unit, kind)
    assert (row["size_coins"], row["notional_quote"]) == (Decimal(coins), Decimal(quote))


def test_the_entry_of_a_bitfinex_position_is_no_price_of_its_end(bench):
    (row,) = of(bench, "bitfinex:tBTCF0:USTF0")
    assert (row["size_coins"], row["price"], row["price_kind"]) == (Decimal("0.125"), None, None)
    assert row["notional_usd"] is None


def test_microseconds_are_cut_to_milliseconds(bench):
    first, _ = of(bench, "binance:BTCUSDT")
    assert first["time"].isoformat() == "2026-11-10T01:00:00+00:00"
    assert first["coverage"] == "collected"


def test_an_event_of_the_evening_before_is_refused_where_it_is_found(bench, reasons):
    told = told_of(bench, event(at=US - 1), event(at=US))
    assert told.rows.height == 1
    assert reasons(told) == ["an event of another day than its file's"]


@pytest.mark.parametrize("side", ["SELL", "long", "", "unknown"])
def test_a_side_that_nobody_explained_is_refused_and_harmless(bench, reasons, side):
    told = told_of(bench, event(side=side), event("buy", "100", "3"))
    assert told.rows["position"].to_list() == ["short"]
    assert reasons(told) == [f"unknown side '{side or 'null'}'"]


def test_a_row_of_another_market_is_refused(bench, reasons):
    told = told_of(bench, event(symbol="ETHUSDT"), event())
    assert told.rows.height == 1
    assert reasons(told) == ["a row of another market: binance-futures:ETHUSDT"]


def test_a_market_that_no_listing_has_is_refused_by_name(bench, reasons):
    subjects = ("binance-futures:NEWUSDT",)
    told = told_of(bench, event(symbol="NEWUSDT"), subjects=subjects)
    assert reasons(told) == ["symbol 'binance-futures:NEWUSDT' is not in the listing"]


def test_columns_are_found_by_their_names(bench, reasons):
    head = "local_timestamp,amount,price,side,id,timestamp,symbol,exchange"
    told = told_of(bench, f"{US},2,100,sell,,{US},BTCUSDT,binance-futures", head=head)
    assert told.rows["notional_quote"].to_list() == [Decimal(200)]
    lacking = told_of(bench, "x", head="exchange,symbol,timestamp,id,price,amount")
    assert reasons(lacking) == ["a file without the columns side"]


def test_a_market_without_a_file_had_nothing(bench):
    told = bench.told("tardis", "liquidations", b"{}", status=404)
    assert told.rows.is_empty()
    assert told.refused.is_empty()


def test_a_file_that_is_cut_is_refused_whole(bench, reasons):
    whole = gzip.compress("\n".join([HEAD, event()]).encode(), mtime=0)
    (reason,) = reasons(bench.told("tardis", "liquidations", whole[:-9]))
    assert reason.startswith("unreadable file: ")


def test_a_file_that_a_server_has_unpacked_is_read_as_well(bench):
    body = "\n".join([HEAD, event()]).encode()
    assert bench.told("tardis", "liquidations", body).rows.height == 1


def test_liquidations_of_an_exchange_whose_unit_is_not_settled_are_refused(bench, reasons):
    subject = "bitget-futures:BTCUSDT"
    line = event().replace("binance-futures", "bitget-futures")
    (reason,) = reasons(told_of(bench, line, subjects=(subject,)))
    assert "bitget-futures" in reason


def test_a_ticker_tells_only_what_it_says(bench):
    rows = bench.of("tardis", "derivative_ticker").rows
    first, second = rows.filter(pl.col("venue") == "binance").sort("time").to_dicts()
    assert first["mark_price"] == Decimal("82546.76734")
    assert first["funding_rate"] == Decimal("0.00004405208333333")
    assert (first["open_interest"], first["open_interest_coins"]) == (Decimal("760.6049"),) * 2
    assert first["index_price"] is None
    assert (second["open_interest"], second["open_interest_unit"]) == (None, None)


def test_open_interest_is_one_side_in_coins_or_dollars(bench):
    rows = {r["instrument_id"]: r for r in bench.of("tardis", "derivative_ticker").rows.to_dicts()}
    bybit, okx = rows["bybit:BTCUSD"], rows["okx:BTC-USDT-SWAP"]
    assert (bybit["open_interest"], bybit["open_interest_usd"]) == (Decimal(5000), Decimal(2500))
    assert (okx["open_interest_unit"], okx["open_interest_coins"]) == ("contracts", Decimal(3))


def test_the_venue_s_own_listing_comes_before_tardis_s(bench):
    reader = bench.reader("tardis", "liquidations")
    known = bench.known_of(reader)
    seven = pl.lit(Decimal(7)).cast(known.instruments.schema["coins_per_base"])
    wrong = pl.when(pl.col("source") == "tardis").then(seven).otherwise("coins_per_base")
    instruments = known.instruments.with_columns(coins_per_base=wrong)
    rows = bench.read(
        reader, bench.payload_of(reader), replace(known, instruments=instruments)
    ).rows
    coins = rows.filter(pl.col("instrument_id") == "binance:BTCUSDT").sort("time")["size_coins"]
    assert coins.to_list() == [Decimal("0.5"), Decimal("0.25")]


def test_the_terms_of_a_contract_whose_margin_is_not_said_are_refused(bench, reasons):
    exchange, terms, *_ = bench.payload("tardis", "instruments")
    terms.body[0]["inverse"] = None
    told = bench.read(bench.reader("tardis", "instruments"), [exchange, terms])
    assert reasons(told) == ["unknown margin 'null'"]
    assert told.rows["source_symbol"].to_list() == ["binance-futures:1000PEPEUSDT"]
