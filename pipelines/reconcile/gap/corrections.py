"""What two tellings of the same market count differently: sides, hours, units, twice."""

from typing import Final

import polars as pl

from pipelines.reconcile.faults.constant import doubled, unit_factor
from pipelines.reconcile.faults.partly import beside_named, partly
from pipelines.reconcile.faults.silent import silent
from pipelines.reconcile.faults.swapped import swapped
from pipelines.reconcile.gap.pair import MATCH, OTHER, Pair, Toggle
from pipelines.reconcile.gap.scope import listed
from pipelines.reconcile.tellings.telling import SEVERAL
from pipelines.tables.words import Cause

LEAST_TWINS: Final = 3  # hours: equal orders of one instant do happen


def sides(pair: Pair) -> Pair:
    """Where the leans are opposed, the later by name counts the other way round."""
    found = swapped(pair.matched())
    turned = "a" if pair.a.name > pair.b.name else "b"
    cells = pair.cells.filter(pl.col("side") == turned, pl.col("x") != 0)
    on = cells.join(found, on="place", how="semi").select("nth", on=pl.lit(1.0))
    words = [
        f"{place}: log of longs over shorts runs against the other's in {met} buckets ({fit:.3f})"
        for place, met, fit in found.iter_rows()
    ]
    return pair.under(Toggle(Cause.SIDES, on, "; ".join(words), is_turn=True))


def outage(pair: Pair) -> Pair:
    """Cells of hours or days that the other does not hold, or in which it is silent."""
    frames, words = [], []
    for side, other in OTHER.items():
        held = pair.of(other).held
        found = (
            [_silent(pair, side)]
            if held is None
            else [_not_held(pair, side, held), _silent(pair, side)]
        )
        lacking = pl.concat(found).group_by("nth").agg(pl.col("on").min()).sort("nth")
        if not lacking.is_empty():
            frames.append(lacking)
            whole = pair.cells.join(lacking, on="nth", how="semi")
            count, places = whole["at"].n_unique(), listed(whole["place"].unique().sort().to_list())
            what = "days" if pair.is_daily else "hours"
            words.append(f"{pair.of(other).name} lacks {count} {what} of {places}")
    if not frames:
        return pair
    on = pl.concat(frames)
    is_partly = bool(on["on"].is_between(0, 1, closed="none").any())
    return pair.under(Toggle(Cause.OUTAGE, on, "; ".join(words), is_estimated=is_partly))


def _silent(pair: Pair, side: str) -> pl.DataFrame:
    own = pair.cells.filter(pl.col("side") == side, pl.col("x") != 0)
    other = pair.cells.filter(pl.col("side") == OTHER[side], pl.col("x") != 0)
    return own.join(silent(other, own), on=["place", "at"], how="semi").select(
        "nth", on=pl.lit(0.0)
    )


def _not_held(pair: Pair, side: str, held: pl.DataFrame) -> pl.DataFrame:
    """``nth`` and the share of each cell's bucket that the other was there for, if not all."""
    own, other = pair.of(side), pair.of(OTHER[side])
    every = max(own.interval_s, other.interval_s)
    buckets = every // other.interval_s
    shares = (
        held.with_columns(place=pl.lit(SEVERAL) if pair.has_several else pl.col("venue"))
        .group_by("place", "coin", "time")
        .agg(pl.col("share").max())
        .group_by(
            "place",
            "coin",
            pl.col("time").dt.truncate(f"{every}s").alias("bucket"),
            maintain_order=True,
        )
        .agg(pl.col("share").sum() / buckets)
    )
    # What lies in unheard hours is taken out already where it is known by the orders of the others.
    known = pl.col("venue").is_in(pair.reckoned_of(side))
    is_reckoned = pl.col("is_unheard").is_not_null() & known
    cells = pair.cells.filter(pl.col("side") == side, pl.col("x") != 0, ~is_reckoned)
    at = cells.with_columns(bucket=pl.col("time").dt.truncate(f"{every}s"))
    joined = at.join(shares, on=["place", "coin", "bucket"], how="left")
    return joined.select("nth", on=pl.col("share").fill_null(0.0)).filter(pl.col("on") < 1)


def units(pair: Pair) -> Pair:
    """Markets of which one counts a power of ten more: it counts the other's unit instead."""
    return _scaled(pair, Cause.UNIT, unit_factor(pair.matched()))


def duplicates(pair: Pair) -> Pair:
    """Rows that repeat another to the digit, then markets of which one counts all rows twice."""
    once = _without_twins(pair)
    twice = doubled(once.matched())
    return _in_part(_scaled(once, Cause.DUPLICATES, twice), twice)


def _in_part(pair: Pair, twice: pl.DataFrame) -> Pair:
    """Days of a place that one lacks in part, or counts twice in part: reckoned, not read."""
    found = partly(pair.matched(), twice)
    for cause in (Cause.OUTAGE, Cause.DUPLICATES):
        mine = found.filter(pl.col("is_double") == (cause is Cause.DUPLICATES))
        on = _on_cells(pair, mine)
        words = [
            f"in part of {days} {'days' if pair.is_daily else 'hours'} of {place} "
            + (
                f"{pair.of(side).name} counts twice"
                if cause is Cause.DUPLICATES
                else f"{pair.of(OTHER[side]).name} lacks what {pair.of(side).name} has"
            )
            for place, side, days in mine.group_by("place", "side")
            .agg(pl.col("at").n_unique())
            .sort("place", "side")
            .iter_rows()
        ]
        pair = pair.under(Toggle(cause, on, listed(words), is_estimated=True))
    return pair


def _on_cells(pair: Pair, buckets: pl.DataFrame) -> pl.DataFrame:
    """``nth`` and ``on`` of the cells of one side in BUCKETs with ``side`` and ``on``."""
    kept = pair.cells.filter(pl.col("x") != 0)
    return kept.join(buckets, on=["side", *MATCH]).select("nth", "on")


def _without_twins(pair: Pair) -> Pair:
    """Twins are left out of the buckets that come nearer to the other telling without them."""
    nearer = (pl.col("a") - pl.col("twin_usd_a") - pl.col("b") + pl.col("twin_usd_b")).abs()
    buckets = pair.matched("twin_usd").filter(
        (pl.col("twin_usd_a").fill_null(0) > 0) | (pl.col("twin_usd_b").fill_null(0) > 0)
    )
    buckets = buckets.with_columns(pl.col("twin_usd_a", "twin_usd_b").fill_null(0)).filter(
        nearer < (pl.col("a") - pl.col("b")).abs()
    )
    known = [one.on for one in pair.toggles if one.cause is Cause.DUPLICATES]
    twins = pair.cells.filter(pl.col("x") != 0, pl.col("twin_usd") > 0)
    for on in known:
        twins = twins.join(on, on="nth", how="anti")
    on = twins.join(buckets, on=list(MATCH), how="semi").select(
        "nth", on=1 - pl.col("twin_usd").cast(pl.Float64) / pl.col("usd").cast(pl.Float64)
    )
    if on.height < LEAST_TWINS:
        return pair
    named = twins.join(on, on="nth", how="semi")
    hours = named["time"].n_unique()
    places = listed(named["place"].unique().sort().to_list())
    words = f"rows of {places} repeat another to the digit in {hours} hours"
    return pair.under(Toggle(Cause.DUPLICATES, on, words))


def _scaled(pair: Pair, cause: Cause, found: pl.DataFrame) -> Pair:
    """The larger of the two, by ``factor``, comes down to the smaller, bucket by bucket."""
    larger = pl.when(pl.col("factor") > 1).then(pl.lit("a")).otherwise(pl.lit("b"))
    down = pl.min_horizontal(pl.col("factor"), 1 / pl.col("factor"))
    scaled = found.with_columns(side=larger, on=down)
    on = _on_cells(pair, scaled)
    edges = beside_named(pair.matched(), found, pair.interval_s)
    markets = scaled.select("place", "coin", "kind", "side", "on", "met").unique()
    words = [
        f"{coin} ({kind}) at {place}: {pair.of(side).name} tells {round(1 / on)} times as much "
        f"in {met} buckets"
        for place, coin, kind, side, on, met in markets.sort(markets.columns).iter_rows()
    ]
    pair = pair.under(Toggle(cause, on, listed(words)))
    more = Toggle(cause, _on_cells(pair, edges), "and days beside them in part", is_estimated=True)
    return pair.under(more)
