"""Numbers and sheets as Markdown, in which nothing that a source wrote is markup."""

import html
import re

from pipelines.report.sheets import Cell, Line, Said, Sheet, Words
from pipelines.report.trail import Number


def text(words: str) -> str:
    """``words`` as themselves, on one line."""
    plain = html.escape(re.sub(r"\s+", " ", words), quote=False)
    return re.sub(r"([\\`*_\[\]|~#])", r"\\\1", plain)


def number(one: Number, said: str = "") -> str:
    par = " (par)" if one.is_par else ""
    return f"{said or one.printed}{par}"


def sentence(words: Words) -> str:
    return "".join(part.text if isinstance(part, Said) else text(part) for part in words)


def table(sheet: Sheet) -> str:
    """The lines that the page shows."""
    heads = (sheet.head, *sheet.columns)
    wordy = [sheet.is_wordy(place) for place in range(len(sheet.columns))]
    rules = ["---", *("---" if is_word else "---:" for is_word in wordy)]
    body = [_row(line) for line in sheet.on_page]
    return "\n".join([_joined([text(head) for head in heads]), _joined(rules), *body])


def _row(line: Line) -> str:
    notes = f" ({'; '.join(text(note) for note in line.notes)})" if line.notes else ""
    return _joined([f"{text(line.head)}{notes}", *(_cell(cell) for cell in line.cells)])


def _cell(cell: Cell) -> str:
    main, *beneath = (
        " ".join(number(part) if isinstance(part, Number) else text(part) for part in line)
        for line in ((cell.main,), *cell.beneath)
    )
    return f"{main} ({'; '.join(beneath)})" if beneath else main


def _joined(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
