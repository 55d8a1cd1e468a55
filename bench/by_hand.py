"""The same three aggregations as somebody would write them without this project.

In DuckDB over whichever Parquet is named, decimals or doubles, with the fastest form of the day
and hour that we know. In pandas on doubles, which are spared a sort, since the files are sorted.
"""

from pathlib import Path

import duckdb
import pandas as pd

CANDLES = (
    *("time", "source", "venue", "coin", "instrument_id", "kind", "interval_s", "feed"),
    *("open", "high", "low", "close", "volume_coins", "turnover_usd"),
)
OPEN_INTEREST = (
    *("time", "source", "venue", "coin", "instrument_id", "scope", "interval_s", "feed"),
    *("open_interest_coins", "open_interest_usd", "usd_basis"),
)
LIQUIDATIONS = (
    *("time", "source", "venue", "coin", "position", "feed", "coverage", "usd_basis"),
    *("notional_usd", "size_coins", "asked_at"),
)
READ = {"candles": CANDLES, "open_interest": OPEN_INTEREST, "liquidations": LIQUIDATIONS}

CANDLE_DAYS = """
    select
        epoch_ms(time) // 86400000 as day, instrument_id, kind, interval_s, feed,
        any_value(source) as source, any_value(venue) as venue, any_value(coin) as coin,
        arg_min(open, time) as open, max(high) as high, min(low) as low,
        arg_max(close, time) as close,
        sum(volume_coins) as volume_coins, sum(turnover_usd) as turnover_usd,
        count(*) as candles,
        bit_or(1 << cast(epoch_ms(time) // 3600000 % 24 as integer)) as hours,
        max(time) as last_time
    from {candles} group by all
"""
OPEN_INTEREST_DAYS = """
    select
        epoch_ms(time) // 86400000 as day, feed, scope, coin, interval_s,
        any_value(source) as source, any_value(venue) as venue,
        any_value(instrument_id) as instrument_id,
        arg_max(open_interest_coins, time) as coins, arg_max(open_interest_usd, time) as usd,
        arg_max(usd_basis, time) as basis,
        count(*) as readings,
        bit_or(1 << cast(epoch_ms(time) // 3600000 % 24 as integer)) as hours,
        max(time) as last_time
    from {open_interest} group by all
"""
LIQUIDATION_HOURS = """
    select
        epoch_ms(time) // 3600000 as hour, source, venue, coin, position,
        min(feed) as feed_first, max(feed) as feed_last,
        min(coverage) as coverage, max(usd_basis) as basis,
        sum(notional_usd) as usd, sum(size_coins) as coins,
        count(*) as events, count(notional_usd) as events_with_usd, max(asked_at) as asked_at
    from {liquidations} group by all
"""
QUERIES = {
    "candles": CANDLE_DAYS,
    "open_interest": OPEN_INTEREST_DAYS,
    "liquidations": LIQUIDATION_HOURS,
}


def in_duckdb(parquet: str, target: str) -> None:
    """Three tables in a DuckDB file. The same two threads as ours, and no limit of memory."""
    Path(target).unlink(missing_ok=True)
    with duckdb.connect(target) as connection:
        connection.execute("set TimeZone = 'UTC'; set threads = 2")
        connection.execute("set preserve_insertion_order = false")
        for name, query in QUERIES.items():
            files = f"read_parquet('{parquet}/{name}/day=*/*.parquet', hive_partitioning = false)"
            connection.execute(f"create table {name} as {query.format(**{name: files})}")


def floor(parquet: str) -> None:
    """The columns that the load reads, read; a count would come from the files' statistics."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'; set threads = 2")
        for name, columns in READ.items():
            files = f"read_parquet('{parquet}/{name}/day=*/*.parquet', hive_partitioning = false)"
            values = ", ".join(f"any_value({column})" for column in columns)
            connection.execute(f"select {values} from {files}").fetchall()


def in_pandas(floats: str) -> dict[str, float]:
    """Three frames, each table read at once, as it is mostly written."""
    tables = {name: sorted(Path(floats, name).glob("day=*/*.parquet")) for name in READ}
    return {"rows": sum(len(_pandas(name, files)) for name, files in tables.items())}


def in_pandas_by_day(floats: str) -> dict[str, float]:
    """The same a day at a time, by somebody who knows how the files are cut."""
    tables = {name: sorted(Path(floats, name).glob("day=*/*.parquet")) for name in READ}
    made = {n: pd.concat([_pandas(n, [f]) for f in files]) for n, files in tables.items()}
    return {"rows": sum(len(rows) for rows in made.values())}


def _pandas(name: str, files: list[Path]) -> pd.DataFrame:
    rows = pd.read_parquet(files, columns=list(READ[name]))
    match name:
        case "candles":
            return _candle_days(rows)
        case "open_interest":
            return _open_interest_days(rows)
    return _liquidation_hours(rows)


def _candle_days(rows: pd.DataFrame) -> pd.DataFrame:
    rows["day"], rows["hours"] = rows["time"].dt.floor("D"), rows["time"].dt.hour
    grouped = rows.groupby(
        ["day", "instrument_id", "kind", "interval_s", "feed"], observed=True, sort=False
    )
    return grouped.agg(
        source=("source", "first"),
        venue=("venue", "first"),
        coin=("coin", "first"),
        open=("open", "first"),
        high=("high", "max"),
        low=("low", "min"),
        close=("close", "last"),
        volume_coins=("volume_coins", "sum"),
        turnover_usd=("turnover_usd", "sum"),
        candles=("close", "size"),
        hours=("hours", "nunique"),
        last_time=("time", "max"),
    )


def _open_interest_days(rows: pd.DataFrame) -> pd.DataFrame:
    rows["day"], rows["hours"] = rows["time"].dt.floor("D"), rows["time"].dt.hour
    grouped = rows.groupby(
        ["day", "feed", "scope", "coin", "interval_s"], observed=True, sort=False
    )
    return grouped.agg(
        source=("source", "first"),
        venue=("venue", "first"),
        instrument_id=("instrument_id", "first"),
        coins=("open_interest_coins", "last"),
        usd=("open_interest_usd", "last"),
        basis=("usd_basis", "last"),
        readings=("time", "size"),
        hours=("hours", "nunique"),
        last_time=("time", "max"),
    )


def _liquidation_hours(rows: pd.DataFrame) -> pd.DataFrame:
    rows["hour"] = rows["time"].dt.floor("h")
    grouped = rows.groupby(
        ["hour", "source", "venue", "coin", "position"], observed=True, sort=False
    )
    return grouped.agg(
        feed_first=("feed", "min"),
        feed_last=("feed", "max"),
        coverage=("coverage", "first"),
        basis=("usd_basis", "first"),
        usd=("notional_usd", "sum"),
        coins=("size_coins", "sum"),
        events=("time", "size"),
        events_with_usd=("notional_usd", "count"),
        asked_at=("asked_at", "max"),
    )
