"""Made once, kept while there is room; safe for the threads of a server."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import RLock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


class Shelf(Generic[Key, Thing]):
    """The things used longest ago make room."""

    def __init__(self, make: Callable[[Key], Thing], room: int) -> None:
        self._make = make
        self._room = room
        self._things: OrderedDict[Key, Thing] = OrderedDict()
        # Held while making, so that two requests do not make the same thing twice.
        self._lock = RLock()

    def __getitem__(self, key: Key) -> Thing:
        with self._lock:
            if key not in self._things:
                self._things[key] = self._make(key)
            self._things.move_to_end(key)
            if len(self._things) > self._room:
                self._things.popitem(last=False)
            return self._things[key]
