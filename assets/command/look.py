"""Commands that look: ``trace``, ``sources``, ``verify``, ``doctor``."""

from typing import Annotated

import polars as pl
import typer
from pipelines.clock import Clock
from pipelines.standing import Lacking, damages, examined, held_files, lacking, standing
from pipelines.trace import Origin
from pipelines.trace import trace as walked
from pipelines.weeks import Week
from rich.table import Table

from assets.command import options as opt
from assets.command.progress import OUT, say


def trace(
    week: opt.WEEK,
    key: Annotated[
        str, typer.Argument(help="Key of a number, as the page and report.json have it.")
    ],
    data: opt.DATA = None,
    debug: opt.DEBUG = False,
) -> None:
    """Walk a number of the page back to its rows and to the raw answers behind them.

    Example: liqledger trace 2022-W24 total.coinglass.long
    """
    trail = walked(opt.house_of(data), Week.parse(week), key)
    number, source = trail.number, trail.number.source
    say(f"{number.label}: {number.printed} ({number.exact or 'missing'} {number.unit})")
    say(f"{source.table}, {source.first_day} to {source.last_day}, {dict(source.filters)}")
    for table, rows in trail.rows.items():
        say(f"lake.{table}: {rows.height} rows")
        OUT.print(str(rows), markup=False)
    for origin in trail.origins:
        say(line_of(origin))


def line_of(origin: Origin) -> str:
    """An answer in one line: digest, when it was asked, the question, and where it is kept."""
    state = "intact" if origin.is_intact else "DAMAGED"
    asked = f"{origin.asked_at:%Y-%m-%dT%H:%M:%SZ} {origin.method} {origin.address}"
    return f"{origin.sha256} {asked} {origin.params} ({state}, {origin.file})"


ON = Annotated[
    str | None, typer.Option("--on", help="A UTC day: what could each feed have shown then?")
]
UNVERIFIED = Annotated[
    bool, typer.Option("--unverified", help="Also name what rests on nothing better than memory.")
]


def sources(
    on: ON = None,
    unverified: UNVERIFIED = False,
    data: opt.DATA = None,
    now: opt.NOW = None,
    json: opt.JSON = False,
    debug: opt.DEBUG = False,
) -> None:
    """List the sources: what each can and cannot give today, what is held, how much each feed shows.

    Example: liqledger sources --on 2023-01-01
    """
    day = opt.day_of(on) if on else None
    rows = standing(opt.house_of(data), Clock(now).now(), day)
    if json:
        typer.echo(rows.write_json())
        return
    OUT.print(table_of(rows))
    for one in lacking():
        _tell(one, unverified=unverified)


def _tell(one: Lacking, *, unverified: bool) -> None:
    """What a source does not give, and what of it rests on nothing better than memory."""
    for line in one.lacks:
        say(f"{one.source} lacks: {line}")
    if unverified:
        for line in one.unverified:
            say(f"{one.source}, unverified: {line}")
    elif one.unverified:
        say(f"{one.source}: {len(one.unverified)} statements unverified (--unverified names them)")


def table_of(rows: pl.DataFrame) -> Table:
    """A dataset a line."""
    table = Table(title="what each is about: docs/sources.md, or --json")
    for name in ("dataset", "key", "last day held", "days", "gives since", "shows", "read into"):
        table.add_column(name, no_wrap=name in ("dataset", "last day held"), overflow="fold")
    for source, dataset, *rest, _ in rows.iter_rows():
        table.add_row(f"{source}/{dataset}", *("" if cell is None else str(cell) for cell in rest))
    return table


def verify(data: opt.DATA = None, debug: opt.DEBUG = False) -> None:
    """Check the digest of everything that is kept, and say what is damaged.

    Example: liqledger verify
    """
    house = opt.house_of(data)
    found = list(damages(house))
    for line in found:
        say(line)
    say(f"{held_files(house)} files checked, {len(found)} damaged")
    if found:
        raise typer.Exit(1)


def doctor(data: opt.DATA = None, debug: opt.DEBUG = False) -> None:
    """Check what the work needs: versions, keys, folder, space, warehouse, instance.

    Example: liqledger doctor
    """
    table = Table("check", "state", "what to do")
    findings = list(examined(opt.house_of(data)))
    for one in findings:
        table.add_row(one.what, "good" if one.is_good else "BAD", one.advice)
    OUT.print(table)
    if not all(one.is_good or not one.is_needed for one in findings):
        raise typer.Exit(1)
