"""Which raw files a UTC day rests on. A day says the same whichever days are made with it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

Files = Mapping[date, frozenset[str]]


def files_of(source: str, dataset: str, chosen: pl.DataFrame) -> Files:
    """The files behind chosen index rows, as paths below the archive, by ``day``."""
    folder = f"{source}/{dataset}"
    found: dict[date, set[str]] = defaultdict(set)
    for day, body, index in chosen.select("day", "file", "index_file").unique().iter_rows():
        found[day] |= {f"{folder}/bodies/{body}"} if body else set()
        found[day].add(f"{folder}/index/{index}")
    return {day: frozenset(files) for day, files in found.items()}


def together(parts: Iterable[Files]) -> Files:
    """All that the parts say of each day."""
    found: dict[date, frozenset[str]] = {}
    for part in parts:
        for day, files in part.items():
            found[day] = found.get(day, frozenset()) | files
    return found


def on_days(days: Iterable[date], files: Files) -> Files:
    """Everything in ``files``, for each of ``days``: what a listing is to the days it explains."""
    everything = frozenset().union(*files.values()) if files else frozenset[str]()
    return dict.fromkeys(days, everything)
