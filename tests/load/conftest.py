"""Small lakes of rows of our own, and the warehouses built from them."""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.lake import Lake
from pipelines.load.connection import connect
from pipelines.load.models import Model, read_all
from pipelines.load.warehouse import Built, build
from pipelines.tables import (
    TABLES,
    Table,
)


def _usual_rows() -> Any:
    spec = importlib.util.spec_from_file_location(
        "usual_rows", Path(__file__).with_name("usual_rows.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DEFAULTS: dict[str, dict[str, Any]] = _usual_rows().DEFAULTS
MONDAY = _usual_rows().MONDAY

SQL = Path(__file__).parents[2] / "sql"


@dataclass
class Ground:
    """A lake that rows are put into, and the warehouse that is built from it."""

    folder: Path
    models: list[Model]
    rows: dict[tuple[str, date, str], list[dict[str, Any]]] = field(default_factory=dict)

    @staticmethod
    def at(day: int = 0, hour: int = 0, minute: int = 0) -> datetime:
        """An instant of the week 2022-W24, counted from its Monday."""
        midnight = datetime.combine(MONDAY, datetime.min.time(), UTC)
        return midnight + timedelta(days=day, hours=hour, minutes=minute)

    @property
    def lake(self) -> Lake:
        return Lake(self.folder / "lake")

    @property
    def place(self) -> Path:
        return self.folder / "warehouse.duckdb"

    def put(
        self,
        table: Table,
        time: datetime,
        *,
        part: str = "rows",
        filed: date | None = None,
        **values: Any,
    ) -> "Ground":
        """Add a row, filed under its day; what is not given is as usual for that table."""
        row = DEFAULTS[table.name] | {"time": time} | values
        made = {c.name: _value(c.dtype, row.get(c.name)) for c in table.columns}
        self.rows.setdefault((table.name, filed or time.date(), part), []).append(made)
        return self

    def write(self) -> "Ground":
        for (name, day, part), rows in self.rows.items():
            frame = pl.DataFrame(rows, schema=TABLES[name].schema)
            self.lake.write(TABLES[name], day, frame, as_of="2022-06-27T00:00:00Z", part=part)
        return self

    def build(self, **settings: Any) -> Built:
        self.write()
        return build(self.place, self.lake, settings.pop("models", self.models), **settings)

    def made(self, *tables: str) -> Built:
        """Build these tables, those they read, and nothing else."""
        by_table = {model.table: model for model in self.models}
        wanted, open_ = set(), set(tables or ("mart.daily_liquidations", "mart.weekly_totals"))
        while open_:
            table = open_.pop()
            wanted.add(table)
            open_ |= (by_table[table].reads & by_table.keys()) - wanted
        return self.build(models=[m for m in self.models if m.table in wanted], publish_broken=True)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with connect(self.place, read_only=True) as warehouse:
            return warehouse.execute(sql).fetchall()


def _value(dtype: pl.DataType, value: Any) -> Any:
    return Decimal(str(value)) if isinstance(dtype, pl.Decimal) and value is not None else value


@pytest.fixture(scope="session")
def models() -> list[Model]:
    return read_all(SQL)


@pytest.fixture
def ground(tmp_path: Path, models: list[Model]) -> Ground:
    return Ground(tmp_path, models)


@pytest.fixture(scope="session")
def ground_in(models: list[Model]) -> Callable[[Path], Ground]:
    return lambda folder: Ground(folder, models)
