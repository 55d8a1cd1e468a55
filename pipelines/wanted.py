"""What has to be asked: which subjects of a dataset, about which days, given what is held."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from pipelines.extract.asking import EVERYTHING, Dataset, Kept
from pipelines.extract.catalogue import listed
from pipelines.extract.gather import Want
from pipelines.extract.ranges import ALL_AT_ONCE
from pipelines.lake import days_between
from pipelines.normalise.listing import listing
from pipelines.normalise.registry import LISTINGS, reader_of
from pipelines.normalise.releases import RELEASED
from pipelines.raw import Raw
from pipelines.release_policy import last_release

LISTING_HOLDS = timedelta(days=1)


def subjects_of(
    raw: Raw, dataset: Dataset, coins: Collection[str], now: datetime
) -> tuple[str, ...]:
    """What the latest listing names, narrowed to ``coins`` where a setting does that.

    Open interest is asked for everything all the same: it weighs what the setting leaves out.
    What one answer tells of all subjects is asked about everything at once.
    """
    if dataset.kept is not Kept.HISTORY or dataset.subjects_a_call >= ALL_AT_ONCE:
        return (EVERYTHING,)
    listed_ones = named_by(raw, dataset.source, dataset.subjects_from)
    named = tuple(filter(dataset.wants, listed_ones))
    if not coins or dataset.weighs:
        return named
    terms = listing(raw, LISTINGS[dataset.source], now).rows
    ours = set(terms.filter(pl.col("coin").is_in(list(coins)))["source_symbol"])
    return tuple(subject for subject in named if subject in ours)


def named_by(raw: Raw, source: str, listing_dataset: str) -> tuple[str, ...]:
    """The subjects that the latest complete answers of a source's listing name."""
    held = raw.held(source, listing_dataset)
    latest = held.filter(pl.col("asking") == pl.col("asking").max()).sort("page")
    pages = {p.number: p for p in raw.pages(source, listing_dataset, _numbered(latest))}
    return listed(source, [pages[n].body for n in sorted(pages)])


def wants_of(
    raw: Raw,
    dataset: Dataset,
    days: Sequence[date],
    subjects: Sequence[str],
    now: datetime,
    captures: Path | None = None,
) -> list[Want]:
    """Questions that fill what is not held yet: subjects with the same gap are asked together."""
    if dataset.kept is Kept.LEDGER:  # people edit it, and it costs nothing to read
        return [Want(min(days), max(days), (EVERYTHING,))]
    if dataset.kept is Kept.SNAPSHOT:
        today, held = now.date(), raw.need_not_be_asked(dataset.source, dataset.name)
        is_held = held.filter(pl.col("first_day") == today).height
        return [] if is_held else [Want(today, today, (EVERYTHING,))]
    if dataset.kept is Kept.LISTING:
        held = raw.need_not_be_asked(dataset.source, dataset.name)
        fresh = held.filter(
            pl.col("asked_at") > now - LISTING_HOLDS, pl.col("first_day") <= days[0]
        )
        return [] if fresh.height else [Want(min(days), max(days), (EVERYTHING,))]
    gaps = gaps_of(raw, dataset, days, subjects, now)
    for subject, again in due_of(raw, dataset, days, subjects, now).items():
        gaps[subject] = sorted({*gaps.get(subject, ()), *again})
    if dataset.kept is Kept.CAPTURE and captures is not None:
        unread = unread_days(raw, dataset, days, captures)
        gaps = {EVERYTHING: sorted({*gaps.get(EVERYTHING, ()), *unread})} if unread else gaps
    together: dict[tuple[date, date], list[str]] = defaultdict(list)
    for subject, missing in gaps.items():
        together[(min(missing), max(missing))].append(subject)
    return [Want(*ends, tuple(names)) for ends, names in sorted(together.items())]


def gaps_of(
    raw: Raw, dataset: Dataset, days: Sequence[date], subjects: Sequence[str], now: datetime
) -> dict[str, list[date]]:
    """The days of each subject that are served and not held whole; subjects without any left out."""
    served = [day for day in days if dataset.gives(day, now)]
    if not served:
        return {}
    rows = raw.need_not_be_asked(dataset.source, dataset.name).filter(
        pl.col("first_day") <= max(served), pl.col("last_day") >= min(served)
    )
    whole: dict[str, set[date]] = defaultdict(set)
    # a question that turned pages over midnight counts from its first page
    pages = rows.group_by("asking", "subject", "first_day", "last_day")
    spans = pages.agg(pl.col("asked_at").min()).drop("asking")
    for subject, first, last, asked_at in spans.iter_rows():
        over = asked_at.date() - timedelta(days=1)  # a day must be over when it is asked about
        whole[subject] |= set(days_between(first, min(last, over)))
    gaps = {subject: [d for d in served if d not in whole[subject]] for subject in subjects}
    return {subject: missing for subject, missing in gaps.items() if missing}


def due_of(
    raw: Raw, dataset: Dataset, days: Sequence[date], subjects: Sequence[str], now: datetime
) -> dict[str, list[date]]:
    """Days of a publisher's sums that are held, and of which a release has come since they were
    last asked for.
    """
    if not any(reader.table is RELEASED for reader in reader_of(dataset.source, dataset.name)):
        return {}
    served = {day: last_release(day, now) for day in days if dataset.gives(day, now)}
    if not served:
        return {}
    every = raw.every(dataset.source, dataset.name, min(served), max(served), now)
    latest = every.group_by("subject", "day").agg(pl.col("asked_at").max())
    due: dict[str, list[date]] = defaultdict(list)
    for subject, day, asked_at in latest.sort("subject", "day").iter_rows():
        release = served.get(day)
        if subject in subjects and release is not None and asked_at < release:
            due[subject].append(day)
    return dict(due)


def unread_days(raw: Raw, dataset: Dataset, days: Sequence[date], captures: Path) -> list[date]:
    """Days of which a file of frames stands there that was not there when they were last read:
    an hour closed since, or the archive of a second collector.
    """
    rows = raw.need_not_be_asked(dataset.source, dataset.name)
    latest = rows.filter(pl.col("asking") == pl.col("asking").max().over("first_day"))
    read: dict[date, set[str]] = defaultdict(set)
    for day, address in latest.select("first_day", "address").iter_rows():
        read[day].add(address)
    return [day for day in days if set(dataset.files(captures, day)) - read[day]]


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(number=pl.int_range(pl.len(), dtype=pl.Int32))
