import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pipelines.report.csv_files import written


def _read(edition: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(edition[f"tables/{name}.csv"].decode())))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_text_is_never_a_formula(text: str) -> None:
    assert written(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("-12.500000000000000000"), "-12.5"),
        (Decimal("1E+3"), "1000"),
        (-3, "-3"),
        (0.1, "0.1"),
        (None, ""),
        (True, "true"),
        (datetime(2022, 6, 13, 4, tzinfo=UTC), "2022-06-13T04:00:00Z"),
    ],
)
def test_numbers_stay_numbers(value: Decimal | float | None, text: str) -> None:
    assert written(value) == text


def test_no_cell_of_an_edition_begins_a_formula(edition: dict[str, bytes]) -> None:
    cells = [
        cell
        for name, data in edition.items()
        if name.endswith(".csv")
        for row in csv.reader(io.StringIO(data.decode()))
        for cell in row
    ]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    for cell in cells:
        if cell.startswith(("=", "+", "-", "@")):
            Decimal(cell)


def test_a_missing_day_is_empty_and_not_zero(edition: dict[str, bytes]) -> None:
    gone = [row for row in _read(edition, "daily_liquidations") if row["is_held"] == "false"]
    assert len(gone) == 2 * (1 + 7)
    assert {row["notional_usd"] for row in gone} == {""}


def test_every_coin_has_the_key_of_its_number(edition: dict[str, bytes]) -> None:
    rows = _read(edition, "by_coin")
    assert rows[0]["notional_usd"] == "479648123.450000000000000001"
    assert rows[0]["key"] == "coin.coinglass.BTC.long"
    assert rows[0]["missing_days"] == ""
    assert {r["missing_days"] for r in rows if r["key"] == "coin.coinalyze.BTC.long"} == {
        "2022-06-15"
    }
