"""How far the sources differ in the same cell: coin, side and week, over the days both hold."""

from collections import Counter
from collections.abc import Sequence

from pipelines.report import figures, names
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import Cell, Line, Said, Sheet, Words
from pipelines.report.trail import Number, Selection, key_of, number
from pipelines.report.voices import Row, counted, trail_of
from pipelines.weeks import Week

SHOWN = 12
SENTENCES = 6
MOST_OF_A_CELL = 3  # lines; sentences have at most two of a cell and three of a pair

# Weekly rows by source, coin and side.
Cells = dict[tuple[str, str, str], list[Row]]

_PLACES = ("coin", "position", "source_a", "venue_a", "source_b", "venue_b")


def widest(rows: WeekRows) -> tuple[Row, ...]:
    """Comparisons by their gap in dollars, the widest first; last those without one."""
    found = list(rows.variance.iter_rows(named=True))
    return tuple(
        sorted(
            found,
            key=lambda row: (
                row["gap_usd"] is None,
                -abs(row["gap_usd"] or 0),
                tuple(row[name] for name in _PLACES),
            ),
        )
    )


def differences(rows: WeekRows) -> tuple[Sheet, tuple[Words, ...]]:
    """The widest gaps as a table, and some of them as sentences with both scopes."""
    ordered = widest(rows)
    shown = varied(ordered, ("coin", "position"), MOST_OF_A_CELL)[:SHOWN]
    held = by_cell(rows)
    cells = {id(row): _Cell(rows.week, held, row) for row in shown}
    sheet = Sheet(
        "differences",
        "The widest gaps between two sources in one cell",
        "Cell",
        ("Two sources, USD", "Gap, USD", "Ratio"),
        tuple(cells[id(row)].line() for row in shown),
        "weekly_source_variance.csv",
        held=len(ordered),
        about=(
            f"{counted(len(ordered), 'pair')} of figures compared in all; here at most "
            f"{MOST_OF_A_CELL} of a cell. A pair is added up only over the days that both "
            "hold. Rank correlation is Spearman's over those days."
        ),
    )
    return sheet, tuple(cells[id(row)].sentence() for row in _told(shown))


def _told(shown: Sequence[Row]) -> list[Row]:
    """The widest first, but not the same coin or the same two sources again and again."""
    known = [row for row in shown if row["gap_usd"] is not None]
    return varied(varied(known, ("coin", "position"), 2), _PLACES[2:], 3)[:SENTENCES]


def varied(rows: Sequence[Row], by: Sequence[str], most: int) -> list[Row]:
    """``rows`` in their order, at most so many with the same values in ``by``."""
    times: Counter[tuple[str, ...]] = Counter()
    kept = []
    for row in rows:
        alike = tuple(row[name] for name in by)
        times[alike] += 1
        if times[alike] <= most:
            kept.append(row)
    return kept


class _Cell:
    """The numbers of one comparison."""

    def __init__(self, week: Week, cells: Cells, row: Row) -> None:
        self.row = row
        self.week = week
        self.a_said = _speaker(cells, row, "a")
        self.b_said = _speaker(cells, row, "b")
        self.cell = f"{row['coin']} {row['position']}s"
        self._trail = self._trail_of(cells)
        self.a = self._number("a", "a_usd", "USD", self.a_said)
        self.b = self._number("b", "b_usd", "USD", self.b_said)
        self.gap = self._number("gap", "gap_usd", "USD", "first less second")
        self.ratio = self._number("ratio", "ratio", "ratio", "first over second", "not defined")
        self.rank = self._number(
            "rank", "rank_correlation", "correlation", "rank correlation of days", "not defined"
        )
        self.days = self._number("days", "days_compared", "days", "days that both hold")

    def line(self) -> Line:
        a, b = (names.place(self.row[f"source_{x}"], self.row[f"venue_{x}"]) for x in "ab")
        return Line(
            self.cell,
            (
                Cell(self.a, (("against", self.b),)),
                Cell(self.gap, (("over", self.days, "days"),)),
                Cell(self.ratio, (("rank", self.rank),)),
            ),
            (f"{a} against {b}", *self._days_note()),
        )

    def sentence(self) -> Words:
        a, b, gap = self.a.value, self.b.value, self.gap.value
        assert a is not None
        assert b is not None
        assert gap is not None
        figure_a, figure_b = (
            Said(figures.millions(a), self.a),
            Said(figures.millions(b), self.b),
        )
        difference = Said(figures.millions(abs(gap)), self.gap)
        start: Words = (
            (f"{self.a_said} says ", figure_a, " and ", self.b_said, " says ", figure_b, " USD")
            if self.ratio.value is None
            else (
                f"{self.a_said} says ",
                Said(self.ratio.printed, self.ratio),
                f" times what {self.b_said} says for {self.cell}: ",
                figure_a,
                " against ",
                figure_b,
                " USD",
            )
        )
        rank: Words = (
            ("; too few days for a rank correlation.",)
            if self.rank.value is None
            else ("; rank correlation ", Said(self.rank.printed, self.rank), ".")
        )
        about = f" for {self.cell}" if self.ratio.value is None else ""
        days = Said(f"{self.row['days_compared']} of 7 days", self.days)
        return (*start, f"{about}, a gap of ", difference, ", over ", days, *rank)

    def _days_note(self) -> tuple[str, ...]:
        row = self.row
        if row["days_compared"] == 7:
            return ()
        only = [
            f"{counted(row[f'days_only_{x}'], 'day')} only by {names.brand(row[f'source_{x}'])}"
            for x in "ab"
            if row[f"days_only_{x}"]
        ]
        return ("; ".join([f"{row['days_compared']} of 7 days compared", *only]),)

    def _number(
        self, part: str, column: str, unit: str, what: str, absent: str = "no day in common"
    ) -> Number:
        row = self.row
        return number(
            key_of("gap", *(row[name] for name in _PLACES), part),
            f"{self.cell}, {self.a_said} against {self.b_said}: {what}",
            row[column],
            unit,
            Selection(
                "mart.weekly_source_variance",
                {"week": self.week.name, **{name: row[name] for name in _PLACES}},
                self.week.monday,
                self.week.sunday,
            ),
            self._trail,
            absent=absent,
            notes=self._days_note(),
        )

    def _trail_of(self, cells: Cells) -> tuple[Selection, ...]:
        row, week = self.row, self.week
        both = [*rows_of(cells, row, "a"), *rows_of(cells, row, "b")]
        filters = {name: row[name] for name in _PLACES}
        return (
            Selection("lake.comparisons", filters, week.monday, week.monday),
            *trail_of(both, week.monday, week.sunday),
        )


def by_cell(rows: WeekRows) -> Cells:
    found: Cells = {}
    for row in rows.liquidations.iter_rows(named=True):
        found.setdefault((row["source"], row["coin"], row["position"]), []).append(row)
    return found


def rows_of(cells: Cells, row: Row, which: str) -> list[Row]:
    """The weekly rows that one side of a comparison adds up."""
    venue = row[f"venue_{which}"]
    of_source = cells.get((row[f"source_{which}"], row["coin"], row["position"]), [])
    of_venue = [cell for cell in of_source if cell["venue"] == venue]
    # A comparison may add up the single venues of a source that publishes no sum of them.
    return of_venue or (of_source if venue == names.SEVERAL else [])


def _speaker(cells: Cells, row: Row, which: str) -> str:
    """``Coinalyze (Binance BTCUSDT)``: by its markets, where the comparison names the venue."""
    source, venue = row[f"source_{which}"], row[f"venue_{which}"]
    scope = row[f"scope_{which}"] or ""
    if scope == venue:
        scopes = {cell["scope"] or "" for cell in rows_of(cells, row, which)}
        scope = ", ".join(sorted(scopes)) or scope
    words = names.shortened(names.scope_in_words(venue, scope))
    return f"{names.brand(source)} ({words})"
