"""What a feed of one order a second gives away about the orders that it does not show.

Nothing here uses what is hidden. A minute is busy where many of its seconds have a message; runs of
busy seconds tell of clusters; the place within its second at which the shown order stands, and how
shown sizes grow with the crowd, tell how many it was chosen from, and by which rule.
"""

from typing import Any, Final

import numpy as np
import polars as pl

from pipelines.reconcile.estimate.ordered import ordered
from pipelines.reconcile.estimate.throttling import SECOND_MS, Rule

REACH_S: Final = 30
STEP_MS: Final = 20
LEAST_GAP_MS: Final = 50
NEAR_MS: Final = 300
EDGES: Final = (2, 4, 8, 16, 32)  # busy seconds within a minute: the classes of crowd
CROWDS: Final = len(EDGES) + 1
SIGNS: Final = (
    "place", "next", "soon", "spread", "growth", "neighbours", "rate", "top", "pairs", "close",
)  # fmt: skip
LEAST_FOR_RULE: Final = 200
LATEST_Z: Final = 3.0


def aligned(shown: pl.DataFrame) -> pl.DataFrame:
    """``shown`` with ``time_ms`` moved so that the feed's seconds begin at whole ones.

    Where a second begins is not documented, but a feed of one a second gives it away: cut rightly,
    no second of a market holds two messages. The middle of the best beginnings is taken.
    """
    rows = shown.select("market", "time_ms").sort("market", "time_ms")
    time_ms = rows["time_ms"].to_numpy()
    near = _of_one_market(rows) & (np.diff(time_ms, append=2**60) < SECOND_MS)
    earlier = time_ms[near]
    later = earlier + np.diff(time_ms, append=0)[near]
    twice = []
    for offset in range(0, SECOND_MS, STEP_MS):
        one_second = (earlier - offset) // SECOND_MS == (later - offset) // SECOND_MS
        twice.append(int(one_second.sum()))
    fewest = min(twice, default=0)
    best = np.array([n * STEP_MS for n, many in enumerate(twice) if many == fewest])
    if best.size == len(twice):
        return shown
    # The mean direction on the circle of a second: the best may lie on both sides of a whole one.
    turn = np.exp(2j * np.pi * best / SECOND_MS).mean()
    offset = round(float(np.angle(turn)) / (2 * np.pi) * SECOND_MS) % SECOND_MS
    return shown.with_columns(pl.col("time_ms") - offset)


def crowded(shown: pl.DataFrame) -> pl.DataFrame:
    """``shown`` (``market, position, time_ms, usd``) with ``busy``, ``crowd``, ``next_s``, ``soon_s``.

    ``busy``: seconds with a message within half a minute; ``crowd``: its class, 0 to 5; ``next_s``
    and ``soon_s``: whether the next second, and one of the two after it, have one.
    """
    rows = ordered(shown)
    time_ms = rows["time_ms"].to_numpy()
    second = time_ms // SECOND_MS
    span = int(second.max() - second.min()) if second.size else 0
    # Seconds of all markets on one line, so far apart that none reaches into the next.
    at = second + rows["market"].rle_id().to_numpy().astype(np.int64) * (span + 2 * REACH_S + 1)
    is_new = np.diff(at, prepend=-(2**60)) != 0
    seconds, nth = at[is_new], np.cumsum(is_new) - 1
    around = np.searchsorted(seconds, seconds + REACH_S, "right") - np.searchsorted(
        seconds, seconds - REACH_S, "left"
    )
    after, two_after, three_after = (_is_held(seconds, seconds + n) for n in (1, 2, 3))
    alone = ~after & ~_is_held(seconds, seconds - 1)
    gap = np.where(_of_one_market(rows), np.diff(time_ms, append=0), 2**60)
    return rows.with_columns(
        busy=pl.Series(around[nth], dtype=pl.Int64),
        crowd=pl.Series(np.searchsorted(EDGES, around, "right")[nth], dtype=pl.Int64),
        next_s=pl.Series(after[nth], dtype=pl.Boolean),
        soon_s=pl.Series((two_after | three_after)[nth], dtype=pl.Boolean),
        pairs=pl.Series(_hidden_pairs(gap), dtype=pl.Float64),
        close=pl.Series(gap < NEAR_MS, dtype=pl.Boolean),
        alone=pl.Series(alone[nth], dtype=pl.Boolean),
    )


def _of_one_market(rows: pl.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether the next row is of the same market; ``rows`` stand market by market."""
    market = rows["market"].rle_id().to_numpy().astype(np.int64)
    same: np.ndarray[Any, np.dtype[np.bool_]] = np.diff(market, append=-1) == 0
    return same


def _is_held(
    seconds: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any]
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether each of ``wanted`` is one of the ascending ``seconds``, of which there are as many."""
    place = np.minimum(np.searchsorted(seconds, wanted), seconds.size - 1)
    held: np.ndarray[Any, np.dtype[np.bool_]] = seconds[place] == wanted
    return held


def signs(each: pl.DataFrame) -> pl.DataFrame:
    """Of ``crowded`` orders, one row for each market and class of crowd: ``market, crowd, shown_usd,
    orders`` and SIGNS.
    """
    rows = each.with_columns(log_usd=pl.col("usd").log())
    market = rows.group_by("market", maintain_order=True).agg(
        pl.col("log_usd").std().fill_null(0).alias("spread"),
        (pl.len() / 604_800).log().alias("rate"),
        (
            pl.col("log_usd").filter(~pl.col("alone")).mean()
            - pl.col("log_usd").filter("alone").mean()
        )
        .fill_null(0)
        .alias("neighbours"),
        pl.col("log_usd").sort_by("busy", "time_ms").head(pl.len() // 2 + 1).mean().alias("calm"),
    )
    held = pl.len() / (pl.len() + 30)  # little is said by few
    expected = pl.col("busy") / (2 * REACH_S + 1)
    each = rows.group_by("market", "crowd", maintain_order=True).agg(
        pl.col("usd").sum().alias("shown_usd"),
        pl.len().alias("orders"),
        ((pl.col("time_ms") % SECOND_MS / SECOND_MS - 0.5).mean() * held).alias("place"),
        ((pl.col("next_s") - expected).mean() * held).alias("next"),
        ((pl.col("soon_s") - expected).mean() * held).alias("soon"),
        pl.col("log_usd").mean().alias("level"),
        ((pl.col("usd").max() / pl.col("usd").mean()).log() * held).alias("top"),
        (pl.col("pairs").mean() * held).log1p().alias("pairs"),
        (pl.col("close").mean() * held).alias("close"),
        held.alias("held"),
    )
    return (
        each.join(market, on="market")
        .with_columns(growth=(pl.col("level") - pl.col("calm")) * pl.col("held"))
        .select("market", "crowd", "shown_usd", "orders", *SIGNS)
        .sort("market", "crowd")
    )


def _hidden_pairs(gap: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """For each message: how many pairs as close as it and the next, ``gap`` ms later, lie within a second.

    Two orders ``g`` apart fall into two seconds with chance g / 1000, and only then show both: for
    each such pair (1000 - g) / g are hidden.
    """
    apart = np.maximum(gap, LEAST_GAP_MS)
    return np.where(gap < SECOND_MS, (SECOND_MS - apart) / apart, 0.0)


def rule_of(each: pl.DataFrame) -> Rule:
    """Which order of a second a feed shows, from where its ``crowded`` orders stand in their second.

    The last of several stands late, the largest anywhere. Every minute with a second message tells of
    it; where there are too few of these the two rules hardly differ, and the largest is taken.
    """
    busy = each.select(pl.col("time_ms").filter(pl.col("busy") >= EDGES[0])).to_series().to_numpy()
    if busy.size < LEAST_FOR_RULE:
        return Rule.LARGEST
    place = busy % SECOND_MS / SECOND_MS - 0.5
    z = place.mean() / np.sqrt(1 / 12 / place.size)
    return Rule.LATEST if z > LATEST_Z else Rule.LARGEST
