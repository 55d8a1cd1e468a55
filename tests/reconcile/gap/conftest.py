"""A market of two venues that two sources tell alike, and the faults that are planted in it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import polars as pl
import pytest

from pipelines.reconcile.gap.explain import explain
from pipelines.reconcile.tellings.telling import CELLS, DAY_S, KEY, SEVERAL, Telling, telling

FIRST = datetime(2022, 6, 13, tzinfo=UTC)
END = FIRST + timedelta(days=7)
VENUES = ("binance", "okx", "bybit")
HOUR = timedelta(hours=1)
PRICES = {"BTC": 25_000, "ETH": 1_300, "SOL": 32}
MARKETS = [
    (venue, coin, margin) for venue in VENUES for coin in PRICES for margin in ("linear", "inverse")
]
Teller = Callable[..., Telling]


def cells_of(seed: int = 7, days: int = 9) -> pl.DataFrame:
    """Every hour of a market of nine days, of which the week is the middle; some hours are empty."""
    random = Random(seed)
    rows = []
    for venue, coin, margin in MARKETS:
        for hour in range(24 * days):
            level = random.lognormvariate(0, 1.2) * (1 if margin == "linear" else 0.2)
            lean = random.lognormvariate(0, 1)
            for position, part in (("long", lean), ("short", 1 / lean)):
                if random.random() < 0.3:
                    continue
                coins = Decimal(str(round(1_000 * level * part / PRICES[coin] + 1e-6, 6)))
                time = FIRST + timedelta(hours=hour - 24)
                usd = coins * PRICES[coin]
                rows.append((venue, coin, margin, position, time, usd, coins, usd, Decimal(0), 5))
    names = [*KEY, "usd", "coins", "par_usd", "twin_usd", "rows"]
    return pl.DataFrame(rows, schema={n: CELLS[n] for n in names}, orient="row")


@pytest.fixture(scope="session")
def market() -> pl.DataFrame:
    return cells_of()


@pytest.fixture(scope="session")
def tell() -> Teller:
    def made(name: str, cells: pl.DataFrame, **more: object) -> Telling:
        return telling(name, cells, FIRST, END, **more)

    return made


def hours(first: int, end: int) -> pl.Expr:
    return pl.col("time").is_between(FIRST + first * HOUR, FIRST + end * HOUR, closed="left")


def times(cells: pl.DataFrame, where: pl.Expr, factor: str) -> pl.DataFrame:
    by = pl.when(where).then(pl.lit(Decimal(factor))).otherwise(pl.lit(Decimal(1)))
    money = ("usd", "coins", "par_usd")
    return cells.with_columns((pl.col(n) * by).cast(cells.schema[n]) for n in money)


@pytest.fixture
def summed(tell: Teller) -> Teller:
    """A publisher that adds three venues up, by day and by coin, in dollars alone."""

    def made(
        cells: pl.DataFrame, name: str = "sums", interval_s: int = DAY_S, late: int = 0
    ) -> Telling:
        time = (pl.col("time") + late * HOUR).dt.truncate(f"{interval_s}s")
        whole = (
            cells.with_columns(time, venue=pl.lit(SEVERAL), margin=pl.lit(None, pl.String))
            .group_by(KEY)
            .agg(pl.col("usd").sum())
        )
        return tell(name, whole, interval_s=interval_s, venues=VENUES)

    return made


@pytest.fixture
def feeds(tell: Teller, market: pl.DataFrame) -> Telling:
    return tell("feeds", market)


def parts_of(*tellings: Telling, **more: object) -> dict[str, float]:
    frame = explain(*tellings, **more)
    return {cause: float(part) for cause, part in frame.select("cause", "part_usd").iter_rows()}


def within(cells: pl.DataFrame, where: pl.Expr) -> float:
    return float(cells.filter(where, hours(0, 168))["usd"].sum())
