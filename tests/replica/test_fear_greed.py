"""alternative.me: text, newest day first; and our own connector and reader over it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

HOST = "api.alternative.me"
TODAY_S = 1794960000


def test_as_many_days_as_asked_newest_first(simulated: Any) -> None:
    rows = simulated.json(HOST, "/fng/", limit=3)["data"]
    assert [row["timestamp"] for row in rows] == [str(TODAY_S - n * 86_400) for n in range(3)]
    assert "time_until_update" in rows[0]
    assert "time_until_update" not in rows[1]


def test_none_is_one_day_and_zero_is_all(simulated: Any) -> None:
    assert len(simulated.json(HOST, "/fng/")["data"]) == 1
    assert len(simulated.json(HOST, "/fng/", limit=0)["data"]) > 3000


def test_what_is_no_number_is_refused(simulated: Any) -> None:
    answer = simulated.get(HOST, "/fng/", limit="many")
    assert answer.status_code == 400
    assert answer.json()["metadata"]["error"]


def test_a_recorded_market_has_no_mood(recorded: Any) -> None:
    assert recorded.json(HOST, "/fng/", limit=3)["data"] == []


def test_days_come_through_exactly(simulated: Any, through: Callable[..., Any]) -> None:
    told = through("fear_greed/fear_greed", date(2026, 11, 9), date(2026, 11, 15))
    rows = simulated.json(HOST, "/fng/", limit=10)["data"]
    expected = sorted((int(r["timestamp"]), Decimal(r["value"])) for r in rows[3:])
    assert told.refused.is_empty()
    came = told.rows.sort("time").select(pl.col("time").dt.epoch("s"), "sentiment_index")
    assert came.rows() == expected
