"""dYdX v4: what its indexer answers, and what our own reading makes of it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from replica.answer import Request
from replica.venues.dydx import Dydx

HOST = "indexer.dydx.trade"
DAY = date(2026, 11, 12)
TAPE = "/v4/trades/perpetualMarket/BTC-USD"
NOON = "2026-11-12T12:00:00.000Z"


def test_the_tape_runs_back_from_an_instant_that_is_included(simulated: Any) -> None:
    first = simulated.json(HOST, TAPE, limit=5, createdBeforeOrAt=NOON)["trades"]
    at = [trade["createdAt"] for trade in first]
    assert at == sorted(at, reverse=True)
    assert at[0] <= NOON
    again = simulated.json(HOST, TAPE, limit=5, createdBeforeOrAt=at[-1])["trades"]
    assert again[0] == first[-1]


def test_candles_have_the_open_interest_of_their_beginning(simulated: Any) -> None:
    asked = {"resolution": "1HOUR", "fromISO": "2026-11-12T10:00:00.000Z", "toISO": NOON}
    path = "/v4/candles/perpetualMarkets/BTC-USD"
    rows = simulated.json(HOST, path, **asked)["candles"]
    assert [row["startedAt"][11:13] for row in rows] == ["11", "10"]
    assert all(Decimal(row["startingOpenInterest"]) > 0 for row in rows)


def test_funding_is_hourly_and_newest_first(simulated: Any) -> None:
    asked = {"effectiveBeforeOrAt": NOON, "limit": 3}
    rows = simulated.json(HOST, "/v4/historicalFunding/ETH-USD", **asked)["historicalFunding"]
    assert [row["effectiveAt"][11:13] for row in rows] == ["12", "11", "10"]


@pytest.mark.parametrize(
    ("path", "asked", "param"),
    [
        ("/v4/trades/perpetualMarket/NONE-USD", {}, "ticker"),
        (TAPE, {"limit": 1001}, "limit"),
        (TAPE, {"createdBeforeOrAt": "noon"}, "createdBeforeOrAt"),
        ("/v4/candles/perpetualMarkets/BTC-USD", {"resolution": "1h"}, "resolution"),
    ],
)
def test_a_bad_question_is_status_400_with_the_parameter(
    simulated: Any, path: str, asked: Any, param: str
) -> None:
    answer = simulated.get(HOST, path, **asked)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["param"] == param


def test_our_reading_gives_back_every_forced_order_of_a_day(
    simulated: Any, through: Any, truly_forced: Any
) -> None:
    markets = tuple(sorted(simulated.json(HOST, "/v4/perpetualMarkets")["markets"]))
    told = through("dydx/liquidations", DAY, DAY, markets)
    true = truly_forced("dydx", DAY)
    ours = [
        (
            int(r["time"].timestamp() * 1000),
            r["instrument_id"],
            r["position"],
            r["size"],
            r["price"],
        )
        for r in told.rows.iter_rows(named=True)
    ]
    theirs = [
        (r["time_ms"], f"dydx:{r['symbol']}", r["position"], Decimal(r["base"]), Decimal(r["fill"]))
        for r in true.iter_rows(named=True)
    ]
    assert sorted(ours) == sorted(theirs)
    assert len(ours) > 10
    assert told.refused.is_empty()


def test_our_reading_of_open_interest_has_every_hour_and_what_stands_now(through: Any) -> None:
    hourly = through("dydx/candles", DAY, DAY, ("BTC-USD",), table="open_interest").rows
    assert hourly["time"].dt.hour().sort().to_list() == list(range(24))
    today = date(2026, 11, 18)
    now = through("dydx/open_interest", today, today).rows
    assert now["instrument_id"].is_unique().all()
    assert now.height > 3


def test_a_hundred_questions_are_answered_in_ten_seconds_and_not_one_more(desk: Any) -> None:
    venue = Dydx(desk)
    request = Request(HOST, TAPE, "", {"limit": "1"}, {}, "somebody")
    answered = [venue.answer(request).status for _ in range(101)]
    assert answered == [200] * 100 + [429]
