"""What a connector declares of a live feed: where to listen, what to say, and what sounds mean."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Sound(StrEnum):
    """What a frame is, as far as a listener must know; what it means is for a later stage."""

    EVENT = "event"  # it speaks of a liquidation
    LIFE = "life"  # it comes from a busy stream of the same connection: the feed is alive
    OTHER = "other"  # a reply to a subscription, a ping, a word of the server


Subscribe = Callable[[Sequence[str]], Sequence[str]]


def _as_it_came(frame: bytes) -> bytes:
    return frame


def _says_nothing(frame: bytes) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Stream:
    """One public feed of liquidations, heard beside a busy stream on the same connection.

    ``events`` and ``lives`` are words, in lower case: a frame in which one of ``events`` stands
    (in whatever case) is an event, else one with a word of ``lives`` is a sign of life; without
    ``lives`` every other frame is one. ``subscribe(subjects)`` gives the messages to send on one
    connection, ``subjects`` being at most ``subjects_a_connection`` symbols of the source's
    listing, or none where the feed speaks of everything at once (0). ``undone`` unpacks a frame
    for looking into it; what is kept is the frame as it came. ``answers(frame)`` is what to say to
    a frame that wants an answer.
    """

    source: str
    name: str  # the dataset that its captures make
    host: str
    path: str
    subscribe: Subscribe
    events: tuple[bytes, ...]
    lives: tuple[bytes, ...] = ()
    subjects_a_connection: int = 0
    ping: str = ""
    ping_s: float = 20.0
    undone: Callable[[bytes], bytes] = _as_it_came
    answers: Callable[[bytes], str | None] = _says_nothing
    port: int = 443
    wants: Callable[[str], bool] = lambda subject: True  # of the listing's subjects
    quiet_s: float = 60.0  # without any sign of life for so long it is dead
    # A longer silence between two sounds is a break: its minute does not count as heard.
    break_s: float = 10.0

    @property
    def id(self) -> str:
        return f"{self.source}/{self.name}"

    def sound(self, frame: bytes) -> Sound:
        """What the frame is. One that cannot be unpacked is kept as one of another kind."""
        try:
            words = self.undone(frame).lower()
        except (OSError, EOFError, ValueError):
            return Sound.OTHER
        if any(word in words for word in self.events):
            return Sound.EVENT
        if not self.lives or any(word in words for word in self.lives):
            return Sound.LIFE
        return Sound.OTHER
