"""Days of a table: each rests on its own answers, whichever days are made with it."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pipelines.extract.asking import Answer
from pipelines.house import House
from pipelines.normalise.days import write_days
from pipelines.raw import Asked
from pipelines.tables import LIQUIDATIONS, SENTIMENT

FIRST = date(2026, 11, 9)
NOW = datetime(2026, 11, 18, 6, tzinfo=UTC)
LISTING = {
    "retCode": 0,
    "retMsg": "OK",
    "result": {
        "category": "linear",
        "list": [
            {
                "symbol": "BTCUSDT",
                "contractType": "LinearPerpetual",
                "baseCoin": "BTC",
                "quoteCoin": "USDT",
                "status": "Trading",
                "launchTime": "1585526400000",
            }
        ],
        "nextPageCursor": "",
    },
}


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def line(received: datetime, happened: datetime) -> str:
    event = {"T": ms(happened), "s": "BTCUSDT", "S": "Buy", "v": "0.5", "p": "60000"}
    frame = {"topic": "allLiquidation.BTCUSDT", "ts": ms(received), "data": [event]}
    stamp = received.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return json.dumps({"received_at": stamp, "frame": json.dumps(frame)}, separators=(",", ":"))


def house_of(tmp_path: Path) -> House:
    """Three captured days; an event of the first evening was received after midnight."""
    house = House(tmp_path)
    listing = Answer(
        ("*",), FIRST, FIRST, 0, "GET", "https://api.bybit.com/v5/market/instruments-info",
        (("category", "linear"),), 200, NOW, json.dumps(LISTING).encode(),
    )  # fmt: skip
    house.raw.keep("bybit", "instruments", NOW, [Asked((listing,))], NOW)
    midnight = datetime(2026, 11, 10, tzinfo=UTC)
    days = {
        FIRST: [line(midnight - timedelta(hours=1), midnight - timedelta(hours=1))],
        FIRST + timedelta(1): [
            line(midnight + timedelta(seconds=1), midnight - timedelta(seconds=1))
        ],
        FIRST + timedelta(2): [line(midnight + timedelta(days=1), midnight + timedelta(days=1))],
    }
    for day, lines in days.items():
        address = f"captures/bybit/all_liquidation/{day}.jsonl"
        body = "\n".join(lines).encode()
        one = Answer(("*",), day, day, 0, "FILE", address, (), 200, NOW, body)
        house.raw.keep("bybit", "all_liquidation", NOW, [Asked((one,))], NOW)
    return house


def test_an_event_received_after_midnight_is_counted_on_its_own_day(tmp_path: Path) -> None:
    house = house_of(tmp_path)
    list(write_days(house.raw, house.lake, LIQUIDATIONS, FIRST, FIRST + timedelta(2), NOW))
    per_day = [
        house.lake.read(LIQUIDATIONS, day, day).height
        for day in (FIRST, FIRST + timedelta(1), FIRST + timedelta(2))
    ]
    assert per_day == [2, 0, 1]


def test_a_day_is_the_same_and_rests_on_the_same_made_alone_or_with_others(
    tmp_path: Path,
) -> None:
    house = house_of(tmp_path)
    together = list(
        write_days(house.raw, house.lake, LIQUIDATIONS, FIRST, FIRST + timedelta(2), NOW)
    )
    for one in together:
        (alone,) = write_days(house.raw, house.lake, LIQUIDATIONS, one.day, one.day, NOW)
        assert (alone.made.sha256, alone.made.inputs) == (one.made.sha256, one.made.inputs)
    assert together[0].made.inputs != together[2].made.inputs


def test_an_answer_whose_body_is_gone_is_asked_for_again_and_its_loss_is_remembered(
    tmp_path: Path,
) -> None:
    house = house_of(tmp_path)
    before = house.raw.need_not_be_asked("bybit", "all_liquidation")
    bodies = tmp_path / "raw" / "bybit" / "all_liquidation" / "bodies"
    (bodies / before["file"][0]).unlink()
    assert house.raw.need_not_be_asked("bybit", "all_liquidation").height == before.height - 1
    assert house.raw.held("bybit", "all_liquidation").height == before.height


def test_a_source_without_instruments_needs_no_listing(tmp_path: Path) -> None:
    house = House(tmp_path)
    stamp = str(ms(datetime(2026, 11, 9, tzinfo=UTC)) // 1000)
    row = {"value": "40", "value_classification": "Fear", "timestamp": stamp}
    told = Answer(
        ("*",), FIRST, FIRST, 0, "GET", "https://api.alternative.me/fng/", (("limit", "10"),),
        200, NOW, json.dumps({"data": [row]}).encode(),
    )  # fmt: skip
    house.raw.keep("fear_greed", "fear_greed", NOW, [Asked((told,))], NOW)
    (day,) = write_days(house.raw, house.lake, SENTIMENT, FIRST, FIRST, NOW)
    assert (day.made.rows, day.refused) == (1, 0)
