"""Hyperliquid: what its answers and the fills of its nodes mean.

The fill of ETH in the payload, with that of its counterparty, is the vendor's own example of
2025-06-21 at another instant; the rest has the documented shapes.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

T0 = 1_794_268_800_000  # 2026-11-10
VICTIM, OTHER = "0x" + "1b" * 20, "0x" + "2c" * 20
LIQUIDATION = {"liquidatedUser": VICTIM, "markPx": "90000", "method": "market"}


def fill(user=VICTIM, liquidation=LIQUIDATION, **more):
    told = {"coin": "BTC", "px": "90000", "sz": "0.5", "side": "A", "dir": "Close Long"}
    return [user, told | {"time": T0, "tid": 1, "liquidation": liquidation} | more]


def read(bench, *lines):
    return bench.told("hyperliquid", "node_fills", list(lines))


def test_a_victims_sale_is_a_liquidated_long(bench):
    """The vendor's document: A sells, and `dir` of that very fill says Liquidated Isolated Long."""
    rows = bench.of("hyperliquid", "node_fills").rows
    told = rows.select("coin", pl.col("size").cast(pl.Float64), "position").rows()
    assert sorted(told) == [("BTC", 0.25, "long"), ("ETH", 0.1037, "long"), ("PEPE", 2e4, "short")]


def test_only_the_fill_of_the_liquidated_user_is_an_event(bench):
    both = read(bench, fill(), fill(OTHER, side="B", dir="Open Long"))
    assert both.rows["position"].to_list() == ["long"]
    assert both.refused.is_empty()


def test_the_letters_of_an_address_may_be_large_or_small(bench):
    assert read(bench, fill(VICTIM.replace("b", "B"))).rows.height == 1


def test_an_ordinary_fill_is_passed_over(bench):
    told = read(bench, fill(liquidation=None), ["0x1", {"coin": "BTC"}], fill())
    assert (told.rows.height, told.refused.height) == (1, 0)


def test_a_line_may_be_a_fill_or_a_block_of_fills(bench):
    alone = read(bench, fill(), fill(tid=2)).rows
    block = read(bench, {"block_time": "x", "events": [fill(), fill(tid=2)]}).rows
    assert alone.drop("answer").equals(block.drop("answer"))
    assert alone["nth"].to_list() == [0, 1]


def test_size_times_price_is_the_notional_and_usdc_is_taken_at_par(bench):
    row = read(bench, fill(sz="0.25", px="88000.5")).rows.row(0, named=True)
    assert (row["size_unit"], row["size_coins"]) == ("coins", Decimal("0.25"))
    assert (row["notional_quote"], row["notional_usd"]) == (Decimal("22000.125"),) * 2
    assert (row["price_kind"], row["usd_basis"]) == ("fill", "par")


def test_a_k_before_a_coin_is_a_thousand_of_it(bench):
    rows = bench.of("hyperliquid", "node_fills").rows.filter(pl.col("coin") == "PEPE")
    assert rows.select("size_coins", "notional_usd").row(0) == (Decimal(20_000_000), Decimal(208))


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (fill(side="S"), "unknown side 'S'"),
        (fill(side="a"), "unknown side 'a'"),
        (fill(dir="Auto-Deleveraging"), "unknown direction 'Auto-Deleveraging'"),
        (fill(dir=None), "unknown direction 'null'"),
        (fill(dir="Close Short"), "tell different positions"),
        (fill(liquidation=LIQUIDATION | {"method": "adl"}), "unknown method 'adl'"),
        (fill(coin="xyz:GOLD"), "symbol 'xyz:GOLD' is not in the listing"),
        (fill(tid=None), "no tid"),
        (fill(sz="0"), "no positive size"),
        (fill(px="-1"), "no positive price"),
        (fill(time=1_655_078_400), "no time that can be read"),
        (fill(liquidation={"markPx": "1"}), "does not say of whom"),
        (fill(liquidation="yes"), "does not say of whom"),
        ([VICTIM, "fill"], "no pair of a user and a fill"),
        ([None, {}], "no pair of a user and a fill"),
        ({"block_time": "x"}, "neither a fill nor a block"),
        ({"events": {}}, "neither a fill nor a block"),
        ("x", "neither a fill nor a block"),
    ],
)
def test_what_nobody_explained_is_refused_with_its_reason_and_harms_nobody_else(
    bench, reasons, bad, word
):
    told = read(bench, bad, fill(tid=9))
    assert [word in reason for reason in reasons(told)] == [True]
    assert told.rows.height == 1


def test_a_fill_that_two_archives_have_counts_once(bench, reasons):
    told = read(bench, fill(), fill(), fill(coin="ETH"))
    assert told.rows["coin"].sort().to_list() == ["BTC", "ETH"]
    assert reasons(told) == ["a second row for the same key"]


@pytest.mark.parametrize(
    ("day", "since"),
    [
        (date(2025, 5, 25), "2025-05-25"),
        (date(2025, 7, 26), "2025-05-25"),
        (date(2025, 7, 27), "2025-07-27"),
    ],
)
def test_each_archive_has_all_fills_of_its_days(bench, day, since):
    at = (day - date(1970, 1, 1)).days * 86_400_000
    rows = read(bench.on(day), fill(time=at)).rows
    assert rows.select("feed", "coverage").rows() == [(f"hyperliquid/node_fills@{since}", "all")]


def test_open_interest_is_in_coins_at_the_instant_of_asking(bench):
    rows = bench.of("hyperliquid", "open_interest").rows
    told = {r["coin"]: r for r in rows.iter_rows(named=True)}
    assert told["BTC"]["open_interest_coins"] == Decimal("28871.24862")
    assert told["PEPE"]["open_interest_coins"] == Decimal(18_617_460_000)
    assert told["BTC"]["open_interest_usd"] is None
    assert set(rows["interval_s"]) == {0}
    assert set(rows["time"]) == {datetime(2026, 11, 10, 6, 0, 0, 250_000, UTC)}


def test_markets_without_a_state_each_are_refused_together(bench, reasons):
    body = bench.payload("hyperliquid", "open_interest")[0].body
    told = bench.told("hyperliquid", "open_interest", [body[0], body[1][1:]])
    assert told.rows.is_empty()
    assert reasons(told) == ["as many markets as states were expected"]


def test_the_listing_says_what_is_delisted(bench):
    rows = bench.of("hyperliquid", "instruments").rows
    told = {r["symbol"]: r for r in rows.iter_rows(named=True)}
    assert (told["MATIC"]["status"], told["BTC"]["status"]) == ("isDelisted=true", None)
    assert (told["kPEPE"]["coin"], told["kPEPE"]["coins_per_base"]) == ("PEPE", Decimal(1000))
    assert {(r["quote"], r["margin"], r["is_perpetual"]) for r in told.values()} == {
        ("USDC", "linear", True)
    }


def test_a_rate_is_a_fraction_for_an_hour(bench):
    rows = bench.of("hyperliquid", "funding").rows.filter(pl.col("coin") == "BTC")
    assert rows["funding_rate"].to_list() == [Decimal("0.0000125"), Decimal("-0.00000345")]
    assert set(rows["interval_s"]) == {3600}


def test_candles_count_the_base_and_no_dollars(bench, reasons):
    body = bench.payload("hyperliquid", "candles")[0].body
    told = bench.told("hyperliquid", "candles", [body[0], body[1] | {"i": "4h"}])
    (row,) = told.rows.iter_rows(named=True)
    assert [row[n] for n in ("open", "high", "low", "close")] == [
        Decimal(n) for n in ("90000", "90100", "89900", "90050")
    ]
    assert (row["volume_coins"], row["turnover_usd"]) == (Decimal("12.5"), None)
    assert reasons(told) == ["unknown interval '4h'"]
