"""Our ledgers: facts that people entered, each with its own address. They are files, not answers."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from pipelines.extract import own_files
from pipelines.extract.asking import Dataset, Kept
from pipelines.extract.manners import Manners
from pipelines.extract.ranges import ALL_AT_ONCE
from pipelines.statements import Grade, Statement

SOURCE: Final = "ledger"
SINCE: Final = date(2019, 9, 1)
MANNERS: Final = Manners()


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """A ledger lists no markets."""
    return ()


def _dataset(name: str, about: str) -> Dataset:
    return Dataset(
        SOURCE,
        name,
        about,
        SINCE,
        own_files.file(f"ledger/{name}.toml"),
        kept=Kept.LEDGER,
        subjects_a_call=ALL_AT_ONCE,
        subjects_from="",
    )


DATASETS: Final = (
    _dataset("claims", "Totals of liquidations as somebody printed them, with where it was read."),
    _dataset("events", "Dated events around the markets and their feeds, each with its address."),
)

STATEMENTS: Final = (
    Statement(
        "Nothing is asked: what was entered by the instant of reading is what is known then.",
        "ledger/README.md",
        Grade.VENDOR,
    ),
)
