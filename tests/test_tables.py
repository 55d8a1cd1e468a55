"""A table is a promise, and a broken one says what broke."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.load.connection import connect
from pipelines.reconcile.week import MAKERS
from pipelines.tables import INSTANT, RECONCILED, TABLES, Column, PromiseBrokenError, Table

T = datetime(2022, 6, 13, tzinfo=UTC)
SMALL = Table(
    "small",
    "About nothing.",
    ("name", "time"),
    (
        Column("name", pl.String(), "A name."),
        Column("time", INSTANT, "When."),
        Column("size", pl.Int32(), "How much.", null="Not said."),
    ),
)


def frame(*rows):
    return pl.DataFrame(list(rows), schema=SMALL.schema, orient="row")


def test_rows_are_sorted_by_their_key():
    told = SMALL.conform(frame(("b", T, 1), ("a", T, None)))
    assert told["name"].to_list() == ["a", "b"]


GRAINS = Table(
    "grains",
    "About nothing.",
    ("grain", "name", "time"),
    (
        Column("time", INSTANT, "When."),
        Column("grain", pl.Enum(["hour", "day"]), "Not in the order of the alphabet."),
        Column("name", pl.String(), "A name.", null="It has none."),
    ),
)
KEYS = st.tuples(
    st.sampled_from([T, T + timedelta(days=1)]),
    st.sampled_from(["hour", "day"]),
    st.sampled_from(["a", "b", "ab", None]),
)


@given(st.lists(KEYS, max_size=12), st.booleans(), st.booleans())
def test_rows_that_come_in_order_and_rows_that_do_not_become_the_same(keys, sort, halve):
    """Those in order are not sorted again; however they lie in memory, they are one piece after."""
    rows = pl.DataFrame(keys, schema=GRAINS.schema, orient="row")
    right = rows.sort(GRAINS.key, nulls_last=False)
    came = right if sort else rows
    if halve:
        came = pl.concat([came.head(len(keys) // 2), came.slice(len(keys) // 2)])
    if len(set(keys)) < len(keys):
        with pytest.raises(PromiseBrokenError, match="not unique"):
            GRAINS.conform(came)
        return
    assert GRAINS.conform(came).equals(right)
    assert GRAINS.conform(came).n_chunks() == 1


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (frame(("a", T, 1)).drop("size"), r"missing \['size'\]"),
        (frame(("a", T, 1)).with_columns(x=1), r"unexpected \['x'\]"),
        (frame(("a", T, 1)).cast({"size": pl.Int64}), "size is Int64, not Int32"),
        (frame(("a", T, 1)).select("time", "name", "size"), "another order"),
        (frame((None, T, 1)), "1 rows without name"),
        (frame(("a", T, 1), ("a", T, 2)), "not unique"),
    ],
)
def test_a_broken_promise_says_what_broke(bad, word):
    with pytest.raises(PromiseBrokenError, match=f"small: .*{word}"):
        SMALL.conform(bad)


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_table_keeps_the_rules_of_the_house(table):
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert set(table.key) <= set(names)
    assert table.schema[table.time] == INSTANT
    assert all(column.about.endswith(".") for column in table.columns)
    assert not any("float" in str(column.dtype).lower() for column in table.columns
                   if column.name.endswith(("_usd", "_coins", "_quote", "price")))  # fmt: skip
    assert table.conform(table.empty()).is_empty()


def test_one_name_means_one_thing_everywhere():
    meanings = {}
    for table in TABLES.values():
        for column in table.columns:
            kind = meanings.setdefault(column.name, column.dtype)
            assert kind == column.dtype, f"{table.name}.{column.name}"


def test_no_column_is_named_by_a_reserved_word_of_sql() -> None:
    with connect() as connection:
        words = connection.execute(
            "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'"
        ).fetchall()
    reserved = {word for (word,) in words}
    for table in TABLES.values():
        assert not reserved & set(table.schema), table.name


def test_each_table_of_a_week_has_one_maker_and_makers_read_only_what_was_made_before():
    assert tuple(maker.table for maker in MAKERS) == RECONCILED
    for at, maker in enumerate(MAKERS):
        made_later = [later.table for later in MAKERS[at:]]
        assert not [table.name for table in maker.reads if table in made_later]
