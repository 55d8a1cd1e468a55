"""What two feeds of a source tell is added up once, from the first that is whole."""

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from pipelines.reconcile.told import Told
from pipelines.reconcile.views import counted
from pipelines.tables import (
    ASKINGS,
    INSTRUMENTS,
    LIQUIDATION_TOTALS,
    LIQUIDATIONS,
    LISTENING,
    Table,
)

KRAKEN = {
    "source": "kraken",
    "venue": "kraken",
    "instrument_id": "kraken:PF_XBTUSD",
    "scope": "kraken:PF_XBTUSD",
}
REST = KRAKEN | {"feed": "kraken/executions@2022-03-23", "notional_usd": 100}
SOCKET = KRAKEN | {"feed": "kraken/trade@2019-04-01", "notional_usd": 7}
LISTED = KRAKEN | {"source_symbol": "PF_XBTUSD", "symbol": "PF_XBTUSD"}


def told(ground: Any, *, asked: bool | None, minutes: int, is_told: bool = True) -> Any:
    """A day on which the socket told an event; ``asked`` None: nobody asked over REST, else that
    told one as well, if ``is_told``.
    """
    ground.put(INSTRUMENTS, ground.at(0), **LISTED).put(LIQUIDATIONS, ground.at(0, 4), **SOCKET)
    if asked is not None:
        if is_told:
            ground.put(LIQUIDATIONS, ground.at(0, 3), **REST)
        asking = {"source": "kraken", "dataset": "executions", "subject": "PF_XBTUSD"}
        at = ground.at(0) + timedelta(days=2 if asked else 0, hours=5)
        ground.put(ASKINGS, ground.at(0), asked_at=at, **asking)
    for hour in range(24):
        heard = minutes if hour == 4 or minutes == 60 else 0
        mask = 2**heard - 1
        hours = {"source": "kraken", "venue": "kraken", "dataset": "trade", "feed": "kraken/trade"}
        ground.put(LISTENING, ground.at(0, hour), minutes_heard=heard, minutes_mask=mask, **hours)
    return ground


@pytest.mark.parametrize(
    ("asked", "minutes", "usd"),
    [
        pytest.param(True, 60, 100, id="both are whole: the first counts"),
        pytest.param(True, 9, 100, id="the socket was deaf: what was asked counts"),
        pytest.param(False, 60, 7, id="it was asked before the day was over: the socket counts"),
        pytest.param(False, 9, 100, id="neither is whole: the first counts"),
        pytest.param(None, 9, 7, id="nobody asked: what was heard counts"),
    ],
)
def test_of_two_feeds_the_first_that_is_whole_counts(
    ground: Any, asked: bool | None, minutes: int, usd: int
) -> None:
    told(ground, asked=asked, minutes=minutes).made("core.liquidation_days")
    rows = ground.ask("select notional_usd::int from core.liquidation_days where notional_usd > 0")
    assert rows == [(usd,)]
    passed = ground.ask("select dataset, counted_instead from core.feeds_passed_over")
    other = ("trade", "executions") if usd == 100 else ("executions", "trade")
    assert passed == ([] if asked is None else [other])
    days = ground.at(0).date()
    named = {
        "events": LIQUIDATIONS,
        "totals": LIQUIDATION_TOTALS,
        "askings": ASKINGS,
        "listening": LISTENING,
        "instruments": INSTRUMENTS,
    }
    held = {name: read(ground, table, days) for name, table in named.items()}
    events = held.pop("events").lazy()
    assert counted(Told(events, **held)).collect()["notional_usd"].cast(pl.Int64).to_list() == [usd]


def read(ground: Any, table: Table, day: Any) -> pl.DataFrame:
    frame: pl.DataFrame = ground.lake.read(table, day, day)
    return frame


def test_a_quiet_first_feed_that_is_whole_says_zero_whatever_the_second_tells(ground: Any) -> None:
    told(ground, asked=True, minutes=60, is_told=False).made("core.liquidation_days")
    assert ground.ask("select dataset from core.feeds_passed_over") == [("trade",)]
    days = ground.ask("select position, notional_usd::int, is_complete from core.liquidation_days")
    assert days == [("long", 0, True), ("short", 0, True)]


def test_feeds_of_other_markets_are_added_up(ground: Any) -> None:
    bybit = {"source": "bybit", "venue": "bybit"}
    linear = bybit | {"feed": "bybit/all_liquidation@2025-02-20", "instrument_id": "bybit:BTCUSDT"}
    inverse = bybit | {
        "feed": "bybit/all_liquidation_inverse@2025-02-20",
        "instrument_id": "bybit:BTCUSD",
    }
    ground.put(LIQUIDATIONS, ground.at(0, 3), **linear)
    ground.put(LIQUIDATIONS, ground.at(0, 3), **inverse)
    ground.models = [m for m in ground.models if not m.table.startswith("check.")]
    ground.made("core.liquidation_days")
    assert ground.ask(
        "select notional_usd::int, rows_counted from core.liquidation_days where notional_usd > 0"
    ) == [(200, 2)]


def test_stretches_of_listening_join_minutes_and_hours_that_follow_one_another(ground: Any) -> None:
    late = 2**60 - 2**50  # the last ten minutes of the hour
    ground.put(LISTENING, ground.at(0, 3), minutes_heard=10, minutes_mask=late)
    ground.put(LISTENING, ground.at(0, 4))
    ground.put(LISTENING, ground.at(0, 5), minutes_heard=2, minutes_mask=0b1001)
    ground.made("core.listening")
    rows = ground.ask("select heard_from, heard_until, minutes from core.listening")
    base = ground.at(0)
    spans = [
        ((a - base).total_seconds() // 60, (b - base).total_seconds() // 60, n) for a, b, n in rows
    ]
    assert spans == [(230, 301, 71), (303, 304, 1)]
