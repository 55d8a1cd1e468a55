"""Which edition a page is: its number, those before it, what moved since and why, and errata."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from pipelines.clock import iso
from pipelines.files import digest_of
from pipelines.normalise.registry import READERS
from pipelines.normalise.releases import RELEASED
from pipelines.release_policy import Standing, standing
from pipelines.report.compare import REPORT, Moved, moved
from pipelines.report.errata import Erratum, on_page
from pipelines.report.evidence import Evidence, Input
from pipelines.report.rows import WeekRows
from pipelines.report.trail import Number

# Datasets of publishers' sums: these are asked for again.
RESTATED: Final = frozenset((r.source, r.dataset) for r in READERS if r.table is RELEASED)


class Before(msgspec.Struct, frozen=True):
    """An earlier edition, known by the digest of its report.json."""

    number: int
    as_of: str
    report_sha256: str
    numbers_moved: int = 0
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Backing:
    """What an edition is made on top of: the edition before it, and every erratum of its week."""

    number: int = 1
    previous: bytes | None = None  # report.json of the edition before
    errata: tuple[Erratum, ...] = ()


FIRST: Final = Backing()


@dataclass(frozen=True, slots=True)
class Issue:
    """``moved`` are the numbers that differ from the edition before, ``because`` says why in words,
    and ``inputs_added`` and ``inputs_gone`` are the raw files in which the two differ.
    """

    number: int
    standing: Standing
    before: tuple[Before, ...] = ()
    moved: tuple[Moved, ...] = ()
    because: tuple[str, ...] = ()
    inputs_added: tuple[Input, ...] = ()
    inputs_gone: tuple[Input, ...] = ()
    errata: tuple[Erratum, ...] = ()


class _Edition(msgspec.Struct, frozen=True):
    number: int = 1
    moved: tuple[Any, ...] = ()
    because: tuple[str, ...] = ()
    before: tuple[Before, ...] = ()


class _Entry(msgspec.Struct, frozen=True):
    key: str
    value: str | None


class _Evidence(msgspec.Struct, frozen=True):
    as_of: str
    code_sha256: str
    lock_sha256: str
    inputs: tuple[Input, ...]


class _Report(msgspec.Struct, frozen=True):
    numbers: tuple[_Entry, ...]
    evidence: _Evidence
    edition: _Edition = _Edition()  # a page made before editions were counted is the first


def number_of(report_json: bytes) -> int:
    """Which edition a report.json is. Raises msgspec.MsgspecError where it is none."""
    return msgspec.json.decode(report_json, type=_Report).edition.number


def previous_digest(report_json: bytes) -> str:
    """The digest of the report.json before this one; empty for a first edition."""
    before = msgspec.json.decode(report_json, type=_Report).edition.before
    return before[-1].report_sha256 if before else ""


def issue_of(
    rows: WeekRows, numbers: Iterable[Number], evidence: Evidence, backing: Backing
) -> Issue:
    """The edition that is made of these numbers on top of that one."""
    firm = standing(rows.week, least_recently_asked(rows, evidence))
    errata = on_page(backing.errata, backing.number)
    if backing.previous is None:
        return Issue(backing.number, firm, errata=errata)
    old = msgspec.json.decode(backing.previous, type=_Report)
    new = {one.key: None if one.value is None else one.exact for one in numbers}
    changed = moved({one.key: one.value for one in old.numbers}, new)
    added = _only(evidence.inputs, old.evidence.inputs)
    gone = _only(old.evidence.inputs, evidence.inputs)
    because = tuple(_because(old.evidence, evidence, added, gone))
    since = tuple(one for one in errata if one.since == backing.number)
    told = tuple(f"erratum of {one.on}: edition {one.edition} was withdrawn" for one in since)
    earlier = Before(
        old.edition.number,
        old.evidence.as_of,
        digest_of(backing.previous),
        len(old.edition.moved),
        old.edition.because,
    )
    before = (*old.edition.before, earlier)
    return Issue(backing.number, firm, before, changed, (*because, *told), added, gone, errata)


def least_recently_asked(rows: WeekRows, evidence: Evidence) -> Any:
    """When the figures that can be restated were asked for, the oldest of them; else all there is."""
    asked = [
        row["asked_first"]
        for row in rows.coverage.iter_rows(named=True)
        if (row["source"], row["dataset"]) in RESTATED and row["asked_first"] is not None
    ]
    return min(asked, default=evidence.as_of)


def _only(ours: Sequence[Input], theirs: Sequence[Input]) -> tuple[Input, ...]:
    known = {(one.path, one.sha256) for one in theirs}
    return tuple(one for one in ours if (one.path, one.sha256) not in known)


def _because(
    old: _Evidence, new: Evidence, added: Sequence[Input], gone: Sequence[Input]
) -> Iterable[str]:
    yield from _answers("asked again or anew", added)
    yield from _answers("no longer rested on", gone)
    if old.code_sha256 != new.code_sha256:
        yield f"other code: {old.code_sha256[:12]} became {new.code_sha256[:12]}"
    if old.lock_sha256 != new.lock_sha256:
        yield f"other libraries: lock {old.lock_sha256[:12]} became {new.lock_sha256[:12]}"


def _answers(what: str, inputs: Sequence[Input]) -> Iterable[str]:
    """One line a dataset: when it was asked, and the digests of the index files that say so."""
    told: Mapping[str, list[Input]] = defaultdict(list)
    for one in inputs:
        told["/".join(one.path.split("/")[1:3])].append(one)
    for dataset, files in sorted(told.items()):
        asked = sorted({iso(one.asked_at) for one in files if one.asked_at is not None})
        when = f", asked {' and '.join(asked)}" if asked else ""
        digests = [one.sha256[:12] for one in files if one.asked_at is not None]
        yield f"{dataset} {what}{when}{f' ({chr(44).join(digests)})' if digests else ''}"


def as_entry(issue: Issue) -> dict[str, Any]:
    """The edition as it stands in report.json."""
    firm = issue.standing
    return {
        "number": issue.number,
        "state": firm.state.value,
        "asked_at": iso(firm.asked_at),
        "next_on": None if firm.next_on is None else firm.next_on.isoformat(),
        "errata": [msgspec.to_builtins(one) for one in issue.errata],
        "because": list(issue.because),
        "moved": [
            {"key": one.key, "before": one.before, "after": one.after} for one in issue.moved
        ],
        "inputs_added": [_input(one) for one in issue.inputs_added],
        "inputs_gone": [_input(one) for one in issue.inputs_gone],
        "before": [msgspec.to_builtins(one) for one in issue.before],
    }


def _input(one: Input) -> dict[str, str]:
    return {"path": one.path, "sha256": one.sha256}


__all__ = [
    "FIRST",
    "REPORT",
    "Backing",
    "Before",
    "Issue",
    "as_entry",
    "issue_of",
    "number_of",
    "previous_digest",
]
