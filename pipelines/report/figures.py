"""How a number is written: the only formatter. Exact decimals, rounded half to even, once."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal

# The default context keeps 28 digits and would round a sum of 38-digit amounts in silence.
EXACT = Context(prec=90, rounding=ROUND_HALF_EVEN)
MILLION = Decimal(1_000_000)
MINUS = "\N{MINUS SIGN}"

ROUNDING = (
    "Printed dollars are rounded to cents, headlines to 0.01 million, percentages, ratios "
    "and correlations to 2 places (ratios below 0.1 to 6), funding to 0.0001 %; always half "
    "to even, once, from the exact figure. Prices are printed as published. report.json "
    "holds every digit."
)


def decimal(value: Decimal | float | int | None) -> Decimal | None:
    """Statistics arrive as floats that were rounded to 6 places: their shortest digits."""
    if value is None or isinstance(value, Decimal):
        return value
    return Decimal(repr(value))


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """The exact sum of what is known; None, never zero, where nothing is."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    answer = Decimal(0)
    for value in known:
        answer = EXACT.add(answer, value)
    return answer


def exact(value: Decimal) -> str:
    """Every digit, no exponent, no trailing zeros: ``1014899818.19``."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def rounded(value: Decimal, places: int) -> str:
    """``1,014,899,818.19``"""
    near = value.quantize(Decimal(1).scaleb(-places), context=EXACT)
    text = f"{abs(near):,f}"
    return MINUS + text if near < 0 else text


def millions(value: Decimal) -> str:
    """``1,014.90 M``; below a million, dollars and cents."""
    if abs(value) < MILLION:
        return rounded(value, 2)
    return f"{rounded(EXACT.divide(value, MILLION), 2)} M"


def printed(value: Decimal, unit: str) -> str:
    """``value`` as it stands in tables."""
    match unit:
        case "USD":
            return rounded(value, 2)
        case "percent":
            return f"{rounded(value, 2)} %"
        case "ratio":
            return rounded(value, 2 if abs(value) >= Decimal("0.1") or not value else 6)
        case "log_ratio":
            return rounded(value, 4)
        case "correlation" | "powers_of_ten":
            return rounded(value, 2)
        case "fraction":
            return f"{rounded(EXACT.multiply(value, Decimal(100)), 4)} %"
        case "quote":
            return _grouped(value)
        case _:
            return rounded(value, 0)


def _grouped(value: Decimal) -> str:
    whole, point, rest = exact(abs(value)).partition(".")
    return f"{MINUS if value < 0 else ''}{int(whole):,}{point}{rest}"
