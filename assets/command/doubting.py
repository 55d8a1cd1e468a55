"""The command for whoever doubts a number: ``normalise``."""

import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from pipelines.normalise import by_hand
from pipelines.normalise.by_hand import Payload
from pipelines.normalise.engine import Rows
from pipelines.web import Web

from assets.command import options as opt
from assets.command.failing import RefusedError

SOURCE = Annotated[str, typer.Argument(help="Source, e.g. bybit.")]
DATASET = Annotated[str, typer.Argument(help="Dataset of the source, e.g. all_liquidation.")]
FILE = Annotated[
    str | None,
    typer.Argument(help="The answer, or - for standard input; default: what is kept of --day."),
]
DAY = Annotated[
    str | None,
    typer.Option("--day", help="UTC day: by its era, and its rows only. Default: the present era."),
]
LISTING = Annotated[
    list[str] | None,
    typer.Option(
        "--listing",
        help="An answer of its instruments, as FILE or FILE?category=linear; may be repeated.",
    ),
]
PARAM = Annotated[
    list[str] | None,
    typer.Option(
        "--param", help="A parameter of the question, as symbol=BTCUSDT; may be repeated."
    ),
]
ADDRESS = Annotated[
    str, typer.Option("--address", help="Address of the question, where it matters.")
]


def normalise(
    source: SOURCE,
    dataset: DATASET,
    file: FILE = None,
    day: DAY = None,
    param: PARAM = None,
    address: ADDRESS = "",
    listing: LISTING = None,
    data: opt.DATA = None,
    now: opt.NOW = None,
    debug: opt.DEBUG = False,
) -> None:
    """Print the canonical rows and the quarantine that are made of a payload, as JSON lines.

    Example: liqledger normalise bybit all_liquidation frames.jsonl --day 2025-03-01
    """
    readers = by_hand.readers_for(source, dataset)
    named = opt.day_of(day) if day else None
    with Web(opt.settings_of(data=data, now=now), opt.house_of(data), offline=True) as web:
        raw, as_of = web.house.raw, web.clock.now()
        payloads = (
            [Payload(_bytes(file), as_of, address, _params(param or []))]
            if file is not None
            else by_hand.kept(raw, source, dataset, _held_on(named), as_of)
        )
        listings = [_listing(text, as_of) for text in listing or []]
        for reader in readers:
            known = by_hand.known_by(reader, listings, raw, as_of)
            for payload in payloads:
                _print(by_hand.read(reader, payload, known, named))


def _held_on(day: date | None) -> date:
    if day is None:
        raise RefusedError("give a file, or - for standard input, or --day for what is kept")
    return day


def _listing(text: str, as_of: datetime) -> Payload:
    """A file, and behind a question mark the parameters of the question that it answered."""
    path, _, asked = text.partition("?")
    return Payload(_bytes(path), as_of, params=_params(asked.split("&") if asked else []))


def _print(rows: Rows) -> None:
    for line in by_hand.lines(rows):
        typer.echo(msgspec.json.encode(line).decode())


def _bytes(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def _params(pairs: Sequence[str]) -> dict[str, str]:
    """``symbol=BTCUSDT`` as a parameter."""
    found = {}
    for pair in pairs:
        name, mark, value = pair.partition("=")
        if not mark:
            raise RefusedError(f"{pair!r} is no parameter; write it as symbol=BTCUSDT")
        found[name] = value
    return found
