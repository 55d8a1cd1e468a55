"""What was liquidated by estimate: the shown dollars, and what the full feeds say that throttles hide."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

import numpy as np
import polars as pl

from pipelines.reconcile.estimate.capture import Floats, Lesson, Model, hid, is_crowded, missed
from pipelines.reconcile.estimate.hidden import Hidden, crowd_of, summed
from pipelines.reconcile.estimate.ordered import ordered
from pipelines.reconcile.estimate.signs import aligned, crowded, rule_of, signs
from pipelines.reconcile.estimate.spread import CROWD, Learned
from pipelines.reconcile.estimate.throttling import RULE_OF, SECOND_MS, Rule, throttled
from pipelines.reconcile.estimate.unheard import hours_of, unheard
from pipelines.reconcile.layers.cells import AT_A_TIME, Cells
from pipelines.reconcile.layers.told_by_hour import ONE_A_SECOND
from pipelines.reconcile.views import SEVERAL
from pipelines.tables.words import Coverage, Level, Sides

THIS_WEEK: Final = "this week"
LEAST_ORDERS: Final = 2_000  # of full feeds together, for a lesson to be one
ESTIMATES: Final = pl.Schema(
    {
        "level": pl.String(),
        "venue": pl.String(),
        "scope": pl.String(),
        "sides": pl.String(),
        "shown_usd": pl.Float64(),
        "estimate_usd": pl.Float64(),
        "low_usd": pl.Float64(),
        "high_usd": pl.Float64(),
        "as_taught_usd": pl.Float64(),
        "as_own_feeds_usd": pl.Float64(),
        "learned_from": pl.String(),
        "reason": pl.String(),
    }
)
NO_ORDERS: Final = pl.DataFrame(
    schema={"position": pl.String, "market": pl.String, "time_ms": pl.Int64, "usd": pl.Float64}
)
NO_TEACHER: Final = (
    "no full feed with enough liquidations, timed within the second, was heard in this week "
    "to learn from"
)
NO_RULE: Final = "which of its liquidations the feed shows is not known"


def estimates(found: Cells, learned: Learned) -> pl.DataFrame:
    """ESTIMATES: of each venue, and of all that can be estimated together."""
    orders = _orders(found)
    hours = hours_of(found)
    coverage = _coverage(found)
    full = sorted(v for v, words in coverage.items() if words == {Coverage.ALL.value})
    teachers = {v: orders[v] for v in full if v in orders and is_timed(orders[v])}
    rows, parts = [], []
    enough = sum(every.height for every in teachers.values()) >= LEAST_ORDERS
    taught = cache(partial(_lessons, teachers))
    for venue, words in sorted(coverage.items()):
        of_venue = orders.get(venue, NO_ORDERS)
        reason = _refusal(venue in full, words, enough)
        if reason:
            rows += _refused(venue, of_venue, list(teachers), reason)
            continue
        part = (
            _known(venue, of_venue)
            if venue in full
            else _estimated(venue, of_venue, words, taught, learned.models)
        )
        part = part.with_unheard(unheard(hours, venue))
        parts.append(part)
        rows += _told(Level.VENUE, venue, [part], list(teachers), learned)
    if parts:
        rows += _told(Level.TOTAL, SEVERAL, parts, list(teachers), learned)
    return pl.DataFrame(rows, schema=ESTIMATES, orient="row")


def _lessons(teachers: Mapping[str, pl.DataFrame], rule: Rule) -> list[Lesson]:
    """What the full feeds of the week teach of a rule."""
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        return list(threads.map(lambda one: _lesson(rule, *one), teachers.items()))


def _lesson(rule: Rule, venue: str, orders: pl.DataFrame) -> Lesson:
    return lesson(THIS_WEEK, venue, orders, throttled(orders, rule))


def is_timed(orders: pl.DataFrame) -> bool:
    """Whether a feed tells when within a second its orders were: whole seconds teach no throttle."""
    return bool((orders["time_ms"] % SECOND_MS != 0).any())


def lesson(week: str, venue: str, orders: pl.DataFrame, shown: pl.DataFrame) -> Lesson:
    """What a feed that shows ``shown`` of the ``orders`` teaches: signs, and all dollars behind them.

    A hidden order stands with the nearest shown one of its market.
    """
    each = crowded(shown)
    nearest = each.select("market", "time_ms", "crowd").sort("time_ms")
    every = (
        orders.select("market", "time_ms", "usd")
        .sort("time_ms")
        .join_asof(nearest, on="time_ms", by="market", strategy="nearest", check_sortedness=False)
        .group_by("market", "crowd", maintain_order=True)
        .agg(pl.col("usd").sum().alias("all_usd"))
    )
    rows = signs(each).join(every, on=["market", "crowd"], how="left", maintain_order="left")
    return Lesson(week, venue, rows.with_columns(pl.col("all_usd").fill_null(0.0)))


def rule_for(words: set[str], each: pl.DataFrame) -> Rule:
    """By the coverage that is stated; where it leaves that open, by the signs of its ``crowded`` orders."""
    stated = {RULE_OF[Coverage(word)] for word in words if Coverage(word) in RULE_OF}
    return stated.pop() if len(stated) == 1 else rule_of(each)


def _orders(found: Cells) -> dict[str, pl.DataFrame]:
    """Of each venue, in one order whatever the order of parts."""
    venues = found.orders["venue"].unique(maintain_order=True)
    return {
        str(venue): ordered(_of_ordered_markets(_of_venue(found.orders, venue))) for venue in venues
    }


def _of_venue(orders: pl.DataFrame, venue: str) -> pl.DataFrame:
    """One at a time, since orders of a whole market are not to be held twice."""
    return orders.filter(pl.col("venue") == venue).drop("venue")


def _of_ordered_markets(orders: pl.DataFrame) -> pl.DataFrame:
    """With markets as numbers in the order of their names."""
    names = orders["market"].unique().cast(pl.String).sort()
    return orders.with_columns(pl.col("market").cast(pl.Enum(names)))


def _coverage(found: Cells) -> dict[str, set[str]]:
    """The coverage words of each venue's feeds, of the hours in which they were heard at all."""
    words: dict[str, set[str]] = {}
    for venue, word in found.coverage.iter_rows():
        words.setdefault(venue, set()).add(word)
    return words


def _refusal(is_full: bool, words: set[str], enough: bool) -> str | None:
    if is_full:
        return None
    if not words <= {word.value for word in ONE_A_SECOND} | {Coverage.ALL.value}:
        return NO_RULE
    return None if enough else NO_TEACHER


def _known(venue: str, orders: pl.DataFrame) -> Hidden:
    sides = _by_side(orders)
    none = {"long": 0.0, "short": 0.0}
    return Hidden(venue, sides, none, none, 0.0)


@dataclass(frozen=True, slots=True)
class Look:
    """A throttled feed as it is seen: its rule, its ``signs``, and ``usd`` shown by ``market, crowd,
    position``; ``crowded`` is the share of the dollars in crowded minutes.
    """

    rule: Rule
    signs: pl.DataFrame
    sides: pl.DataFrame
    crowded: float

    def taught(self, model: Model, misses: tuple[float, float]) -> dict[str, float]:
        """Hidden dollars by side, as other weeks taught; ``misses`` are heeded as was learned."""
        return self._behind(model.times(self.signs, misses) - 1.0)

    def own(self, model: Model, hid: tuple[float, float]) -> dict[str, float]:
        """Hidden dollars by side, if this feed hides so many times what was taught as the week's
        full feeds ``hid``, in calm and in crowded minutes.
        """
        of = np.where(is_crowded(self.signs), hid[1], hid[0])
        return self._behind((model.times(self.signs) - 1.0) * of)

    def _behind(self, more: Floats) -> dict[str, float]:
        """A hidden order is as likely of a side as a shown one."""
        times = self.signs.select("market", "crowd").with_columns(
            more=pl.Series(more, dtype=pl.Float64)
        )
        each = self.sides.join(times, on=["market", "crowd"], how="left")
        return _by_side(each.with_columns(pl.col("usd") * pl.col("more")))


def look(orders: pl.DataFrame, words: set[str]) -> Look:
    """At the shown orders (``market, position, time_ms, usd``) of a feed of stated coverage."""
    each = crowded(aligned(orders))
    total = float(each["usd"].sum())
    dense = float(each.filter(pl.col("busy") >= CROWD)["usd"].sum())
    sides = each.group_by("market", "crowd", "position", maintain_order=True).agg(
        pl.col("usd").sum()
    )
    return Look(
        rule_for(words, each),
        signs(each),
        sides.sort("market", "crowd", "position"),
        dense / total if total else 0.0,
    )


def _estimated(
    venue: str,
    orders: pl.DataFrame,
    words: set[str],
    taught: Callable[[Rule], list[Lesson]],
    models: Mapping[Rule, Model],
) -> Hidden:
    seen = look(orders, words)
    model = models[seen.rule]
    lessons = taught(seen.rule)
    return Hidden(
        venue,
        _by_side(orders),
        seen.taught(model, missed(model, lessons)),
        seen.own(model, hid(model, lessons)),
        seen.crowded,
    )


def _by_side(orders: pl.DataFrame) -> dict[str, float]:
    by_side = orders.group_by("position", maintain_order=True).agg(pl.col("usd").sum())
    sums = dict(by_side.iter_rows())
    return {side: float(sums.get(side, 0.0)) for side in ("long", "short")}


def _told(
    level: Level,
    venue: str,
    parts: Sequence[Hidden],
    teachers: Sequence[str],
    known: Learned,
) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    scope = ", ".join(part.venue for part in parts)
    for sides in Sides:
        sums = summed(parts, sides)
        low, high = known.spread(level, sides).around(sums.taught, sums.own, crowd_of(parts))
        hidden = (sums.behind, low, high, sums.taught, sums.own)
        usd = (sums.shown, *(sums.shown + one for one in hidden))
        rows.append((level.value, venue, scope, sides.value, *usd, ", ".join(teachers), None))
    return rows


def _refused(
    venue: str, orders: pl.DataFrame, teachers: Sequence[str], reason: str
) -> list[tuple[object, ...]]:
    shown = _by_side(orders)
    sums = {**shown, "both": sum(shown.values())}
    return [
        (
            Level.VENUE.value,
            venue,
            venue,
            sides.value,
            sums[sides.value],
            *[None] * 5,
            ", ".join(teachers),
            reason,
        )
        for sides in Sides
    ]
