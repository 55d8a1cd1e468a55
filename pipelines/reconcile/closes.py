"""Where a publisher's daily closes begin and end, by hourly closes of the same market."""

from datetime import date
from typing import Final

import polars as pl

from pipelines.reconcile.series.boundary import spells
from pipelines.tables import DAY_BOUNDARIES
from pipelines.tables.words import CandleKind

DAY_S: Final = 86_400
HOUR_S: Final = 3_600
MARKET: Final = ("source", "instrument_id", "coin")
COLUMNS: Final = (*MARKET, "interval_s", "time", "close")


def closes(candles: pl.DataFrame) -> pl.DataFrame:
    """Of rows of CANDLES: the last prices by hour and by day, in COLUMNS, of one feed a source."""
    return (
        candles.filter(
            pl.col("interval_s").is_in([HOUR_S, DAY_S]), pl.col("kind") == CandleKind.LAST
        )
        .sort("feed")
        .unique([*MARKET, "interval_s", "time"], keep="first", maintain_order=True)
        .select(COLUMNS)
    )


def day_boundaries(held: pl.DataFrame, monday: date) -> pl.DataFrame:
    """Rows of DAY_BOUNDARIES of closes that ``closes`` chose, of a season."""
    daily = _by_market(held.filter(pl.col("interval_s") == DAY_S))
    hourly = _by_market(held.filter(pl.col("interval_s") == HOUR_S))
    found = [
        spells(
            days.select(day=pl.col("time").dt.date(), value="close"),
            hours.select(hour="time", value="close"),
            sums=False,
        ).with_columns(
            source=pl.lit(source),
            instrument_id=pl.lit(instrument),
            coin=pl.lit(coin),
            hourly_source=pl.lit(other),
        )
        for (source, instrument, coin), days in daily.items()
        for (other, same, _), hours in hourly.items()
        if other != source and same == instrument
    ]
    if not found:
        return DAY_BOUNDARIES.empty()
    return (
        pl.concat(found)
        .with_columns(time=pl.lit(monday).cast(pl.Datetime("ms")).dt.replace_time_zone("UTC"))
        .select(DAY_BOUNDARIES.schema.names())
    )


def _by_market(rows: pl.DataFrame) -> dict[tuple[str, str, str], pl.DataFrame]:
    parts = rows.sort(*MARKET, "time").partition_by(MARKET, as_dict=True)
    return {(str(key[0]), str(key[1]), str(key[2])): part for key, part in parts.items()}
