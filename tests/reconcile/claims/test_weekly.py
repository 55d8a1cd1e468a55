"""A week's verdicts: the whole ledger of its last day, by the days that its edition pins."""

from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from pipelines.lake import Lake, days_between
from pipelines.normalise.eras import Known
from pipelines.normalise.readers.ledger import CLAIM, claims, read_claims
from pipelines.raw import Page
from pipelines.reconcile.claims.ledger import FILE
from pipelines.reconcile.claims.weekly import days_of, verdicts
from pipelines.reconcile.week import MAKERS
from pipelines.tables import CLAIMS, INSTRUMENTS, LIQUIDATION_TOTALS, VERDICTS
from pipelines.weeks import Week

WEEK = Week.parse("2022-W24")
ASKED = datetime(2022, 6, 20, 6, tzinfo=UTC)


def taken_on(day):
    """The shipped ledger as rows of ``lake.claims``."""
    page = Page(0, "*", ("*",), day, day, "ledger", {}, 200, ASKED, "", FILE.read_bytes())
    schema = {f"said_{name}": pl.String for name in CLAIM}
    rows = read_claims(
        pl.DataFrame(list(claims(page)), schema, orient="row"), Known(INSTRUMENTS.empty())
    )
    lineage = {"feed": "ledger/claims@2019-09-01", "coverage": "unknown", "answer": "a" * 64}
    told = rows.with_columns(
        source=pl.lit("ledger"),
        asked_at=pl.lit(ASKED),
        **{n: pl.lit(v) for n, v in lineage.items()},
    )
    return told.select(
        pl.col(name).cast(dtype, strict=False) for name, dtype in CLAIMS.schema.items()
    )


def totals_of(day, usd):
    rows = [
        {
            "source": "coinglass", "venue": "several", "coin": "BTC", "scope": "Binance,OKX",
            "time": datetime(day.year, day.month, day.day, tzinfo=UTC), "interval_s": 86_400,
            "position": side, "notional_usd": Decimal(usd), "usd_basis": "published",
            "origin": "published", "feed": "coinglass/x@2019-01-01", "coverage": "collected",
            "asked_at": ASKED, "answer": "b" * 64,
        }
        for side in ("long", "short")
    ]  # fmt: skip
    schema = LIQUIDATION_TOTALS.schema
    return (
        pl.DataFrame(rows, schema_overrides=schema)
        .with_columns(
            pl.lit(None, dtype=dtype).alias(name)
            for name, dtype in schema.items()
            if name not in rows[0]
        )
        .select(schema.names())
    )


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path)
    for day in days_between(WEEK.before.monday, WEEK.sunday):
        lake.write(LIQUIDATION_TOTALS, day, totals_of(day, 10**8), as_of="x")
    lake.write(CLAIMS, WEEK.sunday, taken_on(WEEK.sunday), as_of="x")
    return lake


def test_every_claim_of_the_ledger_has_a_verdict_in_every_week(lake):
    rows = VERDICTS.conform(verdicts(lake, WEEK))
    assert rows.height == 40
    first = rows.filter(pl.col("claim_id") == "H045").row(0, named=True)
    assert first["time"].date() == WEEK.monday
    # Fourteen days have eight windows of seven, each of 700 million.
    assert (first["base_reached"], first["base_windows"]) == (0, 8)
    assert rows.filter(pl.col("verdict") == "internally inconsistent")["claim_id"].to_list() == [
        "H021"
    ]


def test_days_that_the_edition_does_not_pin_change_nothing(lake):
    before = verdicts(lake, WEEK)
    for day in (date(2022, 5, 1), date(2022, 6, 20)):
        lake.write(LIQUIDATION_TOTALS, day, totals_of(day, 10**10), as_of="x")
    assert verdicts(lake, WEEK).equals(before)
    assert [days_of(lake, WEEK)[0], days_of(lake, WEEK)[-1]] == [WEEK.before.monday, WEEK.sunday]


def test_without_a_ledger_there_are_no_verdicts(tmp_path):
    assert verdicts(Lake(tmp_path), WEEK).equals(VERDICTS.empty())


def test_a_claims_window_that_the_week_holds_is_searched(lake):
    rows = verdicts(lake, WEEK)
    inside = rows.filter(pl.col("cells_searched") > 0)["claim_id"].to_list()
    assert inside == ["H013"]  # of 2022-06-13


def test_the_makers_inputs_are_the_ledger_and_the_days(lake):
    (maker,) = (one for one in MAKERS if one.table is VERDICTS)
    made = maker.write(lake, WEEK, ASKED)
    assert made.rows == 40
    assert len(made.inputs) >= 1 + 1
