"""Bitget: what its answers mean. Frames named as real were published by another project with its
own reading of them; REST answers have the shapes that documents or other projects show.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

T0 = 1_794_268_800_000  # 2026-11-10
USDT, COIN = "USDT-FUTURES", "COIN-FUTURES"
# Real, of 2026-04-28; that project calls both a sale of 13.70319 and 143.330431857868.
REAL = {
    "action": "update",
    "arg": {"instType": "usdt-futures", "topic": "liquidation"},
    "data": [
        {"symbol": "APEUSDT", "side": "buy", "price": "0.1649", "amount": "13.70319",
         "ts": "1777358886549"},
        {"symbol": "IPUSDT", "side": "buy", "price": "0.500280739469",
         "amount": "143.330431857868", "ts": "1777358876983"},
    ],
    "ts": 1777358897167,
}  # fmt: skip


def event(symbol="BTCUSDT", side="buy", price="88000", amount="44000", at=T0 + 1):
    return {"symbol": symbol, "side": side, "price": price, "amount": amount, "ts": str(at)}


def frame(*events, product="usdt-futures", topic="liquidation"):
    return {
        "action": "update",
        "arg": {"instType": product, "topic": topic},
        "data": list(events),
        "ts": T0,
    }


def heard(bench, *frames):
    return bench.told("bitget", "liquidation", list(frames))


def history(bench, *events, product=USDT):
    body = {"code": "00000", "data": {"list": list(events), "cursor": ""}}
    params = {"category": product, "limit": "100"}
    return bench.told("bitget", "liquidations", body, params=params)


def test_a_bought_position_was_a_long_in_a_real_frame_as_another_project_reads_it(bench):
    rows = bench.on(date(2026, 4, 28)).told("bitget", "liquidation", [REAL]).rows.sort("time")
    told = rows.select("instrument_id", "position", "size", "time").rows()
    assert told == [
        ("bitget:IPUSDT", "long", Decimal("143.330431857868"),
         datetime(2026, 4, 28, 6, 47, 56, 983_000, tzinfo=UTC)),
        ("bitget:APEUSDT", "long", Decimal("13.70319"),
         datetime(2026, 4, 28, 6, 48, 6, 549_000, tzinfo=UTC)),
    ]  # fmt: skip


def test_what_the_socket_counts_is_the_quote_so_that_coins_follow_by_the_price(bench):
    (row,) = heard(bench, frame(event(price="88000", amount="44000"))).rows.to_dicts()
    assert (row["size"], row["size_unit"]) == (Decimal(44_000), "quote")
    assert (row["notional_quote"], row["size_coins"]) == (Decimal(44_000), Decimal("0.5"))
    assert (row["notional_usd"], row["usd_basis"]) == (Decimal(44_000), "par")
    assert (row["price_kind"], row["coverage"]) == ("bankruptcy", "largest_of_side_and_second")


def test_a_thousand_bonk_are_a_thousand_coins(bench):
    rows = heard(bench, frame(event("1000BONKUSDT", price="0.02", amount="250"))).rows
    told = rows.select("coin", "size_coins", "notional_usd").row(0)
    assert told == ("BONK", Decimal(12_500_000), Decimal(250))


def test_the_quote_of_a_coin_margined_market_is_the_dollar_itself(bench):
    rows = heard(
        bench, frame(event("BTCUSD", "sell", "80000", "4000"), product="coin-futures")
    ).rows
    told = rows.select("position", "size_coins", "notional_usd", "usd_basis").row(0)
    assert told == ("short", Decimal("0.05"), Decimal(4000), "dollars")


def test_over_rest_an_amount_is_taken_as_coins_on_no_better_ground_than_plausibility(bench):
    (row,) = history(bench, event(price="88000", amount="0.5")).rows.to_dicts()
    assert (row["size_unit"], row["size_coins"]) == ("coins", Decimal("0.5"))
    assert (row["notional_usd"], row["coverage"]) == (Decimal(44_000), "unknown")
    (era,) = bench.reader("bitget", "liquidations").eras
    assert era.grade == "unverified"


def test_an_amount_that_would_be_a_billion_as_coins_is_refused(bench, reasons):
    at_most = event(price="100000", amount="10000", at=T0 + 2)
    told = history(bench, event(price="88000", amount="44000"), at_most)
    assert told.rows["notional_quote"].to_list() == [Decimal(1_000_000_000)]
    assert reasons(told) == ["as coins it would be worth more than can be"]


def test_the_history_of_a_coin_margined_market_is_refused_as_its_unit_is_not_said(bench, reasons):
    told = history(bench, event("BTCUSD", amount="0.5"), product=COIN)
    assert told.rows.is_empty()
    assert reasons(told) == ["what an amount of a coin-margined market counts is not said"]


def test_socket_and_history_tell_the_same_and_the_socket_comes_first(bench):
    assert bench.reader("bitget", "liquidations").told_first_by == "liquidation"
    assert bench.reader("bitget", "liquidation", "liquidations").told_first_by == ""


def test_a_symbol_is_looked_up_among_its_own_product_type(bench, reasons):
    told = heard(bench, frame(event(), product="usdc-futures"))
    assert reasons(told) == ["symbol 'USDC-FUTURES:BTCUSDT' is not in the listing"]


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (event(side="long"), "unknown side 'long'"),
        (event(side="BUY"), "unknown side 'BUY'"),
        (event(side=None), "unknown side 'null'"),
        (event("NEWUSDT"), "'USDT-FUTURES:NEWUSDT' is not in the listing"),
        (event(amount="0"), "no positive size"),
        (event(amount="-3"), "no positive size"),
        (event(amount="x"), "amount 'x' is no exact number"),
        (event(price="0"), "no positive price"),
        (event(price=None), "no positive price"),
        (event(at=1_655_078_400, amount="0.5"), "no time that can be read"),
        ("x", "a row that is not an object"),
    ],
)
def test_what_nobody_explained_is_refused_with_its_reason_and_harms_nobody_else(
    bench, reasons, bad, word
):
    for told in (
        heard(bench, frame(bad, event())),
        history(bench, bad, event(amount="0.25", at=T0 + 2)),
    ):
        assert [word in reason for reason in reasons(told)] == [True]
        assert told.rows.height == 1


def test_a_reply_holds_no_events_and_a_stranger_is_refused(bench, reasons):
    reply = {"event": "subscribe", "arg": {"instType": "usdt-futures", "topic": "liquidation"}}
    told = heard(bench, reply, frame(event(), topic="ticker"), frame(event()))
    assert told.rows.height == 1
    assert reasons(told) == ["a frame that is not of the topic liquidation"]


def test_the_listing_tells_linear_from_inverse_and_dated_from_perpetual(bench):
    rows = bench.of("bitget", "instruments").rows
    told = {
        r["source_symbol"]: (r["margin"], r["contract_size"], r["is_perpetual"], r["listed_on"])
        for r in rows.iter_rows(named=True)
    }
    first = date(2020, 3, 30)
    assert told["USDT-FUTURES:BTCUSDT"] == ("linear", Decimal(1), True, first)
    assert told["COIN-FUTURES:BTCUSDZ26"] == ("inverse", None, False, first)
    assert told["USDT-FUTURES:IPUSDT"][3] is None


def test_a_contract_type_nobody_explained_is_refused_from_the_listing(bench, reasons):
    body = bench.payload("bitget", "instruments")[0].body
    body["data"][0]["symbolType"] = "quanto"
    told = bench.told("bitget", "instruments", body)
    assert reasons(told) == ["unknown contract type 'quanto'"]
    assert told.rows.height == 4


def test_open_interest_is_coins_at_the_instant_of_the_answer(bench):
    rows = bench.of("bitget", "open_interest").rows
    told = {
        r["instrument_id"]: (r["open_interest_coins"], r["time"], r["interval_s"])
        for r in rows.iter_rows(named=True)
    }
    at = datetime(2026, 11, 10, 6, 0, 1, tzinfo=UTC)
    assert told == {
        "bitget:BTCUSDT": (Decimal("29539.3825"), at, 0),
        "bitget:1000BONKUSDT": (Decimal("8572031100"), at, 0),
        "bitget:BTCUSD": (Decimal("312.5"), at, 0),
    }


def test_a_rate_of_zero_is_a_rate(bench):
    rows = bench.of("bitget", "funding").rows.sort("time")
    assert rows["funding_rate"].to_list() == [Decimal(0), Decimal("0.0001"), Decimal("-0.0003")]


def test_volume_stands_in_coins_and_in_the_quote_whatever_the_margin(bench):
    rows = bench.of("bitget", "candles").rows
    told = rows.select("volume_coins", "turnover_usd").unique().rows()
    assert told == [(Decimal("12.5"), Decimal("300625.5"))]
    assert rows["instrument_id"].n_unique() == 2


def test_the_zeros_beside_a_mark_price_are_no_volume(bench):
    rows = bench.of("bitget", "mark_candles").rows
    assert rows.select("kind", "volume_coins", "turnover_usd").unique().rows() == [
        ("mark", None, None)
    ]


def test_a_ratio_follows_from_the_shares_and_not_from_what_is_printed(bench, reasons):
    body = bench.payload("bitget", "long_short")[0].body
    body["data"][0]["shortAccountRatio"] = "0"
    told = bench.told("bitget", "long_short", body)
    assert told.rows["long_short_ratio"].to_list() == [Decimal("1.5")]
    assert reasons(told) == ["no long_short_ratio that can be read"]


def test_tickers_of_both_sockets_are_read_by_their_own_names(bench):
    """Real frames of 2024-10-31 and 2026-04-28, with another day."""
    rows = bench.of("bitget", "liquidation", table="tickers").rows.sort("time")
    names = ("instrument_id", "last_price", "mark_price", "open_interest", "funding_rate")
    assert rows.select(names).rows() == [
        ("bitget:STORJUSDT", Decimal("0.4706"), Decimal("0.4705"), Decimal("8572031.1"),
         Decimal("0.0001")),
        ("bitget:BTCUSDT", Decimal("76631.3"), Decimal("76631.3"), Decimal("29539.3825"),
         Decimal("-0.00003")),
    ]  # fmt: skip
    assert rows.filter(pl.col("open_interest_unit") != "coins").is_empty()
