"""How the sources of one number disagree over a season: one row for each pair, coin and side."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from pipelines.reconcile.compare import pairs, rank_correlation
from pipelines.reconcile.hours import Hours
from pipelines.reconcile.series.agreement import agreement
from pipelines.reconcile.series.boundary import spells_of
from pipelines.reconcile.series.lag import lag_scan
from pipelines.reconcile.series.logs import LEAST_DAYS, Logs, logs_at
from pipelines.reconcile.series.ratio import unit_factor
from pipelines.tables import AGREEMENTS
from pipelines.tables.words import Position

PAIR: Final = ("coin", "position", "source_a", "venue_a", "source_b", "venue_b")
Row = dict[str, Any]


def agreements(
    views: pl.DataFrame, hours: Hours, contracts: pl.DataFrame, monday: date
) -> pl.DataFrame:
    """Rows of AGREEMENTS for each pair of ``views`` (of a season) with a day in common.

    ``hours`` are the hourly figures that are held, and ``contracts`` what contract_sizes found.
    """
    days = pairs(views)
    met = days.filter(pl.col("in_both").any().over(PAIR))
    if met.is_empty():
        return AGREEMENTS.empty()
    counted = _counted(met)
    sizes: dict[str, list[float]] = dict(
        contracts.unique().group_by("coin").agg("size").iter_rows()
    )
    statistics = [
        _statistics(logs, sizes.get(cell["coin"], ())) | _boundary(cell, hours)
        for cell, logs in zip(counted.iter_rows(named=True), _series(met), strict=True)
    ]
    types = {name: AGREEMENTS.schema[name] for name in statistics[0]}
    return (
        counted.hstack(pl.DataFrame(statistics, schema=types))
        .with_columns(
            time=pl.lit(monday).cast(pl.Datetime("ms")).dt.replace_time_zone("UTC"),
            position=pl.col("position").cast(pl.Enum(Position)),
        )
        .select(AGREEMENTS.schema.names())
    )


def contract_sizes(instruments: pl.DataFrame) -> pl.DataFrame:
    """``coin, size``: coins that a contract or a base unit of its markets holds, if not one."""
    sizes = instruments.select(
        "coin", size=pl.concat_list(pl.col("contract_size", "coins_per_base").cast(pl.Float64))
    ).explode("size", empty_as_null=False, keep_nulls=False)
    return sizes.filter(pl.col("size") > 0, pl.col("size") != 1).unique().sort("coin", "size")


def _counted(met: pl.DataFrame) -> pl.DataFrame:
    both = pl.col("in_both")
    day = pl.col("day").filter(both)
    zero = both & ((pl.col("a") == 0) | (pl.col("b") == 0))
    count = AGREEMENTS.schema["days_both"]
    return met.group_by(PAIR, maintain_order=True).agg(
        *(
            pl.col(f"scope_{side}").drop_nulls().unique().sort().str.join("; ")
            for side in ("a", "b")
        ),
        day.min().alias("first_day"),
        day.max().alias("last_day"),
        both.sum().cast(count).alias("days_both"),
        (pl.col("a").is_not_null() & ~both).sum().cast(count).alias("days_only_a"),
        (pl.col("b").is_not_null() & ~both).sum().cast(count).alias("days_only_b"),
        zero.sum().cast(count).alias("days_zero"),
        rank_correlation(both, LEAST_DAYS),
    )


def _series(met: pl.DataFrame) -> Iterator[Logs]:
    """Of each pair, in the order of the rows."""
    day = met["day"].to_physical().cast(pl.Int64).to_numpy()
    a, b = (met[side].cast(pl.Float64).fill_null(np.nan).to_numpy() for side in ("a", "b"))
    ends = np.cumsum(met.group_by(PAIR, maintain_order=True).len()["len"].to_numpy())
    for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True):
        yield logs_at(day[start:end], a[start:end], b[start:end])


def _statistics(logs: Logs, multipliers: Sequence[float]) -> Row:
    found = agreement(logs)
    last = found.breaks[-1] if found.breaks else None
    return {
        "days_compared": found.days,
        "refused": found.refused,
        "mean_log_ratio": found.mean_log_ratio,
        "limit_low": found.low,
        "limit_high": found.high,
        "slope": found.slope,
        "slope_se": found.slope_se,
        "has_slope": found.has_slope if found.refused is None else None,
        "unexplained_sd": found.unexplained_sd,
        "concordance": found.concordance,
        "best_lag_days": lag_scan(logs).days,
        "level_break_day": last and last.day,
        "level_break_step": last and last.step,
        "level_break_chance": last and last.chance,
        "unit_factor": unit_factor(logs, multipliers),
    }


def _boundary(cell: Row, hours: Hours) -> Row:
    """The latest spell of the one's days beside hours of the other, where it is plain."""
    found: Row = {
        "boundary_source": None,
        "boundary_offset_h": None,
        "boundary_days": None,
        "boundary_days_best": None,
    }
    for one, other in ("ab", "ba"):
        days, by_hour = hours.days_of(cell, one), hours.hours_of(cell, other)
        if days is None or by_hour is None:
            continue
        compared = spells_of(days, by_hour, sums=True)
        if compared:
            last = compared[-1]
            found["boundary_source"] = cell[f"source_{one}"]
            if last.is_asserted:
                found["boundary_offset_h"] = last.offset_h
                found["boundary_days"] = last.days
                found["boundary_days_best"] = last.days_best
            break
    return found
