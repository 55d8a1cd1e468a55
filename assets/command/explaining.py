"""``explain``: why two sources differ over a week."""

from decimal import Decimal
from typing import Annotated

import msgspec
import polars as pl
import typer
from pipelines.reconcile.gap.asked import two
from pipelines.reconcile.gap.explain import dollars_of
from pipelines.reconcile.gap.explain import explain as parts_between
from pipelines.reconcile.gap.scope import listed
from pipelines.reconcile.tellings.telling import Telling
from pipelines.reconcile.tellings.voices import alone, voices
from pipelines.reconcile.told import told_of
from pipelines.report.figures import rounded
from pipelines.weeks import Week
from rich.table import Table

from assets.command import options as opt
from assets.command.failing import RefusedError
from assets.command.progress import OUT, say

NAME = "a source, or one venue of it: coinglass, coinalyze:binance."
FIRST = Annotated[str, typer.Argument(metavar="A", help=f"The first: {NAME}")]
SECOND = Annotated[str, typer.Argument(metavar="B", help=f"The second: {NAME}")]
OF_WEEK = Annotated[str, typer.Option("--week", help="ISO week, e.g. 2022-W24.")]
COIN = Annotated[str | None, typer.Option("--coin", help="This coin alone: BTC. Default: all.")]
SIDE = Annotated[str | None, typer.Option("--side", help="long or short alone. Default: both.")]


def explain(
    first: FIRST,
    second: SECOND,
    week: OF_WEEK,
    coin: COIN = None,
    side: SIDE = None,
    data: opt.DATA = None,
    json: opt.JSON = False,
    debug: opt.DEBUG = False,
) -> None:
    """Split the gap between two sources into causes that add up to it, to the cent.

    Example: liqledger explain coinglass coinalyze --week 2022-W24 --coin BTC
    """
    if side not in (None, "long", "short"):
        raise RefusedError(f"{side!r} is no side; write long or short")
    asked = Week.parse(week)
    told = told_of(opt.house_of(data).lake, asked.monday, asked.sunday)
    spoken = voices(told, asked)
    a, b = two(spoken, first, second, asked)
    known = sorted({*a.cells["coin"], *b.cells["coin"]})
    if coin is not None and coin not in known:
        raise RefusedError(
            f"neither tells of {coin!r} in {asked.name}; they tell of: {_few(known)}"
        )
    parts = parts_between(a, b, beside=alone(spoken), coin=coin, position=side)
    totals = [dollars_of(one, coin, side) for one in (a, b)]
    if json:
        typer.echo(_json(a, b, totals, parts, week=asked.name, coin=coin, side=side))
        return
    scope = " ".join([coin or "all coins", f"{side}s" if side else "longs and shorts"])
    _print(a, b, totals, parts, f"{asked.name}, {scope}")


def _few(names: list[str]) -> str:
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def _print(a: Telling, b: Telling, totals: list[Decimal], parts: pl.DataFrame, title: str) -> None:
    gap = totals[0] - totals[1]
    table = Table("", "USD", "of the gap", "what it rests on", title=title)
    table.columns[1].justify = table.columns[2].justify = "right"
    table.add_row(a.name, rounded(totals[0], 2), "", listed(list(a.venues)))
    table.add_row(b.name, rounded(totals[1], 2), "", listed(list(b.venues)))
    table.add_row("gap", rounded(gap, 2), "", f"{a.name} less {b.name}", end_section=True)
    for cause, part, is_estimated, evidence in parts.iter_rows():
        name = f"{cause} (estimated)" if is_estimated else cause
        share = f"{rounded(part / gap * 100, 1)} %" if gap else ""
        table.add_row(name, rounded(part, 2), share, evidence)
    OUT.print(table)
    whole = parts["part_usd"].to_list()
    say(f"the parts add up to {rounded(sum(whole, Decimal(0)), 2)}, which is the gap")


def _json(
    a: Telling, b: Telling, totals: list[Decimal], parts: pl.DataFrame, **scope: str | None
) -> str:
    told = {
        **scope,
        "a": {"name": a.name, "venues": a.venues, "usd": str(totals[0])},
        "b": {"name": b.name, "venues": b.venues, "usd": str(totals[1])},
        "gap_usd": str(totals[0] - totals[1]),
        "parts": [
            {**row, "part_usd": f"{row['part_usd']:.2f}"} for row in parts.iter_rows(named=True)
        ],
    }
    return msgspec.json.format(msgspec.json.encode(told)).decode()
