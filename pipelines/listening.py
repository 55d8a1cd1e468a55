"""The way to the live feeds, for one run: which streams are heard where, about which subjects."""

import platform
import re
from collections.abc import Sequence
from datetime import date

from pipelines.extract.catalogue import CATALOGUE, STREAMS
from pipelines.extract.listening.collector import Place
from pipelines.extract.streams import Stream
from pipelines.sources import SOURCES
from pipelines.wanted import named_by
from pipelines.web import UnknownSourceError, Web


class NothingToHearError(Exception):
    """None of the sources has a public feed, or none can be heard now."""


def streams_of(sources: Sequence[str]) -> list[Stream]:
    """The feeds of these sources, or of all. Raises UnknownSourceError or NothingToHearError."""
    for source in sources:
        if source not in SOURCES:
            raise UnknownSourceError(f"no source {source!r}; there are {', '.join(SOURCES)}")
    found = [one for one in STREAMS.values() if not sources or one.source in sources]
    if not found:
        raise NothingToHearError(f"{', '.join(sources)}: no public feed of liquidations")
    return found


def places_of(web: Web, streams: Sequence[Stream]) -> tuple[list[Place], dict[str, str]]:
    """Where each stream is heard; and, by source, why streams that need a listing cannot be."""
    today = web.clock.now().date()
    silent: dict[str, str] = {}
    places = []
    for stream in streams:
        subjects: tuple[str, ...] = ()
        if stream.subjects_a_connection:
            subjects = _subjects(web, stream, today)
            if not any(map(stream.wants, subjects)):
                silent[stream.id] = f"the listing of {stream.source} names nothing to listen to"
                continue
        places.append(Place(stream, address(web, stream), subjects))
    return places, silent


def _subjects(web: Web, stream: Stream, today: date) -> tuple[str, ...]:
    """All that the source lists; asked for where no listing is held."""
    web.ask(CATALOGUE[f"{stream.source}/instruments"], [today])
    return named_by(web.house.raw, stream.source, "instruments")


def address(web: Web, stream: Stream) -> str:
    """Where the stream is heard: at its host, or where the market's replica stands in for it."""
    base = web.market.sockets.get(stream.host, f"wss://{stream.host}:{stream.port}")
    return base + stream.path


def own_name() -> str:
    """A collector's name where none is given: that of the machine."""
    return re.sub(r"[^A-Za-z0-9-]+", "-", platform.node()).strip("-")[:40] or "collector"
