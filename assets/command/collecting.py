"""The command that listens: ``collect``."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer
from pipelines.extract.listening.collector import Collector, Place
from pipelines.house import House
from pipelines.listening import own_name, places_of, streams_of
from pipelines.web import Web

from assets.command import options as opt
from assets.command.failing import RefusedError
from assets.command.progress import say
from assets.command.telling import Telling

SOURCES = Annotated[
    list[str] | None, typer.Argument(help="Sources to listen to; default: all with a feed.")
]
NAME = Annotated[
    str | None, typer.Option("--name", help="Name of this collector; default: the machine's.")
]
QUIET = Annotated[
    float | None,
    typer.Option(
        "--quiet-after", help="Seconds without a sign of life until a feed is dead.", min=0.1
    ),
]
EVERY = Annotated[
    float, typer.Option("--tell-every", help="Seconds between two lines of progress.", min=0.1)
]


def collect(
    sources: SOURCES = None,
    name: NAME = None,
    market: opt.MARKET = None,
    data: opt.DATA = None,
    now: opt.NOW = None,
    size: opt.SIZE = None,
    quiet_after: QUIET = None,
    tell_every: EVERY = 60.0,
    debug: opt.DEBUG = False,
) -> None:
    """Listen to public liquidation feeds and keep every frame, until stopped.

    Example: liqledger collect binance bybit --data data
    """
    settings = opt.settings_of(market=market, data=data, now=now, size=size)
    streams = streams_of(sources or [])
    with Web(settings, House(settings.data.resolve())) as web:
        places, silent = places_of(web, streams)
        for stream, why in silent.items():
            say(f"{stream} is not heard: {why}")
        if not places:
            raise RefusedError("nothing can be heard")
        _listen(web, places, name or own_name(), quiet_after, tell_every)
    say("stopped; what was heard is kept")


def _listen(
    web: Web,
    places: Sequence[Place],
    name: str,
    quiet_after_s: float | None,
    tell_every_s: float,
) -> None:
    with Telling(tell_every_s) as telling:
        collector = Collector(web.captures, name, places, web.clock, say, telling, quiet_after_s)
        asyncio.run(collector.run())
        telling.last()
