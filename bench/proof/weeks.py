"""One week judged: everything that the tables need of it, as plain data."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time
from typing import Any

import polars as pl

from bench.proof.bounds import bounds
from bench.proof.gaps import Gaps, tables
from bench.proof.guards import fired, unnoticed
from bench.proof.judged import Judge, Judged, TablesOfGaps, layers_of
from bench.proof.seen import Canonical, canonical
from replica.truth import TruthWeek, week

Result = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judges:
    """What is judged; ``gaps`` None leaves the tables of gaps out."""

    layers: Judge = layers_of
    gaps: Callable[[Canonical], Gaps] | None = TablesOfGaps


def result(
    seed: int, scratch: Path | None = None, judges: Judges | None = None, *, size: float = 1.0
) -> Result:
    """The week of a seed, simulated, read, reconciled and set beside its truth; seconds are of the
    processor. ``size`` as for the week.
    """
    judges = judges or Judges()
    began = process_time()
    true = week(seed, size=size)
    simulated = process_time()
    seen = canonical(true, scratch)
    read = process_time()
    judged = judges.layers(seen)
    layered = process_time()
    gaps = [] if judges.gaps is None else _gaps(true, judges.gaps(seen))
    return {
        "seed": seed,
        "regime": true.regime,
        "process": true.process,
        "orders": true.orders.height,
        "usd": true.usd,
        "shown_usd": float(true.cells["shown_usd"].sum()),
        "planted": [asdict(one) for one in true.planted],
        "refused_rows": seen.refused.height,
        "bounds": asdict(bounds(true, judged)),
        "fired": [asdict(one) for one in fired(judged.refused, true.planted)],
        "unnoticed": unnoticed(judged.refused, true.planted),
        "trackers": _trackers(true),
        "estimates": _estimates(true, judged),
        "gaps": gaps,
        "seconds": {
            "simulated": simulated - began,
            "read": read - simulated,
            "layers": layered - read,
            "gaps": process_time() - layered,
        },
    }


def without_gaps(seed: int, scratch: Path | None = None) -> Result:
    """``result`` without tables of gaps."""
    return result(seed, scratch, Judges(gaps=None))


def _gaps(true: TruthWeek, gaps: Gaps) -> list[dict[str, Any]]:
    return [asdict(one) for one in tables(gaps, true.planted)]


def _trackers(true: TruthWeek) -> dict[str, float]:
    """What each tracker's week adds up to."""
    return dict(true.trackers.group_by("source").agg(pl.col("usd").sum()).sort("source").rows())


def _estimates(true: TruthWeek, judged: Judged) -> list[dict[str, Any]]:
    """Each estimate with the truth of its scope."""
    told = []
    for row in judged.estimates.iter_rows(named=True):
        scope = pl.lit(value=True)
        if row["level"] == "venue":
            scope &= pl.col("venue") == row["venue"]
        if row["sides"] != "both":
            scope &= pl.col("position") == row["sides"]
        told.append(row | {"truth_usd": float(true.cells.filter(scope)["usd"].sum())})
    return told
