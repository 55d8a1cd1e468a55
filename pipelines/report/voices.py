"""Who speaks: weekly rows of one source that may be added up, and what the sum rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

import polars as pl

from pipelines.report import names
from pipelines.report.trail import Selection
from pipelines.weeks import Week

Row = Mapping[str, Any]

# Table and bucket behind each series of mart.weekly_liquidations.
_SERIES: Mapping[str, tuple[str, Mapping[str, str | int]]] = {
    "events": ("lake.liquidations", {}),
    "daily": ("lake.liquidation_totals", {"interval_s": 86400}),
    "hourly": ("lake.liquidation_totals", {"interval_s": 3600}),
}


@dataclass(frozen=True)  # without slots: what follows from its rows is worked out once
class Voice:
    """One source with the venues whose figures do not overlap.

    Sources are never added up, and a publisher's sum over venues never with single venues.
    """

    id: str
    source: str
    is_several: bool
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        return names.brand(self.source)

    @cached_property
    def filters(self) -> dict[str, str | int]:
        one: dict[str, str | int] = {"venue": self.venues[0]} if len(self.venues) == 1 else {}
        return {"source": self.source, **one}

    @cached_property
    def venues(self) -> tuple[str, ...]:
        return tuple(sorted({row["venue"] for row in self.rows}))

    @cached_property
    def scope(self) -> str:
        """What its figures add up, in words."""
        scopes = sorted({(row["venue"], row["scope"] or "") for row in self.rows})
        if len(scopes) == 1:
            return names.scope_in_words(*scopes[0])
        if self.is_several:
            return f"all venues asked, {len(scopes)} different lists over its coins"
        markets = {market for _, scope in scopes for market in names.members_of(scope, ",;|")}
        coins = len({row["coin"] for row in self.rows})
        venues = ", ".join(names.brand(venue) for venue in self.venues)
        return f"{venues} ({counted(len(markets), 'market')} of {counted(coins, 'coin')})"

    @property
    def title(self) -> str:
        """Its name and what it adds up, without saying a venue's name twice."""
        scope = names.shortened(self.scope)
        return scope if scope.startswith(self.name) else f"{self.name}: {scope}"

    @property
    def series(self) -> int:
        """How many venues and coins it speaks of on one side."""
        return len({(row["venue"], row["coin"]) for row in self.rows})

    @property
    def coverage(self) -> tuple[str, ...]:
        return tuple(sorted({row["coverage"] for row in self.rows if row["coverage"]}))

    def of(self, position: str, coin: str | None = None) -> list[Row]:
        """Its rows of one side, of one coin or of all."""
        return self._by_side.get((position, coin), [])

    @cached_property
    def _by_side(self) -> dict[tuple[str, str | None], list[Row]]:
        found: dict[tuple[str, str | None], list[Row]] = {}
        for row in self.rows:
            found.setdefault((row["position"], row["coin"]), []).append(row)
            found.setdefault((row["position"], None), []).append(row)
        return found


@dataclass(frozen=True, slots=True)
class Rest:
    """What a figure rests on: the days that it lacks, and the words that stand beside it."""

    missing: tuple[date, ...]
    is_par: bool
    notes: tuple[str, ...]


def voices(liquidations: pl.DataFrame) -> tuple[Voice, ...]:
    """In the order of the source registry; a source with both kinds of figures speaks twice."""
    by: dict[tuple[str, bool], list[Row]] = {}
    for row in liquidations.iter_rows(named=True):
        by.setdefault((row["source"], row["venue"] == names.SEVERAL), []).append(row)
    return tuple(
        Voice(
            f"{source}-venues" if not several and (source, True) in by else source,
            source,
            several,
            tuple(by[source, several]),
        )
        for source, several in sorted(by, key=lambda k: (names.source_order(k[0]), not k[1]))
    )


def rest_of(rows: Sequence[Row]) -> Rest:
    """What the sum of ``rows``, one for each venue and coin, rests on."""
    lacking = [_days(row["missing_days"]) for row in rows]
    missing = tuple(sorted({day for days in lacking for day in days}))
    gappy = sum(1 for days in lacking if days)
    notes = [_missing_note(missing, gappy, rows)] if missing else []
    whole_days = [row for row in rows if not row["missing_days"]]
    if deaf := sum(1 for row in whole_days if row["is_complete"] is False):
        of_them = "" if len(rows) == 1 else f"{deaf} of {len(rows)} series: "
        notes.append(f"{of_them}every day held, but not each of them whole")
    if unpriced := sum(row["rows_without_usd"] or 0 for row in rows):
        notes.append(f"{counted(unpriced, 'row')} without a dollar figure not in it")
    return Rest(missing, any(row["usd_basis"] == "par" for row in rows), tuple(notes))


def _missing_note(missing: Sequence[date], lacking: int, rows: Sequence[Row]) -> str:
    listed = days_in_words(missing)
    if lacking == len(rows) and len({row["missing_days"] for row in rows}) == 1:
        held = 7 - len(missing)
        return f"{held} of 7 days; missing {listed}" if held else "no day of 7 held"
    worst = min(row["days_held"] for row in rows)
    lack = f"{lacking} of {len(rows)} series {'lacks' if lacking == 1 else 'lack'} days"
    return f"{lack}, at worst {worst} of 7 held; missing {listed}"


def trail_of(rows: Iterable[Row], first: date, last: date) -> tuple[Selection, ...]:
    """The lake rows behind ``rows``: coin by coin only where a venue mixes series."""
    steps = []
    for _, group in groupby(
        sorted(rows, key=_place), key=lambda row: (row["source"], row["venue"])
    ):
        members = list(group)
        is_one_coin = len({row["coin"] for row in members}) == 1
        if is_one_coin or len({_kind(row) for row in members}) > 1:
            steps += [_step(row, {"coin": row["coin"]}, first, last) for row in members]
        else:
            steps.append(_step(members[0], {}, first, last))
    return tuple({repr(step): step for step in steps}.values())


def _step(row: Row, coin: Mapping[str, str | int], first: date, last: date) -> Selection:
    table, bucket = _SERIES[row["series"]]
    scope = {"scope": row["scope"]} if row["venue"] == names.SEVERAL and bucket else {}
    filters = {"source": row["source"], "venue": row["venue"]}
    return Selection(
        table, {**filters, **coin, "position": row["position"], **bucket, **scope}, first, last
    )


def _place(row: Row) -> tuple[str, str, str, str]:
    return row["source"], row["venue"], row["coin"], row["position"]


def _kind(row: Row) -> tuple[str, str]:
    return row["series"], row["scope"] if row["venue"] == names.SEVERAL else ""


def days_of(week: Week) -> tuple[date, ...]:
    return tuple(week.monday + timedelta(days=n) for n in range(7))


def days_in_words(days: Sequence[date]) -> str:
    """``2022-06-13 to 2022-06-15, 2022-06-18``"""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(str(day) for day in run)
        for run in runs
    )


def counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _days(text: str | None) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day.strip()) for day in (text or "").split(",") if day)
