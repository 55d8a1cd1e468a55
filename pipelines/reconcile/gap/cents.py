"""Cents that add up: parts of a sum, each rounded, and what is left over given to those it fits."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final, TypeVar

Name = TypeVar("Name")
CENT: Final = Decimal("0.01")


def in_cents(amount: Decimal) -> Decimal:
    """To the cent, half to even."""
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def apportioned(parts: Mapping[Name, float], total: Decimal) -> dict[Name, Decimal]:
    """``parts`` in cents that add up to ``total`` (of whole cents) exactly.

    Cents that are lacking go one by one to the parts which rounding took most from, the first of
    equals first: with every sign turned the result is the same with every sign turned.
    """
    rounded = {name: in_cents(Decimal(part)) for name, part in parts.items()}
    lacking = total - sum(rounded.values(), Decimal(0))
    sign = 1 if lacking > 0 else -1
    taken = {name: sign * (Decimal(part) - rounded[name]) for name, part in parts.items()}
    order = sorted(parts, key=lambda name: -taken[name])
    for nth in range(int(abs(lacking) / CENT)):
        rounded[order[nth % len(order)]] += sign * CENT
    return rounded
