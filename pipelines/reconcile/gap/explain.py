"""A gap between two tellings, split into causes that add up to it to the cent.

Each cause is a toggle that brings the cells of one telling, or of both, to common terms. With all
toggles off the difference is the gap; with all on it is what nothing explains. Each toggle's part
is its Shapley value, so that the order in which causes are taken does not matter (Shorrocks 2013).
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import reduce
from typing import Final

import polars as pl

from pipelines.reconcile.gap.cents import apportioned, in_cents
from pipelines.reconcile.gap.corrections import duplicates, outage, sides, units
from pipelines.reconcile.gap.deleveraging import adl
from pipelines.reconcile.gap.orders import Orders
from pipelines.reconcile.gap.pair import Pair
from pipelines.reconcile.gap.prices import prices, stable
from pipelines.reconcile.gap.scope import coins, margins, venues
from pipelines.reconcile.gap.split import split_of
from pipelines.reconcile.gap.sums import venues_of_sums
from pipelines.reconcile.gap.unexplained import not_computable
from pipelines.reconcile.gap.window import window
from pipelines.reconcile.tellings.telling import Telling
from pipelines.tables.words import Cause
from pipelines.units import AMOUNT

PARTS: Final = pl.Schema(
    {
        "cause": pl.Enum(Cause),
        "part_usd": AMOUNT,
        "is_estimated": pl.Boolean(),
        "evidence": pl.String(),
    }
)
# In this order, because each looks at what the ones before it left.
STEPS: Final[tuple[Callable[[Pair], Pair], ...]] = (
    venues, coins, margins, window, sides, stable, prices, outage, units, duplicates, adl,
)  # fmt: skip


def explain(
    a: Telling,
    b: Telling,
    *,
    beside: Sequence[Telling] = (),
    coin: str | None = None,
    position: str | None = None,
) -> pl.DataFrame:
    """A minus B by cause: columns PARTS, one row for each cause that was found, and unexplained.

    The parts are whole cents and add up to A's dollars less B's, each rounded to the cent.
    ``coin`` and ``position`` narrow what is added up; causes are looked for in everything.
    ``beside`` are third tellings: single orders among them are what the two are held against
    (``orders``), sums what is known of a venue inside another sum (``sums``). Raises ValueError
    where both have one name.
    """
    return parts_of(examined(a, b, beside), coin=coin, position=position)


def examined(
    a: Telling,
    b: Telling,
    beside: Sequence[Telling] = (),
    orders: Orders | None = None,
) -> Pair:
    """Both tellings with every cause that was found between them.

    ``orders`` are those of all that are told, kept where many pairs of them are examined.
    """
    orders = orders or Orders.of([a, b, *beside])
    pair = orders.pair(a, b)
    pair = venues_of_sums(pair, [one for one in beside if not one.is_several])
    return reduce(lambda so_far, step: step(so_far), STEPS, pair)


def parts_of(pair: Pair, *, coin: str | None = None, position: str | None = None) -> pl.DataFrame:
    """What ``explain`` gives, of a pair that was examined."""
    parts = apportioned(split_of(pair, position).of(coin), gap_of(pair, coin, position))
    within = set(pair.cells.filter(_within("coin", coin))["nth"])
    acting = {one.cause for one in pair.toggles if not within.isdisjoint(one.on["nth"])}
    rows = [
        (cause, part, *ground_of(pair, cause))
        for cause, part in parts.items()
        if part or cause in acting or cause is Cause.UNEXPLAINED
    ]
    return pl.DataFrame(rows, schema=PARTS, orient="row").sort("cause")


def ground_of(pair: Pair, cause: Cause) -> tuple[bool, str]:
    """Whether any of a cause's part is an estimate, and what it rests on in words."""
    if cause is Cause.UNEXPLAINED:
        return False, not_computable(pair)
    found = [one for one in pair.toggles if one.cause is cause]
    return any(one.is_estimated for one in found), "; ".join(
        dict.fromkeys(one.evidence for one in found)
    )


def gap_of(pair: Pair, coin: str | None = None, position: str | None = None) -> Decimal:
    """A's dollars less B's, each rounded to the cent."""
    return dollars_of(pair.a, coin, position) - dollars_of(pair.b, coin, position)


def dollars_of(one: Telling, coin: str | None = None, position: str | None = None) -> Decimal:
    """What it tells of the scope, to the cent."""
    kept = one.cells.filter(_within("coin", coin), _within("position", position))
    return in_cents(kept.select(pl.col("usd").sum()).item())


def _within(name: str, value: str | None) -> pl.Expr:
    return pl.lit(True) if value is None else pl.col(name) == value
