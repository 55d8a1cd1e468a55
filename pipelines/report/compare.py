"""Two editions of one week, file by file and number by number."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

REPORT = "report.json"


@dataclass(frozen=True, slots=True)
class Moved:
    """A number that differs; None where that edition has no such key."""

    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """``same`` and ``changed`` name files of both editions."""

    same: tuple[str, ...]
    changed: tuple[str, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    moved: tuple[Moved, ...]
    is_other_code: bool
    is_other_environment: bool
    are_other_inputs: bool

    @property
    def is_identical(self) -> bool:
        return not (self.changed or self.only_before or self.only_after)


def compare(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Comparison:
    """What differs between two editions, given as file name to bytes."""
    both = sorted(before.keys() & after.keys())
    old, new = (_read(edition) for edition in (before, after))
    return Comparison(
        same=tuple(name for name in both if before[name] == after[name]),
        changed=tuple(name for name in both if before[name] != after[name]),
        only_before=tuple(sorted(before.keys() - after.keys())),
        only_after=tuple(sorted(after.keys() - before.keys())),
        moved=moved(*({one.key: one.value for one in each.numbers} for each in (old, new))),
        is_other_code=old.evidence.code_sha256 != new.evidence.code_sha256,
        is_other_environment=old.evidence.lock_sha256 != new.evidence.lock_sha256,
        are_other_inputs=old.evidence.inputs_sha256 != new.evidence.inputs_sha256,
    )


class _Entry(msgspec.Struct, frozen=True):
    key: str
    value: str | None


class _Evidence(msgspec.Struct, frozen=True):
    code_sha256: str = ""
    lock_sha256: str = ""
    inputs_sha256: str = ""


class _Report(msgspec.Struct, frozen=True):
    numbers: tuple[_Entry, ...] = ()
    evidence: _Evidence = _Evidence()


def _read(edition: Mapping[str, bytes]) -> _Report:
    return msgspec.json.decode(edition[REPORT], type=_Report) if REPORT in edition else _Report()


def moved(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> tuple[Moved, ...]:
    """The numbers that differ, given as key to exact value, or None where it is missing."""
    old, new = ({key: _said(value) for key, value in one.items()} for one in (before, after))
    return tuple(
        Moved(key, old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    )


def _said(value: str | None) -> str:
    return "missing" if value is None else value
