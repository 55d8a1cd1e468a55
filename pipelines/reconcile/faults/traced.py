"""What each figure of a telling is made of, and what of the venues' orders it does not tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
import polars as pl

from pipelines.reconcile.faults.expected import Expected, Fault, Floats, Kind, expected_of
from pipelines.reconcile.faults.found import faults_of
from pipelines.reconcile.tellings.reference import SERIES, Reference
from pipelines.reconcile.tellings.telling import Telling
from pipelines.tables.words import Cause

CELL: Final = ("place", "coin", "kind", "position", "bucket")
OUTSIDE: Final = -1  # the bucket of orders from before or after the span
TWICE: Final = 2.0
OPENS: Final = 0.5  # of a sum's dollars that its venues' orders have to explain


@dataclass(frozen=True, slots=True)
class Traced:
    """A telling, how it comes of the reference's orders, and the faults that make it differ."""

    telling: Telling
    reference: Reference
    expected: Expected
    faults: tuple[Fault, ...]


def traced(telling: Telling, reference: Reference) -> Traced | None:
    """None where its figures cannot be held against the reference.

    A sum can if all its venues are there and its dollars come of their orders for the most part.
    """
    if telling.is_several and not set(telling.venues) <= reference.venues:
        return None
    start = expected_of(telling, reference)
    if start is None:
        return None
    known = _found_in(telling.finer, reference)
    one, faults = faults_of(reduce(Expected.under, known, start), known)
    if telling.is_several and _unexplained(one) > OPENS:
        return None
    return Traced(telling, reference, one, faults)


def _found_in(finer: Telling | None, reference: Reference) -> tuple[Fault, ...]:
    """What shorter buckets of the same source show; days that begin at another hour are not theirs."""
    start = expected_of(finer, reference) if finer and not finer.cells.is_empty() else None
    return faults_of(start, of_days=False)[1] if start else ()


def _unexplained(one: Expected) -> float:
    judged = one.judged()
    rest = np.abs(one.told - one.scaled(one.expected(), judged).sum(axis=2))[judged].sum()
    told = one.told[judged].sum()
    return float(rest / told) if told > 0 else 1.0


def made_of(one: Traced) -> pl.DataFrame:
    """The parts of each figure: CELL, ``venue, margin, told_position, at, share, unit, twice``.

    CELL is where it is told, ``at`` the bucket and ``told_position`` the side that the orders
    belong to; ``share`` is of the figure, and the shares of one add up to 1. ``unit`` and ``twice``
    are what is left of the part when it counts in the right unit, and once.
    """
    rows = _rows(one.expected, one.faults).filter(pl.col("amount") > 0)
    parts = rows.group_by(*CELL, "venue", "margin", "own", "at", "unit", "twice").agg(
        pl.col("amount").sum()
    )
    spread = pl.concat([parts, _remainders(one, parts)])
    whole = pl.col("amount").sum().over(CELL)
    return (
        spread.with_columns(share=pl.col("amount") / whole)
        .drop("amount")
        .sort(*CELL, "venue", "margin", "own", "at", "unit", "twice", nulls_last=True)
    )


def _rows(one: Expected, faults: tuple[Fault, ...]) -> pl.DataFrame:
    """Each series and hour that is told: where, for what, and how much of it."""
    series, hours = one.base.shape
    row, hour = (grid.ravel() for grid in np.indices((series, hours)))
    at = hour + one.late[row]
    inside = (at >= 0) & (at < hours)
    row, hour, at = row[inside], hour[inside], at[inside]
    group = one.group[row, one.turned[row, hour].astype(int)]
    unit, twice = _undone(one, faults)
    told: pl.DataFrame = one.groups[group]
    return told.with_columns(
        one.rows[row].select("venue", "margin", own="position"),
        bucket=pl.Series(at // one.width, dtype=pl.Int64),
        at=pl.Series(hour // one.width, dtype=pl.Int64),
        amount=pl.Series(one.content()[row, hour]),
        unit=pl.Series(unit[row, hour]),
        twice=pl.Series(twice[row, hour]),
    )


def _undone(one: Expected, faults: tuple[Fault, ...]) -> tuple[Floats, Floats]:
    unit, twice = np.ones_like(one.base), np.ones_like(one.base)
    for fault in faults:
        if fault.kind is Kind.TIMES and fault.factor > 1:
            undone = unit if cause_of(fault) is Cause.UNIT else twice
            rows = one.rows_of(fault.venue, fault.coin, fault.margin)
            undone[rows, fault.first : fault.end] /= fault.factor
    return unit, twice


def cause_of(fault: Fault) -> Cause:
    """What a gap puts a fault down to."""
    match fault.kind:
        case Kind.LACKS:
            return Cause.OUTAGE
        case Kind.TIMES:
            return Cause.DUPLICATES if fault.factor == TWICE else Cause.UNIT
        case Kind.TURNED:
            return Cause.SIDES
        case Kind.LATE:
            return Cause.WINDOW
        case Kind.PAR:
            return Cause.STABLE


def _remainders(one: Traced, parts: pl.DataFrame) -> pl.DataFrame:
    """What a figure has beyond the orders known to be in it, where some of them are not known.

    Of days that begin at another hour it lies outside the span; else it is of the venue not heard.
    """
    expected = one.expected
    unknown = ~expected.judged()
    group, bucket = np.nonzero(unknown & (expected.told > 0))
    if not len(group):
        return parts.clear()
    known = expected.expected().sum(axis=2)
    rest = np.maximum(expected.told - known, 0.0)[group, bucket]
    owners = [_owner(expected, g, b) for g, b in zip(group.tolist(), bucket.tolist(), strict=True)]
    keys = expected.groups[group]
    made = keys.with_columns(
        bucket=pl.Series(bucket, dtype=pl.Int64),
        venue=pl.Series([venue for venue, _, _ in owners], dtype=pl.String),
        margin=pl.Series([margin for _, margin, _ in owners], dtype=pl.String),
        own=pl.col("position"),
        at=pl.Series(
            [
                OUTSIDE if outside else b
                for (_, _, outside), b in zip(owners, bucket.tolist(), strict=True)
            ],
            dtype=pl.Int64,
        ),
        unit=pl.lit(1.0),
        twice=pl.lit(1.0),
        amount=pl.Series(rest),
    )
    return made.filter(pl.col("amount") > 0).select(parts.columns)


def _owner(one: Expected, group: int, bucket: int) -> tuple[str, str, bool]:
    """The venue and margin of what is not known in a figure, and whether it is outside the span."""
    rows = np.flatnonzero(one.group[:, 0] == group)
    hours = np.arange(bucket * one.width, (bucket + 1) * one.width)
    end = one.base.shape[1]
    off = [r for r in rows if ((hours < one.late[r]) | (hours >= end + one.late[r])).any()]
    silent = [r for r in rows if not one.known[r, hours].all()]
    row = int((off or silent or list(rows))[0])
    venue, margin = one.rows.select("venue", "margin").row(row)
    return venue, margin, bool(off)


def untold(one: Traced, every: int) -> Iterator[tuple[Cause, pl.DataFrame]]:
    """What another's figures keep when they leave out what this telling leaves out, by cause.

    Frames of SERIES, ``at`` (buckets of ``every`` hours), what its orders come to there (``whole``)
    and what is left of it (``kept``).
    """
    expected = one.expected
    hours = expected.base.shape[1]
    shares = {Cause.OUTAGE: np.ones_like(expected.base), Cause.UNIT: np.ones_like(expected.base)}
    for fault in one.faults:
        if fault.kind in (Kind.LACKS, Kind.TIMES) and fault.factor < 1:
            rows = expected.rows_of(fault.venue, fault.coin, fault.margin)
            shares[cause_of(fault)][rows, fault.first : fault.end] *= fault.factor
    at = np.arange(hours)[None, :] + expected.late[:, None]
    shares[Cause.WINDOW] = ((at >= 0) & (at < hours)).astype(float)
    for cause, share in shares.items():
        if (share < 1).any():
            yield cause, _kept(expected, share, every)


def _kept(one: Expected, share: Floats, every: int) -> pl.DataFrame:
    series, hours = share.shape
    buckets = (series, hours // every, every)
    whole = one.base.reshape(buckets).sum(axis=2)
    kept = (one.base * share).reshape(buckets).sum(axis=2)
    row, bucket = np.nonzero(whole > 0)
    return (
        one.rows[row]
        .select(SERIES)
        .with_columns(
            at=pl.Series(bucket, dtype=pl.Int64),
            whole=pl.Series(whole[row, bucket]),
            kept=pl.Series(kept[row, bucket]),
        )
    )
