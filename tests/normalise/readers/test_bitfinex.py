"""Bitfinex: what its arrays mean. Frames named as real were published by another project with its
own reading of them; the history has the documented shape.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

T0 = 1_794_268_800_000  # 2026-11-10
HOUR_MS = 3_600_000
BTC = "tBTCF0:USTF0"
# Real, of 2020-06-30 and 2020-07-06; that project calls them a sale and a purchase.
LONG = [386841, [["pos", 143683674, 1593522802742, None, BTC, 0.00268657, 9135.972557016, None, 0, 1,
        None, 9080]], 7, 1593566593351, "liquidations", "global"]  # fmt: skip
SHORT = [907, [["pos", 143679087, 1594036710534, None, "tETHF0:USTF0", -8.6007, 222.248906484356,
         None, 0, 1, None, None]], 1206216, 1594036710596, "liquidations", "global"]  # fmt: skip


def event(symbol=BTC, amount=0.5, price=88000, at=T0 + 1, match=0, number=7):
    return ["pos", number, at, None, symbol, amount, 90000, None, match, 1, None, price]


def history(bench, *events):
    return bench.told("bitfinex", "liquidations", [[one] for one in events])


def state(at=T0, upcoming=T0 + 8 * HOUR_MS, rate=0.0001, interest=3005.25):
    return [at, None, 90000.5, 90010, None, 1.5, None, upcoming, 0, 4, None, rate, None, None,
            90002.25, None, None, interest, None, None, None, 0.0005, 0.0025]  # fmt: skip


@pytest.mark.parametrize(
    ("frame", "position", "size"),
    [(LONG, "long", Decimal("0.00268657")), (SHORT, "short", Decimal("8.6007"))],
)
def test_a_positive_amount_was_a_long_in_real_frames_as_another_project_reads_them(
    bench, frame, position, size
):
    at = datetime.fromtimestamp(frame[1][0][2] / 1000, UTC)
    rows = bench.on(at.date()).told("bitfinex", "liq_global", [frame]).rows
    assert rows.select("position", "size", "size_unit", "size_coins").rows() == [
        (position, size, "coins", size)
    ]
    assert rows["time"].to_list() == [at.replace(microsecond=frame[1][0][2] % 1000 * 1000)]


def test_the_price_is_that_of_taking_over_and_not_the_entry_beside_it(bench):
    rows = bench.on(date(2020, 6, 30)).told("bitfinex", "liq_global", [LONG]).rows
    told = rows.select("price", "price_kind", "notional_quote", "notional_usd", "usd_basis").row(0)
    # 0.00268657 x 9080, not x 9135.97
    notional = Decimal("24.3940556")
    assert told == (Decimal(9080), "acquired", notional, notional, "par")


def test_without_a_price_there_are_coins_and_no_dollars(bench):
    rows = bench.on(date(2020, 7, 6)).told("bitfinex", "liq_global", [SHORT]).rows
    told = rows.select("size_coins", "price", "price_kind", "notional_usd", "usd_basis").row(0)
    assert told == (Decimal("8.6007"), None, None, None, None)


def test_only_the_trigger_of_a_position_counts_and_its_executions_are_set_aside(bench, reasons):
    told = history(bench, event(), event(match=1, price=88010))
    assert told.rows.height == 1
    assert reasons(told) == ["an execution of a position whose trigger counts"]


def test_margin_positions_in_spot_are_set_aside_with_that_reason(bench, reasons):
    told = history(bench, event(), event("tBTCUSD"), event("tETHUST"))
    assert told.rows.height == 1
    assert reasons(told) == ["a margin position in a spot pair"] * 2


def test_a_row_that_two_pages_tell_counts_once_and_two_triggers_of_a_position_twice(bench, reasons):
    told = history(bench, event(), event(), event(amount=0.25))
    assert sorted(told.rows["size"]) == [Decimal("0.25"), Decimal("0.5")]
    assert reasons(told) == ["a second row for the same key"]


def test_rows_that_stand_together_are_read_like_rows_one_by_one(bench):
    told = bench.told("bitfinex", "liquidations", [[event(), event(number=8)], [event(number=9)]])
    assert told.rows.height == 3


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (event("tNEWF0:USTF0"), "symbol 'tNEWF0:USTF0' is not in the listing"),
        (event(amount=0), "no positive size"),
        (event(amount=1e-19), "amount '1e-19' is no exact number"),
        (event(amount=None), "no positive size"),
        (event(price=0), "no positive price"),
        (event(price="x"), "price 'x' is no exact number"),
        (event(match=2), "unknown match flag '2'"),
        (event(match=None), "unknown match flag 'null'"),
        (event(number=None), "no id that tells it"),
        (event(at=1_655_078_400), "no time that can be read"),
        (event()[:11], "not an array of pos and 11 places"),
        (["wallet", *event()[1:]], "not an array of pos and 11 places"),
        (["x"], "not an array of pos and 11 places"),
    ],
)
def test_what_nobody_explained_is_refused_with_its_reason_and_harms_nobody_else(
    bench, reasons, bad, word
):
    told = history(bench, bad, event())
    assert [word in reason for reason in reasons(told)] == [True]
    assert told.rows.height == 1


def test_replies_and_heartbeats_hold_no_liquidations_and_strangers_are_refused(bench, reasons):
    frames = [{"event": "subscribed", "chanId": 5}, [5, "hb"], [6, state()], [5, [event()]]]
    told = bench.told("bitfinex", "liq_global", frames)
    assert told.rows.height == 1
    assert reasons(told) == ["a frame without rows of liquidations"]


def test_history_and_socket_tell_the_same_and_the_history_comes_first(bench):
    assert bench.reader("bitfinex", "liq_global", "liquidations").told_first_by == "liquidations"
    assert bench.reader("bitfinex", "liquidations").told_first_by == ""


def test_the_listing_knows_coins_and_the_stable_coin_by_our_names(bench):
    rows = bench.of("bitfinex", "instruments").rows
    told = {r["symbol"]: (r["coin"], r["quote"], r["margin"]) for r in rows.iter_rows(named=True)}
    assert told[BTC] == ("BTC", "USDT", "linear")
    assert told["tETHF0:BTCF0"] == ("ETH", "BTC", "linear")


def test_a_quote_that_is_no_dollar_gives_no_dollars(bench):
    rows = history(bench, event("tETHF0:BTCF0", 2.5, 0.04)).rows
    assert rows.select("notional_quote", "notional_usd").row(0) == (Decimal("0.1"), None)


def test_open_interest_is_coins_at_the_instant_of_the_state(bench):
    rows = bench.of("bitfinex", "status", table="open_interest").rows
    told = rows.select("time", "open_interest_coins", "open_interest_usd", "interval_s").rows()
    midnight = datetime(2026, 11, 10, tzinfo=UTC)
    assert told == [
        (midnight + timedelta(seconds=1), Decimal("3005.25851857"), None, 3600),
        (midnight + timedelta(seconds=3629), Decimal("3008.75"), None, 3600),
    ]


def test_a_state_without_open_interest_is_not_one_of_zero(bench, reasons):
    told = bench.told("bitfinex", "status", [state(interest=None)], table="open_interest")
    assert (told.rows.height, reasons(told)) == (0, ["no exact open interest"])


def test_a_rate_stands_at_the_settlement_before_the_state(bench):
    rows = bench.of("bitfinex", "status", table="funding").rows
    told = rows.sort("time").select("time", "funding_rate", "interval_s").rows()
    assert told == [
        (datetime(2026, 11, 10, 0, tzinfo=UTC), Decimal("0.0001"), 28_800),
        (datetime(2026, 11, 10, 8, tzinfo=UTC), Decimal("-0.00000014"), 28_800),
    ]


@pytest.mark.parametrize("late_ms", [HOUR_MS, 7 * HOUR_MS, -1])
def test_a_state_of_another_hour_settles_nothing(bench, reasons, late_ms):
    told = bench.told("bitfinex", "status", [state(at=T0 + late_ms)], table="funding")
    assert (told.rows.height, reasons(told)) == (0, [])


def test_a_settlement_without_a_rate_is_refused(bench, reasons):
    told = bench.told("bitfinex", "status", [state(rate=None)], table="funding")
    assert reasons(told) == ["no funding_rate that can be read"]


def test_a_candle_tells_its_close_before_its_high(bench):
    rows = bench.of("bitfinex", "candles").rows.sort("time")
    told = rows.select("open", "close", "high", "low", "volume_coins", "turnover_usd").row(0)
    assert told == (*map(Decimal, (90000, 90050, 90100, 89900)), Decimal("12.5"), None)


def test_a_pushed_state_gives_only_what_it_has(bench):
    """Real frames of 2019 and 2020, with another day: the later one has open interest."""
    rows = bench.of("bitfinex", "liq_global", table="tickers").rows.sort("time")
    told = rows.select("instrument_id", "last_price",
                       "mark_price", "index_price", "open_interest", "funding_rate")  # fmt: skip
    assert told.rows() == [
        ("bitfinex:" + BTC, Decimal("8192.7"), Decimal("8196.973333333333"), Decimal("8197.3"),
         None, Decimal(0)),
        ("bitfinex:tETHF0:USTF0", Decimal("9166.30324769"), Decimal("9170.3525"),
         Decimal("9169.35"), Decimal("3005.25851857"), Decimal("0.0001")),
        ("bitfinex:" + BTC, Decimal("173.535"), None, Decimal("173.57"), None, None),
    ]  # fmt: skip
    assert rows.filter(pl.col("open_interest").is_not_null())["open_interest_unit"][0] == "coins"
