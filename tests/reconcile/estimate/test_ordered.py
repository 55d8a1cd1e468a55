"""Orders have one order, whichever way they came."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reconcile.estimate.ordered import ordered

COLUMNS = {"market": pl.String, "time_ms": pl.Int64, "position": pl.String, "usd": pl.Float64}
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["b", "a", "ab", "B"]),
        st.integers(1_700_000_000_000, 1_700_000_000_003),
        st.sampled_from(["long", "short"]),
        st.sampled_from([1.0, 2.0, 0.5]),
    )
)


@given(ROWS, st.booleans())
def test_by_market_time_position_and_dollars(rows, is_enum):
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    if is_enum:
        frame = frame.with_columns(pl.col("market").cast(pl.Enum(["B", "a", "ab", "b"])))
    assert ordered(frame).equals(frame.sort("market", "time_ms", "position", "usd"))
