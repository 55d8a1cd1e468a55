"""One module a source, answering at its own hosts; each names its classes in ``ANSWERS``."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any


def found() -> Iterator[Callable[[Any], Any]]:
    """Every class that answers for a source, in the order of the modules' names."""
    for module in iter_modules(__path__):
        yield from getattr(import_module(f"{__name__}.{module.name}"), "ANSWERS", ())
