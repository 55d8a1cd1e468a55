"""What is believed of a source beyond its payloads, and on what ground: the evidence table."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How good the ground of a statement is."""

    VENDOR = "vendor"  # the source's own document or code
    OBSERVED = "observed"  # real payloads that were looked at
    THIRD_PARTY = "third_party"  # another project's notes or measurements
    DERIVED = "derived"  # follows from the others by arithmetic
    UNVERIFIED = "unverified"  # from memory or by analogy: to be checked against the live source


@dataclass(frozen=True, slots=True)
class Statement:
    """``says`` in one line what is taken to be so, ``ground`` where that is from, with its date."""

    says: str
    ground: str
    grade: Grade

    @property
    def is_verified(self) -> bool:
        return self.grade is not Grade.UNVERIFIED
