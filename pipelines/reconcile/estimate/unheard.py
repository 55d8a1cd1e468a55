"""What a venue's own feed would have shown while nobody listened."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.reconcile.layers.cells import Cells
from pipelines.reconcile.layers.told_by_hour import CELL
from pipelines.reconcile.layers.venues import of_each_venue

PLACE = ["venue", "position", "hour"]


@dataclass(frozen=True, slots=True)
class Unheard:
    """Dollars by side: ``told`` by somebody else who heard the feed, ``expected`` from the venue's
    usual share of what the other venues showed in those hours.
    """

    told: Mapping[str, float]
    expected: Mapping[str, float]


def unheard(hours: pl.DataFrame, venue: str) -> Unheard:
    """Of the hours of the week (``hours_of``) in which the venue's feeds were not heard whole."""
    ours = hours.filter(pl.col("venue") == venue)
    others = (
        hours.filter(pl.col("venue") != venue, pl.col("is_whole"))
        .group_by("position", "hour", maintain_order=True)
        .agg(pl.col("own_usd").sum().alias("others_usd"))
    )
    both = ours.join(others, on=["position", "hour"], how="left")
    heard = both.filter("is_whole", pl.col("others_usd") > 0)
    lost = both.filter(~pl.col("is_whole"))
    told, expected = {}, {}
    for side in ("long", "short"):
        of_side = pl.col("position") == side
        usual = heard.filter(of_side)
        others_usd = float(usual["others_usd"].sum())
        share = float(usual["own_usd"].sum()) / others_usd if others_usd else 0.0
        more = pl.col("least_usd") - pl.col("own_usd")
        missing = lost.filter(of_side).select(
            told=pl.when(more > 0).then(more).otherwise(0.0),
            expected=pl.when(more > 0)
            .then(0.0)
            .otherwise(share * pl.col("others_usd").fill_null(0.0) * pl.col("part_unheard")),
        )
        told[side] = float(missing["told"].sum())
        expected[side] = float(missing["expected"].sum())
    return Unheard(told, expected)


def hours_of(found: Cells) -> pl.DataFrame:
    """By venue, side and hour: own and least dollars, whether all was heard, and the part that was not."""
    least = found.bounds.select(*CELL, pl.col("at_least_usd").alias("least_usd"))
    feeds = found.feeds.select(*CELL, "is_whole", "part_unheard", "own_usd")
    return of_each_venue(_hours, feeds, least)


def _hours(feeds: pl.DataFrame, least: pl.DataFrame) -> pl.DataFrame:
    return (
        feeds.join(least, on=CELL, how="left")
        .group_by(PLACE, maintain_order=True)
        .agg(
            pl.col("is_whole").all(),
            pl.col("own_usd", "least_usd").sum().cast(pl.Float64),  # exact in any order
            pl.col("part_unheard").mean(),
        )
        .sort(PLACE)
    )
