"""Gate: what its answers and frames mean.

The payloads have the shapes of the vendor's SDK 7.2.161 and of its documents as third parties copy
them: the forced order of -165 contracts and the frame of -124.5 are their own examples, the ticker
is a real frame of 2023-03-01 with another time.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

T0 = 1_794_268_800  # 2026-11-10
BEFORE, AFTER = date(2026, 8, 19), date(2026, 8, 20)
SOCKET = "futures.public_liquidates"


def order(size=2500, fill="90000", at=T0 + 60, contract="BTC_USDT", **more):
    told = {"contract": contract, "size": size, "order_size": -size, "time": at, "left": 0}
    return told | {"fill_price": fill, "order_price": "89700"} | more


def frame(*events, **more):
    return {"channel": SOCKET, "event": "update", "time": T0, "result": list(events)} | more


def event(size="-2500", price="90000", at=T0 * 1000 + 60, contract="BTC_USDT"):
    return {"contract": contract, "size": size, "price": price, "time": at}


def midnight_s(day):
    return (day - date(1970, 1, 1)).days * 86_400


def by_instrument(rows, position):
    kept = rows.filter(pl.col("position") == position)
    return {row["instrument_id"]: row for row in kept.iter_rows(named=True)}


def test_over_rest_a_size_above_zero_was_a_long(bench):
    # size is the position's: vendor's SDK ("User position size"), 159 + 109 + 167 rows of others
    rows = bench.told("gate", "liquidations", [order(2500), order(-165)]).rows
    assert rows["position"].to_list() == ["long", "short"]
    assert rows["size"].to_list() == [Decimal(2500), Decimal(165)]


def test_on_the_socket_a_size_below_zero_was_a_long(bench):
    # size is the order's: 6 of 6 events that REST showed as well had the opposite sign there
    rows = bench.told("gate", "public_liquidates", [frame(event("-2500"), event("165"))]).rows
    assert rows["position"].to_list() == ["long", "short"]
    assert rows["size"].to_list() == [Decimal(2500), Decimal(165)]


def test_one_event_told_by_rest_and_by_the_socket_is_of_one_side(bench):
    rest = bench.told("gate", "liquidations", [order(2500)]).rows
    live = bench.told("gate", "public_liquidates", [frame(event("-2500"))]).rows
    shown = ("instrument_id", "position", "size", "size_coins")
    assert rest.select(shown).rows() == live.select(shown).rows()
    assert (rest["price_kind"][0], live["price_kind"][0]) == ("average_fill", "order")
    assert rest["feed"][0] != live["feed"][0]


def test_a_contract_is_its_multiplier_of_coins(bench):
    rows = bench.of("gate", "liquidations").rows
    short, long = by_instrument(rows, "short"), by_instrument(rows, "long")
    sample = short["gate:BTC_USDT"]  # 165 contracts of 0.0001 BTC at 28,070
    assert (sample["size"], sample["size_unit"]) == (Decimal(165), "contracts")
    assert sample["size_coins"] == Decimal("0.0165")
    assert sample["notional_quote"] == sample["notional_usd"] == Decimal("463.155")
    assert sample["usd_basis"] == "par"
    pepe = long["gate:PEPE_USDT"]  # 3 contracts of 10,000,000 PEPE at 0.0000065
    assert (pepe["size_coins"], pepe["notional_usd"]) == (Decimal(30_000_000), Decimal(195))


def test_an_inverse_contract_is_a_dollar(bench):
    sold = by_instrument(bench.of("gate", "liquidations").rows, "long")["gate:BTC_USD"]
    heard = bench.of("gate", "public_liquidates_btc").rows.row(0, named=True)
    for row in (sold, heard):  # 4,000 contracts at 80,000
        assert (row["notional_usd"], row["usd_basis"]) == (Decimal(4000), "dollars")
        assert (row["size_coins"], row["position"]) == (Decimal("0.05"), "long")


def test_a_contract_of_a_thousand_rats_counts_thousands(bench):
    told = [order(7, "0.02", contract="1000RATS_USDT")]
    asked = {"subjects": ("usdt:1000RATS_USDT",)}
    row = bench.told("gate", "liquidations", told, **asked).rows.row(0, named=True)
    assert (row["coin"], row["size_coins"]) == ("RATS", Decimal(70_000))
    assert row["notional_usd"] == Decimal("1.4")


def test_what_lies_on_the_end_of_an_hour_is_left_to_the_question_that_begins_there(bench):
    first, *_ = bench.payload("gate", "liquidations")
    edge = order(at=T0 + 3600)
    later = replace(first, params=first.params | {"from": str(T0 + 3600), "to": str(T0 + 7200)})
    questions = [replace(first, body=[order(), edge]), replace(later, body=[edge])]
    told = bench.read(bench.reader("gate", "liquidations"), questions)
    stamps = told.rows["time"].to_list()
    assert stamps == [datetime.fromtimestamp(T0 + s, UTC) for s in (60, 3600)]
    assert told.refused.is_empty()


def test_two_orders_that_are_equal_to_the_digit_are_two_orders(bench):
    assert bench.told("gate", "liquidations", [order(), order()]).rows["nth"].to_list() == [0, 1]


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (order(0), "no positive size"),
        (order(order_size=2500), "position and order are not opposite"),
        (order(order_size=0), "position and order are not opposite"),
        (order(order_size="many"), "order_size 'many' is no exact number"),
        (order() | {"size": None}, "no positive size"),
        (order() | {"size": "long"}, "no positive size"),
        (order(fill="0"), "no positive price"),
        (order(at=(T0 + 60) * 1000), "no time that can be read"),
        (order(contract="NEW_USDT"), "symbol 'usdt:NEW_USDT' is not in the listing"),
        ("an order", "a row that is not an object"),
    ],
)
def test_an_order_that_cannot_be_read_is_refused_and_harms_nobody_else(bench, reasons, bad, word):
    told = bench.told("gate", "liquidations", [bad, order()])
    assert [word in reason for reason in reasons(told)] == [True]
    assert told.rows["position"].to_list() == ["long"]


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (frame(event("0")), "no positive size"),
        (frame(event("short")), "no positive size"),
        (frame(event(price="0")), "no positive price"),
        (frame(event(contract="BTC_USD")), "symbol 'BTC_USD' is not in the listing"),
        (frame(event(), channel="futures.trades"), "not of the channel"),
        (frame(event(), event="all"), "an event that nobody explained"),
        (frame(None), "a row that is not an object"),
        (["x"], "not of the channel"),
    ],
)
def test_a_frame_that_cannot_be_read_is_refused_and_harms_nobody_else(bench, reasons, bad, word):
    told = bench.told("gate", "public_liquidates", [bad, frame(event())])
    assert [word in reason for reason in reasons(told)] == [True]
    assert told.rows["position"].to_list() == ["long"]


@pytest.mark.parametrize("event_name", ["subscribe", "unsubscribe"])
def test_a_reply_to_a_subscription_is_passed_over(bench, event_name):
    reply = {"channel": SOCKET, "event": event_name, "error": None, "result": {"status": "success"}}
    told = bench.told("gate", "public_liquidates", [reply, frame(event())])
    assert (told.rows.height, told.refused.height) == (1, 0)


def test_the_socket_shows_all_since_the_batches_came(bench):
    old = frame(event(at=midnight_s(BEFORE)))
    older = frame(event(at=midnight_s(BEFORE)) | {"time_ms": midnight_s(BEFORE) * 1000 + 250})
    sparse = bench.on(BEFORE).told("gate", "public_liquidates", [old, older]).rows
    batch = frame(*(event(at=midnight_s(AFTER) * 1000 + ms) for ms in (1, 900)))
    full = bench.on(AFTER).told("gate", "public_liquidates", [batch]).rows
    assert sparse["coverage"].to_list() == ["one_of_second"] * 2
    assert sparse["time"].dt.millisecond().to_list() == [0, 250]
    assert full["coverage"].to_list() == ["all"] * 2
    assert full["time"].dt.millisecond().to_list() == [1, 900]
    assert full["feed"].to_list() == ["gate/public_liquidates@2026-08-20"] * 2


def test_the_venues_own_sums_have_coins_and_dollars_of_each_side(bench):
    rows = bench.of("gate", "contract_stats", table="liquidation_totals").rows
    told = {
        (r["scope"], r["time"].hour, r["position"]): (r["size_coins"], r["notional_usd"])
        for r in rows.iter_rows(named=True)
    }
    assert told == {
        ("gate:BTC_USDT", 0, "long"): (Decimal("0.25"), Decimal("22500.1")),
        ("gate:BTC_USDT", 0, "short"): (Decimal("0.0165"), Decimal("463.155")),
        ("gate:BTC_USDT", 1, "long"): (Decimal("0.75"), Decimal("67500.5")),
        ("gate:BTC_USDT", 1, "short"): (Decimal("0.5"), Decimal("45000.25")),
        ("gate:BTC_USD", 0, "long"): (None, Decimal(11250)),
        ("gate:BTC_USD", 0, "short"): (None, Decimal(5625)),
    }
    assert set(rows["usd_basis"]) == {"published"}
    assert set(rows["interval_s"]) == {3600}


def test_a_sum_that_cannot_be_is_refused_alone(bench, reasons):
    body = bench.payload("gate", "contract_stats")[0].body
    body[0] |= {"long_liq_usd": None, "short_liq_amount": -1}
    told = bench.told("gate", "contract_stats", body, table="liquidation_totals")
    assert sorted(reasons(told)) == ["a negative amount", "dollars that are no exact number"]
    assert told.rows["time"].dt.hour().to_list() == [1, 1]


def test_an_hour_that_was_not_over_is_refused_by_each_reader(bench, reasons):
    at = int(bench.asked_at.timestamp())
    body = [bench.payload("gate", "contract_stats")[0].body[0] | {"time": at}]
    for table in ("liquidation_totals", "open_interest", "long_short_ratios"):
        told = bench.told("gate", "contract_stats", body, table=table)
        assert told.rows.is_empty()
        assert reasons(told) == ["an hour that was not over when it was asked for"]


def test_open_interest_is_contracts_and_the_dollars_that_are_printed(bench):
    rows = bench.of("gate", "contract_stats", table="open_interest").rows
    first = rows.filter(pl.col("time").dt.hour() == 0).sort("instrument_id", descending=True)
    names = ("instrument_id", "open_interest_coins", "open_interest_usd", "usd_basis")
    assert first.select(names).rows() == [
        ("gate:BTC_USDT", Decimal("15348.278"), Decimal("1381345020.5"), "published"),
        ("gate:BTC_USD", None, Decimal(7_000_000), "published"),
    ]


def test_three_ratios_stand_in_a_row_and_one_that_is_missing_is_refused_alone(bench, reasons):
    body = bench.payload("gate", "contract_stats")[0].body[:1]
    told = bench.told("gate", "contract_stats", body, table="long_short_ratios").rows
    assert dict(told.select("who", "long_short_ratio").iter_rows()) == {
        "all_accounts": Decimal("1.5"),
        "top_accounts": Decimal("1.125"),
        "top_positions": Decimal("0.875"),
    }
    del body[0]["top_lsr_size"]
    told = bench.told("gate", "contract_stats", body, table="long_short_ratios")
    assert reasons(told) == ["no long_short_ratio that can be read"]
    assert set(told.rows["who"]) == {"all_accounts", "top_accounts"}


def test_candles_count_contracts_and_an_inverse_one_dollars(bench):
    rows = bench.of("gate", "candles").rows
    shown = ("instrument_id", "volume_coins", "turnover_usd", "open", "close")
    assert set(rows.select(shown).rows()) == {
        ("gate:BTC_USDT", Decimal("12.5"), Decimal(1_125_625), Decimal(90_000), Decimal(90_060)),
        ("gate:BTC_USD", None, Decimal(640_000), Decimal(90_000), Decimal(90_060)),
    }
    for kind in ("mark", "index"):
        assert set(bench.of("gate", f"{kind}_candles").rows["kind"]) == {kind}


def test_funding_is_a_fraction_of_the_settlement(bench):
    rows = bench.of("gate", "funding").rows.sort("time")
    assert rows["funding_rate"].to_list() == [Decimal("0.0001"), Decimal("-0.000025")]
    assert rows["interval_s"].to_list() == [None, None]


def test_a_ticker_tells_prices_open_interest_and_funding(bench):
    row = bench.of("gate", "public_liquidates", table="tickers").rows.row(0, named=True)
    assert (row["last_price"], row["mark_price"]) == (Decimal("23160.2"), Decimal("23175.64"))
    assert (row["index_price"], row["funding_rate"]) == (Decimal("23173.35"), Decimal("0.0001"))
    assert (row["open_interest"], row["open_interest_unit"]) == (153_482_780, "contracts")
    assert (row["open_interest_coins"], row["open_interest_usd"]) == (Decimal("15348.278"), None)
    assert row["time"].microsecond == 840_000


def test_a_ticker_of_an_inverse_contract_counts_dollars_and_says_no_more_than_it_says(bench):
    (question,) = bench.payload("gate", "public_liquidates_btc", "tickers")
    (message,) = question.body
    del message["result"][0]["mark_price"]
    told = bench.told("gate", "public_liquidates_btc", [message], table="tickers").rows
    names = ("open_interest_usd", "open_interest_coins", "mark_price")
    assert told.select(names).rows() == [(Decimal(46_366), None, None)]


@pytest.mark.parametrize(
    ("settle", "kind", "reason"),
    [
        ("usdt", "inverse", "unknown contract type 'usdt:inverse'"),
        ("btc", "direct", "unknown contract type 'btc:direct'"),
        ("usd1", "direct", "unknown contract type 'usd1:direct'"),
        ("usdt", None, "unknown contract type 'null'"),
    ],
)
def test_a_contract_of_another_kind_is_refused_from_the_listing(
    bench, reasons, settle, kind, reason
):
    question = bench.payload("gate", "instruments")[1]
    question.body[0]["type"] = kind
    changed = replace(question, address=question.address.replace("usdt", settle))
    told = bench.read(bench.reader("gate", "instruments"), [changed])
    assert reason in reasons(told)


def test_a_contract_without_a_multiplier_is_refused_from_the_listing(bench, reasons):
    body = bench.payload("gate", "instruments")[1].body
    body[0]["quanto_multiplier"] = "0"
    question = replace(bench.payload("gate", "instruments")[1], body=body)
    told = bench.read(bench.reader("gate", "instruments"), [question])
    assert reasons(told) == ["no contract size"]
    assert told.rows.height == 2
