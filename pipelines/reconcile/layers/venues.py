"""A venue at a time: the hours of a whole market are not to be held twice."""

from collections.abc import Callable

import polars as pl


def of_each_venue(make: Callable[..., pl.DataFrame], *frames: pl.DataFrame) -> pl.DataFrame:
    """What ``make`` makes of the ``frames`` (each with a ``venue``), venue by venue, in their order."""
    venues = sorted({venue for frame in frames for venue in frame["venue"].unique()})
    made = [make(*(_of(frame, venue) for frame in frames)) for venue in venues]
    return pl.concat(made) if made else make(*frames)


def _of(frame: pl.DataFrame, venue: str) -> pl.DataFrame:
    return frame.filter(pl.col("venue") == venue)
