"""Which number of a sentence is the claim's figure, and which of its words are about that number.

A headline prints several: the whole, its sides, a coin, the largest order, how many traders it hit.
The first one of dollars is the figure. Words beside another number are about the other one.
"""

import re
from dataclasses import dataclass
from typing import Final

from pipelines.reconcile.claims.amounts import AMOUNT, BETWEEN
from pipelines.reconcile.claims.notes import labelled
from pipelines.reconcile.claims.scopes import coin_of_word

_HEADS: Final = re.compile(
    r"\+?\s*(?:[a-z-]+\s+){0,2}(?:traders?|accounts?|people|users?|investors?|positions?|wallets?)\b",
    re.IGNORECASE,
)
_SIGNS: Final = "€£¥₩₹₽₺"
_MONEYS: Final = (
    "yen|jpy|euros?|eur|pounds?|gbp|won|krw|yuan|renminbi|rmb|cny|rupees?|inr|rou?bles?|rub|lira|reais"
    "|brl|aud|cad|chf|francs?|sgd|hkd"
)
_OTHER_AHEAD: Final = re.compile(rf"(?:[{_SIGNS}]|\b(?:{_MONEYS}|[ACS]|HK))\s*$", re.IGNORECASE)
_OTHER_BEHIND: Final = re.compile(rf"\s*(?:[{_SIGNS}]|(?:{_MONEYS})\b)", re.IGNORECASE)
_WORD_BEHIND: Final = re.compile(r"\s*([A-Za-z]\w*)")
_CLAUSE: Final = re.compile(r"[;:()]|[,.](?=\s|$)|\s[-\N{EN DASH}\N{EM DASH}]\s")


@dataclass(frozen=True, slots=True)
class Figure:
    """The figure as it is printed, the words that are about it, and whether others stand beside it."""

    text: str
    about: str
    is_alone: bool


def figure_of(text: str) -> Figure | None:
    """Of a sentence without its dates and windows; None without any. Raises ValueError where it is
    no number of dollars, in one line.
    """
    if between := BETWEEN.search(text):
        low, unit, high, last = between.groups()
        told = f"{low}-{high}{last}" if unit in (None, last) else between[0]
        return Figure(told, f"{text[: between.start()]} {text[between.end() :]}", is_alone=True)
    every = [one for one in labelled(text) if not _HEADS.match(one[2])]
    money = [one for one in every if one[0]["unit"] or "$" in one[0][0]]
    if not every:
        return None
    found, before, behind, label = (money or every)[0]
    _refuse_other_money(found, before, behind)
    if len(money) < 2:
        return Figure(found[0], text.replace(found[0], " ", 1), is_alone=True)
    free = [part for part in _CLAUSE.split(text) if not AMOUNT.search(part)]
    return Figure(found[0], " ".join([label, *free]), is_alone=False)


def _refuse_other_money(found: re.Match[str], before: str, behind: str) -> None:
    word = _WORD_BEHIND.match(behind)
    coin = coin_of_word(word[1]) if word else None
    thousands = (found["unit"] or "k").lower() in ("k", "thousand")  # nobody holds millions of BTC
    if coin and thousands and "$" not in found[0]:
        raise ValueError(
            f"{found[0].strip()} {coin} may be coins or dollars; "
            f"write ${found[0].strip()} for dollars, which alone are judged"
        )
    if _OTHER_AHEAD.search(before) or _OTHER_BEHIND.match(behind):
        raise ValueError(f"{found[0].strip()!r} is no number of dollars, which alone are judged")
