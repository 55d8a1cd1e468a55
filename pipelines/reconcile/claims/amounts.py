"""Numbers as people print them, and which exact numbers would have been printed so.

A printed number stands for the half-open interval of half a unit of its last printed digit to
either side: ``2.3B`` is [2.25, 2.35) billion. Digits without a word for the thousands end in
zeros that say nothing: 2300000000 is ``2.3B``. What stands before a number moves the interval by
one unit of the last digit that is not zero: ``about`` to both sides, ``over`` and ``at least`` up
from the number, ``nearly`` and ``under`` down from it.
"""

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Final

EXACT: Final = Context(prec=90)  # the usual one keeps 28 digits and rounds the rest in silence
_WORDS: Final = {
    "k": 3, "thousand": 3, "m": 6, "mn": 6, "mln": 6, "mio": 6, "mm": 6, "million": 6,
    "millions": 6, "b": 9, "bn": 9, "bln": 9, "billion": 9, "billions": 9, "t": 12, "tn": 12,
    "trillion": 12,
}  # fmt: skip
_UNIT: Final = "|".join(sorted(_WORDS, key=len, reverse=True))
_DIGITS: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_ABOUT: Final = ("about", "around", "approximately", "approx", "roughly", "some", "circa", "~", "≈")
_OVER: Final = (
    "over", "more than", "above", "exceeding", "at least", "upwards of", ">", "+",
)  # fmt: skip
_UNDER: Final = ("nearly", "almost", "close to", "under", "less than", "below", "up to", "<")
QUALIFIER: Final = "|".join(
    re.escape(word) if not word.isalpha() else rf"\b{word}\b"
    for word in sorted((*_ABOUT, *_OVER[:-1], *_UNDER), key=len, reverse=True)
)
AMOUNT: Final = re.compile(
    rf"(?P<how>{QUALIFIER})?\s*(?:US\$|USD|\$)?\s*(?<![\w.,:-])(?P<digits>{_DIGITS})"
    rf"(?:\s*(?:[-\N{{EN DASH}}]|\bto\b)\s*\$?(?P<end>{_DIGITS}))?"
    rf"(?:\s*(?P<unit>{_UNIT})(?![A-Za-z]))?(?P<more>\+)?",
    re.IGNORECASE,
)
BETWEEN: Final = re.compile(
    rf"\bbetween\s+\$?({_DIGITS})\s*({_UNIT})?\s+and\s+\$?({_DIGITS})\s*({_UNIT})\b", re.IGNORECASE
)
ONE: Final = Decimal(1)
HALF: Final = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as printed: ``low_usd`` <= the exact one < ``high_usd``."""

    value_usd: Decimal
    low_usd: Decimal
    high_usd: Decimal

    def meets(self, other: "Printed") -> bool:
        """Whether some exact number would have been printed as both."""
        return self.low_usd < other.high_usd and other.low_usd < self.high_usd

    def holds(self, value: Decimal) -> bool:
        return self.low_usd <= value < self.high_usd

    def over(self, low: Decimal, high: Decimal) -> "Printed":
        """The same number, which is told to lie in another interval."""
        return Printed(self.value_usd, low, high)


def rounded(value: Decimal, unit: Decimal) -> Printed:
    """What was rounded to ``unit``."""
    half = EXACT.multiply(unit, HALF)
    return Printed(value, EXACT.subtract(value, half), EXACT.add(value, half))


def printed(digits: str, unit: str | None = None, how: str | None = None) -> Printed:
    """The number that ``digits``, a word for thousands and a qualifier print."""
    scale = _WORDS[unit.lower()] if unit else 0
    plain = Decimal(digits.replace(",", ""))
    value = plain.scaleb(scale, context=EXACT)
    place = scale + int(plain.as_tuple().exponent)
    if not unit and "." not in digits:
        place = last_place(value)
    return qualified(rounded(value, ONE.scaleb(place)), how)


def qualified(number: Printed, how: str | None) -> Printed:
    """``number`` with its interval moved by what was said before it."""
    word, value = (how or "").lower().strip(), number.value_usd
    unit = ONE.scaleb(last_place(value))
    below, above = EXACT.subtract(value, unit), EXACT.add(value, unit)
    if word in _ABOUT:
        return number.over(below, above)
    if word in _OVER:
        return number.over(value, above)
    if word in _UNDER:
        return number.over(below, number.high_usd)
    return number


def ranged(low: Decimal, high: Decimal) -> Printed:
    """A printed range; its middle is the number."""
    return Printed(EXACT.divide(EXACT.add(low, high), Decimal(2)), low, high)


def last_place(value: Decimal) -> int:
    """The power of ten of the last digit that is not zero; 0 of zero."""
    return int(value.normalize(EXACT).as_tuple().exponent) if value else 0


def read_amount(text: str) -> Printed:
    """All of ``text`` as one number or range: ``2.3B``, ``$1,190 million``, ``8-10bn``.

    Raises ValueError, which says so in one line.
    """
    found = AMOUNT.fullmatch(text.strip().removesuffix("dollars").removesuffix("USD").strip())
    if not found:
        raise ValueError(f"{text!r} is no number of dollars")
    return of_match(found)


def of_match(found: re.Match[str]) -> Printed:
    """The number of a match of AMOUNT."""
    how = found["how"] or found["more"]
    if found["end"]:
        low, high = (printed(found[name], found["unit"]) for name in ("digits", "end"))
        if low.value_usd < high.value_usd:
            return ranged(low.value_usd, high.value_usd)
    return printed(found["digits"], found["unit"], how)


def ranges_of(text: str) -> list[Printed]:
    """Every range of dollars in ``text``."""
    found = [of_match(m) for m in AMOUNT.finditer(text) if m["end"] and m["unit"]]
    for low, unit, high, last in BETWEEN.findall(text):
        ends = (printed(low, unit or last), printed(high, last))
        found.append(ranged(ends[0].value_usd, ends[1].value_usd))
    return found
