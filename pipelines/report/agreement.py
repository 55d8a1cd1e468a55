"""How two sources disagree over a season: the ratio, what it depends on, and what is left over."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipelines.report import figures, names
from pipelines.report.differences import Cells, by_cell, rows_of, varied
from pipelines.report.gaps import Finding
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import Cell, Line, Said, Sheet, Words
from pipelines.report.trail import Number, Selection, key_of, number
from pipelines.report.voices import Row, counted, trail_of
from pipelines.weeks import Week

SHOWN = 14
SENTENCES = 4
PLACES = ("coin", "position", "source_a", "venue_a", "source_b", "venue_b")


def agreement(rows: WeekRows, found: Sequence[Finding]) -> tuple[Sheet, tuple[Words, ...]]:
    """The pairs that lie furthest apart as a table, and some of them in words."""
    held = [row for row in rows.agreement.iter_rows(named=True) if row["refused"] is None]
    ordered = sorted(held, key=_most_first)
    speakers = {tuple(row[name] for name in PLACES[2:]) for row in held}
    most = max(2, SHOWN // max(1, len(speakers)))
    shown = varied(varied(ordered, PLACES[:2], 2), PLACES[2:], most)[:SHOWN]
    cells = by_cell(rows)
    pairs = [Pair(rows.week, cells, row) for row in shown]
    refused = rows.agreement.height - len(held)
    sheet = Sheet(
        "agreement",
        "How they disagree over up to 90 days",
        "Cell",
        ("Ratio", "Where the day is twice as high", "Left unexplained, a factor"),
        tuple(pair.line() for pair in pairs),
        "source_agreement.csv",
        shown=SHOWN,
        held=rows.agreement.height,
        about=_about(refused),
    )
    told = [pair.sentence() for pair in _told(pairs)]
    return sheet, (*told, *_exceeding(found))


def _about(refused: int) -> str:
    return (
        "Ratio: the middle of the daily ratios of the first to the second (their geometric mean), "
        "with the limits between which 95 days of 100 lie. Where the day is twice as high: by how "
        "much the ratio then grows. Left unexplained: two days of three lie within that factor of "
        "what the height of the day and the breaks of level say. "
        f"{counted(refused, 'pair')} with fewer than ten days, or a side that never changes, "
        f"{'has' if refused == 1 else 'have'} no figures."
    )


def _most_first(row: Row) -> tuple[object, ...]:
    """Those with most days first, and of these the ratios that are furthest from one."""
    ratio = row["ratio"] or 1.0
    return -row["days_compared"], -max(ratio, 1 / ratio), *(row[name] for name in PLACES)


def _told(pairs: Sequence["Pair"]) -> list["Pair"]:
    """Those with more to say than a ratio first, and not always the same two sources or coin."""
    ordered = sorted(pairs, key=lambda pair: not (pair.row["has_slope"] or pair.broke))
    rows = [pair.row for pair in ordered]
    mixed = varied(varied(rows, PLACES[:1], 2), PLACES[2:], SENTENCES)[:SENTENCES]
    return [pair for pair in ordered if any(pair.row is row for row in mixed)]


def _exceeding(found: Sequence[Finding]) -> Iterator[Words]:
    for finding in found:
        if finding.name == "part_exceeds_whole":
            times = Said(finding.count.printed, finding.count)
            yield (
                "In ",
                times,
                " cells of this week one venue alone exceeds, on some day, the sum over venues that "
                "should have it in it. No difference of scope explains that: see Findings.",
            )


class Pair:
    """The numbers of one pair of sources in one coin and side."""

    def __init__(self, week: Week, cells: Cells, row: Row) -> None:
        self.week = week
        self.row = row
        self.cell = f"{row['coin']} {row['position']}s"
        self.a_said, self.b_said = (_speaker(row, side) for side in "ab")
        behind = [*rows_of(cells, row, "a"), *rows_of(cells, row, "b")]
        filters = {name: row[name] for name in PLACES}
        self._trail = (
            Selection("lake.agreements", filters, week.monday, week.monday),
            *trail_of(behind, row["first_day"], row["last_day"]),
        )
        self.ratio = self._number("ratio", "ratio", "middle of the daily ratios")
        self.low = self._number("ratio_low", "ratio", "lower limit of agreement")
        self.high = self._number("ratio_high", "ratio", "upper limit of agreement")
        self.doubling = self._number("ratio_doubling_pct", "percent", "growth at twice the height")
        self.slope = self._number("slope", "correlation", "slope of the log ratio on level")
        self.error = self._number("slope_se", "correlation", "standard error of the slope")
        self.left = self._number("unexplained_factor", "ratio", "factor left unexplained")
        self.alike = self._number("concordance", "correlation", "concordance of logarithms")
        self.days = self._number("days_compared", "days", "days compared")

    @property
    def broke(self) -> bool:
        return self.row["level_break_day"] is not None

    def line(self) -> Line:
        a, b = (names.place(self.row[f"source_{x}"], self.row[f"venue_{x}"]) for x in "ab")
        return Line(
            self.cell,
            (
                Cell(self.ratio, ((self.low, "to", self.high), ("over", self.days, "days"))),
                Cell(self.doubling, (("slope", self.slope, "±", self.error),)),
                Cell(self.left, (("concordance", self.alike),)),
            ),
            (f"{a} over {b}", *self._notes()),
        )

    def sentence(self) -> Words:
        ratio, low, high = (Said(one.printed, one) for one in (self.ratio, self.low, self.high))
        days = Said(counted(self.row["days_compared"], "day"), self.days)
        return (
            f"{self.cell}, over ",
            days,
            f" from {self.row['first_day']}: {self.a_said} says ",
            ratio,
            f" times what {self.b_said} says, on 95 days of 100 between ",
            low,
            " and ",
            high,
            " times. ",
            *self._scope(),
            *self._height(),
            *self._break(),
            "Left unexplained: a factor of ",
            Said(self.left.printed, self.left),
            ".",
        )

    def _scope(self) -> Words:
        if self.row["venue_a"] == self.row["venue_b"]:
            return ()
        return ("They do not count the same venues; how much that makes is not known. ",)

    def _height(self) -> Words:
        row = self.row
        if not row["has_slope"]:
            few = " in so few days" if row["days_compared"] < 30 else ""
            return (f"That it depends on the height of the day is not certain{few}. ",)
        more, less = (names.brand(row[f"source_{side}"]) for side in "ab")
        if row["slope"] < 0:
            more, less = less, more
        grows = Said(
            figures.printed(abs(self.doubling.value or Decimal(0)), "percent"), self.doubling
        )
        return (
            f"The higher the day, the more {more} says than {less}: the ratio moves by ",
            grows,
            f" where the day is twice as high. A feed of {less} that shows one order a second and "
            "hides the others leaves that signature. ",
        )

    def _break(self) -> Words:
        if not self.broke:
            return ()
        day = self.row["level_break_day"].isoformat()
        return (f"From {day} on the ratio has another level, which no source explains. ",)

    def _notes(self) -> tuple[str, ...]:
        row = self.row
        said = [f"{row['first_day']} to {row['last_day']}"]
        said += [f"{counted(row['days_zero'], 'day')} with a zero"] if row["days_zero"] else []
        for side in "ab":
            only = row[f"days_only_{side}"]
            brand = names.brand(row[f"source_{side}"])
            said += [f"{counted(only, 'day')} only by {brand}"] if only else []
        said += [f"another level from {row['level_break_day']}"] if self.broke else []
        return ("; ".join(said),)

    def _number(self, column: str, unit: str, what: str) -> Number:
        row = self.row
        return number(
            key_of("agreement", *(row[name] for name in PLACES), column),
            f"{self.cell}, {self.a_said} over {self.b_said}: {what}",
            row[column],
            unit,
            Selection(
                "mart.source_agreement",
                {"week": self.week.name, **{name: row[name] for name in PLACES}},
                self.week.monday,
                self.week.sunday,
            ),
            self._trail,
            absent="not defined",
        )


def _speaker(row: Row, side: str) -> str:
    words = names.scope_in_words(row[f"venue_{side}"], row[f"scope_{side}"] or "")
    return f"{names.brand(row[f'source_{side}'])} ({names.shortened(words)})"
