"""``liqledger normalise``: what is made of any payload, as JSON lines."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assets.command.app import app

PAYLOADS = Path(__file__).parents[1] / "payloads" / "bybit"
EVENT = {"T": 1794268800500, "s": "BTCUSDT", "S": "Buy", "v": "0.25", "p": "88000.5"}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    frame = {"topic": "allLiquidation.BTCUSDT", "data": [EVENT, EVENT | {"S": "Hold"}]}
    line = {"received_at": "2026-11-10T00:00:01.000Z", "frame": json.dumps(frame)}
    (tmp_path / "frames.jsonl").write_text(json.dumps(line, separators=(",", ":")) + "\n", "utf-8")
    listing = json.loads((PAYLOADS / "instruments.json").read_text("utf-8"))[0]["json"]
    (tmp_path / "listing.json").write_text(json.dumps(listing), "utf-8")
    return {
        "frames": str(tmp_path / "frames.jsonl"),
        "listing": f"{tmp_path / 'listing.json'}?category=linear",
        "data": str(tmp_path / "data"),
    }


def run(*words: str, **more: Any) -> Any:
    return CliRunner().invoke(app, ["normalise", *words], **more)


def test_rows_and_refusals_are_printed_with_every_digit(files: dict[str, str]) -> None:
    done = run(
        "bybit", "all_liquidation", files["frames"],
        "--listing", files["listing"], "--data", files["data"],
    )  # fmt: skip
    row, refused = (json.loads(line) for line in done.stdout.splitlines())
    assert (row["outcome"], row["position"], row["notional_quote"]) == ("row", "long", "22000.125")
    assert (refused["outcome"], refused["reason"]) == ("refused", "unknown side 'Hold'")
    assert not Path(files["data"]).exists()


def test_standard_input_is_read_and_the_day_chooses_the_era(files: dict[str, str]) -> None:
    body = Path(files["frames"]).read_bytes()
    words = ("bybit", "all_liquidation", "-", "--data", files["data"])
    done = run(*words, "--listing", files["listing"], "--day", "2021-01-01", input=body)
    (told,) = (json.loads(line) for line in done.stdout.splitlines())
    assert told["reason"] == "a frame that is not of the topic liquidation"


def test_what_is_not_read_is_named_with_what_is(files: dict[str, str]) -> None:
    done = run("bybit", "liquidations", files["frames"], "--data", files["data"])
    assert "bybit has all_liquidation" in str(done.exception)


def test_without_a_listing_no_symbol_is_guessed(files: dict[str, str]) -> None:
    done = run("bybit", "all_liquidation", files["frames"], "--data", files["data"])
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert {one["reason"] for one in told} == {"symbol 'BTCUSDT' is not in the listing"}
