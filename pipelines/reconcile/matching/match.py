"""Which rows of two lists of events are one event: equal ones first, then by score, one to one.

The score adds up what each field says, as Fellegi and Sunter (1969) do: log2 of how often it agrees
so far for one event over how often it does for two. The two rates are chosen, not learned; what
matters is the order that they put candidates in, and that two fields must speak for a match.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2
from typing import Final

import polars as pl

EVENT: Final = pl.Schema(
    {
        "instrument_id": pl.String(),
        "position": pl.String(),
        "time": pl.Datetime("ms", "UTC"),
        "size_coins": pl.Decimal(38, 18),
        "price": pl.Decimal(38, 18),
    }
)
MARKET: Final = ["instrument_id", "position"]
NEAR_MS: Final = 100  # as near as two clocks of one venue are


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far the two rows of one event may be apart.

    Two seconds: venues stamp a stream when a batch of half a second goes out, and some REST lists
    have whole seconds. Sizes differ where one feed rounds to contracts; prices where one prints the
    fill and the other the bankruptcy price.
    """

    time_ms: int = 2_000
    size_pct: float = 1.0
    price_pct: float = 0.5


DEFAULT: Final = Tolerance()
# log2(share among rows of one event / share among rows of two): docs/decisions/0024.
TIME_EQUAL, TIME_NEAR, TIME_WITHIN = (
    log2(m / u) for m, u in ((0.6, 0.001), (0.2, 0.05), (0.2, 0.2))
)
SIZE_EQUAL, SIZE_WITHIN = (log2(m / u) for m, u in ((0.9, 0.01), (0.1, 0.05)))
PRICE_EQUAL, PRICE_WITHIN, PRICE_OTHER = (
    log2(m / u) for m, u in ((0.5, 0.02), (0.4, 0.6), (0.1, 0.38))
)
LEAST_SCORE: Final = 3.0
ROWS_AT_ONCE: Final = 250_000


def matched(a: pl.DataFrame, b: pl.DataFrame, tolerance: Tolerance = DEFAULT) -> pl.DataFrame:
    """Columns ``a``, ``b`` (row numbers of the two frames), ``is_exact`` and ``score``, by ``a``.

    Both have the columns of EVENT. A row is in one match at most; rows without one are in none.
    The score of an exact match is null. The same rows give the same matches.
    """
    left, right = _numbered(a, "a"), _numbered(b, "b")
    exact = _equal(left, right)
    rest_a = left.join(exact, on="a", how="anti", maintain_order="left")
    rest_b = right.join(exact, on="b", how="anti", maintain_order="left")
    scored = [
        _best(_scored(_candidates(one, other, tolerance), tolerance))
        for one, other in _by_market(rest_a, rest_b)
    ]
    both = [
        exact.with_columns(is_exact=pl.lit(value=True), score=pl.lit(None, dtype=pl.Float64)),
        *(
            pairs.select("a", "b", pl.lit(value=False).alias("is_exact"), "score")
            for pairs in scored
        ),
    ]
    return pl.concat(both).sort("a")


def _by_market(a: pl.DataFrame, b: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Both in parts of whole markets, so that what is put side by side at once stays small."""
    parts = max(a.height, b.height) // ROWS_AT_ONCE + 1
    for nth in range(parts):
        ours = pl.col("market") % parts == nth
        yield a.filter(ours), b.filter(ours)


def _numbered(events: pl.DataFrame, name: str) -> pl.DataFrame:
    """The fields of EVENT with a row number, and a digest of the market and of all fields."""
    told = events.select(pl.col(n).cast(dtype) for n, dtype in EVENT.items())
    return told.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias(name),
        "time",
        "size_coins",
        "price",
        market=pl.struct(MARKET).hash(),
        all_fields=pl.struct(EVENT.names()).hash(),
    )


def _equal(a: pl.DataFrame, b: pl.DataFrame) -> pl.DataFrame:
    """Rows that agree in every field; of n and m equal ones, the lesser number of pairs."""
    pairs = _with_nth(a).join(_with_nth(b), on=["all_fields", "nth"], suffix="_b")
    same = [
        pl.col(n).eq_missing(pl.col(f"{n}_b")) for n in ("market", "time", "size_coins", "price")
    ]
    return pairs.filter(same).select("a", "b")


def _with_nth(rows: pl.DataFrame) -> pl.DataFrame:
    """With the place among rows that are equal in everything, from 0."""
    again = rows.filter(pl.col("all_fields").is_duplicated())
    nth = pl.int_range(pl.len(), dtype=pl.Int32).over("all_fields").alias("nth")
    once = rows.filter(pl.col("all_fields").is_unique()).with_columns(nth=pl.lit(0, pl.Int32))
    return pl.concat([once, again.with_columns(nth)])


def _candidates(a: pl.DataFrame, b: pl.DataFrame, tolerance: Tolerance) -> pl.DataFrame:
    """Pairs of one market and side, near in time and size.

    Rows are put into cells of the two tolerances; the second list looks into the neighbours too.
    """
    wide = log2(1 + tolerance.size_pct / 100)
    cells = {
        "t": pl.col("time").dt.timestamp("ms") // max(tolerance.time_ms, 1),
        "s": (pl.col("size_coins").cast(pl.Float64).log(2) / max(wide, 1e-9))
        .floor()
        .cast(pl.Int64),
    }
    sized = [rows.filter(pl.col("size_coins") > 0).with_columns(**cells) for rows in (a, b)]
    around = pl.DataFrame(
        [(t, s) for t in (-1, 0, 1) for s in (-1, 0, 1)], schema=["dt", "ds"], orient="row"
    )
    spread = (
        sized[1]
        .join(around, how="cross")
        .with_columns(pl.col("t") + pl.col("dt"), pl.col("s") + pl.col("ds"))
        .drop("dt", "ds")
    )
    return sized[0].join(spread, on=["market", "t", "s"], suffix="_b")


def _scored(pairs: pl.DataFrame, tolerance: Tolerance) -> pl.DataFrame:
    """Pairs within the tolerances that score enough, with ``score`` and ``apart_ms``."""
    apart = (pl.col("time_b") - pl.col("time")).dt.total_milliseconds().abs()
    size, price = _apart_pct("size_coins"), _apart_pct("price")
    by_time = (
        pl.when(apart == 0)
        .then(TIME_EQUAL)
        .when(apart <= NEAR_MS)
        .then(TIME_NEAR)
        .otherwise(TIME_WITHIN)
    )
    by_size = pl.when(size == 0).then(SIZE_EQUAL).otherwise(SIZE_WITHIN)
    by_price = (
        pl.when(price.is_null())
        .then(0.0)
        .when(price == 0)
        .then(PRICE_EQUAL)
        .when(price <= tolerance.price_pct)
        .then(PRICE_WITHIN)
        .otherwise(PRICE_OTHER)
    )
    return (
        pairs.filter(apart <= tolerance.time_ms, size <= tolerance.size_pct)
        .select("a", "b", apart_ms=apart, score=(by_time + by_size + by_price).round(6))
        .filter(pl.col("score") >= LEAST_SCORE)
    )


def _apart_pct(name: str) -> pl.Expr:
    """By how many percent of the lesser the two differ; zero is equal to the digit."""
    one, other = pl.col(name), pl.col(f"{name}_b")
    as_float = [each.cast(pl.Float64) for each in (one, other)]
    gap = (as_float[0] - as_float[1]).abs() / pl.min_horizontal(as_float) * 100
    return pl.when(one == other).then(0.0).otherwise(pl.max_horizontal(gap, pl.lit(1e-12)))


def _best(scored: pl.DataFrame) -> pl.DataFrame:
    """One to one: the highest score first, then the nearest in time, then the earlier rows."""
    order = scored.sort("score", "apart_ms", "a", "b", descending=[True, False, False, False])
    taken = _greedy(order["a"].to_list(), order["b"].to_list())
    return order.filter(pl.Series(taken, dtype=pl.Boolean))


def _greedy(a: Sequence[int], b: Sequence[int]) -> list[bool]:
    used_a, used_b = set[int](), set[int]()
    taken = []
    for one, other in zip(a, b, strict=True):
        free = one not in used_a and other not in used_b
        taken.append(free)
        if free:
            used_a.add(one)
            used_b.add(other)
    return taken
