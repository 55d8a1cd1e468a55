"""A full feed throttled on purpose: what would have been shown of orders that are all known."""

from enum import StrEnum
from typing import Final

import polars as pl

from pipelines.tables.words import Coverage

SECOND_MS: Final = 1_000


class Rule(StrEnum):
    """Which order of a second a throttled feed shows."""

    LARGEST = "largest"
    LATEST = "latest"
    LARGEST_OF_SIDE = "largest_of_side"


# `one_of_second` does not say which: told from the feed itself (:mod:`.signs`).
RULE_OF: Final = {
    Coverage.LARGEST_OF_SECOND: Rule.LARGEST,
    Coverage.LATEST_OF_SECOND: Rule.LATEST,
    Coverage.LARGEST_OF_SIDE_AND_SECOND: Rule.LARGEST_OF_SIDE,
}


def throttled(orders: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """One order of each market and second, or of each of its sides.

    ``orders``: ``market, position, time_ms, usd``, in any order.
    """
    within = ["market", "second"]
    if rule is Rule.LARGEST_OF_SIDE:
        within.append("position")
    best = [pl.col("time_ms").neg()] if rule is Rule.LATEST else [pl.col("usd").neg()]
    return (
        orders.with_columns(second=pl.col("time_ms") // SECOND_MS)
        .sort(*within, *best, "time_ms", "position", "usd")
        .unique(within, keep="first", maintain_order=True)
        .drop("second")
    )
