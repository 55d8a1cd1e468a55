"""The command that listens: ``collect``."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer
from pipelines.extract.listening.collector import Collector
from pipelines.extract.listening.feed import Feed
from pipelines.house import House
from pipelines.listening import own_name, places_of, streams_of
from pipelines.web import Web
from rich.live import Live
from rich.table import Table

from assets.command import options as opt
from assets.command.failing import RefusedError
from assets.command.progress import OUT, say

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
    house = House(settings.data.resolve())
    with Web(settings, house) as web:
        places, silent = places_of(web, streams)
        for stream, why in silent.items():
            say(f"{stream} is not heard: {why}")
        if not places:
            raise RefusedError("nothing can be heard")
        with Telling(tell_every) as telling:
            asyncio.run(
                Collector(
                    settings.captures or house.captures,
                    name or own_name(),
                    places,
                    web.clock,
                    say,
                    telling,
                    quiet_after,
                ).run()
            )
            telling.last()
    say("stopped; what was heard is kept")


class Telling:
    """What the feeds have said: a table on a terminal, a line now and then elsewhere."""

    def __init__(self, every_s: float) -> None:
        self._every_s, self._due_s = every_s, 0.0
        self._feeds: Mapping[str, Feed] = {}
        self._live = Live(console=OUT, auto_refresh=False) if OUT.is_terminal else None

    def __enter__(self) -> "Telling":
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def __call__(self, feeds: Mapping[str, Feed]) -> None:
        now_s = asyncio.get_running_loop().time()
        self._feeds = feeds
        if now_s < self._due_s:
            return
        self._due_s = now_s + (1.0 if self._live else self._every_s)
        if self._live:
            self._live.update(table_of(feeds), refresh=True)
        else:
            self.last()

    def last(self) -> None:
        for feed in self._feeds.values():
            say(line_of(feed))


def line_of(feed: Feed) -> str:
    """A feed in one line."""
    told, state = feed.told, "live" if feed.is_live else "SILENT"
    return (
        f"{feed.id}: {state}, {told.frames} frames, {told.events} with events, "
        f"{told.minutes} whole minutes, {feed.connections} connections, {told.openings} openings"
    )


def table_of(feeds: Mapping[str, Feed]) -> Table:
    table = Table("feed", "state", "frames", "with events", "whole minutes", "connections")
    for feed in feeds.values():
        state = "live" if feed.is_live else "SILENT"
        told = (feed.told.frames, feed.told.events, feed.told.minutes, feed.connections)
        table.add_row(feed.id, state, *map(str, told))
    return table
