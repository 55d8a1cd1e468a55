"""Numbers in a sentence that are no dollars: other money, and coins."""

import re
from typing import Final

from pipelines.reconcile.claims.scopes import coin_of_word

_SIGNS: Final = "€£¥₩₹₽₺"
_CODES: Final = "EUR|GBP|JPY|KRW|CNY|RMB|INR|RUB|TRY|BRL|AUD|CAD|CHF|SGD|HKD|TWD|NZD"
_NAMES: Final = (
    "yen|euros?|pounds?|won|yuan|renminbi|rupees?|rou?bles?|lira|reais|francs?"
    "|(?:australian|canadian|singapore|hong kong|new zealand|taiwan(?:ese)?) dollars?"
)
_AHEAD: Final = re.compile(rf"(?:[{_SIGNS}]|\b(?:{_CODES}))\s*$")
_BEHIND: Final = re.compile(
    rf"\s*(?:[{_SIGNS}]|(?:worth )?(?:of |in )?(?:[a-z]+ )?(?:{_NAMES})\b|(?:{_CODES.lower()})\b)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"\s*([A-Za-z]\w*)")
_THOUSANDS: Final = re.compile(
    r"\d\s*(?:[mb]|mn|bn|mln|bln|million|billion|tn?|trillion)\s*\+?$", re.IGNORECASE
)
_DEAR: Final = ("BTC", "ETH")  # of which nobody holds millions, let alone loses them


def refuse_other_money(text: str, start: int, end: int) -> None:
    """Raises ValueError, in one line, where the number there is not one of US dollars."""
    number, before, behind = text[start:end].strip(), text[:start], text[end:]
    is_dollar = "$" in number or behind.lstrip().startswith("$")
    sign = text.find("$", start, end)
    prefix = re.search(r"[A-Za-z]+$", text[: max(sign, 0)])
    is_other = prefix is not None and not prefix[0].upper().endswith("US")
    if is_other or _AHEAD.search(before) or _BEHIND.match(behind):
        raise ValueError(f"{number!r} is no number of US dollars, which alone are judged")
    word = _WORD.match(behind)
    coin = coin_of_word(word[1]) if word and not is_dollar else None
    if coin and not (coin in _DEAR and _THOUSANDS.search(number)):
        raise ValueError(
            f"{number} {coin} may be coins or dollars; write ${number} if they are US dollars, "
            "which alone are judged"
        )
