"""A table of the page before it is HTML or Markdown: lines of numbers and words."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.report.trail import Number


@dataclass(frozen=True, slots=True)
class Said:
    """A number in a sentence or beside another one: ``text`` is how it is said there."""

    text: str
    number: Number


NOT_HERE = "\N{EN DASH}"  # nothing of this column belongs to the line

Part = str | Said
Words = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """``beneath`` are small lines under the number or the word."""

    main: Number | str
    beneath: tuple[tuple[Number | str, ...], ...] = ()

    @property
    def parts(self) -> tuple[Number | str, ...]:
        return (self.main, *(part for line in self.beneath for part in line))


@dataclass(frozen=True, slots=True)
class Line:
    """One row; ``notes`` stand under its head because they hold for each of its numbers."""

    head: str
    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """``shown`` lines are on the page; ``csv`` names the file with all of them."""

    name: str
    title: str
    head: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    csv: str
    shown: int = 12
    about: str = ""
    held: int = 0  # lines in the file, where these are a choice of them

    def is_wordy(self, column: int) -> bool:
        """Whether words stand in a column, not only numbers."""
        mains = (line.cells[column].main for line in self.on_page)
        return any(isinstance(main, str) and main != NOT_HERE for main in mains)

    @property
    def on_page(self) -> tuple[Line, ...]:
        return self.lines[: self.shown]

    @property
    def left_out(self) -> int:
        return self.total - len(self.on_page)

    @property
    def total(self) -> int:
        return max(self.held, len(self.lines))

    def numbers(self) -> Iterator[Number]:
        for line in self.lines:
            for cell in line.cells:
                for part in cell.parts:
                    if isinstance(part, Number):
                        yield part
