"""``liqledger``: the commands, and how each of them ends."""

import sys
from typing import Annotated

import typer

from assets.command import (
    checking,
    collecting,
    doubting,
    explaining,
    failing,
    look,
    making,
    query,
    serving,
    withdrawing,
)

app = typer.Typer(
    name="liqledger",
    help="What was liquidated, who says so, and why the sources disagree.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    making.report,
    making.backfill,
    making.reproduce,
    withdrawing.withdraw,
    checking.check,
    look.trace,
    explaining.explain,
    look.sources,
    look.verify,
    collecting.collect,
    doubting.normalise,
    query.sql,
    serving.replica,
    look.doctor,
):
    app.command()(command)


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(version("liquidation-ledger"))
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """What was liquidated, who says so, and why the sources disagree."""


def main() -> None:
    """Run a command; an error is one line and an exit code."""
    try:
        app()
    except (KeyboardInterrupt, Exception) as error:
        if failing.wants_debug():
            raise
        sys.exit(failing.told(error))


if __name__ == "__main__":
    main()
