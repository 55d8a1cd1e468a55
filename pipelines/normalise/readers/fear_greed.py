"""alternative.me: an index of mood by UTC day, 0 to 100, with the publisher's word for it."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused
from pipelines.normalise.fields import body_of, instant_s, objects, said
from pipelines.normalise.sentiment import with_index
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import SENTIMENT
from pipelines.tables.words import Coverage

SINCE = date(2019, 9, 1)
NAMES = ("timestamp", "value", "value_classification")


def moods(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    yield from objects(body_of(page)["data"], NAMES)


def read_moods(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return with_index(rows, said("value")).with_columns(
        time=instant_s(said("timestamp")), word=said("value_classification")
    )


READERS = (
    Reader(
        "fear_greed",
        "fear_greed",
        SENTIMENT,
        (
            Era(
                SINCE,
                Coverage.SAMPLED,
                NAMES,
                moods,
                read_moods,
                evidence="Rows as another project quotes them.",
                grade=Grade.THIRD_PARTY,
            ),
        ),
    ),
)

STATEMENTS = (
    Statement(
        "A row is value, value_classification and timestamp: text, seconds, a UTC day.",
        "another project's notes",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "0 to 24 is extreme fear, up to 44 fear, up to 55 neutral, up to 75 greed, above it "
        "extreme greed; the publisher's word is kept as it is.",
        "documentation of the package cryptoQuotes",
        Grade.THIRD_PARTY,
    ),
)
