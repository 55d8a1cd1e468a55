"""Every telling that the lake holds of a week: each source, and each of its venues."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import polars as pl

from pipelines.reconcile.tellings.held import held_hours, markets
from pipelines.reconcile.tellings.rows import of_events, of_totals
from pipelines.reconcile.tellings.telling import DAY_S, HELD, HOUR_S, MARKET, SEVERAL, Telling
from pipelines.reconcile.told import Told
from pipelines.reconcile.views import counted
from pipelines.regimes import regimes
from pipelines.tables import LIQUIDATIONS
from pipelines.tables.words import Adl, Coverage
from pipelines.weeks import Week

View = tuple[str, str]  # source and venue, as in the views that are compared
LEAVES_OUT: Final = frozenset(
    word.value
    for word in (
        Coverage.LARGEST_OF_SECOND,
        Coverage.LATEST_OF_SECOND,
        Coverage.ONE_OF_SECOND,
        Coverage.LARGEST_OF_SIDE_AND_SECOND,
    )
)


def voices(told: Told, week: Week) -> dict[View, Telling]:
    """The tellings of the week by source and venue; venue ``several`` is all that a source has.

    The daily sums of publishers, and events each once, in hours.
    """
    end = week.end
    first = end - timedelta(days=7)
    found = [*_published(told, first, end), *_by_event(told, first, end)]
    return dict(sorted(found, key=lambda one: one[0]))


def _published(told: Told, first: datetime, end: datetime) -> Iterator[tuple[View, Telling]]:
    daily = told.totals.filter(pl.col("interval_s") == DAY_S)
    throttled = _throttled(first)
    for (source,) in daily.select("source").unique(maintain_order=True).iter_rows():
        rows = told.totals.filter(pl.col("source") == source)
        several = pl.col("venue") == SEVERAL
        for view, part in _parts(source, rows.filter(several), rows.filter(~several)):
            of_days, of_hours = (
                of_totals(
                    name_of(view), part, first, end, interval_s=interval_s,
                    instruments=told.instruments, throttled=throttled,
                )
                for interval_s in (DAY_S, HOUR_S)
            )  # fmt: skip
            yield view, replace(of_days, finer=of_hours)


def _parts(
    source: str, sums: pl.DataFrame, single: pl.DataFrame
) -> Iterator[tuple[View, pl.DataFrame]]:
    """Sums over venues if there are any, else all single venues; and each venue."""
    whole = single if sums.is_empty() else sums
    if not sums.is_empty() or single["venue"].n_unique() > 1:
        yield (source, SEVERAL), whole
    for (venue,), rows in single.group_by("venue", maintain_order=True):
        yield (source, str(venue)), rows


def _by_event(told: Told, first: datetime, end: datetime) -> Iterator[tuple[View, Telling]]:
    events, hours, listed = counted(told), held_hours(told), markets(told)
    adl = _adl()
    feeds = (
        events.select("source", "venue", "feed", "coverage").unique().collect(engine="streaming")
    )
    for (source, venue), of_view in feeds.group_by("source", "venue"):
        view = (str(source), str(venue))
        mine = (pl.col("source") == source) & (pl.col("venue") == venue)
        is_throttled = of_view["coverage"].cast(pl.String).is_in(list(LEAVES_OUT)).any()
        kinds = {adl.get(feed, Adl.UNKNOWN) for feed in of_view["feed"]}
        one = of_events(
            name_of(view), events.filter(mine), first, end,
            instruments=told.instruments,
            held=hours.filter(mine).select(HELD.names()),
            throttled={view[1]} if is_throttled else (),
            adl=kinds.pop() if len(kinds) == 1 else Adl.UNKNOWN,
        )  # fmt: skip
        told_of = pl.concat([one.markets, listed.filter(mine).select(MARKET)]).unique()
        yield view, replace(one, markets=told_of.sort(MARKET))


def alone(spoken: Mapping[View, Telling]) -> list[Telling]:
    """Those of one venue each: what can be said of a venue inside a sum."""
    return [one for view, one in spoken.items() if view[1] != SEVERAL]


def name_of(view: View) -> str:
    """``coinglass``, ``coinalyze:binance``; a venue that speaks of itself is named once."""
    source, venue = view
    return source if venue in (SEVERAL, source) else f"{source}:{venue}"


def _adl() -> dict[str, Adl]:
    known = regimes().filter(pl.col("canonical") == LIQUIDATIONS.name, pl.col("adl").is_not_null())
    return {feed: Adl(adl) for feed, adl in known.select("feed", "adl").iter_rows()}


def _throttled(first: datetime) -> frozenset[str]:
    """Venues of which every public feed of that day leaves orders out: so does whoever hears it."""
    day = pl.lit(first.date())
    then = regimes().filter(
        pl.col("canonical") == LIQUIDATIONS.name,
        pl.col("venue") != SEVERAL,
        pl.col("first_day") <= day,
        pl.col("last_day").is_null() | (pl.col("last_day") >= day),
    )
    leaves_out = pl.col("coverage").is_in(list(LEAVES_OUT))
    return frozenset(then.group_by("venue").agg(leaves_out.all()).filter("coverage")["venue"])
