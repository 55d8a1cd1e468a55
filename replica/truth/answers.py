"""What the sources of a week say: answers over REST, and frames that a collector kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl


@dataclass(frozen=True, slots=True)
class Printed:
    """One answer, as bytes, with the question that it answers."""

    source: str
    dataset: str
    subjects: tuple[str, ...]
    first_day: date
    last_day: date
    address: str
    params: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Captured:
    """A live feed as a collector kept it: ``received_at, kind, session, frame``, in order."""

    source: str
    dataset: str
    rows: pl.DataFrame
