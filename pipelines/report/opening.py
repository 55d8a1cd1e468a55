"""The sentence that the page opens with: at least, at most, by estimate, as said by others, and why."""

from collections.abc import Sequence

from pipelines.report import figures, names
from pipelines.report.bounds import Reported, Scope
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import Said, Words
from pipelines.report.trail import Number
from pipelines.tables.words import Coverage

THROTTLED = frozenset(word.value for word in Coverage) - {
    Coverage.ALL.value,
    Coverage.COLLECTED.value,
    Coverage.SAMPLED.value,
    Coverage.UNKNOWN.value,
}


def opening(rows: WeekRows, scopes: Sequence[Scope], said: Sequence[Reported]) -> Words:
    """Empty where nothing of the week is held."""
    whole = next((one for one in scopes if one.venue == names.SEVERAL), None) or next(
        iter(scopes), None
    )
    if whole is None or whole.at_least.value is None:
        return ()
    return (
        f"In week {rows.week.name} ",
        "at least ",
        _said(whole.at_least),
        f" USD of positions were liquidated on {_on(whole)}; ",
        *_at_most(whole),
        *_estimate(scopes, whole),
        *_trackers(said),
        f" {_why(rows)}",
    )


def _on(scope: Scope) -> str:
    source, colon, listed = scope.name.partition(": ")
    if colon:
        count = len(names.members_of(listed, ",;"))
        return f"the {count} venues that {names.brand(source)} was asked for"
    parts = names.members_of(scope.name, ",")
    if len(parts) == 1:
        return names.brand(parts[0])
    return f"the {len(parts)} venues that were asked or heard"


def _at_most(scope: Scope) -> Words:
    if scope.at_most.value is None:
        return ("nothing that is held bounds it from above; ",)
    return ("at most ", _said(scope.at_most), "; ")


def _estimate(scopes: Sequence[Scope], whole: Scope) -> Words:
    """Of the scope itself, or of the venues together where the scope is a publisher's."""
    of = next((one for one in scopes if one.venue == names.SEVERAL and one.estimate), whole)
    if of.estimate is None or of.low is None or of.high is None:
        return (f"no estimate is made ({of.reason or 'no feed of single liquidations'}); ",)
    count = len(names.members_of(of.estimated, ","))
    on = "" if of is whole and of.estimated == whole.name else f" on {count} of the venues"
    return (
        "the estimate is ",
        _said(of.estimate),
        f"{on} (95 % interval ",
        _said(of.low),
        " to ",
        _said(of.high),
        "); ",
    )


def _trackers(said: Sequence[Reported]) -> Words:
    """What publishers said, from the least to the most, longs and shorts together."""
    held = [
        (one.total.value, one) for one in said if one.is_tracker and one.total.value is not None
    ]
    if not held:
        return ("no tracker is held.",)
    held.sort(key=lambda pair: (pair[0], pair[1].name, pair[1].total.key))
    low, high = held[0][1], held[-1][1]
    if low is high:
        return (f"{low.name} said ", _said(low.total), ".")
    return (
        "trackers said ",
        _said(low.total),
        f" ({low.name}) to ",
        _said(high.total),
        f" ({high.name}).",
    )


def _said(one: Number) -> Said:
    assert one.value is not None
    return Said(figures.millions(one.value), one)


def _why(rows: WeekRows) -> str:
    """What keeps a floor below the truth, from what the feeds of the week can show."""
    rows_of = rows.liquidations.iter_rows(named=True)
    hiding = sorted({r["venue"] for r in rows_of if r["coverage"] in THROTTLED})
    if not hiding:
        return "They differ since each adds up other venues and coins, and none of them shows all."
    listed = names.shortened(", ".join(names.brand(venue) for venue in hiding))
    return (
        f"They differ since the feeds of {listed} show at most one liquidation a second and market, "
        "and since each adds up other venues and coins."
    )
