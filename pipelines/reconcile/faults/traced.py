"""What each figure of a telling is made of, and what of the venues' orders it does not tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from pipelines.reconcile.faults.candidates import TWICE
from pipelines.reconcile.faults.expected import (
    OF_SECOND,
    Expected,
    Fault,
    Kind,
    Whole,
    expected_of,
)
from pipelines.reconcile.faults.found import faults_of
from pipelines.reconcile.tellings.reference import SERIES, Floats, Reference
from pipelines.reconcile.tellings.telling import Telling
from pipelines.tables.words import Cause

CELL: Final = ("place", "coin", "kind", "position", "bucket")
OUTSIDE: Final = -1  # the bucket of orders from before or after the span
DAY: Final = 24
MOST_OFF: Final = 0.1  # of a venue's figures that are taken to be what their orders make of them
ALIKE: Final = 0.02  # the same, where what is beyond the orders is taken to lie in unheard hours
LACKING: Final = (
    Cause.OUTAGE,
    Cause.UNIT,
    Cause.DUPLICATES,
    Cause.COINS,
    Cause.MARGIN,
    Cause.THROTTLE,
)
OPENS: Final = 0.5  # of a sum's figures, what has to be judged, and of that what orders tell
OPENS_USD: Final = 0.25  # a day of which an hour was not heard may be the largest


@dataclass(frozen=True, slots=True)
class Traced:
    """A telling, how it comes of the reference's orders, and the faults that make it differ."""

    telling: Telling
    reference: Reference
    expected: Expected
    faults: tuple[Fault, ...]

    def at_par(self, most_off: float = MOST_OFF) -> frozenset[str]:
        """The venues whose figures are, but for so much, what their orders and the faults make of them."""
        one = self.expected
        judged = one.judged()
        off = np.abs(one.told - one.scaled(one.expected(), judged).sum(axis=2))
        found = []
        for venue in sorted(set(one.rows["venue"])):
            groups = np.unique(one.group[one.rows_of(venue)])
            known = judged[groups]
            told = one.told[groups][known].sum()
            if told > 0 and off[groups][known].sum() <= most_off * told:
                found.append(venue)
        return frozenset(found)


def traced(telling: Telling, reference: Reference) -> Traced | None:
    """None where its figures cannot be held against the reference.

    A sum can if all its venues are there and its dollars come of their orders for the most part.
    """
    if telling.is_several and not set(telling.venues) <= reference.venues:
        return None
    start = expected_of(telling, reference)
    if start is None:
        return None
    if telling.is_several and not _comes_of_orders(start):
        return None
    one, faults = faults_of(start, _found_in(telling, reference))
    return Traced(telling, reference, one, faults)


def _found_in(telling: Telling, reference: Reference) -> tuple[Fault, ...]:
    """What shorter buckets of the same source show; days that begin at another hour are not theirs."""
    finer = telling.finer
    if finer is None or finer.cells.is_empty() or finer.venues != telling.venues:
        return ()
    start = expected_of(finer, reference)
    return faults_of(start, of_days=False)[1] if start else ()


def _comes_of_orders(one: Expected) -> bool:
    """Whether half of the figures are judged, and most of these are half, at least, of their orders."""
    some = one.told > 0
    judged = one.judged() & some
    if not judged.any():
        return False
    met = one.expected().sum(axis=2)[judged] >= OPENS * one.told[judged]
    enough_usd = float(one.told[judged].sum()) >= OPENS_USD * float(one.told.sum())
    enough = float(judged.sum()) >= OPENS * float(some.sum())
    return enough and enough_usd and float(met.mean()) >= OPENS


def made_of(one: Traced) -> pl.DataFrame:
    """The parts of each figure: CELL, ``venue, margin, own, at, unit, twice, is_unheard, share``.

    CELL is where it is told, ``at`` the bucket and ``own`` the side that the orders belong to;
    ``share`` is of the figure, and the shares of one add up to 1. ``unit`` and ``twice`` are what is
    left of the part when it counts in the right unit, and once; ``is_unheard`` is what lies in hours
    of which the orders are not known, of venues whose other figures are as their orders (else null).
    """
    rows = _rows(one.expected, one.faults).filter(pl.col("amount") > 0)
    parts = rows.group_by(
        *CELL, "venue", "margin", "own", "at", "unit", "twice", maintain_order=True
    ).agg(pl.col("amount").sum())
    parts = parts.with_columns(is_unheard=pl.lit(value=False))
    spread = pl.concat([parts, _remainders(one, parts)])
    whole = pl.col("amount").sum().over(CELL)
    alike = pl.col("venue").is_in(list(one.at_par(ALIKE)))
    return (
        spread.with_columns(
            share=pl.col("amount") / whole, is_unheard=pl.when(alike).then("is_unheard")
        )
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
            undone = unit if fault.factor not in TWICE else twice
            undone[one.cells_of(fault)] /= fault.factor
    return unit, twice


def cause_of(fault: Fault, hours: int) -> Cause:
    """What a gap puts a fault down to, in a span of so many hours."""
    match fault.kind:
        case Kind.LACKS:
            is_part = fault.coin is not None or fault.margin is not None
            if is_part and fault.first < DAY and fault.end > hours - DAY:
                return Cause.MARGIN if fault.coin is None else Cause.COINS
            return Cause.OUTAGE
        case Kind.TIMES:
            return Cause.DUPLICATES if fault.factor in TWICE else Cause.UNIT
        case Kind.TURNED:
            return Cause.SIDES
        case Kind.LATE:
            return Cause.WINDOW
        case Kind.PAR:
            return Cause.STABLE
        case Kind.LARGEST | Kind.LATEST:
            return Cause.THROTTLE


def _remainders(one: Traced, parts: pl.DataFrame) -> pl.DataFrame:
    """What a figure has beyond the orders known to be in it, where some of them are not known, and
    all of a figure in which no order is.

    Of days that begin at another hour it lies outside the span; else it is of the venues that were
    not heard, as they stand in the whole span to each other.
    """
    expected = one.expected
    known = expected.expected().sum(axis=2)
    lacking = (expected.told > 0) & ((~expected.judged() & expected.held) | (known <= 0))
    found = []
    for group, bucket in np.argwhere(lacking).tolist():
        rest = max(float(expected.told[group, bucket] - known[group, bucket]), 0.0)
        at, owners, is_unheard = _owners(expected, group, bucket)
        found += [
            (group, bucket, at, row, rest * share, is_unheard) for row, share in owners.items()
        ]
    if not found:
        return parts.clear()
    groups, buckets, ats, rows, amounts, unheard = (list(each) for each in zip(*found, strict=True))
    made = expected.groups[groups].with_columns(
        expected.rows[rows].select("venue", "margin"),
        own=pl.col("position"),
        bucket=pl.Series(buckets, dtype=pl.Int64),
        at=pl.Series(ats, dtype=pl.Int64),
        unit=pl.lit(1.0),
        twice=pl.lit(1.0),
        amount=pl.Series(amounts, dtype=pl.Float64),
        is_unheard=pl.Series(unheard, dtype=pl.Boolean),
    )
    return made.filter(pl.col("amount") > 0).select(parts.columns)


def _owners(one: Expected, group: int, bucket: int) -> tuple[int, dict[int, float], bool]:
    """The bucket that what is not known in a figure belongs to, of whose rows which share it is, and
    whether hours of these were not heard.
    """
    rows = np.flatnonzero(one.group[:, 0] == group)
    end = one.base.shape[1]
    hours = np.arange(bucket * one.width, (bucket + 1) * one.width)[None, :] - one.late[rows, None]
    outside = (hours < 0) | (hours >= end)
    if outside.any():
        own = rows[outside.any(axis=1)]
        return OUTSIDE, _shares(one, own), False
    unheard = rows[~one.known[rows[:, None], hours].all(axis=1)]
    return bucket, _shares(one, unheard if len(unheard) else rows), bool(len(unheard))


def _shares(one: Expected, rows: Whole) -> dict[int, float]:
    whole = one.base[rows].sum(axis=1) + 1e-9  # where none has orders, all alike
    return dict(zip(rows.tolist(), (whole / whole.sum()).tolist(), strict=True))


def untold(one: Traced, every: int) -> Iterator[tuple[Cause, pl.DataFrame]]:
    """What another's figures keep when they leave out what this telling leaves out, by cause.

    Frames of SERIES, ``at`` (buckets of ``every`` hours), what its orders come to there (``whole``)
    and what is left of it (``kept``).
    """
    expected = one.expected
    hours = expected.base.shape[1]
    shares = {cause: np.ones_like(expected.base) for cause in LACKING}
    for fault in one.faults:
        is_less = fault.kind in (Kind.LACKS, Kind.TIMES) and fault.factor < 1
        if is_less or fault.kind in OF_SECOND:
            left = shares[cause_of(fault, hours)]
            left *= np.where(expected.cells_of(fault), expected.left_of(fault), 1.0)
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
