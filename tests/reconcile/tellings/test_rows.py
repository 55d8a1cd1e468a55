"""Tellings from canonical rows: what is added up, what is not held, which venues are meant."""

from datetime import timedelta
from decimal import Decimal

import polars as pl

from pipelines.reconcile.tellings.rows import of_events, of_totals
from pipelines.tables import INSTRUMENTS, LIQUIDATION_TOTALS, LIQUIDATIONS
from tests.reconcile.gap.conftest import END, FIRST


def made(table, *rows):
    names = {name for row in rows for name in row}
    told = pl.DataFrame(list(rows), schema={n: t for n, t in table.schema.items() if n in names})
    missing = [pl.lit(None, dtype=t).alias(n) for n, t in table.schema.items() if n not in names]
    return told.with_columns(missing).select(table.schema.names())


def event(usd, minutes=0, **more):
    row = {
        "source": "bybit", "venue": "bybit", "coin": "BTC", "instrument_id": "bybit:BTCUSDT",
        "time": FIRST + timedelta(minutes=minutes), "position": "long", "usd_basis": "rate",
        "size": Decimal(1), "price": Decimal(25_000), "size_coins": Decimal(1),
        "notional_quote": None if usd is None else Decimal(usd) * 2,
        "notional_usd": None if usd is None else Decimal(usd), "feed": "bybit/all@2025-02-20",
    }  # fmt: skip
    return row | more


def total(usd, days=0, **more):
    row = {
        "source": "coinglass", "venue": "several", "coin": "BTC", "scope": "Binance, Gate.io,OKX",
        "time": FIRST + timedelta(days=days), "interval_s": 86_400, "position": "long",
        "usd_basis": "published", "notional_usd": None if usd is None else Decimal(usd),
    }  # fmt: skip
    return row | more


def test_events_of_an_hour_are_one_cell_with_what_they_are_at_par():
    one = of_events(
        "bybit", made(LIQUIDATIONS, event(1), event(3, 59), event(5, 60)).lazy(), FIRST, END
    )
    assert one.cells["usd"].to_list() == [4, 5]
    assert one.cells["par_usd"].to_list() == [8, 10]
    assert one.cells["rows"].to_list() == [2, 1]
    assert one.venues == ("bybit",)


def test_a_row_that_repeats_another_to_the_digit_is_a_twin():
    rows = made(LIQUIDATIONS, event(1), event(1), event(1, size=Decimal(2)))
    assert of_events("bybit", rows.lazy(), FIRST, END).cells["twin_usd"].to_list() == [1]


def test_of_a_feed_that_tells_every_order_it_is_known_what_one_of_a_second_would_show():
    at = [FIRST + timedelta(seconds=1, milliseconds=ms) for ms in (100, 300, 300, 900)]
    rows = made(
        LIQUIDATIONS,
        event(9, time=at[0], coverage="all"),
        event(2, time=at[1], coverage="all", instrument_id="bybit:ETHUSDT"),
        event(4, time=at[2], coverage="all", instrument_id="bybit:ETHUSDT", position="short"),
        event(1, time=at[3], coverage="all", position="short"),
        event(5, minutes=60, coverage="one_of_second"),
        event(7, time=at[0] + timedelta(hours=2), coverage="all"),
        event(3, time=at[0] + timedelta(hours=2), coverage="all", position="short"),
    )
    cells = of_events("bybit", rows.lazy(), FIRST, END).cells.select(
        "position", "largest_usd", "latest_usd"
    )
    assert cells.rows() == [
        ("long", 9, 1), ("long", None, None), ("long", 7, 3.5), ("short", 4, 3), ("short", 0, 1.5),
    ]  # fmt: skip


def test_an_event_without_dollars_or_outside_the_span_is_in_no_cell():
    rows = made(LIQUIDATIONS, event(None), event(1, -1), event(2, 7 * 24 * 60))
    assert of_events("bybit", rows.lazy(), FIRST, END).cells.is_empty()


def test_the_margin_is_that_of_the_listing():
    listing = {"source": "bybit", "source_symbol": "BTCUSDT", "instrument_id": "bybit:BTCUSDT"}
    terms = made(INSTRUMENTS, listing | {"margin": "linear"})
    one = of_events("bybit", made(LIQUIDATIONS, event(1)).lazy(), FIRST, END, instruments=terms)
    assert one.markets.rows() == [("bybit", "BTC", "linear")]


def test_a_sum_over_venues_adds_up_those_that_its_scope_lists():
    one = of_totals("coinglass", made(LIQUIDATION_TOTALS, total(1)), FIRST, END, interval_s=86_400)
    assert one.venues == ("binance", "gate", "okx")
    assert one.is_several


def test_a_day_of_which_a_part_is_unknown_is_not_held():
    rows = made(
        LIQUIDATION_TOTALS, total(1), total(2, 1), total(None, 1, scope="x"), total(3, 2),
    )  # fmt: skip
    one = of_totals("coinglass", rows, FIRST, END, interval_s=86_400)
    assert one.cells["usd"].to_list() == [1, 3]
    assert one.held["time"].to_list() == [FIRST, FIRST + timedelta(days=2)]
