"""OKX: what its answers and frames mean.

Shapes are those of the vendor's samples as of 2026-02; two frames below are real ones.
"""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

T0 = 1_794_268_800_000  # 2026-11-10
BEFORE, AFTER = date(2026, 6, 30), date(2026, 7, 1)
STREAM = ("okx", "liquidation_orders")
# Kept as it came on 2023-03-30; another project reads it as a bought order of 39 contracts.
REAL = {
    "arg": {"channel": "liquidation-orders", "instType": "FUTURES"},
    "data": [
        {
            "details": [
                {
                    "bkLoss": "0",
                    "bkPx": "0.55205",
                    "ccy": "",
                    "posSide": "short",
                    "side": "buy",
                    "sz": "39",
                    "ts": "1680173247614",
                }
            ],
            "instFamily": "XRP-USD",
            "instId": "XRP-USD-261225",
            "instType": "FUTURES",
            "uly": "XRP-USD",
        }
    ],
}


def detail(held="long", side="sell", size="25", price="88000", at=T0 + 1):
    return {"bkLoss": "0", "bkPx": price, "posSide": held, "side": side, "sz": size, "ts": str(at)}


def push(*details, inst_id="BTC-USDT-SWAP", channel="liquidation-orders"):
    row = {"instId": inst_id, "instType": "SWAP", "details": list(details)}
    return {"arg": {"channel": channel, "instType": "SWAP"}, "data": [row]}


def midnight_ms(day):
    return (day - date(1970, 1, 1)).days * 86_400_000


def test_a_sold_order_closed_a_long_and_all_details_are_read(bench):
    rows = bench.of(*STREAM, table="liquidations").rows
    told = rows.select("instrument_id", pl.col("size").cast(pl.Float64), "position").rows()
    assert sorted(told) == [
        ("okx:BTC-USD-SWAP", 40.0, "long"),
        ("okx:BTC-USDT-SWAP", 25.0, "long"),
        ("okx:BTC-USDT-SWAP", 150.0, "long"),
        ("okx:IOST-USDT-SWAP", 13.0, "short"),
        ("okx:XRP-USD-261225", 39.0, "short"),
    ]


def test_a_contract_is_so_many_coins_if_linear_and_so_many_dollars_if_inverse(bench):
    rows = bench.of(*STREAM, table="liquidations").rows
    told = {r["instrument_id"]: r for r in rows.iter_rows(named=True) if r["size"] != 150}
    linear, inverse = told["okx:BTC-USDT-SWAP"], told["okx:BTC-USD-SWAP"]
    assert (linear["size_unit"], linear["size_coins"]) == ("contracts", Decimal("0.25"))
    assert (linear["notional_usd"], linear["usd_basis"]) == (Decimal(22000), "par")
    assert (inverse["size_unit"], inverse["size_coins"]) == ("contracts", Decimal("0.05"))
    assert (inverse["notional_usd"], inverse["usd_basis"]) == (Decimal(4000), "dollars")
    iost = told["okx:IOST-USDT-SWAP"]
    assert (iost["size_coins"], iost["notional_usd"]) == (Decimal(13000), Decimal("101.803"))


def test_the_real_frame_is_a_short_of_390_dollars(bench):
    rows = bench.on(date(2023, 3, 30)).told(*STREAM, [REAL], table="liquidations").rows
    (row,) = rows.iter_rows(named=True)
    assert (row["position"], row["size"], row["notional_usd"]) == ("short", Decimal(39), 390)
    assert row["coverage"] == "one_of_second"


def test_a_net_position_is_told_by_the_side_of_its_order(bench):
    frames = [push(detail("net", "sell"), detail("net", "buy", "26"))]
    rows = bench.told(*STREAM, frames, table="liquidations").rows
    assert rows.sort("size")["position"].to_list() == ["long", "short"]


def test_the_price_is_called_another_since_the_document_of_july_2026(bench):
    told = {}
    for day in (BEFORE, AFTER):
        frames = [push(detail(at=midnight_ms(day)))]
        (row,) = (
            bench.on(day).told(*STREAM, frames, table="liquidations").rows.iter_rows(named=True)
        )
        told[day] = (row["price_kind"], row["coverage"], row["feed"])
    assert told == {
        BEFORE: ("bankruptcy", "one_of_second", "okx/liquidation_orders@2021-12-22"),
        AFTER: ("mark", "unknown", "okx/liquidation_orders@2026-07-01"),
    }


def test_the_old_path_tells_the_same_of_the_contracts_that_were_asked_about(bench):
    rows = bench.of("okx", "liquidations").rows
    told = rows.select("instrument_id", "position", "price_kind", "coverage").rows()
    assert sorted(told) == [
        ("okx:BTC-USDT-SWAP", "long", "mark", "unknown"),
        ("okx:BTC-USDT-SWAP", "short", "mark", "unknown"),
        ("okx:XRP-USD-261225", "short", "mark", "unknown"),
    ]


def test_equal_details_of_one_push_are_two_events(bench):
    rows = bench.told(*STREAM, [push(detail(), detail())], table="liquidations").rows
    assert rows["nth"].to_list() == [0, 1]


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (push(detail(side="Sell")), "unknown side 'Sell'"),
        (push(detail(side=None)), "unknown side 'null'"),
        (push(detail("LONG")), "unknown side of a position 'LONG'"),
        (push(detail("long", "buy")), "its order and its position contradict"),
        (push(detail(), inst_id="BTC-USDT"), "symbol 'BTC-USDT' is not in the listing"),
        (push(detail(), inst_id=None), "is not in the listing"),
        (push(detail(size="0")), "no positive size"),
        (push(detail(price="")), "no positive price"),
        (push(detail(at="")), "no time that can be read"),
        (push(detail(), channel="tickers"), "not of the channel"),
        (push("x"), "a row that is not an object"),
        ({"event": "error", "code": "60018", "msg": "Wrong URL or channel"}, "not of the channel"),
        ({"table": "swap/liquidation", "data": []}, "not of the channel"),
        (["x"], "not of the channel"),
    ],
)
def test_an_unknown_word_is_refused_and_harms_nobody_else(bench, reasons, bad, word):
    rows = bench.told(*STREAM, [bad, push(detail())], table="liquidations")
    assert [word in reason for reason in reasons(rows)] == [True]
    assert rows.rows.height == 1


def test_a_collector_s_copy_of_the_old_path_names_the_contract_once(bench):
    """Its frames of 2021-12-22 have no row around the details."""
    copied = {"arg": {"channel": "liquidations", "instId": "BTC-USDT-SWAP"}, "data": [detail()]}
    row = bench.told(*STREAM, [copied], table="liquidations").rows.row(0, named=True)
    assert (row["instrument_id"], row["position"]) == ("okx:BTC-USDT-SWAP", "long")


def test_open_interest_is_told_in_coins_and_in_dollars(bench):
    rows = bench.of("okx", "open_interest").rows.sort("instrument_id", "time")
    told = rows.select("open_interest_coins", "open_interest_usd", "usd_basis").rows()
    assert told[0] == (Decimal("5.5555"), Decimal(500000), "published")
    assert told[1] == (Decimal(22161), Decimal("1939000000.5"), "published")


def test_the_rate_that_was_paid_is_kept_not_the_forecast(bench):
    rates = bench.of("okx", "funding").rows.sort("time")["funding_rate"].to_list()
    assert rates == [Decimal("-0.0002279755647389"), Decimal("0.0000746572360545")]


def test_volume_is_in_coins_and_turnover_in_the_quote(bench):
    rows = bench.of("okx", "candles").rows.sort("instrument_id", "time")
    told = rows.select("close", "volume_coins", "turnover_usd").rows()
    assert told[0] == (Decimal(88000), Decimal("10.0050025"), Decimal(880000))
    assert told[1] == (Decimal(88000), Decimal(100), Decimal("8795000.5"))


def test_an_hour_that_is_not_over_is_refused_alone(bench, reasons):
    body = bench.payload("okx", "mark_candles")[0].body
    body["data"][0][-1] = "0"
    told = bench.told("okx", "mark_candles", body)
    assert reasons(told) == ["an hour that was not over when it was asked for"]
    assert told.rows["kind"].to_list() == ["mark"]


def test_the_listing_says_what_a_contract_holds(bench):
    rows = bench.of("okx", "instruments").rows
    told = {r["symbol"]: r for r in rows.iter_rows(named=True)}
    terms = [
        (r["margin"], r["contract_size"], r["quote"], r["is_perpetual"]) for r in told.values()
    ]
    assert dict(zip(told, terms, strict=True)) == {
        "BTC-USDT-SWAP": ("linear", Decimal("0.01"), "USDT", True),
        "IOST-USDT-SWAP": ("linear", Decimal(1000), "USDT", True),
        "BTC-USD-SWAP": ("inverse", Decimal(100), "USD", True),
        "BTC-USDT-261225": ("linear", Decimal("0.01"), "USDT", False),
        "XRP-USD-261225": ("inverse", Decimal(10), "USD", False),
    }


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("ctType", "quanto", "unknown contract type 'quanto'"),
        ("instType", "OPTION", "unknown kind of contract 'OPTION'"),
        ("ctValCcy", "USD", "a contract that is counted in something else"),
        ("ctMult", "0.01", "a contract with a multiplier of its own"),
        ("uly", "", "an underlying that is no pair"),
    ],
)
def test_a_contract_of_another_kind_is_refused(bench, reasons, field, value, reason):
    body = bench.payload("okx", "instruments")[0].body
    body["data"][0][field] = value
    told = bench.told("okx", "instruments", body)
    assert reasons(told) == [reason]
    assert told.rows.height == 2


def test_each_channel_tells_only_what_it_says(bench):
    rows = bench.of(*STREAM, table="tickers").rows.sort("time")
    names = ("last_price", "mark_price", "open_interest_coins", "open_interest_usd", "funding_rate")
    given = [[n for n in names if row[n] is not None] for row in rows.iter_rows(named=True)]
    assert given == [
        ["mark_price"],
        ["last_price"],
        ["funding_rate"],
        ["open_interest_coins", "open_interest_usd"],
        ["open_interest_coins"],
    ]
    (unit,) = rows["open_interest_unit"].drop_nulls().unique()
    assert unit == "contracts"
