"""The feeds that the made-up market's rows name: by name only, what they list is made up."""

from typing import Final

import polars as pl

from pipelines.reconcile.layers.told_by_hour import ONE_A_SECOND
from pipelines.regimes import regimes
from pipelines.tables import LIQUIDATIONS


def _told_now() -> pl.DataFrame:
    """Of each source that tells liquidations now, the first feed of them, as rows name it."""
    told = regimes().filter(
        pl.col("canonical") == LIQUIDATIONS.name,
        pl.col("last_day").is_null(),
        pl.col("told_first_by").is_null(),
    )
    return told.unique("source", keep="first").select("source", "feed", "coverage").sort("source")


FEEDS: Final[dict[str, str]] = dict(_told_now().select("source", "feed").rows())
COVERAGE: Final[dict[str, str]] = dict(_told_now().select("source", "coverage").rows())
THROTTLED: Final = tuple(source for source, word in COVERAGE.items() if word in ONE_A_SECOND)
