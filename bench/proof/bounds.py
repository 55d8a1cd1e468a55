"""Bounds beside the truth: is it between them wherever no flag stands, and how far apart are they?"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from bench.proof.judged import Judged
from replica.truth import TruthWeek

PLACE = ["venue", "coin", "position", "hour"]
HOUR_MS = 3_600_000
# Sums of doubles: a bound that misses by less than this misses by nothing.
TOLERANCE = 1e-9
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Broken:
    """A clear cell whose bounds the truth breaks, and whose word they are; coins."""

    venue: str
    coin: str
    position: str
    hour: int
    at_least: float
    truth: float
    at_most: float
    by: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one week. ``above`` and ``below``: clear cells whose truth is above at most or below at
    least. ``clear_usd`` is of the truth, ``width_usd`` the width of all clear cells, and
    ``cell_width`` the median width over the truth of clear cells that have any.
    """

    cells: int
    clear_cells: int
    above: int
    below: int
    usd: float
    clear_usd: float
    least_usd: float
    width_usd: float
    cell_width: float | None
    flags: dict[str, float]  # dollars of the truth under each flag
    broken: tuple[Broken, ...]  # some of the clear cells that the truth is not in


def beside(week: TruthWeek, judged: Judged) -> pl.DataFrame:
    """Each cell of either, with ``truth_coins``, ``usd`` (true) and ``is_clear``.

    Dollars of inverse contracts are coins at the price of the cell.
    """
    true = week.cells.select(
        "venue",
        "coin",
        "position",
        (pl.col("hour").dt.epoch("ms") // HOUR_MS).cast(pl.Int32).alias("hour"),
        "coins",
        "inverse_usd",
        "usd",
    )
    both = judged.cells.join(true, on=PLACE, how="full", coalesce=True)
    return both.with_columns(
        pl.col("coins", "inverse_usd", "usd").fill_null(0.0),
        is_silent=pl.col("flags").is_null(),
        flags=pl.col("flags").fill_null(""),
    ).with_columns(
        # What has no row was heard whole and had nothing.
        pl.when("is_silent").then(0.0).otherwise("at_least_coins").alias("at_least_coins"),
        pl.when("is_silent").then(0.0).otherwise("at_most_coins").alias("at_most_coins"),
        is_clear=pl.col("flags") == "",
        truth_coins=pl.col("coins")
        + pl.when(pl.col("inverse_usd") > 0)
        .then(pl.col("inverse_usd") / pl.col("price_usd").fill_null(1.0))
        .otherwise(0.0),
    )


def bounds(week: TruthWeek, judged: Judged) -> Bounds:
    cells = beside(week, judged)
    clear = cells.filter("is_clear")
    truth = pl.col("truth_coins")
    above = clear.filter(truth > pl.col("at_most_coins") * (1 + TOLERANCE) + TOLERANCE)
    below = clear.filter(truth < pl.col("at_least_coins") * (1 - TOLERANCE) - TOLERANCE)
    width = pl.col("at_most_coins") - pl.col("at_least_coins")
    some = clear.filter(truth > 0).select((width / truth).alias("width"))["width"]
    price = pl.col("price_usd").fill_null(0.0)
    under = (
        cells.filter(~pl.col("is_clear"))
        .with_columns(pl.col("flags").str.split(","))
        .explode("flags", empty_as_null=True, keep_nulls=True)
        .group_by("flags")
        .agg(pl.col("usd").sum())
        .sort("flags")
    )
    return Bounds(
        cells=cells.height,
        clear_cells=clear.height,
        above=above.height,
        below=below.height,
        usd=_total(cells, pl.col("usd")),
        clear_usd=_total(clear, pl.col("usd")),
        least_usd=_total(cells, pl.col("at_least_coins") * price),
        width_usd=_total(clear, width * price),
        cell_width=_median(some),
        flags=dict(under.iter_rows()),
        broken=tuple(_broken(below, "at_least_by")) + tuple(_broken(above, "at_most_by")),
    )


def _broken(cells: pl.DataFrame, by: str) -> Iterator[Broken]:
    """The first few of each word."""
    first = cells.sort(by, *PLACE, nulls_last=True).with_columns(
        nth=pl.int_range(pl.len()).over(by), said=pl.col(by).fill_null("no row")
    )
    named = ("at_least_coins", "truth_coins", "at_most_coins", "said")
    for row in first.filter(pl.col("nth") < SHOWN).select(*PLACE, *named).iter_rows():
        yield Broken(*row)


def _total(rows: pl.DataFrame, amount: pl.Expr) -> float:
    return float(rows.select(amount.sum()).item() or 0.0)


def _median(values: pl.Series) -> float | None:
    middle = values.median()
    return middle if isinstance(middle, float) else None
