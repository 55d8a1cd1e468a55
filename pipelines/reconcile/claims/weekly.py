"""The verdicts of a week's edition: every claim of the ledger, by the days that it rests on."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from pipelines.lake import Lake, days_between
from pipelines.reconcile.claims.judging import Judged, judge
from pipelines.reconcile.claims.ledger import claims_of
from pipelines.reconcile.claims.series import series_of
from pipelines.reconcile.claims.spans import midnight
from pipelines.reconcile.claims.windows import Windows
from pipelines.reconcile.claims.writing import Value, fields_of
from pipelines.tables import CLAIMS, VERDICTS
from pipelines.weeks import Week


def days_of(_: Lake, week: Week) -> list[date]:
    """The days of the week and of the one before: those that an edition pins."""
    return days_between(week.before.monday, week.sunday)


def verdicts(lake: Lake, week: Week) -> pl.DataFrame:
    """Rows of VERDICTS for the ledger as it was taken last in the week. Raises DamagedError."""
    taken = lake.read(CLAIMS, week.monday, week.sunday)
    claims = claims_of(taken.filter(pl.col("time") == pl.col("time").max()))
    if not claims:
        return VERDICTS.empty()
    return rows_of(judge(claims, Windows(series_of(lake, days_of(lake, week), claims))), week)


def rows_of(judged: Sequence[Judged], week: Week) -> pl.DataFrame:
    """One row a claim, each with the Monday."""
    rows: list[dict[str, Value]] = [
        {"time": midnight(week.monday), **fields_of(one)} for one in judged if one.claim
    ]
    made = pl.DataFrame(rows, schema_overrides=VERDICTS.schema) if rows else VERDICTS.empty()
    return made.select(VERDICTS.schema.names())
