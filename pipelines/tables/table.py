"""What a table is: a promise about names, types, units, meaning and key, declared once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl


class PromiseBrokenError(ValueError):
    """A frame does not have the shape that its table promises."""


@dataclass(frozen=True, slots=True)
class Column:
    """``null`` says what a missing value means; empty where none is allowed."""

    name: str
    dtype: pl.DataType
    about: str
    null: str = ""


@dataclass(frozen=True)
class Table:
    """``time`` names the column whose UTC day decides the partition."""

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    time: str = "time"

    @property
    def schema(self) -> pl.Schema:
        return pl.Schema({column.name: column.dtype for column in self.columns})

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if not column.null)

    @cached_property
    def _without_rows(self) -> pl.DataFrame:
        return pl.DataFrame(schema=self.schema)

    def empty(self) -> pl.DataFrame:
        return self._without_rows.clear()  # a frame of its own: frames can be changed in place

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """``frame`` sorted by key, or PromiseBrokenError with exactly what is broken."""
        if frame.schema != self.schema:
            raise PromiseBrokenError(f"{self.name}: {_difference(frame.schema, self.schema)}")
        for name in self.required:
            if missing := frame[name].null_count():
                raise PromiseBrokenError(f"{self.name}: {missing} rows without {name}")
        if _ascends(frame, self.key):  # a sort of a market's week would hold it three times
            return frame.rechunk()  # bytes that are written depend on how it lies in memory
        if frame.select(self.key).is_duplicated().any():
            raise PromiseBrokenError(f"{self.name}: key {self.key} is not unique")
        return frame.sort(self.key, nulls_last=False)


def _ascends(frame: pl.DataFrame, key: Sequence[str]) -> bool:
    """Whether each row's key is above that of the row before it, so that it is unique as well."""
    above = pl.lit(value=False)
    for name in reversed(key):
        here, before = pl.col(name), pl.col(name).shift()
        above = (before < here) | ((before == here) & above)
    return bool(frame.select(above.slice(1).fill_null(value=False).all()).item())


def _difference(got: pl.Schema, want: pl.Schema) -> str:
    missing, extra = sorted(want.keys() - got.keys()), sorted(got.keys() - want.keys())
    wrong = [f"{n} is {got[n]}, not {want[n]}" for n in want if n in got and got[n] != want[n]]
    order = "" if list(got) == list(want) or missing or extra else ", columns in another order"
    return f"missing {missing}, unexpected {extra}, wrong {wrong}{order}"
