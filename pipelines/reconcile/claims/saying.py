"""How figures are said in a reason: rounded for a reader, always with their unit."""

from decimal import Decimal

from pipelines.reconcile.claims.amounts import EXACT, Printed

_SCALES = ((Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))


def usd(value: Decimal) -> str:
    """``2.25 billion USD``: four digits at most, without zeros that say nothing."""
    for scale, word in _SCALES:
        if abs(value) >= scale:
            return f"{_short(EXACT.divide(value, scale))} {word} USD"
    return f"{_short(value)} USD"


def interval(number: Printed) -> str:
    """``2.25 to 2.35 billion USD``"""
    low, high = usd(number.low_usd), usd(number.high_usd)
    left, _, unit = low.partition(" ")
    return f"{left} to {high}" if high.endswith(f" {unit}") else f"{low} to {high}"


def times(a: Decimal, b: Decimal) -> str:
    """``2.2``: how many times ``b`` the number ``a`` is."""
    return _short(EXACT.divide(a, b), 2)


def percent(fraction: float | Decimal) -> str:
    """``4.1 %``; a share that is not zero is never said to be."""
    value = Decimal(str(fraction)) * 100
    return f"{_short(value, 2)} %"


def _short(value: Decimal, digits: int = 5) -> str:
    if not value:
        return "0"
    rounded = Decimal(f"{value:.{digits - 1}e}")
    if abs(rounded) >= 10 ** (digits - 1):
        rounded = value.quantize(Decimal(1), context=EXACT)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
