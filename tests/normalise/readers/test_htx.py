"""HTX: what its answers mean.

The frames of 2020 are real ones (a market data archive's own test frames); the answers over REST
are the vendor's documented samples, moved to our days, those of coin-margined swaps by analogy.
"""

import base64
import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

T0 = 1_794_268_800_000  # 2026-11-10
HOUR_MS = 3_600_000
REAL_DAY = date(2020, 7, 1)
REAL_COIN = {
    "op": "notify",
    "topic": "public.ETH-USD.liquidation_orders",
    "ts": 1593610492198,
    "data": [
        {
            "symbol": "ETH",
            "contract_code": "ETH-USD",
            "direction": "buy",
            "offset": "close",
            "volume": 231,
            "price": 229.95,
            "created_at": 1593610492167,
        }
    ],
}
REAL_DATED = {
    "op": "notify",
    "topic": "public.BTC.liquidation_orders",
    "ts": 1593561773080,
    "data": [
        {
            "symbol": "BTC",
            "contract_code": "BTC200925",
            "direction": "sell",
            "offset": "close",
            "volume": 319,
            "price": 9115.43,
            "created_at": 1593561773025,
        }
    ],
}


def order(**more):
    told = {"contract_code": "BTC-USDT", "direction": "sell", "offset": "close", "volume": 250}
    return told | {"price": 88000, "created_at": T0 + 1, "trade_turnover": 22000} | more


def frame(*orders):
    topic = "public.BTC-USDT.liquidation_orders"
    return {"op": "notify", "topic": topic, "ts": T0 + 2, "data": list(orders)}


def answer(*orders):
    return {"code": 200, "msg": "", "data": list(orders), "ts": T0}


def by_price(rows, price):
    return rows.filter(pl.col("price") == Decimal(price)).row(0, named=True)


@pytest.mark.parametrize("dataset", ["liquidations", "liquidation_orders"])
def test_an_order_that_sells_closes_a_long(bench, dataset):
    rows = bench.of("htx", dataset).rows
    sides = {(r["size"], r["position"]) for r in rows.iter_rows(named=True)}
    known = {"liquidations": (479, "long", 100), "liquidation_orders": (432, "long", 250)}
    long_size, long, short_size = known[dataset]
    assert {(Decimal(long_size), long), (Decimal(short_size), "short")} <= sides


def test_the_newer_form_names_the_order_and_the_position(bench):
    rows = bench.of("htx", "liquidations_v5").rows
    told = rows.select("size", "position", "size_coins", "notional_quote").rows()
    assert sorted(told) == [
        (Decimal(2), "short", Decimal("0.002"), Decimal("125.957")),
        (Decimal(3), "long", Decimal("0.003"), Decimal(180)),
    ]


def test_linear_contracts_are_coins_and_the_turnover_is_the_venues_own(bench):
    row = by_price(bench.of("htx", "liquidations").rows, "51441.7")
    assert (row["size"], row["size_unit"], row["price_kind"]) == (479, "contracts", "bankruptcy")
    assert row["size_coins"] == Decimal("0.479")
    assert row["notional_quote"] == Decimal("24640.5743")
    assert (row["notional_usd"], row["usd_basis"]) == (Decimal("24640.5743"), "par")


def test_a_turnover_that_was_printed_stands_and_one_that_was_not_is_worked_out(bench):
    printed = order(price=88000, trade_turnover="22000.5")
    silent = {k: v for k, v in order(price=99000).items() if k != "trade_turnover"}
    rows = bench.told("htx", "liquidation_orders", [frame(printed, silent)]).rows
    assert by_price(rows, "88000")["notional_quote"] == Decimal("22000.5")
    assert by_price(rows, "99000")["notional_quote"] == Decimal(24750)


def test_coin_margined_contracts_are_dollars_whatever_the_price(bench):
    row = by_price(bench.of("htx", "liquidations").rows, "80000")
    assert (row["size"], row["size_unit"], row["position"]) == (8, "contracts", "long")
    assert (row["notional_usd"], row["usd_basis"]) == (Decimal(800), "dollars")
    assert row["size_coins"] == Decimal("0.01")


def test_the_real_frame_of_a_coin_margined_swap(bench):
    (row,) = (
        bench.on(REAL_DAY)
        .told("htx", "liquidation_orders_coin", [REAL_COIN])
        .rows.iter_rows(named=True)
    )
    assert (row["instrument_id"], row["position"], row["size"]) == ("htx:ETH-USD", "short", 231)
    assert row["time"] == datetime(2020, 7, 1, 13, 34, 52, 167000, UTC)
    assert row["notional_usd"] == Decimal(2310)
    assert row["coverage"] == "unknown"


def test_a_dated_contract_is_read_by_its_terms_and_refused_without_them(bench, reasons):
    on, told = bench.on(REAL_DAY), bench.payload("htx", "liquidation_orders_coin")[0]
    question = replace(told, body=[REAL_DATED])
    reader, known = bench.reader("htx", "liquidation_orders_coin"), bench.known("htx")
    refused = on.read(reader, [question], known)
    assert reasons(refused) == ["symbol 'inverse:BTC200925' is not in the listing"]
    dated = known.instruments.filter(pl.col("source_symbol") == "inverse:BTC-USD").with_columns(
        source_symbol=pl.lit("inverse:BTC200925"), instrument_id=pl.lit("htx:BTC200925")
    )
    listing = pl.concat([known.instruments, dated])
    (row,) = on.read(reader, [question], replace(known, instruments=listing)).rows.rows(named=True)
    assert (row["position"], row["size"], row["notional_usd"]) == ("long", 319, Decimal(31900))


def test_frames_are_read_as_they_came_packed(bench, reasons):
    packed = [gzip.compress(json.dumps(frame(order())).encode()), b"\x1f\x8btorn"]
    lines = [
        {"received_at": "2026-11-10T00:00:01.000Z", "packed": base64.b64encode(one).decode()}
        for one in packed
    ]
    body = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines).encode()
    told = bench.told("htx", "liquidation_orders", body)
    assert told.rows["position"].to_list() == ["long"]
    assert [reason.startswith("unreadable frame") for reason in reasons(told)] == [True]


def test_ids_of_two_markets_may_be_the_same_and_one_markets_id_stands_once(bench, reasons):
    own = answer(order(query_id=7), order(query_id=7), order(query_id=8))
    told = bench.told("htx", "liquidations", own)
    assert told.rows.height == 2
    assert reasons(told) == ["a second row for the same key"]
    first, other = bench.payload("htx", "liquidations")
    coin = replace(other, body=answer(order(contract_code="BTC-USD", query_id=7)))
    both = bench.read(
        bench.reader("htx", "liquidations"), [replace(first, body=answer(order(query_id=7))), coin]
    )
    assert both.rows.height == 2


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"direction": "Sell"}, "unknown side 'Sell'"),
        ({"direction": None}, "unknown side 'null'"),
        ({"offset": "open"}, "unknown offset 'open'"),
        ({"offset": None}, "unknown offset 'null'"),
        ({"contract_code": "NEW-USDT"}, "symbol 'linear:NEW-USDT' is not in the listing"),
        ({"contract_code": "BTC-USD"}, "is not in the listing"),
        ({"volume": 0}, "no positive size"),
        ({"price": 0}, "no positive price"),
        ({"trade_turnover": 0}, "no positive turnover"),
        ({"trade_turnover": "much"}, "trade_turnover 'much' is no exact number"),
        ({"created_at": 1_655_078_400}, "no time that can be read"),
    ],
)
def test_an_unknown_word_is_refused_with_its_reason_and_harms_nobody_else(
    bench, reasons, more, word
):
    rows = bench.told("htx", "liquidation_orders", [frame(order(**more), order())])
    assert [word in reason for reason in reasons(rows)] == [True]
    assert rows.rows.height == 1


@pytest.mark.parametrize(
    "stranger",
    [
        {"op": "notify", "topic": "public.BTC-USDT.funding_rate", "data": []},
        {"op": "sub", "topic": "public.*.liquidation_orders", "err-code": 2014},
        {"op": "close", "topic": "public.*.liquidation_orders"},
        {"op": "notify", "topic": "public.BTC-USDT.liquidation_orders"},
        ["x"],
    ],
)
def test_a_strange_frame_is_refused_and_a_plain_reply_is_not(bench, reasons, stranger):
    reply = {"op": "sub", "topic": "public.*.liquidation_orders", "err-code": 0}
    rows = bench.told("htx", "liquidation_orders", [reply, stranger, frame(order())])
    assert len(reasons(rows)) == 1
    assert rows.rows.height == 1


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"position_side": "long"}, "its two sides tell different positions"),
        ({"side": "sell"}, "its two sides tell different positions"),
        ({"position_side": "both"}, "unknown position 'both'"),
        ({"id": None}, "no id that tells it from its repeat"),
    ],
)
def test_the_two_sides_of_the_newer_form_must_agree(bench, reasons, more, word):
    body = bench.payload("htx", "liquidations_v5")[0].body
    body["data"][0] |= more
    rows = bench.told("htx", "liquidations_v5", body)
    assert reasons(rows) == [word]
    assert rows.rows.height == 1


def test_open_interest_is_coins_with_their_worth_or_dollars(bench):
    rows = bench.of("htx", "open_interest").rows.filter(
        pl.col("time") == datetime(2026, 11, 10, 1, tzinfo=UTC)
    )
    told = {r["instrument_id"]: r for r in rows.iter_rows(named=True)}
    linear, inverse = told["htx:BTC-USDT"], told["htx:BTC-USD"]
    assert linear["open_interest_coins"] == Decimal("27.112")
    assert (linear["open_interest_usd"], linear["usd_basis"]) == (Decimal("1321498.5264"), "par")
    assert inverse["open_interest_coins"] is None
    assert (inverse["open_interest_usd"], inverse["usd_basis"]) == (Decimal(5_000_000), "dollars")


def test_open_interest_in_another_unit_is_refused(bench, reasons):
    body = bench.payload("htx", "open_interest")[0].body
    body["data"]["tick"][0]["amount_type"] = 2
    told = bench.told("htx", "open_interest", body)
    assert reasons(told) == ["unknown unit '2'"]
    assert told.rows.height == 1


def test_half_of_what_a_candle_counts_changed_hands(bench):
    rows = bench.of("htx", "candles").rows.filter(
        pl.col("time") == datetime(2026, 11, 10, tzinfo=UTC)
    )
    told = {r["instrument_id"]: (r["volume_coins"], r["turnover_usd"]) for r in rows.to_dicts()}
    assert told == {
        "htx:BTC-USDT": (Decimal("12.5"), Decimal("1125062.75")),
        "htx:BTC-USD": (Decimal("5.55"), Decimal(500_000)),
    }


def test_candles_of_the_mark_price_have_no_volume(bench):
    rows = bench.of("htx", "mark_candles").rows
    assert rows.select("kind", "volume_coins", "turnover_usd").unique().rows() == [
        ("mark", None, None)
    ]


def test_an_hour_that_was_not_over_is_refused(bench, reasons):
    early = replace(bench, asked_at=datetime(2026, 11, 10, 1, 59, tzinfo=UTC))
    told = early.of("htx", "mark_candles")
    assert reasons(told) == ["an hour that was not over when it was asked for"]
    assert told.rows.height == 2


def test_funding_is_a_fraction_at_the_settlement(bench):
    rows = bench.of("htx", "funding").rows.filter(pl.col("instrument_id") == "htx:BTC-USDT")
    assert rows.sort("time").select("time", "funding_rate").rows() == [
        (datetime(2026, 11, 10, tzinfo=UTC), Decimal("0.0001")),
        (datetime(2026, 11, 10, 8, tzinfo=UTC), Decimal("-0.000075")),
    ]


def test_shares_of_the_largest_traders_become_ratios(bench, reasons):
    rows = bench.of("htx", "long_short").rows.filter(pl.col("instrument_id") == "htx:BTC-USDT")
    assert sorted(rows.select("who", "long_short_ratio").rows()) == [
        ("top_accounts", Decimal("1.25")),
        ("top_accounts", Decimal("1.5")),
        ("top_positions", Decimal("0.818181818181818182")),
    ]
    body = bench.payload("htx", "long_short")[0].body
    body["data"]["list"][0]["sell_ratio"] = 0
    assert reasons(bench.told("htx", "long_short", body)) == [
        "no long_short_ratio that can be read"
    ]


def test_the_listing_tells_linear_from_inverse_and_what_a_contract_is(bench):
    rows = bench.of("htx", "instruments").rows
    told = {
        r["source_symbol"]: (r["margin"], r["contract_size"], r["quote"]) for r in rows.to_dicts()
    }
    assert told["linear:BTC-USDT"] == ("linear", Decimal("0.001"), "USDT")
    assert told["inverse:BTC-USD"] == ("inverse", Decimal(100), "USD")
    assert rows["is_perpetual"].all()
    assert rows["listed_on"].min() == date(2020, 3, 25)


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"contract_code": "BTCUSDT"}, "a code of another pattern"),
        ({"business_type": "option"}, "unknown contract type 'option'"),
        ({"contract_size": None}, "no positive contract size"),
    ],
)
def test_terms_that_nobody_explained_are_refused_from_the_listing(bench, reasons, more, word):
    body = bench.payload("htx", "instruments")[0].body
    body["data"][0] |= more
    told = bench.told("htx", "instruments", body)
    assert reasons(told) == [word]
    assert told.rows.height == 2


def test_a_dated_contract_of_the_listing_is_no_perpetual(bench):
    body = bench.payload("htx", "instruments")[0].body
    body["data"][0] |= {"contract_code": "BTC-USDT-261225", "business_type": "futures"}
    rows = bench.told("htx", "instruments", body).rows
    told = dict(rows.select("symbol", "is_perpetual").iter_rows())
    assert told == {"BTC-USDT-261225": False, "O3-USDT": True, "ETH-USDT": True}


@pytest.mark.parametrize(
    ("dataset", "last", "index"),
    [
        ("liquidation_orders", "19717.9", "19695.41"),
        ("liquidation_orders_coin", "9590.1", "9582.975"),
    ],
)
def test_each_ticker_says_only_what_its_message_says(bench, dataset, last, index):
    rows = bench.of("htx", dataset, table="tickers").rows.sort("time")
    told = rows.select("last_price", "index_price", "funding_rate").rows()
    rate, prices = (None, None, Decimal("0.0001")), (Decimal(last), Decimal(index), None)
    assert sorted(told, key=str) == sorted([rate, prices], key=str)
    assert rows["mark_price"].null_count() == rows["open_interest"].null_count() == 2


def test_a_ticker_of_a_contract_by_its_turn_is_refused(bench, reasons):
    """A real frame: what was next week's contract then is no contract of the listing."""
    real = {
        "ch": "market.ETH_NW.basis.1min.open",
        "ts": T0 + 11,
        "tick": {"id": 1592915040, "index_price": "243.466431823", "contract_price": "244.126"},
    }
    told = bench.told("htx", "liquidation_orders_coin", [real], table="tickers")
    assert reasons(told) == ["symbol 'inverse:ETH_NW' is not in the listing"]


def test_a_ticker_that_says_nothing_is_refused(bench, reasons):
    silent = {"ch": "market.BTC-USDT.basis.1min.close", "ts": T0 + 11, "tick": {}}
    told = bench.told("htx", "liquidation_orders", [silent, ["x"]], table="tickers")
    assert sorted(reasons(told)) == ["a frame that is no ticker", "nothing that is read"]
