"""``explain`` as a user runs it: a table that adds up, JSON for programs, one line for a mistake."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.lake import Lake, days_between
from pipelines.tables import LIQUIDATION_TOTALS
from pipelines.weeks import Week

WEEK = Week.parse("2022-W24")
LISTS = "Binance,OKX"


def row(source: str, venue: str, scope: str, day: date, position: str, usd: str) -> dict[str, Any]:
    return {
        "source": source,
        "venue": venue,
        "coin": "BTC",
        "scope": scope,
        "time": datetime(day.year, day.month, day.day, tzinfo=UTC),
        "interval_s": 86_400,
        "position": position,
        "notional_usd": Decimal(usd),
        "usd_basis": "published",
        "origin": "published",
        "feed": f"{source}/liquidations@2020-12-23",
        "coverage": "collected",
        "asked_at": datetime(2022, 6, 27, tzinfo=UTC),
        "answer": "0" * 64,
    }


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    """CoinGlass over two venues; Coinalyze of three, of which it does not count one."""
    folder = tmp_path_factory.mktemp("explained")
    for n, day in enumerate(days_between(WEEK.monday, WEEK.sunday)):
        rows = [
            row(*told, day, position, usd)
            for position, usd in (("long", f"{n + 1}.105"), ("short", "2"))
            for told in (
                ("coinglass", "several", LISTS),
                ("coinalyze", "binance", "binance:BTCUSDT"),
                ("coinalyze", "bybit", "bybit:BTCUSDT"),
            )
        ]
        schema = LIQUIDATION_TOTALS.schema
        frame = pl.DataFrame([dict.fromkeys(schema) | one for one in rows], schema=schema)
        Lake(folder / "lake").write(LIQUIDATION_TOTALS, day, frame, as_of="T")
    return str(folder)


def test_the_table_says_what_parts_the_two_and_that_it_adds_up(run: Any, data: str) -> None:
    done = run("explain", "coinalyze", "coinglass", "--week", WEEK.name, "--data", data)
    assert done.returncode == 0, done.stderr
    assert "coinglass does not tell bybit" in done.stdout
    assert "the parts add up to 42.73, which is the gap" in done.stdout


def test_json_has_the_parts_to_the_cent(run: Any, data: str) -> None:
    words = ("explain", "coinglass", "coinalyze", "--week", WEEK.name, "--side", "long", "--json")
    told = json.loads(run(*words, "--coin", "BTC", "--data", data).stdout)
    parts = {one["cause"]: Decimal(one["part_usd"]) for one in told["parts"]}
    assert sum(parts.values()) == Decimal(told["gap_usd"])
    assert parts["venues"] == Decimal(
        "-28.73"
    )  # 28.74 less 57.47: each figure is rounded, half to even, not the gap
    assert Decimal(told["a"]["usd"]) - Decimal(told["b"]["usd"]) == Decimal(told["gap_usd"])


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("coinglas", "coinalyze"), "did you mean coinglass?"),
        (("coinglass", "kraken"), "no liquidations by kraken are held of 2022-W24"),
        (("coinglass", "coinalyze:okx"), "of coinalyze there is: coinalyze:binance"),
        (("coinglass", "coinglass"), "coinglass and coinglass are the same figures"),
        (("coinglass", "coinalyze", "--coin", "XRP"), "neither tells of 'XRP'"),
        (("coinglass", "coinalyze", "--side", "up"), "write long or short"),
        (("coinglass", "coinalyze", "--week", "2022-W25"), "no liquidations of 2022-W25 are held"),
        (("coinglass", "coinalyze", "--week", "soon"), "is not a week"),
    ],
)
def test_a_mistake_gets_one_line(run: Any, data: str, words: tuple[str, ...], line: str) -> None:
    week = () if "--week" in words else ("--week", WEEK.name)
    done = run("explain", *words, *week, "--data", data)
    assert done.returncode == 1
    assert line in done.stderr
    assert done.stderr.count("\n") == 1


def test_of_a_simulated_week_a_tracker_is_parted_from_a_venue_to_the_last_dollar(
    run: Any, simulated_week: Path
) -> None:
    words = ("explain", "coinalyze", "binance", "--week", "2026-W46", "--json")
    told = json.loads(run(*words, "--data", str(simulated_week)).stdout)
    parts = {one["cause"]: Decimal(one["part_usd"]) for one in told["parts"]}
    assert parts["venues"] > 0
    assert parts["stable"] > 0
    assert parts["price"] != 0
    assert abs(parts["unexplained"]) < Decimal("0.001") * Decimal(told["b"]["usd"])
    assert sum(parts.values()) == Decimal(told["gap_usd"])
