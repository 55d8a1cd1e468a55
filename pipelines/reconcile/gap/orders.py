"""Two tellings held against the venues' own orders: what each of them does to these."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import polars as pl

from pipelines.reconcile.faults.expected import Fault, Kind
from pipelines.reconcile.faults.traced import Traced, cause_of, traced, untold
from pipelines.reconcile.gap.laid import as_told, laid_out
from pipelines.reconcile.gap.pair import OTHER, Pair, Toggle, paired
from pipelines.reconcile.gap.prices import LEAST_OFF, MOST_RATIO
from pipelines.reconcile.gap.scope import listed
from pipelines.reconcile.tellings.reference import ANY_MARGIN, Reference, reference_of, twin_hours
from pipelines.reconcile.tellings.telling import CELLS, HOUR_S, Telling
from pipelines.tables.words import Cause

PLACE: Final = ("venue", "coin", "position")


@dataclass(frozen=True, slots=True)
class Orders:
    """Single orders of some venues, and what was found of the tellings that were held against them."""

    reference: Reference | None
    found: dict[str, Traced | None] = field(default_factory=dict)

    @classmethod
    def of(cls, tellings: Iterable[Telling]) -> "Orders":
        return cls(reference_of(tellings))

    def _at_par(self, one: Telling, trace: Traced | None) -> frozenset[str]:
        if self.reference is not None and self._is_made_of(one):
            return self.reference.venues
        return trace.at_par() if trace else frozenset()

    def _is_made_of(self, one: Telling) -> bool:
        return self.reference is not None and one.name in self.reference.names

    def traced(self, one: Telling) -> Traced | None:
        """None where nothing is known of its orders, or it is made of them itself."""
        if self.reference is None or self._is_made_of(one):
            return None
        if one.name not in self.found:
            self.found[one.name] = traced(one, self.reference)
        return self.found[one.name]

    def pair(self, a: Telling, b: Telling) -> Pair:
        """Both, with the causes that their orders show."""
        traces = {side: self.traced(one) for side, one in (("a", a), ("b", b))}
        laid = {
            side: laid_out(trace) if (trace := traces[side]) else (one, as_told(one))
            for side, one in (("a", a), ("b", b))
        }
        opened = [one for one, _ in laid.values()]
        if any(one.is_several for one in opened):
            return paired(a, b)
        pair = paired(opened[0], opened[1], [cells for _, cells in laid.values()])
        pair = replace(pair, reckoned=frozenset(_reckoned(pair, traces)))
        for toggle in _toggles(pair, traces):
            pair = _with(pair, toggle)
        known = [self._at_par(one, traces[side]) for side, one in (("a", a), ("b", b))]
        return replace(pair, traced=known[0] & known[1])


def _with(pair: Pair, toggle: Toggle) -> Pair:
    if toggle.on.is_empty():
        return pair
    if toggle.is_turn:  # the cells stand where they belong already
        return replace(pair, toggles=(*pair.toggles, toggle))
    return pair.under(toggle)


def _toggles(pair: Pair, traces: dict[str, Traced | None]) -> Iterator[Toggle]:
    for side, one in traces.items():
        own = pair.cells.filter(pl.col("side") == side)
        if one is None:
            yield _twins(own, pair.of(side).name)
            continue
        yield _at_order_prices(pair, side, one)
        words = {
            cause: "; ".join(
                said(pair.of(side).name, fault, one)
                for fault in one.faults
                if cause_of(fault, one.reference.hours) is cause
            )
            for cause in Cause
        }
        outside = own.filter("is_outside").select("nth", on=pl.lit(0.0))
        yield Toggle(Cause.WINDOW, outside, words[Cause.WINDOW], is_estimated=True)
        turned = own.filter(pl.col("said_position") != pl.col("position"))
        on = turned.select("nth", on=pl.lit(1.0))
        yield Toggle(Cause.SIDES, on, words[Cause.SIDES], is_estimated=True, is_turn=True)
        for cause, name in ((Cause.UNIT, "unit"), (Cause.DUPLICATES, "twice")):
            on = own.filter(pl.col(name) != 1).select("nth", on=name)
            yield Toggle(cause, on, words[cause], is_estimated=True)
        yield _unheard(pair, side)
        other = pair.of(OTHER[side])
        for cause, kept in untold(one, other.interval_s // HOUR_S):
            on = _of_other(pair, OTHER[side], kept, one.reference.first)
            yield Toggle(cause, on, words[cause], is_estimated=True)


def _reckoned(pair: Pair, traces: dict[str, Traced | None]) -> Iterator[tuple[str, str]]:
    for side, one in traces.items():
        speakers = one.reference.speakers if one else {}
        name = pair.of(OTHER[side]).name
        yield from ((side, venue) for venue, speaker in speakers.items() if speaker == name)


def _unheard(pair: Pair, side: str) -> Toggle:
    """What the one tells beyond the other's orders in hours that the other did not hear."""
    name, other = pair.of(side).name, pair.of(OTHER[side])
    own = pair.cells.filter(
        pl.col("side") == side, "is_unheard", pl.col("venue").is_in(pair.reckoned_of(side))
    )
    places = listed(own["venue"].unique().sort().to_list())
    words = f"{other.name} did not hear all hours of {places}: what {name} has beyond its orders"
    return Toggle(Cause.OUTAGE, own.select("nth", on=pl.lit(0.0)), words, is_estimated=True)


def _twins(own: pl.DataFrame, name: str) -> Toggle:
    """Hours of single orders in which all of them are there twice."""
    twice = pl.col("twin_usd").cast(pl.Float64) / pl.col("usd").cast(pl.Float64)
    cells = own.filter(pl.col("usd") > 0, pl.col("twin_usd") > 0)
    on = cells.join(twin_hours(own), on=["venue", "time"], how="semi").select("nth", on=1 - twice)
    words = f"nearly all rows of {name} are there twice in some hours"
    return Toggle(Cause.DUPLICATES, on, words, is_estimated=True)


def _at_order_prices(pair: Pair, side: str, one: Traced) -> Toggle:
    """Coins of the one, which the other does not count, at the prices of the orders in them."""
    name, other = pair.of(side).name, pair.of(OTHER[side])
    own = pair.cells.filter(
        pl.col("side") == side, pl.col("coins") > 0, pl.col("usd") > 0, ~pl.col("is_outside")
    )
    if other.cells["coins"].null_count() < other.cells.height:
        own = own.clear()
    priced = own.with_columns(pl.col("margin").fill_null(ANY_MARGIN)).join(
        _prices(one), on=[*PLACE, "margin", "time"]
    )
    price = pl.col("usd").cast(pl.Float64) / pl.col("coins").cast(pl.Float64)
    on = (
        priced.with_columns(on=pl.col("price") / price)
        .filter(
            pl.col("on").is_between(1 / MOST_RATIO, MOST_RATIO),
            (pl.col("on") - 1).abs() > LEAST_OFF,
        )
        .select("nth", "on")
    )
    words = f"{name} prices the coins of a bucket alike, their orders have {_share(on)} of that"
    return Toggle(Cause.PRICE, on, words, is_estimated=True)


def _share(on: pl.DataFrame) -> str:
    return "" if on.is_empty() else f"{on.select(pl.col('on').median()).item():.6f} (median)"


def _prices(one: Traced) -> pl.DataFrame:
    """Dollars, stable coins at one, over coins of the orders of a bucket: SERIES, ``time, price``."""
    reference, width = one.reference, one.expected.width
    buckets = (reference.series.height, reference.hours // width, width)
    usd, coins = (x.reshape(buckets).sum(axis=2) for x in (reference.par_usd, reference.coins))
    row, bucket = np.nonzero(coins > 0)
    start = pl.lit(reference.first) + pl.Series(bucket * width * 3_600_000).cast(pl.Duration("ms"))
    return reference.series[row].with_columns(
        time=start.cast(CELLS["time"]), price=pl.Series(usd[row, bucket] / coins[row, bucket])
    )


def _of_other(pair: Pair, side: str, kept: pl.DataFrame, first: datetime) -> pl.DataFrame:
    """``nth`` and ``on`` of the other's cells, of which so much is left."""
    every = pair.of(side).interval_s // HOUR_S
    cells = pair.cells.filter(pl.col("side") == side).with_columns(
        pl.col("margin").fill_null(ANY_MARGIN),
        bucket=(pl.col("time") - pl.lit(first)).dt.total_hours() // every,
    )
    tells_margin = bool((cells["margin"] != ANY_MARGIN).all())
    on = [*PLACE, "margin"] if tells_margin else list(PLACE)
    left = (
        kept.group_by(*on, "at", maintain_order=True)
        .agg(pl.col("whole", "kept").sum())
        .select(*on, bucket=pl.col("at"), on=pl.col("kept") / pl.col("whole"))
        .filter(pl.col("on") < 1)
    )
    return cells.join(left, on=[*on, "bucket"]).select("nth", "on").sort("nth")


def said(name: str, fault: Fault, one: Traced) -> str:
    """A fault in words."""
    places = [fault.venue or "every venue", fault.coin, fault.margin]
    place = " ".join(word for word in places if word and word != ANY_MARGIN)
    speakers = one.reference.speakers
    told = [speakers[fault.venue]] if fault.venue else sorted(set(speakers.values()))
    by = f"by the orders of {listed(told)}"
    match fault.kind:
        case Kind.LACKS:
            what = f"{name} lacks {place}"
        case Kind.TIMES:
            what = f"{name} tells {fault.factor:g} times what the orders of {place} come to"
        case Kind.TURNED:
            what = f"{name} tells longs of {place} as shorts"
        case Kind.LATE:
            word = "late" if fault.factor > 0 else "early"
            return f"{name} tells {place} {abs(fault.factor):.0f} hours {word}, {by}"
        case Kind.PAR:
            return f"{name} takes stable coins at one dollar, {by}"
        case Kind.LARGEST | Kind.LATEST:
            word = fault.kind.value
            what = f"{name} tells of {place} what a feed of one order a second shows, the {word},"
    return f"{what} {_span(fault, one)}, {by}"


def _span(fault: Fault, one: Traced) -> str:
    first, end = (one.reference.first + timedelta(hours=n) for n in (fault.first, fault.end))
    if fault.first == 0 and fault.end == one.reference.hours:
        return "in the whole span"
    return f"from about {first:%Y-%m-%d %H:00} to {end:%Y-%m-%d %H:00}"
