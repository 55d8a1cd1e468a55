"""Venues inside a publisher's sum that the other does not tell, as third tellings have them."""

from collections.abc import Sequence

import polars as pl

from pipelines.reconcile.gap.pair import OTHER, Pair, Toggle
from pipelines.reconcile.gap.scope import listed
from pipelines.reconcile.tellings.telling import SEVERAL, Telling
from pipelines.tables.words import Cause

BUCKET = ("coin", "position", "time")


def venues_of_sums(pair: Pair, beside: Sequence[Telling]) -> Pair:
    """What a sum has of venues that the other lacks, as far as a third telling has them.

    A sum that orders did not lay out cannot be opened, so that what is taken out of it is another's
    word: an estimate. Of third tellings of a venue the one that names the most dollars speaks.
    """
    for side, other in OTHER.items():
        one = pair.of(side)
        lacking = sorted(set(one.venues) - set(pair.of(other).venues))
        if not one.is_several or not lacking:
            continue
        spoken = [found for venue in lacking if (found := _of_venue(venue, beside))]
        if spoken:
            pair = pair.under(_taken_out(pair, side, spoken))
    return pair


def _of_venue(venue: str, beside: Sequence[Telling]) -> tuple[str, Telling] | None:
    """The third telling that has the most of a venue, by itself."""
    told = [(one, one.cells.filter(pl.col("venue") == venue)) for one in beside]
    known = [(cells["usd"].sum(), one.name, one) for one, cells in told if not cells.is_empty()]
    return (venue, max(known, key=lambda found: found[:2])[2]) if known else None


def _taken_out(pair: Pair, side: str, spoken: Sequence[tuple[str, Telling]]) -> Toggle:
    every = f"{pair.of(side).interval_s}s"
    rows = [
        one.cells.filter(pl.col("venue") == venue).with_columns(pl.col("time").dt.truncate(every))
        for venue, one in spoken
    ]
    taken = (
        pl.concat(rows)
        .group_by(BUCKET, maintain_order=True)
        .agg(pl.col("usd").cast(pl.Float64).sum().alias("out"))
    )
    cells = pair.cells.filter(
        pl.col("side") == side, pl.col("x") != 0, pl.col("usd") > 0, pl.col("venue") == SEVERAL
    )
    on = cells.join(taken, on=list(BUCKET)).select(
        "nth", on=(1 - pl.col("out") / pl.col("usd").cast(pl.Float64)).clip(0.0, 1.0)
    )
    voices = listed(sorted({one.name for _, one in spoken}))
    named = listed([venue for venue, _ in spoken])
    words = f"{named} in the sum of {pair.of(side).name}, as told by {voices}"
    return Toggle(Cause.VENUES, on, words, is_estimated=True)
