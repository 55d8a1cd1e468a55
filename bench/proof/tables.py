"""The results of many weeks as tables of Markdown: bounds, guards, estimates, gaps, seconds."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median
from typing import Final

from bench.proof.binomial import interval
from bench.proof.multiplier import error
from bench.proof.weeks import Result
from replica.truth import HELD_OUT, PROCESSES

# Two regimes, as the targets name them, each of two of the simulator's.
GROUPS: Final = {"calm": "calm", "trending": "calm", "cascade": "cascade", "cascades": "cascade"}
NAMED: Final = 0.95
Row = Sequence[object]


def every(results: Sequence[Result], multiplier: float) -> Iterator[str]:
    """Each table behind its title."""
    yield _titled("Weeks", ("process", *GROUPS), _counts(results))
    yield _titled("Bounds", BOUNDS, _by_groups(results, _bounds))
    yield _titled("Clear cells that the truth breaks, some of each week", BROKEN, _broken(results))
    yield _titled("Dollars of the truth under each flag", ("flag", "share"), _flags(results))
    yield _titled("Guards", ("guard", "rightly", "wrongly", "on what, wrongly"), _guards(results))
    yield _titled("Inflating faults that no guard noticed", ("kind", "weeks"), _unnoticed(results))
    fitted = [one for one in results if one["process"] != HELD_OUT]
    estimated = _by_groups(fitted, _estimate)
    yield _titled("Estimate of the week's total, held-out process left out", ESTIMATE, estimated)
    yield _titled("The same by process", ESTIMATE, _by_processes(results, _estimate))
    others = _by_groups(fitted, lambda rows: _others(rows, multiplier))
    yield _titled("Median absolute error of the week's total, percent", OTHERS, others)
    of_processes = _by_processes(results, lambda rows: _others(rows, multiplier))
    yield _titled("The same by process", OTHERS, of_processes)
    yield _titled("Causes in gap tables", CAUSES, _causes(results))
    yield _titled("Gap tables", GAPS, _gaps(results))
    yield _titled(
        "Seconds of the processor a week", ("stage", "mean", "highest"), _seconds(results)
    )


def _titled(title: str, head: Sequence[str], rows: Iterable[Row]) -> str:
    lines = [f"| {' | '.join(map(str, row))} |" for row in rows]
    rule = f"| {' | '.join('---' for _ in head)} |"
    return "\n".join((f"### {title}", "", f"| {' | '.join(head)} |", rule, *lines, ""))


def _by_groups(results: Sequence[Result], of: Callable[[Sequence[Result]], Row]) -> Iterator[Row]:
    """A row for each of the simulator's regimes, for each group of them, and for all."""
    for regime in GROUPS:
        yield regime, *of([one for one in results if one["regime"] == regime])
    for group in dict.fromkeys(GROUPS.values()):
        yield f"**{group} in all**", *of([r for r in results if GROUPS[r["regime"]] == group])
    yield "**all**", *of(results)


def _by_processes(
    results: Sequence[Result], of: Callable[[Sequence[Result]], Row]
) -> Iterator[Row]:
    for process in PROCESSES:
        held = " (held out)" if process == HELD_OUT else ""
        for group in dict.fromkeys(GROUPS.values()):
            rows = [r for r in results if r["process"] == process and GROUPS[r["regime"]] == group]
            yield f"{process}{held}, {group}", *of(rows)


def _counts(results: Sequence[Result]) -> Iterator[Row]:
    seen = Counter((one["process"], one["regime"]) for one in results)
    for process in PROCESSES:
        yield process, *(seen[process, regime] for regime in GROUPS)


BOUNDS: Final = (
    "regime", "weeks", "cells", "clear", "truth above", "truth below", "dollars in clear cells",
    "median width/truth of a week", "of a cell",
)  # fmt: skip


def _bounds(rows: Sequence[Result]) -> Row:
    told = [one["bounds"] for one in rows]
    clear, usd = sum(b["clear_usd"] for b in told), sum(b["usd"] for b in told)
    widths = [b["width_usd"] / b["clear_usd"] for b in told if b["clear_usd"]]
    cells = [b["cell_width"] for b in told if b["cell_width"] is not None]
    return (
        len(rows),
        sum(b["cells"] for b in told),
        sum(b["clear_cells"] for b in told),
        sum(b["above"] for b in told),
        sum(b["below"] for b in told),
        _percent(clear, usd),
        _middle(widths),
        _middle(cells),
    )


BROKEN: Final = ("seed", "venue", "coin", "side", "hour", "at least", "truth", "at most", "by")
MOST_BROKEN: Final = 40


def _broken(results: Sequence[Result]) -> Iterator[Row]:
    every_one = [(one["seed"], broken) for one in results for broken in one["bounds"]["broken"]]
    for seed, cell in every_one[:MOST_BROKEN]:
        coins = (f"{cell[name]:.8g}" for name in ("at_least", "truth", "at_most"))
        yield seed, cell["venue"], cell["coin"], cell["position"], cell["hour"], *coins, cell["by"]


def _flags(results: Sequence[Result]) -> Iterator[Row]:
    usd = sum(one["bounds"]["usd"] for one in results)
    sums: dict[str, float] = defaultdict(float)
    for one in results:
        for flag, amount in one["bounds"]["flags"].items():
            sums[flag] += amount
    yield from ((flag, _percent(amount, usd)) for flag, amount in sorted(sums.items()))


def _guards(results: Sequence[Result]) -> Iterator[Row]:
    every_one = [one for result in results for one in result["fired"]]
    for guard in sorted({one["guard"] for one in every_one}):
        mine = [one for one in every_one if one["guard"] == guard]
        wrong = Counter(f"{one['source']} of {one['venue']}" for one in mine if not one["kinds"])
        named = ", ".join(f"{name} {count}" for name, count in wrong.most_common(4))
        yield guard, len(mine) - wrong.total(), wrong.total(), named or "–"


def _unnoticed(results: Sequence[Result]) -> Iterator[Row]:
    kinds = Counter(kind for one in results for kind in one["unnoticed"])
    yield from sorted(kinds.items())


ESTIMATE: Final = (
    "which", "weeks", "estimated", "hits", "rate", "exact 99% of the rate", "holds 95%",
    "median error, percent",
)  # fmt: skip


def _estimate(rows: Sequence[Result]) -> Row:
    told = [_total(one) for one in rows]
    sure = [one for one in told if one is not None]
    hits = sum(low <= truth <= high for _, low, high, truth in sure)
    if not sure:
        return len(rows), 0, "–", "–", "–", "–", "–"
    low, high = interval(hits, len(sure))
    errors = [abs(value / truth - 1) * 100 for value, _, _, truth in sure]
    holds = "yes" if low <= NAMED <= high else "**no**"
    return (
        len(rows),
        len(sure),
        hits,
        _percent(hits, len(sure)),
        f"{low:.3f} to {high:.3f}",
        holds,
        f"{median(errors):.2f}",
    )


def _total(result: Result) -> tuple[float, float, float, float] | None:
    """Estimate, low, high and truth of everything; None where it was refused or not made."""
    for one in result["estimates"]:
        if one["level"] == "total" and one["sides"] == "both":
            if one["estimate_usd"] is None:
                return None
            return one["estimate_usd"], one["low_usd"], one["high_usd"], one["truth_usd"]
    return None


OTHERS: Final = (
    "which", "weeks", "estimate", "trackers' mean", "median", "maximum", "sum", "constant multiplier",
    "all that feeds showed",
)  # fmt: skip


def _others(rows: Sequence[Result], multiplier: float) -> Row:
    sure = [one for one in map(_total, rows) if one is not None]
    of: list[Callable[[Sequence[float]], float]] = [
        lambda told: sum(told) / len(told), median, max, sum,
    ]  # fmt: skip
    return (
        len(rows),
        _middle([abs(value / truth - 1) * 100 for value, _, _, truth in sure]),
        *(
            _middle([abs(one(list(r["trackers"].values())) / r["usd"] - 1) * 100 for r in rows])
            for one in of
        ),
        _middle([abs(error(r, multiplier)) * 100 for r in rows]),
        _middle([abs(error(r, 1.0)) * 100 for r in rows]),
    )


CAUSES: Final = (
    "kind", "planted", "recovered", "share", "part over effect, median", "within half and twice",
)  # fmt: skip


def _causes(results: Sequence[Result]) -> Iterator[Row]:
    """By kind, in all, and of the weeks with any those in which every one was recovered."""
    by_kind: dict[str, list[float]] = defaultdict(list)
    weeks = []
    for one in results:
        found = []
        for cause in (cause for table in one["gaps"] for cause in table["causes"]):
            by_kind[cause["kind"]].append(cause["part_usd"] / cause["effect_usd"])
            found.append(cause["part_usd"] / cause["effect_usd"])
        if found:
            weeks.append(min(found))
    whole = [one for found in by_kind.values() for one in found]
    for kind, found in [*sorted(by_kind.items()), ("**all**", whole)]:
        right, near = sum(x > 0 for x in found), sum(0.5 <= x <= 2 for x in found)
        share = _percent(right, len(found))
        yield kind, len(found), right, share, _middle(found), _percent(near, len(found))
    right = sum(x > 0 for x in weeks)
    yield "**weeks, all of theirs**", len(weeks), right, _percent(right, len(weeks)), "", ""


GAPS: Final = (
    "pair", "tables", "add up", "median unexplained, percent of the larger", "under 2%",
    "causes over 1% that neither has", "tables with any",
)  # fmt: skip


def _gaps(results: Sequence[Result]) -> Iterator[Row]:
    by_pair = defaultdict(list)
    for one in results:
        for table in one["gaps"]:
            by_pair[f"{table['a']} − {table['b']}"].append(table)
    for pair, tables in by_pair.items():
        shares = [abs(t["unexplained_usd"]) / max(t["a_usd"], t["b_usd"]) for t in tables]
        invented = Counter(name for t in tables for name in t["invented"])
        yield (
            pair,
            len(tables),
            sum(t["adds_up"] for t in tables),
            f"{median(shares) * 100:.2f}",
            _percent(sum(share < 0.02 for share in shares), len(tables)),
            ", ".join(f"{name} {count}" for name, count in invented.most_common()) or "–",
            _percent(sum(bool(t["invented"]) for t in tables), len(tables)),
        )


def _seconds(results: Sequence[Result]) -> Iterator[Row]:
    stages: dict[str, list[float]] = defaultdict(list)
    for one in results:
        for stage, seconds in one["seconds"].items():
            stages[stage].append(seconds)
        stages["**whole**"].append(sum(one["seconds"].values()))
    for stage, seconds in stages.items():
        yield stage, f"{sum(seconds) / len(seconds):.2f}", f"{max(seconds):.2f}"


def _percent(part: float, whole: float) -> str:
    return f"{part / whole:.2%}" if whole else "–"


def _middle(values: Sequence[float]) -> str:
    return f"{median(values):.3f}" if values else "–"
