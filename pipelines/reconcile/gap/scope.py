"""What one telling speaks of and the other does not: venues, coins, kinds of margin."""

import polars as pl

from pipelines.reconcile.gap.pair import OTHER, Pair, Toggle
from pipelines.reconcile.tellings.telling import SEVERAL
from pipelines.tables.words import Cause

MOST_NAMED = 6


def listed(names: list[str]) -> str:
    """Names in a row, the first few of many."""
    first = ", ".join(names[:MOST_NAMED])
    return first if len(names) <= MOST_NAMED else f"{first} and {len(names) - MOST_NAMED} more"


def venues(pair: Pair) -> Pair:
    """Cells of a venue that the other does not add up."""
    frames, words = [], []
    for side, other in OTHER.items():
        told = pair.of(other).venues
        own = _left(pair, side).filter(
            pl.col("venue") != SEVERAL, ~pl.col("venue").is_in(list(told)), bool(told)
        )
        if not own.is_empty():
            frames.append(own)
            named = listed(own["venue"].unique().sort().to_list())
            words.append(f"{pair.of(other).name} does not tell {named}")
    return _without(pair, Cause.VENUES, frames, words)


def coins(pair: Pair) -> Pair:
    """Cells of a coin that the other does not tell of, at all or at a venue that it tells of."""
    frames, words = [], []
    for side, other in OTHER.items():
        markets = pair.of(other).markets
        if markets.is_empty():
            continue
        place = ["coin"] if pair.has_several else ["venue", "coin"]
        told = {*markets["coin"], *pair.of(other).closed}
        unlisted = _left(pair, side).join(markets.select(place), on=place, how="anti")
        own = unlisted.filter(
            (pl.col("venue").is_in(pair.of(other).venues) & ~pl.col("coin").is_in(_closed(pair)))
            | ((pl.col("venue") == SEVERAL) & pl.lit(pair.has_several))
            | ~pl.col("coin").is_in(list(told))
        )
        if not own.is_empty():
            frames.append(own)
            named = listed(own["coin"].unique().sort().to_list())
            words.append(f"{pair.of(other).name} does not tell {named}")
    return _without(pair, Cause.COINS, frames, words)


def margins(pair: Pair) -> Pair:
    """Cells of contracts whose margin the other does not tell of, of a coin that it tells."""
    frames, words = [], []
    tells = all(one.markets["margin"].null_count() == 0 for one in (pair.a, pair.b))
    for side, other in OTHER.items():
        if not tells:
            continue
        markets = pair.of(other).markets
        place = ["coin"] if pair.has_several else ["venue", "coin"]
        own = (
            _left(pair, side)
            .join(markets.select(place).unique(), on=place, how="semi")
            .join(markets.select(*place, "margin"), on=[*place, "margin"], how="anti")
        )
        if not own.is_empty():
            frames.append(own)
            kinds = listed(own["margin"].unique().sort().to_list())
            words.append(f"{pair.of(other).name} tells no {kinds} contracts there")
    return _without(pair, Cause.MARGIN, frames, words)


def _closed(pair: Pair) -> list[str]:
    """Coins that one of them tells as a sum over venues alone."""
    return sorted(pair.a.closed | pair.b.closed)


def _left(pair: Pair, side: str) -> pl.DataFrame:
    return pair.cells.filter(pl.col("side") == side)


def _without(pair: Pair, cause: Cause, frames: list[pl.DataFrame], words: list[str]) -> Pair:
    if not frames:
        return pair
    on = pl.concat([frame.select("nth", on=pl.lit(0.0)) for frame in frames])
    opened = sorted({name for one in (pair.a, pair.b) for name in one.opened_by})
    if opened:
        words.append(f"sums over venues are laid out by the orders of {listed(opened)}")
    return pair.under(Toggle(cause, on, "; ".join(words), is_estimated=bool(opened)))
