"""Every gap of a week: each pair of tellings that speak of the same thing, once."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product
from typing import Final

import polars as pl

from pipelines.reconcile.gap.cents import apportioned, in_cents
from pipelines.reconcile.gap.explain import examined, ground_of
from pipelines.reconcile.gap.orders import Orders
from pipelines.reconcile.gap.pair import Pair
from pipelines.reconcile.gap.split import split_of
from pipelines.reconcile.tellings.telling import SEVERAL, Telling
from pipelines.reconcile.tellings.voices import View, alone, voices
from pipelines.reconcile.told import Told
from pipelines.tables import GAPS
from pipelines.tables.words import Cause, Sides
from pipelines.weeks import Week

ALL_COINS: Final = "all"
NONE: Final = Decimal(0)
POSITIONS: Final = ((Sides.BOTH, None), (Sides.LONG, "long"), (Sides.SHORT, "short"))
Row = tuple[object, ...]


def explain_week(told: Told, week: Week) -> pl.DataFrame:
    """Rows of GAPS: of each pair all coins together, and each coin that both tell."""
    spoken = voices(told, week)
    beside = alone(spoken)
    orders = Orders.of(beside)
    rows = [
        row
        for one, other in pairs(spoken)
        for row in _rows_of(
            one, other, examined(spoken[one], spoken[other], beside=beside, orders=orders)
        )
    ]
    names = [name for name in GAPS.schema.names() if name != "time"]
    frame = pl.DataFrame(rows, schema={n: GAPS.schema[n] for n in names}, orient="row")
    monday = pl.lit(week.monday).cast(pl.Datetime("ms")).dt.replace_time_zone("UTC")
    return frame.with_columns(time=monday).select(GAPS.schema.names())


def pairs(spoken: Mapping[View, Telling]) -> Iterator[tuple[View, View]]:
    """Two sources of one venue, or one that adds venues up and all that another tells: each once.

    The one that adds venues up stands first, else the first by name, as in COMPARISONS.
    """
    of_several = {source for source, venue in spoken if venue == SEVERAL}
    for one, other in product(spoken, repeat=2):
        is_one, is_other = (view[1] == SEVERAL for view in (one, other))
        is_part = is_one and not is_other and other[0] in of_several
        speak_of_one = one[1] == other[1] or is_one
        if one[0] == other[0] or is_part or is_one < is_other or not speak_of_one:
            continue
        if is_one > is_other or one[0] < other[0]:
            yield one, other


def _rows_of(one: View, other: View, pair: Pair) -> Iterator[Row]:
    grounds = {cause: ground_of(pair, cause) for cause in Cause}
    a_usd, b_usd = _dollars(pair.a), _dollars(pair.b)
    for position, of in POSITIONS:
        split = split_of(pair, of)
        for coin in (None, *_shared(pair)):
            a, b = a_usd.get((coin, of), NONE), b_usd.get((coin, of), NONE)
            for cause, part in apportioned(split.of(coin), a - b).items():
                if part or cause is Cause.UNEXPLAINED:
                    head = (coin or ALL_COINS, position, *one, *other)
                    yield (*head, cause, part, *grounds[cause], a, b, a - b)


def _dollars(one: Telling) -> dict[tuple[str | None, str | None], Decimal]:
    """What it tells by coin and side, each None for all of them, to the cent."""
    found = {}
    for by in ([], ["coin"], ["position"], ["coin", "position"]):
        sums = one.cells.group_by(by or pl.lit(0)).agg(pl.col("usd").sum())
        for row in sums.iter_rows(named=True):
            found[row.get("coin"), row.get("position")] = in_cents(row["usd"])
    return found


def _shared(pair: Pair) -> list[str]:
    """Coins that both tell."""
    return sorted(set(pair.a.cells["coin"]) & set(pair.b.cells["coin"]))
