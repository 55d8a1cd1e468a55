"""As reported, at least, at most and by estimate: four layers, each with its scope, never mixed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.report import figures, names
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import NOT_HERE, Cell, Line, Sheet
from pipelines.report.totals import Headline
from pipelines.report.trail import Number, Selection, key_of, number
from pipelines.report.voices import Row, Voice
from pipelines.weeks import Week

WORDS = {
    "feed_of_all": "the feeds show all",
    "busy_minutes": "volume of the minutes in which a feed was busy or not heard",
    "closings": "all that was closed: volume less the growth of open interest",
    "busy_hour": "volume of the hours in which a feed was busy",
    "whole_hour": "volume of whole hours",
}
ABOUT = (
    "Dollars of the floor and the ceiling are coins at the price of the hour, or a publisher's own. "
    "At least: what the venue's own feeds told of an hour; where they were not heard whole, the "
    "largest figure that no guard refuses. At most: what the venue's own "
    "volume and open interest leave room for. Estimate: the shown orders, and what full feeds "
    "throttled on purpose say that such a feed hides, with an interval of 95 %. It spans two answers, "
    "what weeks of known truth taught and what this week's own full feeds say; the farther they part, "
    "the farther it reaches beyond both."
)


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope of a week: its floor, its ceiling and its estimate, of both sides together;
    ``as_taught`` and ``as_own_feeds`` are the two answers that the estimate lies between.
    """

    name: str
    venue: str
    at_least: Number
    at_most: Number
    estimate: Number | None
    low: Number | None
    high: Number | None
    as_taught: Number | None
    as_own_feeds: Number | None
    reason: str
    estimated: str  # the venues that the estimate is about


def scopes(rows: WeekRows) -> tuple[Scope, ...]:
    """The wholes, the largest floor first, then the venues."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows.layers.iter_rows(named=True):
        found.setdefault((row["venue"], row["scope"]), []).append(row)
    made = [_scope(rows, venue, scope, members) for (venue, scope), members in found.items()]
    return tuple(sorted(made, key=_largest_first))


@dataclass(frozen=True, slots=True)
class Reported:
    """What one source says of the week, longs and shorts together."""

    name: str
    scope: str
    is_tracker: bool
    total: Number


def reported(
    week: Week, voices: Sequence[Voice], headlines: Sequence[Headline]
) -> tuple[Reported, ...]:
    """One for each voice: a sum of its two sides, never of sources."""
    return tuple(_reported(week, voice, one) for voice, one in zip(voices, headlines, strict=True))


def _reported(week: Week, voice: Voice, one: Headline) -> Reported:
    total = number(
        key_of("reported", voice.id),
        f"{voice.name} ({voice.scope}): longs and shorts liquidated",
        figures.total((one.long.value, one.short.value)),
        "USD",
        Selection(
            "mart.weekly_totals", {"week": week.name, **voice.filters}, week.monday, week.sunday
        ),
        tuple({repr(step): step for step in (*one.long.trail, *one.short.trail)}.values()),
        is_par=one.long.is_par or one.short.is_par,
        missing_days=tuple(sorted({*one.long.missing_days, *one.short.missing_days})),
    )
    return Reported(one.name, one.scope, voice.source in names.TRACKERS, total)


def sheet(found: Sequence[Scope], said: Sequence[Reported]) -> Sheet:
    return Sheet(
        "layers",
        "As reported, at least, at most, and by estimate",
        "Scope",
        ("Reported, USD", "At least, USD", "At most, USD", "Estimate, USD"),
        (*(_line(one) for one in found), *(_reported_line(one) for one in said)),
        "weekly_layers.csv",
        shown=30,
        about=ABOUT,
    )


def _largest_first(scope: Scope) -> tuple[bool, Decimal, str, str]:
    return (
        scope.venue != names.SEVERAL,
        -(scope.at_least.value or Decimal(0)),
        scope.venue,
        scope.name,
    )


def _scope(rows: WeekRows, venue: str, scope: str, members: Sequence[Row]) -> Scope:
    week = rows.week
    filters = {"week": week.name, "venue": venue, "scope": scope}
    key = key_of("layers", venue, scope)
    label = _title(venue, scope)
    trail = _trail(venue, scope, week)
    bounded = all(row["at_most_usd"] is not None and row["days_held"] == 7 for row in members)
    flags = sorted({flag for row in members for flag in row["flags"].split(",") if flag})
    source = Selection("mart.weekly_layers", filters, week.monday, week.sunday)
    methods = sorted({row["at_most_by"] for row in members if row["at_most_by"]})
    least = number(
        f"{key}.at_least",
        f"{label}: at least",
        figures.total(row["at_least_usd"] for row in members),
        "USD",
        source,
        trail,
        notes=tuple(_flag_words(flags)),
    )
    most = number(
        f"{key}.at_most",
        f"{label}: at most",
        figures.total(row["at_most_usd"] for row in members) if bounded else None,
        "USD",
        source,
        trail,
        absent="nothing held bounds it",
        notes=tuple(WORDS[one] for one in WORDS if one in methods) if bounded else (),
    )
    return Scope(scope, venue, least, most, *_estimate(rows, venue, scope, key, label, trail))


def _estimate(
    rows: WeekRows, venue: str, scope: str, key: str, label: str, trail: tuple[Selection, ...]
) -> tuple[Number | None, Number | None, Number | None, Number | None, Number | None, str, str]:
    none = (None, None, None, None, None)
    level = "total" if venue == names.SEVERAL else "venue"
    if ":" in scope:  # a publisher's sum: its scope is its own
        return *none, "", ""
    row = next(
        (
            one
            for one in rows.estimates.iter_rows(named=True)
            if (one["level"], one["venue"], one["sides"]) == (level, venue, "both")
        ),
        None,
    )
    if row is None:
        return *none, "", ""
    if row["estimate_usd"] is None:
        return *none, row["reason"] or "", row["scope"]
    filters = {"week": rows.week.name, "level": level, "venue": venue, "sides": "both"}
    source = Selection("mart.weekly_estimates", filters, rows.week.monday, rows.week.sunday)
    made = [
        number(f"{key}.{name}", f"{label}: {about}", row[f"{name}_usd"], "USD", source, trail)
        for name, about in (
            ("estimate", "by estimate"),
            ("low", "lower end of the estimate's interval"),
            ("high", "upper end of the estimate's interval"),
            ("as_taught", "as weeks of known truth taught"),
            ("as_own_feeds", "as this week's own full feeds say"),
        )
    ]
    return made[0], made[1], made[2], made[3], made[4], "", row["scope"]


def _line(scope: Scope) -> Line:
    if scope.estimate is None or scope.low is None or scope.high is None:
        estimate = Cell(
            "none" if scope.reason else NOT_HERE, ((scope.reason,),) if scope.reason else ()
        )
    else:
        estimate = Cell(scope.estimate, ((scope.low, "to", scope.high), *_answers(scope)))
    return Line(
        _title(scope.venue, scope.name),
        (Cell(NOT_HERE), _noted(scope.at_least), _noted(scope.at_most), estimate),
    )


def _answers(scope: Scope) -> tuple[tuple[Number | str, ...], ...]:
    """The two answers, where they differ: a venue whose feed shows all has one."""
    taught, own = scope.as_taught, scope.as_own_feeds
    if taught is None or own is None or taught.value == own.value:
        return ()
    return (("as other weeks taught", taught), ("as this week's full feeds say", own))


def _reported_line(one: Reported) -> Line:
    title = f"as {one.name} reports: {names.shortened(one.scope)}"
    return Line(title, (Cell(one.total), Cell(NOT_HERE), Cell(NOT_HERE), Cell(NOT_HERE)))


def _noted(one: Number) -> Cell:
    return Cell(one, tuple((note,) for note in one.notes))


def _title(venue: str, scope: str) -> str:
    if venue != names.SEVERAL:
        return names.brand(venue)
    source, colon, listed = scope.partition(": ")
    if colon:
        return f"{names.brand(source)}: {names.shortened(names.scope_in_words(venue, listed))}"
    return names.shortened(", ".join(names.brand(part) for part in names.members_of(scope, ",")))


def _flag_words(flags: Iterable[str]) -> list[str]:
    said = {
        "unbounded": "some hours without any volume held",
        "contradiction": "some hours in which a floor lies above a ceiling",
        "no_price": "some hours without a price",
        "unwitnessed": "only trackers tell of some hours, or of all",
        "doubled": "a feed with doubled rows, counted once",
        "exceeds_volume": "a feed that exceeds what was traded, not counted",
    }
    told = list(flags)
    if "unwitnessed" in told:  # nobody else's volume or price is held then either
        told = [flag for flag in told if flag not in ("unbounded", "no_price")]
    return [said.get(flag, flag) for flag in told]


def _trail(venue: str, scope: str, week: Week) -> tuple[Selection, ...]:
    place = {} if venue == names.SEVERAL else {"venue": venue}
    source, colon, _ = scope.partition(": ")
    layers = Selection(
        "lake.layers", {"grain": "day", "venue": venue, "scope": scope}, week.monday, week.monday
    )
    if colon:
        of = {"source": source, "venue": venue}
        return (layers, Selection("lake.liquidation_totals", of, week.monday, week.sunday))
    return (
        layers,
        Selection("lake.liquidations", place, week.monday, week.sunday),
        Selection("lake.liquidation_totals", place, week.monday, week.sunday),
    )
