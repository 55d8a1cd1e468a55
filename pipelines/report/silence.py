"""Sources that were asked and say nothing of liquidations: none are held, or they never tell any."""

from typing import Final

import polars as pl

from pipelines.regimes import regimes
from pipelines.report import names
from pipelines.report.rows import WeekRows
from pipelines.report.voices import Voice
from pipelines.tables import LIQUIDATION_TOTALS, LIQUIDATIONS, OPEN_INTEREST

LIQUIDATED: Final = (LIQUIDATIONS.name, LIQUIDATION_TOTALS.name)


def silent(rows: WeekRows, spoken: tuple[Voice, ...]) -> tuple[str, ...]:
    """Names of sources that had a feed of liquidations in the week, of which none are held."""
    return _named(_asked(rows, spoken) & _with_a_feed(rows, *LIQUIDATED))


def feedless(rows: WeekRows, spoken: tuple[Voice, ...]) -> tuple[str, ...]:
    """Names of sources that tell open interest, and had no feed of liquidations in the week."""
    derivatives = _with_a_feed(rows, OPEN_INTEREST.name) - _with_a_feed(rows, *LIQUIDATED)
    return _named(_asked(rows, spoken) & derivatives)


def _asked(rows: WeekRows, spoken: tuple[Voice, ...]) -> set[str]:
    return set(rows.coverage["source"]) - {voice.source for voice in spoken}


def _with_a_feed(rows: WeekRows, *canonical: str) -> set[str]:
    """Sources that had a feed of one of these tables in the week."""
    told = regimes().filter(
        pl.col("canonical").is_in(canonical),
        pl.col("first_day") <= rows.week.sunday,
        pl.col("last_day").is_null() | (pl.col("last_day") >= rows.week.monday),
    )
    return set(told["source"])


def _named(sources: set[str]) -> tuple[str, ...]:
    return tuple(names.brand(source) for source in sorted(sources, key=names.source_order))
