"""How much was liquidated: by source, by coin, by venue. Sums within a source only."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.report import figures, names
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import Cell, Line, Sheet
from pipelines.report.trail import Number, Selection, key_of, number
from pipelines.report.voices import Rest, Row, Voice, rest_of, trail_of
from pipelines.weeks import Week

POSITIONS = ("long", "short")
NO_ROWS = "no rows"


@dataclass(frozen=True, slots=True)
class Headline:
    """What one source says of the week."""

    name: str
    scope: str
    coverage: tuple[str, ...]
    long: Number
    short: Number
    notes: tuple[str, ...]  # of both numbers, where they are the same


def headlines(rows: WeekRows, voices: Sequence[Voice]) -> tuple[Headline, ...]:
    """One for each voice: never a sum over sources, never an average."""
    return tuple(_headline(rows.week, voice) for voice in voices)


def by_coin(week: Week, voice: Voice) -> Sheet:
    """Coins by what was liquidated, the largest first."""
    coins = sorted({row["coin"] for row in voice.rows})
    lines = []
    for coin in coins:
        pair = tuple(_coin(week, voice, coin, position) for position in POSITIONS)
        lines.append(line_of(coin, pair))
    return Sheet(
        key_of("coins", voice.id),
        voice.title,
        "Coin",
        ("Longs, USD", "Shorts, USD"),
        tuple(sorted(lines, key=_largest_first)),
        "by_coin.csv",
    )


def by_venue(rows: WeekRows) -> Sheet:
    """Each source at each venue."""
    voiced: dict[tuple[str, str], list[Row]] = {}
    for row in rows.liquidations.iter_rows(named=True):
        voiced.setdefault((row["source"], row["venue"]), []).append(row)
    totals: dict[tuple[str, str, str], Row] = {
        (row["source"], row["venue"], row["position"]): row
        for row in rows.totals.iter_rows(named=True)
    }
    lines = []
    for source, venue in sorted(voiced, key=lambda k: (names.source_order(k[0]), k[1])):
        pair = tuple(
            _venue(
                rows.week,
                totals.get((source, venue, position)),
                voiced[source, venue],
                position,
            )
            for position in POSITIONS
        )
        lines.append(line_of(names.place(source, venue), pair))
    return Sheet(
        "venues",
        "Each source at each venue",
        "Source · venue",
        ("Longs, USD", "Shorts, USD"),
        tuple(lines),
        "weekly_totals.csv",
        shown=40,
    )


def line_of(head: str, pair: Sequence[Number]) -> Line:
    """Notes that both numbers share stand once, under the head; others under their number."""
    shared = tuple(note for note in pair[0].notes if all(note in one.notes for one in pair))
    cells = tuple(
        Cell(one, tuple((note,) for note in one.notes if note not in shared)) for one in pair
    )
    return Line(head, cells, shared)


def _largest_first(line: Line) -> tuple[Decimal, str]:
    both = [cell.main.value for cell in line.cells if isinstance(cell.main, Number)]
    return -(figures.total(both) or Decimal(-1)), line.head


def _headline(week: Week, voice: Voice) -> Headline:
    long, short = (
        _sum(
            key_of("total", voice.id, position),
            f"{voice.name} ({voice.scope}): {position}s liquidated",
            voice.of(position),
            Selection(
                "mart.weekly_totals",
                {"week": week.name, **voice.filters, "position": position},
                week.monday,
                week.sunday,
            ),
            week,
        )
        for position in POSITIONS
    )
    return Headline(
        voice.name, voice.scope, voice.coverage, long, short, line_of("", (long, short)).notes
    )


def _coin(week: Week, voice: Voice, coin: str, position: str) -> Number:
    return _sum(
        key_of("coin", voice.id, coin, position),
        f"{voice.name}: {coin} {position}s liquidated",
        voice.of(position, coin=coin),
        Selection(
            "mart.weekly_liquidations",
            {"week": week.name, **voice.filters, "coin": coin, "position": position},
            week.monday,
            week.sunday,
        ),
        week,
    )


def _venue(week: Week, row: Row | None, cells: Sequence[Row], position: str) -> Number:
    """The warehouse's own total of a source at a venue."""
    members = [cell for cell in cells if cell["position"] == position]
    source, venue = cells[0]["source"], cells[0]["venue"]
    rest = rest_of(members)
    return _number(
        key_of("venue", source, venue, position),
        f"{names.place(source, venue)}: {position}s liquidated",
        row["notional_usd"] if row else None,
        members,
        Selection(
            "mart.weekly_totals",
            {"week": week.name, "source": source, "venue": venue, "position": position},
            week.monday,
            week.sunday,
        ),
        week,
        rest,
    )


def _sum(key: str, label: str, members: Sequence[Row], source: Selection, week: Week) -> Number:
    value = figures.total(row["notional_usd"] for row in members)
    return _number(key, label, value, members, source, week, rest_of(members))


def _number(
    key: str,
    label: str,
    value: Decimal | None,
    members: Sequence[Row],
    source: Selection,
    week: Week,
    rest: Rest,
) -> Number:
    return number(
        key,
        label,
        value,
        "USD",
        source,
        trail_of(members, week.monday, week.sunday),
        absent=_absent(members),
        missing_days=rest.missing,
        is_par=rest.is_par,
        notes=rest.notes,
    )


def _absent(members: Sequence[Row]) -> str:
    if not members:
        return NO_ROWS
    return "missing" if all(not row["days_held"] for row in members) else "no dollar figure"
