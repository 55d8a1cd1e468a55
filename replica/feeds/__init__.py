"""Live feeds of liquidations, as each venue's socket speaks: one module a venue.

A module names its ``FEEDS``. They are played over sockets (``replica.sockets``), and written down
as a collector would have written them (``replica.captures``).
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from replica.feeds.feed import Feed


def found() -> Iterator[Feed]:
    """Every feed, in the order of the modules' names."""
    for module in iter_modules(__path__):
        yield from getattr(import_module(f"{__name__}.{module.name}"), "FEEDS", ())
