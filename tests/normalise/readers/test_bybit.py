"""Bybit v5: what its answers mean."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

T0 = 1_794_268_800_000  # 2026-11-10
BEFORE, AFTER = date(2025, 2, 19), date(2025, 2, 20)


def event(symbol="BTCUSDT", side="Buy", size="0.5", price="88000", at=T0 + 1):
    return {"T": at, "s": symbol, "S": side, "v": size, "p": price}


def frame(*events, topic="allLiquidation"):
    return {"topic": f"{topic}.{events[0]['s']}", "type": "snapshot", "data": list(events)}


def old_frame(at, **more):
    told = {"symbol": "BTCUSDT", "side": "Buy", "size": "0.5", "price": "88000"}
    return {"topic": "liquidation.BTCUSDT", "data": told | {"updatedTime": at} | more}


def midnight_ms(day):
    return (day - date(1970, 1, 1)).days * 86_400_000


def test_a_bought_position_was_a_long_that_was_liquidated(bench):
    rows = bench.of("bybit", "all_liquidation").rows
    told = rows.select("coin", pl.col("size").cast(pl.Float64), "position").rows()
    assert sorted(told) == [
        ("BTC", 0.25, "long"),
        ("BTC", 0.75, "short"),
        ("BTC", 5000.0, "long"),
        ("PEPE", 20000.0, "short"),
    ]


def test_a_linear_size_is_coins_and_an_inverse_size_is_dollars(bench):
    rows = bench.of("bybit", "all_liquidation").rows.filter(pl.col("position") == "long")
    told = {r["instrument_id"]: r for r in rows.iter_rows(named=True)}
    linear, inverse = told["bybit:BTCUSDT"], told["bybit:BTCUSD"]
    assert (linear["size_unit"], linear["size_coins"]) == ("coins", Decimal("0.25"))
    assert (linear["notional_usd"], linear["usd_basis"]) == (Decimal("22000.125"), "par")
    assert (inverse["size_unit"], inverse["size_coins"]) == ("usd", Decimal("0.0625"))
    assert (inverse["notional_usd"], inverse["usd_basis"]) == (Decimal(5000), "dollars")


def test_a_thousand_pepe_are_a_thousand_coins(bench):
    rows = bench.of("bybit", "all_liquidation").rows.filter(pl.col("coin") == "PEPE")
    assert rows.select("size_coins", "notional_usd").row(0) == (Decimal(20_000_000), Decimal(208))


def test_two_events_of_one_batch_that_are_equal_to_the_digit_are_two_events(bench):
    rows = bench.told("bybit", "all_liquidation", [frame(event(), event())]).rows
    assert rows["nth"].to_list() == [0, 1]


def test_the_feed_shows_everything_from_the_day_that_its_maker_names(bench):
    sparse = bench.on(BEFORE).told("bybit", "all_liquidation", [old_frame(midnight_ms(BEFORE))])
    whole = frame(event(at=midnight_ms(AFTER)))
    full = bench.on(AFTER).told("bybit", "all_liquidation", [whole])
    assert sparse.rows.select("position", "coverage").rows() == [("long", "one_of_second")]
    assert full.rows.select("position", "coverage").rows() == [("long", "all")]
    assert full.rows["feed"].to_list() == ["bybit/all_liquidation@2025-02-20"]


def test_the_topic_of_another_era_is_refused_not_read_by_the_wrong_rules(bench, reasons):
    told = bench.on(AFTER).told("bybit", "all_liquidation", [old_frame(midnight_ms(AFTER))])
    assert told.rows.is_empty()
    assert reasons(told) == ["a frame that is not of the topic allLiquidation"]


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (frame(event(side="Long")), "unknown side 'Long'"),
        (frame(event(side="buy")), "unknown side 'buy'"),
        (frame(event(side=None)), "unknown side 'null'"),
        (frame(event("NEWUSDT")), "symbol 'NEWUSDT' is not in the listing"),
        (frame(event(size="0")), "no positive size"),
        (frame(event(size="-1")), "no positive size"),
        (frame(event(size="0.0000000000000000001")), "no positive size"),
        (frame(event(price="0")), "no positive price"),
        (frame(event("BTCUSD", price="0")), "no positive price"),
        (frame(event("BTCUSD", "Buy", "99999999999999999999", "1e-18")), "no exact product"),
        (frame(event(size="9000000000000", price="9000000000000")), "no exact product"),
        (frame(event(at=1_655_078_400)), "no time that can be read"),
        ({"topic": "tickers.BTCUSDT", "data": {}}, "not of the topic"),
        ({"topic": "allLiquidation.BTCUSDT"}, "a row that is not an object"),
        (["x"], "not of the topic"),
    ],
)
def test_an_unknown_word_is_refused_with_its_reason_and_harms_nobody_else(
    bench, reasons, bad, word
):
    rows = bench.told("bybit", "all_liquidation", [bad, frame(event())])
    assert [word in reason for reason in reasons(rows)] == [True]
    assert rows.rows.height == 1


def test_open_interest_is_one_side_of_what_the_venue_adds_up(bench):
    rows = bench.of("bybit", "open_interest").rows
    linear = rows.filter(pl.col("instrument_id") == "bybit:BTCUSDT").row(0, named=True)
    inverse = rows.filter(pl.col("instrument_id") == "bybit:BTCUSD").row(0, named=True)
    assert linear["open_interest_coins"] == Decimal("31955345.75")
    assert linear["open_interest_usd"] is None
    assert inverse["open_interest_usd"] == Decimal(251)
    assert inverse["open_interest_coins"] is None


def test_shares_become_a_ratio_and_no_shorts_at_all_are_refused_alone(bench, reasons):
    body = bench.payload("bybit", "long_short")[0].body
    body["result"]["list"][0]["sellRatio"] = "0"
    told = bench.told("bybit", "long_short", body)
    assert told.rows["long_short_ratio"].to_list() == [Decimal("1.5")] * 2
    assert reasons(told) == ["no long_short_ratio that can be read"]


def test_volume_and_turnover_change_places_for_inverse_markets(bench):
    rows = bench.of("bybit", "candles").rows
    told = rows.select("volume_coins", "turnover_usd").unique().rows()
    assert told == [(Decimal("12.5"), Decimal(1_125_625))]
    assert rows["instrument_id"].n_unique() == 2


def test_a_contract_type_nobody_explained_is_refused_from_the_listing(bench, reasons):
    body = bench.payload("bybit", "instruments")[0].body
    body["result"]["list"][0]["contractType"] = "QuantoPerpetual"
    told = bench.told("bybit", "instruments", body)
    assert reasons(told) == ["unknown contract type 'QuantoPerpetual'"]
    assert told.rows.height == 2


def test_the_listing_tells_linear_from_inverse(bench):
    rows = bench.of("bybit", "instruments").rows
    told = dict(rows.select("source_symbol", "margin").iter_rows())
    assert (told["linear:BTCUSDT"], told["inverse:BTCUSD"]) == ("linear", "inverse")


def test_inverse_liquidations_have_a_feed_of_their_own(bench):
    rows = bench.of("bybit", "all_liquidation_inverse").rows.sort("time")
    told = rows.select("position", "notional_usd", "size_coins", "feed").rows()
    feed = "bybit/all_liquidation_inverse@2025-02-20"
    assert told[0] == ("long", Decimal(5000), Decimal("0.0625"), feed)
    assert told[1][:2] == ("short", Decimal(700))


def ticker(at=T0, kind="delta", **told):
    return {
        "topic": "tickers.BTCUSDT",
        "type": kind,
        "data": {"symbol": "BTCUSDT"} | told,
        "ts": at,
    }


def test_a_ticker_tells_only_what_its_message_has(bench):
    rows = bench.of("bybit", "all_liquidation", table="tickers").rows.sort("time")
    whole, delta, dated = rows.to_dicts()
    assert (whole["open_interest"], whole["open_interest_coins"]) == (
        Decimal("50001.5"),
        Decimal("25000.75"),
    )
    assert (whole["open_interest_unit"], whole["funding_rate"]) == ("coins", Decimal("0.0001"))
    assert (delta["mark_price"], delta["last_price"]) == (Decimal("90001.5"), None)
    assert (delta["open_interest"], delta["open_interest_unit"]) == (None, None)
    assert (dated["instrument_id"], dated["funding_rate"]) == ("bybit:BTCPERP", None)


def test_open_interest_of_an_inverse_ticker_is_dollars_of_both_sides(bench):
    """A real frame of 2023-04-05, its time moved: one side is the half."""
    rows = bench.of("bybit", "all_liquidation_inverse", table="tickers").rows
    row = rows.filter(pl.col("instrument_id") == "bybit:BTCUSD").row(0, named=True)
    assert (row["open_interest"], row["open_interest_unit"]) == (Decimal(449_736_676), "usd")
    assert row["open_interest_usd"] == Decimal(224_868_338)
    assert row["open_interest_coins"] is None


@pytest.mark.parametrize(
    ("data", "time"),
    [
        (
            {"last_price_e4": 1906500, "mark_price_e4": 1905000, "funding_rate_e6": 100},
            {"timestamp_e6": 1573044649041458},
        ),
        (
            {"lastPrice": "190.65", "markPriceE4": "1905000", "fundingRateE6": "100"},
            {"timestampE6": "1573044649041458"},
        ),
    ],
)
def test_before_v5_powers_of_ten_stand_in_the_names(bench, data, time):
    """Shapes of real frames of 2019 and 2022."""
    market = {"symbol": "BTCUSDT"} | data
    day = date(2019, 11, 6)
    frames = [
        {"topic": "instrument_info.100ms.BTCUSDT", "data": market} | time,
        {"topic": "instrument_info.100ms.BTCUSDT", "data": {"update": [market]}} | time,
    ]
    rows = bench.on(day).told("bybit", "all_liquidation", frames, table="tickers").rows
    told = rows.select("last_price", "mark_price", "funding_rate").rows()
    assert told == [(Decimal("190.65"), Decimal("190.5"), Decimal("0.0001"))] * 2
    assert rows["time"].dt.strftime("%H:%M:%S.%3f").to_list() == ["12:50:49.041"] * 2


def test_open_interest_before_v5_is_printed_and_not_halved(bench):
    market = {"symbol": "BTCUSD", "open_interest": 13793020}
    frame = {"topic": "instrument_info.100ms.BTCUSD", "data": market}
    rows = bench.on(date(2019, 11, 6)).told(
        "bybit", "all_liquidation", [frame | {"timestamp_e6": 1573044649041458}], table="tickers"
    )
    row = rows.rows.row(0, named=True)
    assert (row["open_interest"], row["open_interest_unit"]) == (Decimal(13_793_020), "usd")
    assert row["open_interest_usd"] is None


@pytest.mark.parametrize(
    ("frame", "word"),
    [
        (ticker(lastPrice="dear"), "last 'dear' is no exact number"),
        (ticker(at=1_655_078_400, lastPrice="1"), "no time that can be read"),
        (ticker(symbol="NEWUSDT", lastPrice="1"), "symbol 'NEWUSDT' is not in the listing"),
        ({"topic": "instrument_info.100ms.BTCUSDT", "data": {}}, "not of the topic tickers"),
        ({"topic": "tickers.BTCUSDT", "data": "x"}, "a ticker that is not an object"),
    ],
)
def test_a_ticker_that_cannot_be_read_is_refused_alone(bench, reasons, frame, word):
    told = bench.told(
        "bybit", "all_liquidation", [frame, ticker(lastPrice="90000")], table="tickers"
    )
    assert [word in reason for reason in reasons(told)] == [True]
    assert told.rows["last_price"].to_list() == [Decimal(90000)]
