"""Series of our own, and the ones that were recorded."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

RECORDED = Path(__file__).parents[4] / "shared" / "recorded"
FIRST = date(2022, 1, 3)
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


@pytest.fixture(scope="session")
def recorded() -> Path:
    if not RECORDED.is_dir():
        pytest.skip("../shared/recorded is not beside the project")
    return RECORDED


@pytest.fixture(scope="session")
def days() -> Callable[[Sequence[float | None], Sequence[float | None]], pl.DataFrame]:
    """Two series from 2022-01-03 on; None is a day that is not held."""

    def made(a: Sequence[float | None], b: Sequence[float | None]) -> pl.DataFrame:
        day = [FIRST + timedelta(days=n) for n in range(len(a))]
        return pl.DataFrame(
            {"day": day, "a": list(a), "b": list(b)}, schema_overrides={"a": float, "b": float}
        )

    return made


@pytest.fixture(scope="session")
def persistent() -> Callable[[np.random.Generator, int, float], Floats]:
    """Days that resemble the day before."""

    def made(chance: np.random.Generator, n: int, follows: float) -> Floats:
        values = chance.normal(0, 1, n)
        for day in range(1, n):
            values[day] += follows * values[day - 1]
        return values

    return made


@pytest.fixture(scope="session")
def liquidations(recorded: Path) -> dict[tuple[str, str], pl.DataFrame]:
    """By coin and side of 2022: CoinGlass (all venues) as ``a``, Coinalyze (Binance) as ``b``, in
    dollars by day; coins at Coinalyze's close.
    """
    coinglass = pl.read_parquet(recorded / "coinglass" / "liquidation_daily.parquet")
    coinalyze = pl.read_parquet(recorded / "coinalyze" / "liquidation_daily.parquet").join(
        pl.read_parquet(recorded / "coinalyze" / "price_daily.parquet").drop("volume_base"),
        on=["symbol", "date"],
    )
    return {
        (coin, side): coinglass.filter(pl.col("coin") == coin)
        .select(day="date", a=f"liq_{side}_usd")
        .join(
            coinalyze.filter(pl.col("symbol") == f"{coin}USDT_PERP.A").select(
                day="date", b=pl.col(f"{side}_base") * pl.col("close")
            ),
            on="day",
        )
        .sort("day")
        for coin in coinglass["coin"].unique().sort()
        for side in ("long", "short")
    }
