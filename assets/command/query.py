"""``sql``: an analyst's question to the warehouse, read-only."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from assets.command import options as opt
from assets.command.failing import RefusedError
from assets.command.progress import OUT, say

SECONDS = Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds a query may take.")]
CSV = Annotated[bool, typer.Option("--csv", help="Print CSV.")]


def sql(
    query: Annotated[
        str | None, typer.Argument(help="One query; without it, read from the terminal.")
    ] = None,
    data: opt.DATA = None,
    timeout: SECONDS = 60.0,
    csv: CSV = False,
    debug: opt.DEBUG = False,
) -> None:
    """Ask the warehouse with SQL: read-only, time-limited, without access to anything else.

    Example: liqledger sql "select * from mart.weekly_totals"
    """
    house = opt.house_of(data)
    if not house.warehouse.exists():
        raise RefusedError(f"{house.warehouse} is not there; make it with: liqledger report")
    for text in [query] if query else iter(lambda: typer.prompt("sql", prompt_suffix="> "), "exit"):
        _answer(house.warehouse, house.lake.root, str(text), timeout, csv=csv)


def _answer(warehouse: Path, lake: Path, text: str, timeout: float, *, csv: bool) -> None:
    from pipelines.load.connection import analyst

    with analyst(warehouse, lake) as connection:
        answer = connection.query(text, seconds=timeout)
    if csv:
        typer.echo(answer.rows.write_csv(), nl=False)
        return
    with pl.Config(tbl_rows=60, tbl_cols=-1, tbl_width_chars=OUT.width, fmt_str_lengths=60):
        OUT.print(str(answer.rows), markup=False)
    say(f"{answer.rows.height} rows{', cut' if answer.is_cut else ''}")
