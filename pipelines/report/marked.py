"""Numbers and sheets as HTML. What a source wrote is escaped here, all of it."""

import re

import great_tables as gt
import polars as pl
from markupsafe import Markup, escape

from pipelines.report.sheets import Cell, Line, Said, Sheet, Words
from pipelines.report.trail import Number

PAR = Markup('<abbr class="par" title="a stable coin taken at one dollar">par</abbr>')


def number(one: Number, text: str = "") -> Markup:
    """The number at its one home on the page: ``#key`` leads here."""
    if one.value is None:
        return Markup(
            '<span class="missing" id="{0}" data-key="{0}" title="{1}">{2}</span>'
        ).format(one.key, one.label, one.printed)
    return Markup(
        '<span class="whole"><data class="number" id="{0}" data-key="{0}" value="{1}" '
        'title="{2}: {1} {3}">{4}</data>{5}</span>'
    ).format(
        one.key,
        one.exact,
        one.label,
        one.unit,
        text or one.printed,
        " " + PAR if one.is_par else "",
    )


def words(sentence: Words) -> Markup:
    """A sentence whose numbers lead to where they stand."""
    return Markup("").join(
        Markup('<a class="number" href="#{0}" data-key="{0}" title="{1} {2}">{3}</a>').format(
            part.number.key, part.number.exact, part.number.unit, part.text
        )
        if isinstance(part, Said)
        else escape(part)
        for part in sentence
    )


def table(sheet: Sheet) -> Markup:
    """The lines that the page shows, as a great-tables table with our own style sheet."""
    columns = [f"c{place}" for place in range(len(sheet.columns))]
    lines = [
        {"head": str(_head(line)), **dict(zip(columns, map(_cell, line.cells), strict=True))}
        for line in sheet.on_page
    ]
    made = (
        gt.GT(pl.DataFrame(lines), rowname_col="head", id=f"table-{sheet.name}".replace(".", "-"))
        .tab_stubhead(label=sheet.head)
        .cols_label(dict(zip(columns, sheet.columns, strict=True)))
        .fmt(fns=lambda html: html, columns=["head", *columns])
    )
    made = made.cols_align("right", columns=columns).cols_align("left", columns=_wordy(sheet))
    # Its own style sheet is 9 KB a table and has no dark ink on paper: ours is in the page.
    html = re.sub(r"<style>.*?</style>", "", made.as_raw_html(), flags=re.DOTALL)
    html = re.sub(r' (style|data-quarto-[a-z-]+)="[^"]*"', "", html)
    return Markup(html.replace("<div id=", '<div class="scroll" id=', 1))


def _wordy(sheet: Sheet) -> list[str]:
    return [f"c{place}" for place in range(len(sheet.columns)) if sheet.is_wordy(place)]


def _head(line: Line) -> Markup:
    return escape(line.head) + _small([escape(note) for note in line.notes])


def _cell(cell: Cell) -> str:
    main = number(cell.main) if isinstance(cell.main, Number) else escape(cell.main)
    return str(main + _small([_beneath(line) for line in cell.beneath]))


def _beneath(line: tuple[Number | str, ...]) -> Markup:
    parts = [number(part) if isinstance(part, Number) else escape(part) for part in line]
    words = Markup(" ").join(parts)
    return words if len(parts) == 1 else Markup('<span class="whole">{}</span>').format(words)


def _small(lines: list[Markup]) -> Markup:
    return Markup("").join(Markup('<span class="note">{}</span>').format(line) for line in lines)
