"""Which of the windows that are held can stand for a claim, and which of them cover it."""

import re
from typing import Final

import polars as pl

from pipelines.reconcile.claims.claim import Claim
from pipelines.reconcile.claims.scopes import Scope
from pipelines.reconcile.claims.series import ALL_COINS
from pipelines.reconcile.claims.spans import DAY_S, WEEK_S
from pipelines.reconcile.views import SEVERAL
from pipelines.sources import SOURCES

# A sum over fewer is a choice of the market: makers that print its total add up eight venues or
# more (Glassnode eight, Coin Metrics nine), and the list of one of them had 200 coins in 2025-05.
WHOLE_VENUES: Final = 8
WHOLE_COINS: Final = 100
_TRACKERS: Final = {
    source.brand.lower(): source.id for source in SOURCES.values() if source.kind == "tracker"
} | {"bybt": "coinglass"}  # its name until it was renamed
_NO_SERIES: Final = re.compile(r"\bestimate|\bCEO\b|\binternal\b", re.IGNORECASE)
TRUE: Final = pl.lit(value=True)


def named_tracker(claim: Claim) -> str | None:
    """The tracker whose own series the claim says that it read; not one that it let estimate."""
    if _NO_SERIES.search(claim.source_named):
        return None
    low = claim.source_named.lower()
    return next((source for brand, source in _TRACKERS.items() if brand in low), None)


def lengths_of(claim: Claim) -> tuple[int, ...]:
    """Lengths of the windows that are searched: the stated one, a day and a week."""
    stated = claim.span.length_s
    if stated is None:
        return DAY_S, WEEK_S
    return (stated,) if stated > WEEK_S else tuple(sorted({stated, DAY_S, WEEK_S}))


def comparable(claim: Claim) -> pl.Expr:
    """Cells that the claim may have meant: of its side, and of more or less than its scope."""
    venue, coin = claim.scope.cell
    of_side = pl.col("side") == claim.side
    of_venue = TRUE if venue is None else pl.col("venue").is_in([venue, SEVERAL])
    of_coin = TRUE if coin is None else pl.col("coin").is_in([coin, ALL_COINS])
    if venue is not None and coin is None:  # a coin over all venues is no reading of a venue
        of_coin = (pl.col("venue") == venue) | (pl.col("coin") == ALL_COINS)
    return of_side & of_venue & of_coin


def inside(scope: Scope, side: str) -> pl.Expr:
    """Cells that are a part of what is claimed, so that they cannot be more than it."""
    if scope.is_choice:  # whose venues are not known
        return pl.lit(value=False)
    of_venue = TRUE if scope.venue is None else pl.col("venue") == scope.venue
    of_coin = TRUE if scope.coin is None else pl.col("coin") == scope.coin
    sides = [side] if side != "total" else ["long", "short", "total"]
    return pl.col("side").is_in(sides) & of_venue & of_coin


def covering(scope: Scope, side: str) -> pl.Expr:
    """Cells that hold all that is claimed: every coin of it, and as many venues as makers hold."""
    lists = pl.col("scope").str.split("; ").list.first()
    many = (pl.col("venue") == SEVERAL) & (lists.str.count_matches(",") + 1 >= WHOLE_VENUES)
    whole_coins = (pl.col("coin") == ALL_COINS) & pl.col("is_whole")
    all_coins = whole_coins & (pl.col("coins") >= WHOLE_COINS)
    if scope.venue is not None:
        of_venue = pl.col("venue") == scope.venue
        own = whole_coins & (pl.col("source") == scope.venue)
        of_coin = (all_coins | own) if scope.coin is None else pl.col("coin") == scope.coin
    else:
        of_venue = many
        of_coin = all_coins if scope.coin is None else pl.col("coin") == scope.coin
    is_told = pl.lit(not scope.is_choice)
    return is_told & (pl.col("side") == side) & of_venue & of_coin
