"""Every order that the venues' own feeds told, by the hour: what publishers' sums are held against."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.reconcile.tellings.telling import HOUR_S, Telling

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
ANY_MARGIN: Final = "any"
POSITIONS: Final = ("long", "short")  # a market's two rows, in this order
HOUR: Final = timedelta(hours=1)
# An hour of a venue counts twice where so much of its dollars is in rows that repeat another, in so
# many hours: equal orders of one instant do happen.
TWINS: Final = 0.45
LEAST_TWIN_HOURS: Final = 3
WHOLE: Final = 0.999  # of an hour that was heard
SERIES: Final = ("venue", "coin", "margin", "position")
RULES: Final = ("largest", "latest")


@dataclass(frozen=True, slots=True)
class Reference:
    """``series`` has SERIES, two rows a market, one for each row of the arrays, which are (series,
    hours): dollars, dollars with stable coins at one, coins (nan where not counted), and whether
    the hour was heard whole. ``shown`` is, by the rule of a feed of one order a second, the share
    of the dollars that it would have shown (1 where that is not known). ``speakers`` names the
    telling of each venue.
    """

    series: pl.DataFrame
    usd: Floats
    par_usd: Floats
    coins: Floats
    known: Flags
    first: datetime
    speakers: dict[str, str]
    shown: dict[str, Floats]

    @property
    def names(self) -> tuple[str, ...]:
        """The tellings that it is made of."""
        return tuple(sorted(set(self.speakers.values())))

    @property
    def hours(self) -> int:
        return int(self.usd.shape[1])

    @property
    def venues(self) -> frozenset[str]:
        return frozenset(self.series["venue"])


def reference_of(tellings: Iterable[Telling]) -> Reference | None:
    """Of tellings of single orders over one span; None where there is none.

    Of a venue that several tell, the one that was there for most hours speaks, then the one with
    the fewest twins. Hours in which every row is there twice count once.
    """
    spoken = _speakers(tellings)
    if not spoken:
        return None
    span = {(one.first, one.end) for one in spoken.values()}
    first, end = min(start for start, _ in span), max(stop for _, stop in span)
    hours = round((end - first) / HOUR)
    cells = pl.concat(
        [_once(one.cells.filter(pl.col("venue") == venue)) for venue, one in spoken.items()]
    ).with_columns(
        pl.col("margin").fill_null(ANY_MARGIN),
        hour=(pl.col("time") - pl.lit(first)).dt.total_hours(),
    )
    markets = cells.select("venue", "coin", "margin").unique().sort("venue", "coin", "margin")
    series = markets.join(pl.DataFrame({"position": POSITIONS}), how="cross")
    placed = cells.join(series.with_row_index("row"), on=list(SERIES))
    usd, par_usd, coins = (
        _grid(placed, name, series.height, hours) for name in ("usd", "par_usd", "coins")
    )
    known = _known(series, spoken, first, hours)
    speakers = {venue: one.name for venue, one in spoken.items()}
    par_usd = np.where(np.isnan(par_usd), usd, par_usd)
    shown = {
        rule: _share(_grid(placed, f"{rule}_usd", series.height, hours), usd) for rule in RULES
    }
    return Reference(series, usd, par_usd, coins, known, first, speakers, shown)


def _share(part: Floats, whole: Floats) -> Floats:
    known = ~np.isnan(part) & (whole > 0)
    share: Floats = np.divide(part, whole, out=np.ones_like(whole), where=known)
    return np.minimum(share, 1.0)


def _speakers(tellings: Iterable[Telling]) -> dict[str, Telling]:
    best: dict[str, tuple[tuple[float, float, str], Telling]] = {}
    for one in tellings:
        if one.interval_s != HOUR_S or one.cells["rows"].null_count():
            continue
        for venue in one.cells["venue"].unique().sort():
            rank = (-_hours_held(one, venue), _twins_in(one, venue), one.name)
            if venue not in best or rank < best[venue][0]:
                best[venue] = (rank, one)
    return {venue: one for venue, (_, one) in sorted(best.items())}


def _hours_held(one: Telling, venue: str) -> float:
    """Of all coins together; all of the span where nobody says."""
    if one.held is None:
        return (one.end - one.first) / HOUR
    held = one.held.filter(pl.col("venue") == venue)
    return float(held["share"].sum()) / max(held["coin"].n_unique(), 1)


def _twins_in(one: Telling, venue: str) -> float:
    sums = one.cells.filter(pl.col("venue") == venue).select(
        pl.col("twin_usd", "usd").cast(pl.Float64).sum()
    )
    twins, usd = sums.row(0)
    return float(twins / usd) if usd else 0.0


def twin_hours(cells: pl.DataFrame) -> pl.DataFrame:
    """``venue, time`` of the hours of a venue that count twice, in all of its markets."""
    hours = cells.group_by("venue", "time").agg(
        pl.col("usd", "twin_usd").cast(pl.Float64).fill_null(0.0).sum()
    )
    twice = hours.filter(pl.col("usd") > 0, pl.col("twin_usd") >= TWINS * pl.col("usd"))
    enough = twice.filter(pl.len().over("venue") >= LEAST_TWIN_HOURS)
    return enough.select("venue", "time").sort("venue", "time")


def _once(cells: pl.DataFrame) -> pl.DataFrame:
    twice = twin_hours(cells).with_columns(is_twice=pl.lit(value=True))
    marked = cells.join(twice, on=["venue", "time"], how="left", maintain_order="left")
    usd, twins = (pl.col(name).cast(pl.Float64).fill_null(0.0) for name in ("usd", "twin_usd"))
    left = pl.when("is_twice").then(1 - twins / usd).otherwise(1.0)
    scaled = [(pl.col(n).cast(pl.Float64) * left).alias(n) for n in ("usd", "par_usd", "coins")]
    shown = [pl.col(f"{rule}_usd").cast(pl.Float64) for rule in RULES]
    return marked.filter(pl.col("usd") > 0).select(*SERIES, "time", *scaled, *shown)


def _grid(placed: pl.DataFrame, name: str, series: int, hours: int) -> Floats:
    grid = np.zeros((series, hours))
    inside = placed.filter(pl.col("hour").is_between(0, hours - 1))
    values = inside[name].cast(pl.Float64).to_numpy()
    np.add.at(grid, (inside["row"].to_numpy(), inside["hour"].to_numpy()), values)
    return grid


def _known(series: pl.DataFrame, spoken: dict[str, Telling], first: datetime, hours: int) -> Flags:
    known = np.ones((series.height, hours), bool)
    for venue, one in spoken.items():
        rows = series.with_row_index("row").filter(pl.col("venue") == venue)
        of_venue = rows["row"].to_numpy()
        known[of_venue, : max(round((one.first - first) / HOUR), 0)] = False
        known[of_venue, round((one.end - first) / HOUR) :] = False
        if one.held is None:
            continue
        held = one.held.filter(pl.col("venue") == venue, pl.col("share") >= WHOLE).with_columns(
            hour=(pl.col("time") - pl.lit(first)).dt.total_hours()
        )
        within = held.filter(pl.col("hour").is_between(0, hours - 1))
        met = rows.join(within, on="coin")
        known[of_venue] = False
        known[met["row"].to_numpy(), met["hour"].to_numpy()] = True
    return known
