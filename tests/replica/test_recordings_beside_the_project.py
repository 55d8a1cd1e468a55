"""The real recordings, where they stand beside the project."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).parents[3] / "shared" / "recorded"
WEEK = {"start_time": 1655078400000, "end_time": 1655596800000}
pytestmark = pytest.mark.skipif(
    not (SHARED / "manifest.json").is_file(), reason="no ../shared/recorded beside the project"
)


def test_the_recorded_week_sums_to_the_published_totals(start: Any) -> None:
    with start("--market", f"recorded:{SHARED}") as served:
        host = "open-api-v4.coinglass.com"
        coins = served.json(host, "/api/futures/supported-coins")["data"]
        longs = Decimal(0)
        for coin in coins:
            answer = served.get(
                host,
                "/api/futures/liquidation/aggregated-history",
                symbol=coin,
                interval="1d",
                exchange_list="Binance",
                **WEEK,
            ).json(parse_float=Decimal)
            longs += sum(row["aggregated_long_liquidation_usd"] for row in answer["data"])
    assert len(coins) == 7
    assert round(longs, 2) == Decimal("1014899818.19")
