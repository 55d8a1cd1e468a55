"""Real frames of venues whose feeds we read, against another project's reading of them."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.normalise.eras import Known

WIRE = Path(__file__).parents[3] / "shared" / "wire" / "frames_with_normalisation.jsonl"
DATASETS = {"binance-futures": ("binance", "force_orders"), "bybit": ("bybit", "all_liquidation")}
POSITION = {"sell": "long", "buy": "short"}  # there, the side is that of the forced order


def cases():
    if not WIRE.exists():
        return []
    told = [json.loads(line) for line in WIRE.read_text("utf-8").splitlines()]
    return [
        one
        for one in told
        if one["venue"] in DATASETS and any(n["type"] == "liquidation" for n in one["normalized"])
    ]


CASES = cases()


@pytest.mark.skipif(not CASES, reason=f"{WIRE.name} is not beside the project")
@pytest.mark.parametrize("case", CASES, ids=[c["normalized"][0]["symbol"] for c in CASES])
def test_another_project_reads_the_same_symbol_side_size_and_time(bench, case):
    source, dataset = DATASETS[case["venue"]]
    theirs = [n for n in case["normalized"] if n["type"] == "liquidation"]
    at = datetime.fromisoformat(theirs[0]["timestamp"]).astimezone(UTC)
    known = Known(listed(bench.known(source).instruments, {n["symbol"] for n in theirs}))
    question = replace(bench.payload(source, dataset)[0], body=case["messages"])
    rows = bench.on(at.date()).read(bench.reader(source, dataset), [question], known)
    ours = [
        (r["instrument_id"], r["position"], r["size"], r["time"])
        for r in rows.rows.iter_rows(named=True)
    ]
    assert ours == [
        (f"{source}:{n['symbol']}", POSITION[n["side"]], Decimal(str(n["amount"])), at)
        for n in theirs
    ]


def listed(ours: pl.DataFrame, symbols: set[str]) -> pl.DataFrame:
    """Our listing, and each symbol of the frame on the terms of a market that it has."""
    model = ours.filter(pl.col("symbol") == "BTCUSDT")
    names = ("source_symbol", "symbol", "instrument_id")
    new = [
        model.with_columns(pl.col(n).str.replace("BTCUSDT", symbol) for n in names)
        for symbol in sorted(symbols - set(ours["symbol"]))
    ]
    return pl.concat([ours, *new])
