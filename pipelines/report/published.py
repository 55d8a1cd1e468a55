"""Published claims and what can be said of each: the one that the project began with stands first."""

from functools import partial
from typing import Final

from pipelines.report import names
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import Cell, Line, Sheet
from pipelines.report.trail import Number, Selection, key_of, number
from pipelines.report.voices import Row, counted
from pipelines.tables.words import Verdict

# 2.3 billion of longs in seven days of November 2025, with no venue and no coin.
FIRST: Final = "H045"
SHOWN: Final = 12
_ORDER: Final = (
    Verdict.CONTRADICTED,
    Verdict.INCONSISTENT,
    Verdict.OTHER_DATE,
    Verdict.COMPATIBLE,
    Verdict.SUPPORTED,
    Verdict.NOT_CHECKABLE,
)
TRAIL: Final = ("lake.verdicts", "lake.claims")


def claims(rows: WeekRows) -> Sheet:
    """Every claim of the ledger; after the first, those whose days the week touches, then by verdict."""
    found = sorted(rows.verdicts.iter_rows(named=True), key=partial(_place, rows))
    return Sheet(
        "claims",
        "Published claims, judged",
        "Claim",
        ("Claimed, USD", "Verdict", "Searched", "Base rate"),
        tuple(_line(rows, row) for row in found),
        "claim_verdicts.csv",
        shown=SHOWN,
        about=(
            "Judged by the ledger and by the days that this edition rests on, its week and the one "
            "before; `liqledger check` judges by all that is held. Searched: cells (source, venue, "
            "coin, window) that end near the claim's day, those that fit, and on what share of the "
            "other dates some cell fits too. Base rate: share of all held windows of that length "
            "that reached the figure. Rules: docs/claims.md."
        ),
    )


def _place(rows: WeekRows, row: Row) -> tuple[bool, bool, int, str]:
    touches = row["first_day"] <= rows.week.sunday and row["last_day"] >= rows.week.monday
    order = _ORDER.index(Verdict(row["verdict"]))
    return row["claim_id"] != FIRST, not touches, order, row["claim_id"]


def _line(rows: WeekRows, row: Row) -> Line:
    make = partial(_number, rows, row)
    value = make("value", row["value_usd"], "USD", "claimed")
    cells = make("cells", row["cells_searched"], "cells", "cells searched", "none needed")
    fits = make("fitting", row["cells_fitting"], "cells", "cells that fit")
    chance = make("chance", row["chance_of_fit"], "fraction", "other dates that fit", "not known")
    rate = make("base", row["base_rate"], "fraction", "windows that reached it", "not held")
    reached = make("reached", row["base_reached"], "windows", "windows that reached it")
    held = make("windows", row["base_windows"], "windows", "windows held")
    search = (("of which fit", fits), ("chance", chance)) if cells.value is not None else ()
    base = ((reached, "of", held, "windows"), (_series(row),)) if rate.value is not None else ()
    side = "longs and shorts" if row["side"] == "total" else f"{row['side']}s"
    days = f"{row['first_day']} to {row['last_day']}"
    return Line(
        f"{row['claim_id']}: {side}, {row['scope']}, {row['window_stated']}, within {days}",
        (Cell(value), Cell(row["verdict"]), Cell(cells, search), Cell(rate, base)),
        (row["reason"],),
    )


def _series(row: Row) -> str:
    """``CoinGlass · several venues, 7 coins``"""
    coins = counted(row["base_coins"], "coin") if row["base_coin"] == "*" else row["base_coin"]
    return f"{names.place(row['base_source'], row['base_venue'])}, {coins}"


def _number(
    rows: WeekRows,
    row: Row,
    part: str,
    value: int | float | None,
    unit: str,
    what: str,
    absent: str = "missing",
) -> Number:
    week, one = rows.week, {"claim_id": row["claim_id"]}
    days = {"lake.verdicts": week.monday, "lake.claims": week.sunday}
    return number(
        key_of("claim", row["claim_id"], part),
        f"claim {row['claim_id']}: {what}",
        value,
        unit,
        Selection("mart.claim_verdicts", {"week": week.name, **one}, week.monday, week.sunday),
        (
            *(Selection(table, one, days[table], days[table]) for table in TRAIL),
            *_behind(rows, row, part),
        ),
        absent=absent,
    )


def _behind(rows: WeekRows, row: Row, part: str) -> tuple[Selection, ...]:
    """The sums that a base rate counts, where the edition's days hold them."""
    if part not in ("base", "reached", "windows") or row["base_source"] is None:
        return ()
    coin = {} if row["base_coin"] == "*" else {"coin": row["base_coin"]}
    filters = {"source": row["base_source"], "venue": row["base_venue"], **coin}
    first, last = rows.week.before.monday, rows.week.sunday
    return (Selection("lake.liquidation_totals", filters, first, last),)
