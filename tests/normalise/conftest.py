"""Small answers of our own making, shaped as the sources document theirs, and readers over them."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from fuzz.payloads import ASKED_AT, DAY, Bench, unpacked
from pipelines.extract.asking import Answer
from pipelines.normalise.engine import Rows
from pipelines.raw import ANSWERED, Asked, Raw


@pytest.fixture(scope="session")
def bench() -> Bench:
    return Bench()


@pytest.fixture(scope="session")
def count_rows() -> Any:
    return unpacked


def reasons_of(rows: Rows) -> list[str]:
    return rows.refused["reason"].to_list()


@pytest.fixture(scope="session")
def reasons() -> Any:
    return reasons_of


@dataclass(frozen=True)
class Archive:
    """Answers kept on a disk, for what needs one."""

    raw: Raw

    def keep(
        self,
        source: str,
        dataset: str,
        body: bytes,
        *,
        subject: str = "*",
        days: tuple[date, date] = (DAY, DAY),
        asked_at: datetime = ASKED_AT,
        outcome: str = ANSWERED,
        **more: Any,
    ) -> None:
        told = {"page": 0, "method": "GET", "address": "https://x/y", "params": (), "status": 200}
        answer = Answer((subject,), *days, **(told | more), asked_at=asked_at, body=body)
        self.raw.keep(source, dataset, asked_at, [Asked((answer,), outcome)], asked_at)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(Raw(tmp_path / "raw"))
