"""What has to be asked: which subjects of a dataset, about which days, given what is held."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

import polars as pl

from pipelines.extract.asking import EVERYTHING, Dataset, Kept
from pipelines.extract.catalogue import listed
from pipelines.extract.gather import Want
from pipelines.lake import days_between
from pipelines.normalise.listing import listing
from pipelines.normalise.registry import LISTINGS
from pipelines.raw import Raw

LISTING_HOLDS = timedelta(days=1)


def subjects_of(
    raw: Raw, dataset: Dataset, coins: Collection[str], now: datetime
) -> tuple[str, ...]:
    """What the latest listing names, narrowed to ``coins`` where a setting does that.

    Open interest is asked for everything all the same: it weighs what the setting leaves out.
    """
    if dataset.kept is not Kept.HISTORY:
        return (EVERYTHING,)
    held = raw.held(dataset.source, dataset.subjects_from)
    latest = held.filter(pl.col("asking") == pl.col("asking").max()).sort("page")
    pages = {
        p.number: p for p in raw.pages(dataset.source, dataset.subjects_from, _numbered(latest))
    }
    named = listed(dataset.source, [pages[n].body for n in sorted(pages)])
    if not coins or dataset.weighs:
        return named
    terms = listing(raw, LISTINGS[dataset.source], now).rows
    ours = set(terms.filter(pl.col("coin").is_in(list(coins)))["source_symbol"])
    return tuple(subject for subject in named if subject in ours)


def wants_of(
    raw: Raw, dataset: Dataset, days: Sequence[date], subjects: Sequence[str], now: datetime
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


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(number=pl.int_range(pl.len(), dtype=pl.Int32))
