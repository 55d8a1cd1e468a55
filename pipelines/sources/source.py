"""What is said of a source that is asked or heard, and of what its terms allow."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Permission(StrEnum):
    """What a source's terms say of one use; ``unstated`` where we found no word about it."""

    YES = "yes"
    NO = "no"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Terms:
    """Whether answers may be kept, shown on a page, and passed on as data; where that is written.

    ``words`` says what was found, and how sure that is.
    """

    address: str
    words: str
    keep: Permission = Permission.UNSTATED
    show: Permission = Permission.UNSTATED
    pass_on: Permission = Permission.UNSTATED


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher of derivatives data.

    ``hosts`` is the allow-list of names that may be asked or heard, the first being the usual
    one. ``key_variable`` names the environment variable that holds the key, ``key_header`` the
    header that carries it behind ``key_prefix``; all are empty where no key is needed. A key that
    ``key_is_optional`` opens more than is open without it. ``lacks`` says, in one line each, what
    the source does not publish, or no longer.
    """

    id: str
    name: str
    brand: str
    hosts: tuple[str, ...]
    since: date
    kind: str  # venue, tracker, archive, index or ledger
    terms: Terms
    venue: str = ""  # id of the venue that it speaks for; its own where empty
    key_variable: str = ""
    key_header: str = ""
    key_prefix: str = ""
    key_is_optional: bool = False
    lacks: tuple[str, ...] = ()

    @property
    def of_venue(self) -> str:
        return self.venue or self.id
