"""Random numbers by name, so that a part is the same whatever was asked before it."""

import hashlib
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Draws:
    """One independent generator for each named part of one market."""

    seed: int

    def of(self, *part: str) -> np.random.Generator:
        # hash() is salted for each process; a digest is not.
        digest = hashlib.sha256("/".join(part).encode()).digest()
        key = tuple(int.from_bytes(digest[at : at + 4], "big") for at in (0, 4, 8, 12))
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=key))


def drifting(rng: np.random.Generator, count: int, window: int) -> Floats:
    """Unit-variance noise that stays alike for about `window` steps."""
    sums = np.cumsum(np.concatenate(([0.0], rng.standard_normal(count + window - 1))))
    steps: Floats = (sums[window:] - sums[:-window]) / np.sqrt(window)
    return steps
