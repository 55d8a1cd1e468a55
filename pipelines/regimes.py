"""What each feed could have shown on any day: the eras of the readers, as a table.

The eras in code and this table are one thing. Every canonical row names its regime in ``feed``.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Final

import polars as pl

from pipelines.normalise.eras import Era, Reader
from pipelines.normalise.registry import READERS
from pipelines.sources import SOURCES
from pipelines.statements import Grade

SCHEMA: Final = pl.Schema(
    {
        "canonical": pl.String(),
        "feed": pl.String(),
        "source": pl.String(),
        "dataset": pl.String(),
        "venue": pl.String(),
        "first_day": pl.Date(),
        "last_day": pl.Date(),
        "coverage": pl.String(),
        "price_kinds": pl.String(),
        "size_units": pl.String(),
        "side_names": pl.String(),
        "adl": pl.String(),
        "absent_means": pl.String(),
        "zero_means": pl.String(),
        "told_first_by": pl.String(),
        "evidence": pl.String(),
        "grade": pl.String(),
        "is_verified": pl.Boolean(),
    }
)
ABOUT: Final = {
    "canonical": "Canonical table whose rows the feed gives.",
    "feed": "Dataset and era, as rows name it: `bybit/all_liquidation@2025-02-20`.",
    "source": "Who says so: an id of the source registry.",
    "dataset": "Dataset of the source.",
    "venue": "The venue it speaks of; `several` where a publisher speaks of more than one.",
    "first_day": "First UTC day of the regime.",
    "last_day": "Last UTC day of the regime.",
    "coverage": "Publication rule: how much of what happened it shows.",
    "price_kinds": "Which prices it prints beside a liquidation, parted by commas.",
    "size_units": "What its sizes count, parted by commas.",
    "side_names": "What its word for the side is the side of.",
    "adl": "Whether positions closed by auto-deleveraging are among its liquidations.",
    "absent_means": "What a bucket that is left out stands for.",
    "zero_means": "What a zero stands for.",
    "told_first_by": "Dataset of the same source that tells the same events and comes before it.",
    "evidence": "What that rests on.",
    "grade": "How good that ground is.",
    "is_verified": "Whether it rests on more than memory or analogy.",
}
NULLS: Final = {
    "last_day": "it holds still.",
    "price_kinds": "not a feed of liquidations.",
    "size_units": "not a feed of liquidations.",
    "side_names": "not a feed of liquidations.",
    "adl": "not a feed of liquidations.",
    "told_first_by": "no other tells its events, or it comes first.",
    "evidence": "none is written down.",
}
_MANY = ("tracker", "archive", "index", "ledger")


@cache  # layers ask for it a hundred times a week
def regimes() -> pl.DataFrame:
    """Every era of every reader, by canonical table, source, dataset and first day."""
    rows = [row for reader in READERS for row in _of(reader)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("canonical", "feed")


def _of(reader: Reader) -> Iterator[tuple[object, ...]]:
    for era, first, last in reader.stretches(date.min, reader.until or date.max):
        yield (
            reader.table.name,
            reader.feed(era),
            reader.source,
            reader.dataset,
            _venue(reader),
            first,
            None if last >= date.max - timedelta(days=1) else last,
            era.coverage.value,
            *_shown(era),
            era.absent.value,
            era.zero.value,
            reader.told_first_by or None,
            era.evidence or None,
            era.grade.value,
            era.grade is not Grade.UNVERIFIED,
        )


def _venue(reader: Reader) -> str:
    source = SOURCES[reader.source]
    return "several" if source.kind in _MANY else source.of_venue


def _shown(era: Era) -> tuple[str | None, ...]:
    if era.shown is None:
        return None, None, None, None
    shown = era.shown
    prices = ", ".join(kind.value for kind in shown.price) or None
    units = ", ".join(unit.value for unit in shown.size) or None
    return prices, units, shown.side.value, shown.adl.value
