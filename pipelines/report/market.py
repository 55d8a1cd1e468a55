"""Price, open interest and funding over the week, beside the week before."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate, groupby

from pipelines.report import figures, names
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import Cell, Line, Sheet
from pipelines.report.trail import Number, Selection, key_of, number
from pipelines.report.voices import Row, counted

COINS = 6
LINES = 24

# Part of the key: column of mart.weekly_market, unit, meaning, lake tables behind it.
_PARTS = {
    "price": ("price_close", "quote", "price at the close of the week", ("candles",)),
    "price_before": (
        "price_before",
        "quote",
        "price at the close of the week before",
        ("candles",),
    ),
    "price_change": ("price_change_pct", "percent", "change of price", ("candles",)),
    "oi": (
        "open_interest_usd",
        "USD",
        "open interest at the end of the week",
        ("open_interest",),
    ),
    "oi_before": (
        "open_interest_before_usd",
        "USD",
        "open interest at the end of the week before",
        ("open_interest",),
    ),
    "oi_change": (
        "open_interest_change_pct",
        "percent",
        "change of open interest",
        ("open_interest",),
    ),
    "funding": ("funding_mean", "fraction", "mean funding of an interval", ("funding",)),
    "funding_before": (
        "funding_before",
        "fraction",
        "mean funding of an interval in the week before",
        ("funding",),
    ),
    "funding_sum": ("funding_sum", "fraction", "funding added up over the week", ("funding",)),
}


def market(rows: WeekRows, coins: Sequence[str]) -> Sheet:
    """The first of ``coins``, by every source that prices them."""
    order = {coin: place for place, coin in enumerate(coins)}
    held = sorted(
        (row for row in rows.market.iter_rows(named=True) if row["coin"] in order),
        key=lambda row: (order[row["coin"]], names.source_order(row["source"]), row["venue"]),
    )
    by_coin = [list(group) for _, group in groupby(held, key=lambda row: row["coin"])]
    so_far = accumulate(len(group) for group in by_coin)
    first = [group for group, lines in zip(by_coin, so_far, strict=True) if lines <= LINES]
    lines = tuple(_line(rows, row) for group in first[:COINS] or by_coin[:1] for row in group)
    return Sheet(
        "market",
        "Price, open interest and funding, with the week before",
        "Coin",
        ("Price at close", "Open interest, USD", "Mean funding"),
        lines,
        "weekly_market.csv",
        shown=len(lines),
        held=rows.market.height,
        about="Prices are in the quote of their market; funding is of one interval.",
    )


def _line(rows: WeekRows, row: Row) -> Line:
    part = {name: _number(rows, row, name) for name in _PARTS}
    return Line(
        row["coin"],
        (
            Cell(
                part["price"],
                (("before", part["price_before"]), ("change", part["price_change"])),
            ),
            Cell(part["oi"], (("before", part["oi_before"]), ("change", part["oi_change"]))),
            Cell(
                part["funding"],
                (("before", part["funding_before"]), ("sum", part["funding_sum"])),
            ),
        ),
        (_market(row), *_days_note(row)),
    )


def _number(rows: WeekRows, row: Row, part: str) -> Number:
    column, unit, what, tables = _PARTS[part]
    week = rows.week.before if part.endswith("_before") else rows.week
    first = rows.week.before.monday if part.endswith("_change") else week.monday
    place = {name: row[name] for name in ("coin", "source", "venue")}
    return number(
        key_of("market", row["coin"], row["source"], row["venue"], part),
        f"{row['coin']}, {names.place(row['source'], row['venue'])}: {what}",
        row[column],
        unit,
        Selection(
            "mart.weekly_market",
            {"week": rows.week.name, **place},
            rows.week.monday,
            rows.week.sunday,
        ),
        tuple(Selection(f"lake.{table}", place, first, week.sunday) for table in tables),
        absent="not held",
        printed=_short(row[column]) if unit == "USD" else "",
        notes=_days_note(row),
    )


def _short(value: Decimal | None) -> str:
    return "" if value is None else figures.millions(value)


def _market(row: Row) -> str:
    """Where the price and the funding are from: source, venue and the market itself."""
    symbol = (row["instrument_id"] or "").removeprefix(f"{row['venue']}:")
    return " ".join(part for part in (names.place(row["source"], row["venue"]), symbol) if part)


def _days_note(row: Row) -> tuple[str, ...]:
    spans = (("days_held", "of 7 days"), ("days_held_before", "of 7 days of the week before"))
    lacking = [f"{row[name] or 0} {words}" for name, words in spans if (row[name] or 0) < 7]
    now, before = row["open_interest_markets"], row["open_interest_markets_before"]
    if now and before and now != before:
        lacking.append(f"open interest of {counted(now, 'market')}, {before} before")
    return ("; ".join(lacking),) if lacking else ()
