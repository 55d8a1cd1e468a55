"""Every order that the venues' own feeds told, by the hour: what publishers' sums are held against."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.reconcile.tellings.telling import HOUR_S, Telling

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
ANY_MARGIN: Final = "any"
POSITIONS: Final = ("long", "short")  # a market's two rows, in this order
HOUR: Final = timedelta(hours=1)
TWINS: Final = 0.45  # of an hour's dollars in rows that repeat another: all of it counts twice
WHOLE: Final = 0.999  # of an hour that was heard
SERIES: Final = ("venue", "coin", "margin", "position")


@dataclass(frozen=True, slots=True)
class Reference:
    """``series`` has SERIES, two rows a market, one for each row of the arrays, which are (series,
    hours): dollars, dollars with stable coins at one, coins (nan where not counted), and whether
    the hour was heard whole. ``names`` are the tellings that it is made of.
    """

    series: pl.DataFrame
    usd: Floats
    par_usd: Floats
    coins: Floats
    known: Flags
    first: datetime
    names: tuple[str, ...]

    @property
    def hours(self) -> int:
        return int(self.usd.shape[1])

    @property
    def venues(self) -> frozenset[str]:
        return frozenset(self.series["venue"])


def reference_of(tellings: Iterable[Telling]) -> Reference | None:
    """Of tellings of single orders over one span; None where there is none.

    Of a venue that several tell, the one that names the most dollars speaks. Hours in which every
    row is there twice count once.
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
    names = tuple(sorted({one.name for one in spoken.values()}))
    return Reference(
        series, usd, np.where(np.isnan(par_usd), usd, par_usd), coins, known, first, names
    )


def _speakers(tellings: Iterable[Telling]) -> dict[str, Telling]:
    best: dict[str, tuple[Any, str, Telling]] = {}
    for one in tellings:
        if one.interval_s != HOUR_S or one.cells["rows"].null_count():
            continue
        sums = one.cells.group_by("venue").agg(pl.col("usd").sum()).sort("venue")
        for venue, usd in sums.iter_rows():
            if venue not in best or (usd, one.name) > best[venue][:2]:
                best[venue] = (usd, one.name, one)
    return {venue: one for venue, (_, _, one) in sorted(best.items())}


def _once(cells: pl.DataFrame) -> pl.DataFrame:
    usd, twins = (pl.col(name).cast(pl.Float64).fill_null(0.0) for name in ("usd", "twin_usd"))
    left = pl.when(twins >= TWINS * usd).then(1 - twins / usd).otherwise(1.0)
    scaled = [(pl.col(n).cast(pl.Float64) * left).alias(n) for n in ("usd", "par_usd", "coins")]
    return cells.filter(pl.col("usd") > 0).select(*SERIES, "time", *scaled)


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
        if one.held is None:
            continue
        held = one.held.filter(pl.col("venue") == venue, pl.col("share") >= WHOLE).with_columns(
            hour=(pl.col("time") - pl.lit(first)).dt.total_hours()
        )
        within = held.filter(pl.col("hour").is_between(0, hours - 1))
        met = rows.join(within, on="coin")
        known[rows["row"].to_numpy()] = False
        known[met["row"].to_numpy(), met["hour"].to_numpy()] = True
    return known
