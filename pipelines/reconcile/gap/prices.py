"""The same coins in other dollars: at another price, or with a stable coin at par."""

from typing import Final

import polars as pl

from pipelines.reconcile.gap.pair import GROUP, MATCH, OTHER, Pair, Toggle
from pipelines.tables.words import Cause

LEAST_OFF: Final = 1e-9
MOST_RATIO: Final = 3.0  # a day's close is never farther from its orders' prices; a unit may be


def stable(pair: Pair) -> Pair:
    """Markets of which one takes stable coins at par and the other at a rate: both at par."""
    frames, words = [], []
    kept = pair.cells.filter(pl.col("x") != 0, pl.col("usd") > 0)
    for side, other in OTHER.items():
        at_par = (
            kept.filter(pl.col("side") == other)
            .group_by(GROUP)
            .agg((pl.col("par_usd") == pl.col("usd")).fill_null(value=False).all())
            .filter(pl.col("par_usd") | pl.lit(bool(pair.of(other).par_by)))
        )
        on = pl.col("par_usd").cast(pl.Float64) / pl.col("usd").cast(pl.Float64)
        cells = kept.filter(pl.col("side") == side).join(at_par, on=list(GROUP), how="semi")
        moved = cells.select("nth", "x", on=on).filter(pl.col("on") != 1)
        if not moved.is_empty():
            frames.append(moved.select("nth", "on"))
            rate = moved.select(pl.col("x").sum() / (pl.col("x") * pl.col("on")).sum()).item()
            words.append(
                f"{pair.of(other).name} takes stable coins at one dollar, "
                f"{pair.of(side).name} at {rate:.6f} on the whole"
            )
    if not frames:
        return pair
    by = sorted({name for one in (pair.a, pair.b) for name in one.par_by})
    words += [f"by the orders of {', '.join(by)}"] if by else []
    return pair.under(
        Toggle(Cause.STABLE, pl.concat(frames), "; ".join(words), is_estimated=bool(by))
    )


def prices(pair: Pair) -> Pair:
    """Where both count coins: each at the geometric mean of the two prices.

    It is looked at before units and rows that count twice, which move coins as they move dollars.
    """
    counted = _whole(pair).filter(pl.col("x") != 0, pl.col("counted") > 0, pl.col("usd") > 0)
    price = pl.col("x").sum() / pl.col("counted").sum()
    by_side = counted.group_by("side", *MATCH, maintain_order=True).agg(price=price)
    both = by_side.filter(pl.col("side") == "a").join(
        by_side.filter(pl.col("side") == "b"), on=list(MATCH), suffix="_b"
    )
    near = both.with_columns(ratio=pl.col("price_b") / pl.col("price")).filter(
        pl.col("ratio").is_between(1 / MOST_RATIO, MOST_RATIO),
        (pl.col("ratio") - 1).abs() > LEAST_OFF,
    )
    to_mean = pl.when(pl.col("side") == "a").then(pl.col("ratio")).otherwise(1 / pl.col("ratio"))
    on = (
        counted.join(near.select(*MATCH, "ratio"), on=list(MATCH))
        .with_columns(on=to_mean.sqrt())
        .select("nth", "on")
    )
    if on.is_empty():
        return pair
    middle = near.select(pl.col("ratio").median()).item()
    words = (
        f"{pair.b.name} prices coins at {middle:.6f} of {pair.a.name}'s price "
        f"(median of {near.height} buckets)"
    )
    return pair.under(Toggle(Cause.PRICE, on, words))


def _whole(pair: Pair) -> pl.DataFrame:
    """Cells without those of buckets of which a part lies outside the other's span."""
    window = [one.on for one in pair.toggles if one.cause in (Cause.WINDOW, Cause.VENUES)]
    if not window:
        return pair.cells
    part = pl.concat(window).filter(pl.col("on").is_between(0, 1, closed="none"))
    buckets = pair.cells.join(part, on="nth", how="semi").select(MATCH).unique()
    return pair.cells.join(buckets, on=list(MATCH), how="anti")
