"""The sentence that the page opens with, and the layers behind it."""

from dataclasses import replace
from types import ModuleType

import polars as pl

from pipelines.report.page import Page, compose
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import Said


def said(page: Page) -> str:
    return "".join(part.text if isinstance(part, Said) else part for part in page.opening)


def composed(small_week: ModuleType, rows: WeekRows | None = None) -> Page:
    return compose(rows or small_week.week(), small_week.evidence())


def test_the_page_opens_with_the_widest_floor_the_estimate_and_what_trackers_said(
    small_week: ModuleType,
) -> None:
    assert said(composed(small_week)) == (
        "In week 2022-W24 at least 958.00 USD of positions were liquidated on the 3 venues that "
        "CoinGlass was asked for; nothing that is held bounds it from above; the estimate is 11.50 on 1 "
        "of the venues (95 % interval 9.00 to 16.00); trackers said 204.02 M (Coinalyze) to 1,420.72 M "
        "(CoinGlass). They differ since each adds up other venues and coins, and none of them shows all."
    )


def test_every_number_of_the_sentence_stands_in_the_layers_and_has_rows_behind_it(
    small_week: ModuleType,
) -> None:
    page = composed(small_week)
    home = {number.key: number for number in page.layers.numbers()}
    spoken = [part.number for part in page.opening if isinstance(part, Said)]
    assert len(spoken) == 6
    for number in spoken:
        assert home[number.key] is number
        assert number.trail
    assert {step.table for step in spoken[0].trail} == {"lake.layers", "lake.liquidation_totals"}


def test_a_ceiling_is_said_where_every_day_of_every_coin_has_one(small_week: ModuleType) -> None:
    week = small_week.week()
    ours = replace(week, layers=week.layers.filter(~pl.col("scope").str.contains("coinglass")))
    assert (
        "at least 8.00 USD of positions were liquidated on Kraken Futures; at most 18.00; "
        in said(composed(small_week, ours))
    )
    short = ours.layers.with_columns(days_held=pl.lit(6, pl.Int64))
    assert "nothing that is held bounds it" in said(
        composed(small_week, replace(ours, layers=short))
    )


def test_an_estimate_that_is_refused_says_why(small_week: ModuleType) -> None:
    week = small_week.week()
    none = [pl.lit(None, pl.Decimal(38, 18)).alias(f"{n}_usd") for n in ("estimate", "low", "high")]
    refused = week.estimates.with_columns(*none, reason=pl.lit("nobody to learn from"))
    ours = week.layers.filter(~pl.col("scope").str.contains("coinglass"))
    page = composed(small_week, replace(week, layers=ours, estimates=refused))
    assert "no estimate is made (nobody to learn from); " in said(page)


def test_feeds_that_withhold_are_named_as_the_reason(small_week: ModuleType) -> None:
    week = small_week.week()
    throttled = week.liquidations.with_columns(
        coverage=pl.when(pl.col("venue") == "kraken")
        .then(pl.lit("one_of_second"))
        .otherwise("coverage")
    )
    assert "the feeds of Kraken Futures show at most one liquidation a second and market" in said(
        composed(small_week, replace(week, liquidations=throttled))
    )


def test_without_layers_nothing_is_said_at_all(small_week: ModuleType) -> None:
    week = small_week.week()
    page = composed(small_week, replace(week, layers=week.layers.clear()))
    assert page.opening == ()


def test_layers_of_one_scope_never_stand_in_a_line_with_another_s(small_week: ModuleType) -> None:
    lines = {line.head: line for line in composed(small_week).layers.lines}
    assert [
        cell.main
        for cell in lines["as CoinGlass reports: all venues asked: Binance, Bybit, OKX"].cells
    ][1:] == ["\N{EN DASH}"] * 3
    kraken = lines["Kraken Futures"].cells
    assert kraken[0].main == "\N{EN DASH}"
    assert [cell.main.printed for cell in kraken[1:]] == ["8.00", "18.00", "11.50"]
