"""Our ledgers: claims and events that people entered, each an entry of a TOML file."""

import json
from collections.abc import Iterator
from datetime import UTC, date

import polars as pl

from pipelines.lake import days_between
from pipelines.normalise.entries import entries
from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused
from pipelines.normalise.fields import instant_iso, said, word
from pipelines.normalise.readers.ledger.kinds import Claim, Event
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CLAIMS, EVENTS
from pipelines.tables.words import ClaimedSide, Coverage, EventKind, Graded
from pipelines.units import exact

SINCE = date(2019, 9, 1)
CLAIM = (
    "taken_on", "claim_id", "first_day", "last_day", "window", "side", "scope", "source_named", "value_usd",
    "low_usd", "high_usd", "traders", "words", "published_first", "published_last", "address",
    "graded", "note",
)  # fmt: skip
EVENT = (
    "event_id", "kind", "time", "is_time_exact", "title", "place", "importance", "forecast",
    "previous", "revised", "published", "address",
)  # fmt: skip
NONE = pl.lit(None, dtype=pl.String)


def claims(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Fields of the same name, as text; parts and the day go into the note. The whole ledger
    stands for every day that it was read for: a week is judged by all that is claimed.
    """
    days = days_between(page.first_day, page.last_day)
    for one in entries(page, "claim", Claim):
        if isinstance(one, Refused):
            yield one
            continue
        values = {n: getattr(one, n, None) for n in CLAIM} | {"note": _note(one)}
        values["claim_id"] = one.id
        fields = tuple(_text(values[name]) for name in CLAIM[1:])
        yield from ((day.isoformat(), *fields) for day in days)


def events(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    for one in entries(page, "event", Event):
        if isinstance(one, Refused):
            yield one
            continue
        values = {name: getattr(one, name, None) for name in EVENT}
        values |= {"event_id": one.id, "time": _instant(one), "is_time_exact": one.at is not None}
        yield tuple(_text(values[name]) for name in EVENT)


def _text(value: object) -> FIELD:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
    return str(value)


def _instant(one: Event) -> str:
    if one.at is not None:
        return one.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert one.on is not None
    return f"{one.on.isoformat()}T00:00:00Z"


def _note(one: Claim) -> str | None:
    """JSON, with what is there of ``about`` (the day), ``parts`` and ``note``; None for nothing."""
    told: dict[str, object] = {}
    if one.event_day is not None:
        told["about"] = one.event_day.isoformat()
    if one.part:
        told["parts"] = [
            {
                "by": part.by,
                "what": part.what,
                **({"side": part.side.value} if part.side else {}),
                "value_usd": part.value_usd,
            }
            for part in one.part
        ]
    if one.note is not None:
        told["note"] = one.note
    return json.dumps(told, ensure_ascii=False) if told else None


def read_claims(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    days = {
        name: _day(name) for name in ("first_day", "last_day", "published_first", "published_last")
    }
    same = ("claim_id", "scope", "source_named", "words", "address", "note")
    return rows.with_columns(
        **days,
        **{name: said(name) for name in same},
        window_stated=said("window"),
        **{name: exact(said(name)) for name in ("value_usd", "low_usd", "high_usd")},
        time=instant_iso(said("taken_on") + "T00:00:00Z"),
        side=word(said("side"), {one.value: one for one in ClaimedSide}, ClaimedSide),
        traders=said("traders").cast(pl.Int64, strict=False),
        graded=word(said("graded"), {one.value: one for one in Graded}, Graded),
        subject=pl.lit("*"),
        reason=NONE,
    )


def _day(name: str) -> pl.Expr:
    return said(name).str.to_date("%Y-%m-%d", strict=False)


def read_events(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    same = (
        "event_id", "title", "place", "forecast", "previous", "revised", "published", "address",
    )  # fmt: skip
    return rows.with_columns(
        **{name: said(name) for name in same},
        event_kind=word(said("kind"), {one.value: one for one in EventKind}, EventKind),
        time=instant_iso(said("time")),
        is_time_exact=said("is_time_exact") == "true",
        importance=said("importance").cast(pl.Int32, strict=False),
        subject=pl.lit("*"),
        reason=NONE,
    )


READERS = (
    Reader("ledger", "claims", CLAIMS, (Era(SINCE, Coverage.UNKNOWN, CLAIM, claims, read_claims),)),
    Reader("ledger", "events", EVENTS, (Era(SINCE, Coverage.UNKNOWN, EVENT, events, read_events),)),
)

STATEMENTS = (
    Statement(
        "An entry is one person's reading of the page at its address; what the page did not say "
        "is left out.",
        "ledger/README.md",
        Grade.VENDOR,
    ),
    Statement(
        "A window whose clock is not told may begin a day before the day that it is about and end "
        "a day after.",
        "ledger/README.md: it follows from the zones that a day may be of",
        Grade.DERIVED,
    ),
)
