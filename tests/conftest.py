"""Shared by the tests of the spine: bending bits."""

from pathlib import Path

import pytest


class Bent:
    """A file with one bit turned over, for as long as it is used."""

    def __init__(self, path: Path, position: int) -> None:
        self.path, self.position = path, position
        self.sound = path.read_bytes()

    def __enter__(self) -> None:
        bent = bytearray(self.sound)
        at = self.position % (len(bent) * 8)
        bent[at // 8] ^= 1 << at % 8
        self.path.write_bytes(bent)

    def __exit__(self, *_: object) -> None:
        self.path.write_bytes(self.sound)


@pytest.fixture(scope="session")
def bent() -> type[Bent]:
    return Bent
