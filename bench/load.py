"""Our load of a whole market's week, beside the floor, DuckDB by hand and pandas by hand."""

from pathlib import Path

from bench.child import PROJECT, in_turn
from bench.lines import Line, of_ratio, of_value
from bench.market import Market
from pipelines.lake import Lake
from pipelines.load.models import Model, in_order, read_all
from pipelines.load.warehouse import build

MODELS = PROJECT / "sql"
CONCERNED = ("core.candle_days", "core.open_interest_days", "core.liquidation_hours")


def ours(folder: str) -> dict[str, float]:
    """The three models and all that they read, with digests, order, comments and checks."""
    return _built(folder, _needed(read_all(MODELS), CONCERNED))


def ours_whole(folder: str) -> dict[str, float]:
    """Every model of the warehouse."""
    return _built(folder, read_all(MODELS))


def _built(folder: str, models: list[Model]) -> dict[str, float]:
    data = Path(folder)
    made = build(data / "warehouse.duckdb", Lake(data / "lake"), models)
    return {"rows": sum(made.rows[table] for table in CONCERNED), **made.seconds}


def _needed(models: list[Model], wanted: tuple[str, ...]) -> list[Model]:
    by_table = {model.table: model for model in models}
    found: set[str] = set()
    ahead = list(wanted)
    while ahead:
        table = ahead.pop()
        if table in by_table and table not in found:
            found.add(table)
            ahead += by_table[table].reads
    return in_order([by_table[table] for table in found])


def lines(market: Market, repeat: int) -> list[Line]:
    """All cases in turn, in processes of their own."""
    lake, floats = str(market.folder / "lake"), str(market.floats)
    by_hand = {"target": str(market.folder / "by_hand.duckdb")}
    ran = in_turn(
        {
            "load": ("bench.load:ours", {"folder": str(market.folder)}),
            "floor": ("bench.by_hand:floor", {"parquet": lake}),
            "duckdb": ("bench.by_hand:in_duckdb", {"parquet": lake, **by_hand}),
            "doubles": ("bench.by_hand:in_duckdb", {"parquet": floats, **by_hand}),
            "daily": ("bench.by_hand:in_pandas_by_day", {"floats": floats}),
            "pandas": ("bench.by_hand:in_pandas", {"floats": floats}),
            "whole": ("bench.load:ours_whole", {"folder": str(market.folder)}),
        },
        repeat,
    )
    load, whole = ran["load"], ran["whole"]
    return [
        of_ratio("load / floor: the same columns, scanned", load, ran["floor"], at_most=4),
        of_ratio("load / DuckDB by hand, decimals", load, ran["duckdb"], at_most=1.2),
        of_ratio("pandas by hand / load", ran["pandas"], load, at_least=4),
        of_ratio("pandas by hand, a day at a time / load", ran["daily"], load),
        of_ratio(
            "exact decimals: DuckDB by hand / the same on doubles", ran["duckdb"], ran["doubles"]
        ),
        of_ratio("all models / the three of the load", whole, load),
        of_value("peak memory of the load, MiB", load.peak_mib, load, at_most=1024),
        of_value("peak memory of all models, MiB", whole.peak_mib, whole, at_most=1024),
        of_value("peak memory of pandas, MiB", ran["pandas"].peak_mib, ran["pandas"]),
    ]
