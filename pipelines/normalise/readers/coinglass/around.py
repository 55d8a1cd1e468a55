"""CoinGlass's calendar of economies, and its index of fear and greed."""

from collections.abc import Iterator

import polars as pl

from pipelines.normalise.eras import FIELD, Known, Reader, Refused
from pipelines.normalise.fields import (
    instant_ms,
    instant_s,
    objects,
    plain,
    said,
    shown,
    told,
    unknown,
)
from pipelines.normalise.readers.coinglass.terms import SINCE, data_of, one
from pipelines.normalise.sentiment import with_index
from pipelines.raw import Page
from pipelines.statements import Grade
from pipelines.tables import EVENTS, SENTIMENT
from pipelines.tables.words import EventKind

CALENDAR = (
    "calendar_name",
    "country_code",
    "country_name",
    "forecast_value",
    "previous_value",
    "revised_previous_value",
    "published_value",
    "publish_timestamp",
    "importance_level",
    "has_exact_publish_time",
)
IMPORTANCE = {"1": 1, "2": 2, "3": 3}
IS_EXACT = {"0": False, "1": True}


def releases(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    yield from objects(data_of(page), CALENDAR)


def printed(name: str) -> pl.Expr:
    """A figure as it is printed; an empty text is none."""
    return pl.when(said(name) != "").then(said(name))


def read_releases(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    importance = said("importance_level").replace_strict(
        IMPORTANCE, default=None, return_dtype=pl.Int32
    )
    is_exact = said("has_exact_publish_time").replace_strict(
        IS_EXACT, default=None, return_dtype=pl.Boolean
    )
    return rows.with_columns(
        subject=pl.lit("*"),
        # it gives its events no name of their own
        event_id=said("country_code") + ": " + said("calendar_name"),
        event_kind=told(EventKind.MACRO),
        time=instant_ms(said("publish_timestamp")),
        is_time_exact=is_exact,
        title=said("calendar_name"),
        place=printed("country_name"),
        importance=importance,
        forecast=printed("forecast_value"),
        previous=printed("previous_value"),
        revised=printed("revised_previous_value"),
        published=printed("published_value"),
        reason=pl.coalesce(
            unknown(said("importance_level"), importance, "importance"),
            unknown(said("has_exact_publish_time"), is_exact, "exactness of time"),
        ),
    )


def moods(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Parallel lists, which must be of one length, become rows."""
    for row in data_of(page):
        told_of = row if isinstance(row, dict) else {}
        days, values = told_of.get("time_list"), told_of.get("data_list")
        if not isinstance(days, list) or not isinstance(values, list) or len(days) != len(values):
            yield Refused("lists of days and of values that do not fit together", shown(row))
            continue
        yield from (plain(pair) for pair in zip(days, values, strict=True))


def read_moods(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return with_index(rows, said("value")).with_columns(
        # the sample has seconds, where all other series have milliseconds
        time=pl.coalesce(instant_s(said("time")), instant_ms(said("time")))
    )


DOCUMENT = "Vendor's documentation of 2026-01."

READERS = (
    Reader(
        "coinglass",
        "calendar",
        EVENTS,
        (one(SINCE, CALENDAR, releases, read_releases, evidence=DOCUMENT, grade=Grade.VENDOR),),
    ),
    Reader(
        "coinglass",
        "fear_greed",
        SENTIMENT,
        (
            one(
                SINCE,
                ("time", "value"),
                moods,
                read_moods,
                evidence=DOCUMENT,
                grade=Grade.VENDOR,
            ),
        ),
    ),
)
