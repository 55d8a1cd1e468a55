"""``check``: verdicts on printed totals of liquidations."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assets.command import options as opt
from assets.command.failing import RefusedError
from assets.command.progress import say

if TYPE_CHECKING:
    from pipelines.reconcile.claims.claim import Told

FILE = Annotated[
    Path | None, typer.Option("--file", help="A CSV of claims; its columns: docs/claims.md.")
]


def check(
    claim: Annotated[
        str | None,
        typer.Argument(help="A claim in a line; without it and --file, the project's own ledger."),
    ] = None,
    file: FILE = None,
    data: opt.DATA = None,
    json: opt.JSON = False,
    debug: opt.DEBUG = False,
) -> None:
    """Judge published totals of liquidations by their own figures and by all that is held.

    Example: liqledger check "2.3B longs 7d 2025-11-07"
    """
    from pipelines.reconcile.claims.judging import judge
    from pipelines.reconcile.claims.ledger import ledger_now
    from pipelines.reconcile.claims.windows import held_windows
    from pipelines.reconcile.claims.writing import as_json

    ledger = ledger_now()
    told = _told(claim, file) or ledger
    judged = judge(told, held_windows(opt.house_of(data).lake, told), ledger)
    if json:
        typer.echo(as_json(judged))
        return
    for one in judged:
        say(f"{one.id}: {one.verdict.value}. {one.in_words}")


def _told(claim: str | None, file: Path | None) -> "Sequence[Told]":
    """The claims that were given; none where the ledger is meant. Raises RefusedError."""
    from pipelines.reconcile.claims.files import read_file
    from pipelines.reconcile.claims.sentence import read_sentence

    if claim is not None and file is not None:
        raise RefusedError("give a claim or --file, not both")
    try:
        if claim is not None:
            return [read_sentence(claim)]
        if file is not None and not (rows := read_file(file.read_bytes())):
            raise RefusedError(f"{file} holds no claim")
        return rows if file is not None else []
    except ValueError as error:
        raise RefusedError(f"{file}: {error}" if file else str(error)) from None
