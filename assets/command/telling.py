"""What the feeds that are listened to have said, told while it goes on."""

import asyncio
from collections.abc import Mapping

from pipelines.extract.listening.feed import Feed
from rich.live import Live
from rich.table import Table

from assets.command.progress import OUT, say


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
            for feed in feeds.values():
                say(line_of(feed, state_of(feed)))

    def last(self) -> None:
        for feed in self._feeds.values():
            say(line_of(feed, "stopped"))


def state_of(feed: Feed) -> str:
    return "live" if feed.is_live else "SILENT"


def line_of(feed: Feed, state: str) -> str:
    """A feed in one line."""
    told = feed.told
    return (
        f"{feed.id}: {state}, {told.frames} frames, {told.events} with events, "
        f"{told.minutes} whole minutes, {feed.connections} connections, {told.openings} openings"
    )


def table_of(feeds: Mapping[str, Feed]) -> Table:
    table = Table("feed", "state", "frames", "with events", "whole minutes", "connections")
    for feed in feeds.values():
        told = (feed.told.frames, feed.told.events, feed.told.minutes, feed.connections)
        table.add_row(feed.id, state_of(feed), *map(str, told))
    return table
