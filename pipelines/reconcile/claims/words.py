"""What the words around a number name: a side, a coin, a venue, or the whole."""

import re
from dataclasses import dataclass, replace
from typing import Final

from pipelines.reconcile.claims.scopes import coin_of_word, venue_in

_WORD: Final = re.compile(r"[A-Za-z][\w.&'-]*|\d[\w.%-]*|%")
_WHOLE: Final = frozenset(
    ("total", "overall", "altogether", "combined", "all", "both", "market", "crypto")
)
_TIES: Final = (
    "a the of in on at from for by was were worth got lost liquidated liquidation liquidations position "
    "positions leveraged futures perpetual perps usd usdt usdc us dollars dollar rekt coinglass bybt "
    "coinalyze amberdata glassnode utc today past last within over about some"
)
_BETWEEN: Final = frozenset(_TIES.split())
_MOSTLY: Final = re.compile(
    r"\b(?:mostly|mainly|largely|primarily|predominantly|chiefly|\d+(?:\.\d+)?\s*(?:%|percent))"
    r"\s+(?:of\s+|from\s+|in\s+|on\s+|at\s+|them\s+|were\s+)*\w+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Named:
    """None where no word names it, and None as a side where both are named; ``is_whole`` where a word
    says that it is all. True where anything is named.
    """

    side: str | None = None
    venue: str | None = None
    coin: str | None = None
    is_whole: bool = False

    def __bool__(self) -> bool:
        return self.is_whole or any((self.side, self.venue, self.coin))

    def within(self, other: "Named") -> "Named":
        """Both together. Raises ValueError where they name two venues or two coins, in one line."""
        return Named(
            _one_side(self, other),
            _one(self.venue, other.venue, "venues"),
            _one(self.coin, other.coin, "coins"),
            self.is_whole or other.is_whole,
        )

    def of_any_side(self) -> "Named":
        return replace(self, side=None)


def _one_side(one: Named, other: Named) -> str | None:
    if one.side and other.side and one.side != other.side:
        return None
    return one.side or other.side


def _one(one: str | None, other: str | None, what: str) -> str | None:
    if one and other and one != other:
        raise ValueError(
            f"it names two {what}, {one} and {other}; one of them, or all, can be judged"
        )
    return one or other


def named_in(text: str) -> Named:
    """By all words of ``text``. Raises ValueError where they name two venues or two coins."""
    found = Named()
    sides = set()
    for word in _WORD.findall(_MOSTLY.sub(" ", text)):
        named = _named(word)
        if named is not None:
            sides |= {named.side} - {None}
            found = found.within(replace(named, side=None))
    side = sides.pop() if len(sides) == 1 else None
    return replace(found, side=side)


def named_next_to(text: str, *, is_ahead: bool) -> Named:
    """By the words right before a number (``is_ahead``) or right behind it, up to the first strange one."""
    words = _WORD.findall(text)
    kept: list[str] = []
    for word in reversed(words) if is_ahead else words:
        if _named(word) is None and word.lower() not in _BETWEEN:
            break
        kept.append(word)
    return named_in(" ".join(reversed(kept) if is_ahead else kept))


def is_plain(text: str) -> bool:
    """Whether every word names something or ties words together."""
    return all(_named(word) or word.lower() in _BETWEEN for word in _WORD.findall(text))


def _named(word: str) -> Named | None:
    plain = word.removesuffix("'s")
    if plain.lower() in ("long", "longs", "short", "shorts"):
        return Named(side=plain.lower().removesuffix("s"))
    if plain.lower() in _WHOLE:
        return Named(is_whole=True)
    if venue := venue_in(plain):
        return Named(venue=venue)
    if coin := coin_of_word(plain):
        return Named(coin=coin)
    return None
