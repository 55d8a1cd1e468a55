"""A gap between two tellings, split into causes that add up to it to the cent.

Each cause is a toggle that brings the cells of one telling, or of both, to common terms. With all
toggles off the difference is the gap; with all on it is what nothing explains. Each toggle's part
is its Shapley value, so that the order in which causes are taken does not matter (Shorrocks 2013).
"""

from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from math import fsum
from typing import Any, Final

import numpy as np
import polars as pl

from pipelines.reconcile.gap.cents import apportioned, in_cents
from pipelines.reconcile.gap.corrections import duplicates, outage, sides, units
from pipelines.reconcile.gap.leaving_out import adl, throttle
from pipelines.reconcile.gap.pair import Pair, Toggle, paired
from pipelines.reconcile.gap.prices import prices, stable
from pipelines.reconcile.gap.scope import coins, margins, venues
from pipelines.reconcile.gap.shapley import Floats, shapley
from pipelines.reconcile.gap.telling import Telling
from pipelines.reconcile.gap.window import window
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
    venues, coins, margins, window, sides, outage, units, duplicates, stable, prices, adl,
)  # fmt: skip


def explain(
    a: Telling,
    b: Telling,
    *,
    capture: pl.DataFrame | None = None,
    coin: str | None = None,
    position: str | None = None,
) -> pl.DataFrame:
    """A minus B by cause: columns PARTS, one row for each cause that was found, and unexplained.

    The parts are whole cents and add up to A's dollars less B's, each rounded to the cent.
    ``coin`` and ``position`` narrow what is added up; causes are looked for in everything.
    ``capture``: see ``leaving_out.throttle``. Raises ValueError where both have one name.
    """
    return parts_of(examined(a, b, capture), coin=coin, position=position)


def examined(a: Telling, b: Telling, capture: pl.DataFrame | None = None) -> Pair:
    """Both tellings with every cause that was found between them."""
    pair = paired(a, b)
    pair = reduce(lambda so_far, step: step(so_far), STEPS, pair)
    return throttle(pair, capture)


def parts_of(pair: Pair, *, coin: str | None = None, position: str | None = None) -> pl.DataFrame:
    """What ``explain`` gives, of a pair that was examined."""
    cells = pair.cells.filter(_within("coin", coin))
    off, on, x = _factors(pair, cells, position)
    added, left = shapley(x, off, on)
    is_a = (cells["side"] == "a").to_numpy()
    parts = {cause: _difference(-added[:, nth], is_a) for nth, cause in enumerate(_found(pair))} | {
        Cause.UNEXPLAINED: _difference(left, is_a)
    }
    return _rows(apportioned(parts, gap_of(pair, coin, position)), pair.toggles)


def _difference(values: Floats, is_a: Any) -> float:
    """A's sum less B's: with the sides exchanged, the same with its sign turned."""
    return fsum(values[is_a]) - fsum(values[~is_a])


def gap_of(pair: Pair, coin: str | None = None, position: str | None = None) -> Decimal:
    """A's dollars less B's, each rounded to the cent."""
    return dollars_of(pair.a, coin, position) - dollars_of(pair.b, coin, position)


def dollars_of(one: Telling, coin: str | None = None, position: str | None = None) -> Decimal:
    """What it tells of the scope, to the cent."""
    kept = one.cells.filter(_within("coin", coin), _within("position", position))
    return in_cents(kept.select(pl.col("usd").sum()).item())


def _within(name: str, value: str | None) -> pl.Expr:
    return pl.lit(True) if value is None else pl.col(name) == value


def _factors(
    pair: Pair, cells: pl.DataFrame, position: str | None
) -> tuple[Floats, Floats, Floats]:
    """What each cause leaves of each cell, (cells, causes): without it, with it; and ``x``."""
    causes = _found(pair)
    off, on = np.ones((cells.height, len(causes))), np.ones((cells.height, len(causes)))
    said = pl.concat([pair.a.cells, pair.b.cells])[cells["nth"]]
    x = said["usd"].cast(pl.Float64).to_numpy().copy()
    is_in = said.select(is_in=_within("position", position), usd="usd")["is_in"].to_numpy()
    turned = np.zeros(cells.height, bool)
    for toggle in pair.toggles:
        joined = cells.select("nth").join(toggle.on, on="nth", how="left", maintain_order="left")
        column = causes.index(toggle.cause)
        if not toggle.is_turn:
            on[:, column] *= joined["on"].fill_null(1.0).to_numpy()
        elif position is not None:
            turned = joined["on"].is_not_null().to_numpy()
            off[turned, column], on[turned, column] = is_in[turned], ~is_in[turned]
    return off, on, np.where(is_in | turned, x, 0.0)


def _found(pair: Pair) -> list[Cause]:
    return list(dict.fromkeys(toggle.cause for toggle in pair.toggles))


def _rows(parts: dict[Cause, Decimal], toggles: tuple[Toggle, ...]) -> pl.DataFrame:
    words = {
        cause: "; ".join(one.evidence for one in toggles if one.cause is cause) for cause in parts
    }
    estimated = {one.cause for one in toggles if one.is_estimated}
    rows = [(c, part, c in estimated, words[c]) for c, part in parts.items()]
    return pl.DataFrame(rows, schema=PARTS, orient="row").sort("cause")
