"""Figures that guards refuse, sizes beside what venues traded, shares of printed totals that broke."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import Final

from pipelines.report import names
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import Cell, Line, Sheet
from pipelines.report.trail import Number, Selection, key_of, number
from pipelines.report.voices import Row

VOLUMES_SHOWN: Final = 6
TOLD: Final = ("lake.liquidations", "lake.liquidation_totals")
COUNTED: Final = {
    "cells_checked": "hours and sides held against the volume",
    "cells_exceeding": "hours and sides with more than was traded",
    "cells": "hours and sides with a size",
}
GUARDS: Final = {
    "exceeds_volume": "more than the venue traded",
    "exceeds_its_feed": "more than the feed that it hears said, which we heard whole",
    "doubled": "orders that are there twice",
}
VERDICTS: Final = {True: "contracts", False: "coins", None: "not known"}


def refused(rows: WeekRows) -> Sheet:
    """A line for each source, venue and guard, with the coins in whose figures it shows."""
    each = rows.refused.sort("source", "venue", "guard", "coin").iter_rows(named=True)
    groups = groupby(each, key=lambda row: (row["source"], row["venue"], row["guard"]))
    return Sheet(
        "refused_figures",
        "Figures that no floor counts",
        "Figures",
        ("What is wrong", "Hours, of all coins together", "Coins"),
        tuple(_refused_line(rows, list(members)) for _, members in groups),
        "refused_figures.csv",
        held=rows.refused.height,
        about="A guard found that they cannot be; what a source says as a whole stays as it says it.",
    )


def _refused_line(rows: WeekRows, members: Sequence[Row]) -> Line:
    first, week = members[0], rows.week
    mine = {name: first[name] for name in ("source", "venue", "guard")}
    hours = number(
        key_of("refused", *mine.values()),
        f"{names.place(*_place(first))}: hours with {GUARDS[first['guard']]}",
        sum(row["hours"] for row in members),
        "hours",
        Selection("mart.refused_figures", {"week": week.name, **mine}, week.monday, week.sunday),
        (Selection("lake.refusals", mine, week.monday, week.monday),),
    )
    coins = names.shortened(", ".join(row["coin"] for row in members))
    return Line(
        names.place(*_place(first)), (Cell(GUARDS[first["guard"]]), Cell(hours), Cell(coins))
    )


def volumes(rows: WeekRows) -> Sheet:
    """A line for each source and venue whose sizes were held against volume, doubts first."""
    by_venue = groupby(rows.volume_checks.iter_rows(named=True), key=_place)
    groups = sorted((list(members) for _, members in by_venue), key=_doubtful_first)
    return Sheet(
        "volume_checks",
        "Sizes held against what the venue traded",
        "Sizes",
        ("Hours and sides checked", "More than was traded", "Sizes are", "Volume counts"),
        tuple(_volume_line(rows, members) for members in groups),
        "volume_checks.csv",
        shown=VOLUMES_SHOWN,
        held=rows.volume_checks.height,
        about=(
            "Sizes are: told by the part of the volume that was liquidated, which is about the same "
            "for all coins of a venue in the right unit; how many powers of ten it differs by as "
            "told, and if the sizes were contracts. Not known: fewer than three coins, or contracts "
            "that hold too much the same. Volume counts: by its weight beside other venues."
        ),
    )


def _place(row: Row) -> tuple[str, str]:
    return row["source"], row["venue"]


def _doubtful_first(members: Sequence[Row]) -> tuple[object, ...]:
    first = members[0]
    exceeding = sum(row["cells_exceeding"] for row in members)
    strange = {row["volume_reading"] for row in members} - {None, "coins"}
    doubted = bool(first["is_in_contracts"]) or exceeding > 0 or bool(strange)
    return not doubted, names.source_order(first["source"]), first["venue"]


def _volume_line(rows: WeekRows, members: Sequence[Row]) -> Line:
    first = members[0]
    make = partial(_of_volume, rows, first)
    sums: dict[str, int | None] = {name: sum(row[name] for row in members) for name in COUNTED}
    if not sums["cells_checked"]:  # nothing was held against anything: that is no zero
        sums["cells_exceeding"] = None
    cells, over, every = (make(name, sums[name], "cells", what) for name, what in COUNTED.items())
    told = make("spread_told", first["spread_told"], "powers_of_ten", "apart as told")
    other = make("spread_contracts", first["spread_contracts"], "powers_of_ten", "as contracts")
    known = first["is_in_contracts"] is not None
    readings = sorted({row["volume_reading"] or "not known" for row in members})
    return Line(
        names.place(*_place(first)),
        (
            Cell(cells, (("of", every),)),
            Cell(over),
            Cell(
                VERDICTS[first["is_in_contracts"]],
                (("apart", told, "as told,", other, "as contracts"),) if known else (),
            ),
            Cell(", ".join(readings)),
        ),
    )


def _of_volume(
    rows: WeekRows, row: Row, part: str, value: float | int | None, unit: str, what: str
) -> Number:
    week, mine = rows.week, {name: row[name] for name in ("source", "venue")}
    return number(
        key_of("volume", *mine.values(), part),
        f"{names.place(*_place(row))}: {what}",
        value,
        unit,
        Selection("mart.volume_checks", {"week": week.name, **mine}, week.monday, week.sunday),
        (
            Selection("lake.volume_checks", mine, week.monday, week.monday),
            *(Selection(table, mine, week.monday, week.sunday) for table in TOLD),
        ),
    )


def share_breaks(rows: WeekRows) -> Sheet:
    """A line for each break of a venue's share of printed totals."""
    return Sheet(
        "share_breaks",
        "Shares of printed totals that broke",
        "Venue",
        ("Share before", "Share after", "Times apart at least"),
        tuple(_break_line(rows, row) for row in rows.share_breaks.iter_rows(named=True)),
        "venue_share_breaks.csv",
        about=(
            "By the printed figures alone: a venue's part of a total by the same maker, as wide as "
            "the rounding of both allows. On which day in between is not printed."
        ),
    )


def _break_line(rows: WeekRows, row: Row) -> Line:
    make = partial(_of_break, rows, row)
    sides = []
    for when, day in (
        ("before", f"to {row['last_before']}"),
        ("after", f"{row['first_after']} on"),
    ):
        share, low, high, count = (
            make(name, row[name], unit, what)
            for name, unit, what in (
                (f"share_{when}", "fraction", f"mean share {when}"),
                (f"low_{when}", "fraction", f"the least {when}"),
                (f"high_{when}", "fraction", f"the most {when}"),
                (f"shares_{when}", "shares", f"shares printed {when}"),
            )
        )
        beneath = ((day,), (low, "to", high), (count, f"by {row[f'claims_{when}']}"))
        sides.append(Cell(share, beneath))
    factor = make("least_factor", row["least_factor"], "ratio", "times apart at least")
    return Line(f"{row['venue']}, as {row['source_named']} printed", (*sides, Cell(factor)))


def _of_break(
    rows: WeekRows, row: Row, part: str, value: float | int, unit: str, what: str
) -> Number:
    week = rows.week
    mine = {name: row[name] for name in ("venue", "source_named", "claims_after")}
    named = {"source_named": row["source_named"]}
    return number(
        key_of("share_break", row["venue"], row["source_named"], row["first_after"], part),
        f"share of {row['venue']} as {row['source_named']} printed: {what}",
        value,
        unit,
        Selection("mart.venue_share_breaks", {"week": week.name, **mine}, week.monday, week.sunday),
        (
            Selection("lake.share_breaks", mine, week.monday, week.monday),
            Selection("lake.claims", named, week.sunday, week.sunday),
        ),
    )
