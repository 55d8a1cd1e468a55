"""A week's answers through extraction, archive and readers, in process: the canonical frames.

What runs of the pipeline: the archive (``Raw``: bodies by digest, index, the latest asking), the
captures' own extraction (segments on a disk, checked against their digests), every reader, the
listings, the rates of stable coins, askings and minutes heard. What does not: HTTP, limits and
retries, and the paging of answers, since each question is answered by one page.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Final

import polars as pl

from pipelines.extract.asking import EVERYTHING, Answer, Scope
from pipelines.extract.catalogue import CATALOGUE
from pipelines.files import digest
from pipelines.normalise.asked import askings, listening
from pipelines.normalise.days import Lookup
from pipelines.normalise.engine import normalise
from pipelines.normalise.eras import RATES
from pipelines.normalise.registry import LISTINGS, readers_of
from pipelines.raw import Asked, Raw
from pipelines.reconcile.told import Told
from pipelines.tables import (
    CANDLES,
    INSTRUMENTS,
    LIQUIDATION_TOTALS,
    LIQUIDATIONS,
    OPEN_INTEREST,
    Table,
)
from replica.truth import Captured, Printed, TruthWeek

FACTS: Final = (LIQUIDATIONS, LIQUIDATION_TOTALS, CANDLES, OPEN_INTEREST)
COLLECTOR: Final = "truth"


@dataclass(frozen=True, slots=True)
class Canonical:
    """The frames of one week; ``refused`` has what readers refused, ``seconds`` each stage."""

    told: Told
    candles: pl.DataFrame
    open_interest: pl.DataFrame
    first: date
    last: date
    refused: pl.DataFrame
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def first_instant(self) -> datetime:
        return datetime.combine(self.first, datetime.min.time(), UTC)

    @property
    def end_instant(self) -> datetime:
        return datetime.combine(self.last, datetime.min.time(), UTC) + timedelta(days=1)


def canonical(week: TruthWeek, scratch: Path | None = None) -> Canonical:
    """The week as the pipeline reads it; files stand below ``scratch`` while that takes."""
    with tempfile.TemporaryDirectory(prefix="liqledger-truth-", dir=scratch) as folder:
        return _canonical(week, Path(folder))


def _canonical(week: TruthWeek, folder: Path) -> Canonical:
    began = perf_counter()
    raw = Raw(folder / "raw")
    asked_at = datetime.combine(week.last, datetime.min.time(), UTC) + timedelta(days=2, hours=6)
    _keep(raw, week, folder / "captures", asked_at)
    kept = perf_counter()
    as_of = asked_at + timedelta(hours=1)
    lookup = Lookup(raw, week.first, week.last, as_of)
    held = {f"{source}/{dataset}" for source, dataset in raw.datasets()}
    rates, _ = lookup.rates()
    frames, refused = {}, []
    for table in FACTS:
        rows, bad = _read(
            raw, table, lookup, held, rates if table is LIQUIDATIONS else RATES.to_frame()
        )
        frames[table.name] = rows
        refused.append(bad)
    read = perf_counter()
    told = Told(
        frames[LIQUIDATIONS.name].lazy(),
        frames[LIQUIDATION_TOTALS.name],
        askings(raw, week.first, week.last, as_of)[0],
        listening(raw, week.first, week.last, as_of)[0],
        _instruments(lookup, held, week),
    )
    seconds = {"kept": kept - began, "read": read - kept, "asked": perf_counter() - read}
    return Canonical(
        told,
        frames[CANDLES.name],
        frames[OPEN_INTEREST.name],
        week.first,
        week.last,
        pl.concat(refused),
        seconds,
    )


def _read(
    raw: Raw, table: Table, lookup: Lookup, held: set[str], rates: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the readers of all that is held make of a table: rows, and what they refuse."""
    good, bad = [table.empty()], []
    for reader in readers_of(table):
        if f"{reader.source}/{reader.dataset}" not in held:
            continue
        known, _, _ = lookup.known(reader, rates)
        made = normalise(raw, reader, lookup.first, lookup.last, lookup.as_of, known)
        good.append(made.rows)
        bad.append(made.refused)
    return pl.concat(good), pl.concat(bad)


def _instruments(lookup: Lookup, held: set[str], week: TruthWeek) -> pl.DataFrame:
    """Each listing for each day of the week."""
    days = pl.datetime_range(
        week.first, week.last, "1d", time_unit="ms", time_zone="UTC", eager=True
    )
    found = [
        lookup.terms(source).rows
        for source, reader in LISTINGS.items()
        if f"{source}/{reader.dataset}" in held
    ]
    spread = pl.concat(found).drop("time").join(days.alias("time").to_frame(), how="cross")
    return spread.select(INSTRUMENTS.schema.names())


def _keep(raw: Raw, week: TruthWeek, captures: Path, asked_at: datetime) -> None:
    """Everything that was said, filed as if it had been asked for at one instant."""
    by_dataset: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    for one in week.printed:
        answer = _answer(one, asked_at, len(by_dataset[one.source, one.dataset]))
        by_dataset[one.source, one.dataset].append(Asked((answer,)))
    for feed in week.captured:
        _write_segments(captures, feed)
        answers = _captured(feed, week, captures, asked_at)
        by_dataset[feed.source, feed.dataset] = [Asked(tuple(answers))]
    for (source, dataset), asked in sorted(by_dataset.items()):
        raw.keep(source, dataset, asked_at, asked, asked_at)


def _answer(one: Printed, asked_at: datetime, page: int) -> Answer:
    params = tuple(sorted(one.params.items()))
    return Answer(
        one.subjects, one.first_day, one.last_day, page, "GET", one.address, params, 200, asked_at,
        one.body,
    )  # fmt: skip


def _write_segments(captures: Path, feed: Captured) -> None:
    """Each day's sounds as one closed segment, named by its digest; a collector closes hours."""
    by_day = feed.rows.with_columns(day=pl.col("received_at").dt.date())
    for (day,), rows in by_day.group_by("day", maintain_order=True):
        folder = captures / feed.source / feed.dataset / str(day)
        folder.mkdir(parents=True)
        part = folder / "part"
        rows.drop("day").write_parquet(part, compression="lz4")
        part.rename(folder / f"00.{COLLECTOR}.{digest(part)}.parquet")


def _captured(
    feed: Captured, week: TruthWeek, captures: Path, asked_at: datetime
) -> Iterator[Answer]:
    """What the extraction of captures makes of the segments; it needs no door."""
    after = week.last + timedelta(days=1)
    scope = Scope(week.first, after, (EVERYTHING,), asked_at, captures)
    dataset = CATALOGUE[f"{feed.source}/{feed.dataset}"]
    yield from dataset.ask(None, scope)  # type: ignore[arg-type]
