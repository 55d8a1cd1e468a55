"""Options that several commands share, and the settings that they make."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pipelines.clock import instant
from pipelines.house import House
from pipelines.settings import Settings

from assets.command.failing import RefusedError


def _instant(text: str) -> datetime:
    try:
        return instant(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no instant; write 2026-11-18T06:00:00Z") from None


def day_of(text: str) -> date:
    """A UTC day. Raises RefusedError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RefusedError(f"{text!r} is no day; write it as 2022-06-13") from None


DATA = Annotated[
    Path | None, typer.Option("--data", help="Folder that holds everything [LIQLEDGER_DATA].")
]
MARKET = Annotated[
    str | None,
    typer.Option(
        "--market",
        help="live, recorded:DIR or simulated[:SEED]; default: the folder's own, else live.",
    ),
]
SIZE = Annotated[
    str | None, typer.Option("--size", help="Size of a simulated market: small, full or wide.")
]
NOW = Annotated[
    datetime | None,
    typer.Option("--now", parser=_instant, help="Set the clock, e.g. 2026-11-18T06:00:00Z."),
]
AS_OF = Annotated[
    datetime | None,
    typer.Option("--as-of", parser=_instant, help="Use only answers that had been kept by then."),
]
COINS = Annotated[
    str | None, typer.Option("--coins", help="Only these coins: BTC,ETH. Default: all.")
]
SOURCES = Annotated[
    str | None,
    typer.Option("--sources", help="Only these sources: coinglass,bybit. Default: all."),
]
DEBUG = Annotated[bool, typer.Option("--debug", help="Show tracebacks and Dagster's log.")]
JSON = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
WEEK = Annotated[str, typer.Argument(help="ISO week, e.g. 2022-W24.")]


def settings_of(**given: Any) -> Settings:
    """Settings with the options that were given on the command line over all else."""
    return Settings(**{name: value for name, value in given.items() if value is not None})


def house_of(data: Path | None) -> House:
    return House(settings_of(data=data).data.resolve())
