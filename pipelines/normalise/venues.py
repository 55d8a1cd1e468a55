"""A venue by the name that a tracker gives it: one spelling everywhere."""

from typing import Final

import polars as pl

from pipelines.sources import SOURCES

# Names that are neither our id nor our brand; a venue may have been renamed since.
_OTHER_NAMES: Final = {"gate.io": "gate", "huobi": "htx", "kraken": "kraken", "okex": "okx"}
NAMES: Final = {
    source.brand.lower(): source.of_venue for source in SOURCES.values() if source.kind == "venue"
} | _OTHER_NAMES


def venue_of(name: pl.Expr) -> pl.Expr:
    """Our id of a venue, whatever its capitals; the name itself for one that we do not read."""
    return name.str.to_lowercase().replace(NAMES)
