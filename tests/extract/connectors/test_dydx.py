"""dYdX v4: a tape that runs back by instants, and what its refusals mean."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pipelines.extract.catalogue import CATALOGUE, STREAMS
from pipelines.extract.connectors.dydx import classify, listed
from pipelines.extract.errors import (
    Blocked,
    NotAnAnswer,
    NotServed,
    OurRequest,
    ServerFault,
    SourceError,
    TooManyRequests,
)
from pipelines.extract.streams import Sound

Make = Callable[..., Any]
DAY = date(2026, 11, 10)
MIDNIGHT = datetime(2026, 11, 10, tzinfo=UTC)


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def errors(**more: str) -> bytes:
    return json.dumps({"errors": [{"msg": "no"} | more]}).encode()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, errors(param="ticker", location="params"), NotServed),
        (400, errors(param="limit", location="params"), OurRequest),
        (403, errors(code="GEOBLOCKED"), Blocked),
        (404, errors(), NotServed),
        (429, errors(), TooManyRequests),
        (429, b"Too many requests", TooManyRequests),
        (500, errors(), ServerFault),
        (200, errors(), NotAnAnswer),
        (200, b"[]", NotAnAnswer),
    ],
)
def test_each_refusal_is_told_from_the_others(
    status: int, body: bytes, kind: type[SourceError]
) -> None:
    assert type(classify(status, {}, body)) is kind


def test_an_answer_is_no_refusal() -> None:
    assert classify(200, {}, b'{"trades": []}') is None


def test_every_market_is_listed_whatever_its_status() -> None:
    body = json.dumps({"markets": {"ETH-USD": {}, "BTC-USD": {"status": "PAUSED"}}}).encode()
    assert listed([body]) == ("BTC-USD", "ETH-USD")


class Tape:
    """Trades at these instants, newest first."""

    def __init__(self, at: list[datetime]) -> None:
        self.trades = [{"id": str(n), "createdAt": stamp(one)} for n, one in enumerate(at)][::-1]

    def __call__(self, path: str, params: Any) -> object:
        held = [t for t in self.trades if t["createdAt"] <= params["createdBeforeOrAt"]]
        return {"trades": held[: int(params["limit"])]}


def ids(answers: list[Any]) -> set[str]:
    return {t["id"] for one in answers for t in json.loads(one.body)["trades"]}


def test_trades_of_one_block_that_a_page_parts_are_all_told(asker: Make) -> None:
    blocks = [MIDNIGHT + timedelta(seconds=n // 7, milliseconds=13) for n in range(2500)]
    ask = asker("dydx")
    answers = ask("liquidations", Tape(blocks), DAY, DAY, ["BTC-USD"])
    assert ids(answers) == {str(n) for n in range(2500)}
    assert [one.page for one in answers] == [0, 1, 2]
    assert ask.door.asked[0] == (
        "/v4/trades/perpetualMarket/BTC-USD",
        {"limit": "1000", "createdBeforeOrAt": "2026-11-10T23:59:59.999Z"},
    )


def test_the_tape_is_read_to_the_first_instant_and_no_further(asker: Make) -> None:
    hours = [MIDNIGHT - timedelta(days=100) + timedelta(minutes=n) for n in range(101 * 1440)]
    answers = asker("dydx")("liquidations", Tape(hours), DAY, DAY, ["BTC-USD"])
    assert len(answers) == 2


def test_an_instant_with_more_trades_than_a_page_is_stopped_not_skipped(asker: Make) -> None:
    crowd = [MIDNIGHT + timedelta(hours=1)] * 1500
    with pytest.raises(NotAnAnswer, match="a page came twice"):
        asker("dydx")("liquidations", Tape(crowd), DAY, DAY, ["BTC-USD"])


def test_a_market_without_trades_is_one_empty_page(asker: Make) -> None:
    assert len(asker("dydx")("liquidations", Tape([]), DAY, DAY, ["BTC-USD"])) == 1


def _rates(path: str, params: Any) -> object:
    """Pages of a hundred, however many are asked for."""
    hours = [MIDNIGHT + timedelta(hours=n) for n in range(400)][::-1]
    held = [stamp(at) for at in hours if stamp(at) <= params["effectiveBeforeOrAt"]]
    return {"historicalFunding": [{"effectiveAt": at} for at in held[:100]]}


def test_funding_goes_on_though_pages_are_shorter_than_asked_for(asker: Make) -> None:
    ask = asker("dydx")
    answers = ask("funding", _rates, DAY, DAY + timedelta(days=7), ["BTC-USD"])
    assert sum(one.body.count(b"effectiveAt") for one in answers) == 192
    assert {one.subjects for one in answers} == {("BTC-USD",)}


def test_candles_are_asked_by_whole_days_and_by_the_vendors_own_names(asker: Make) -> None:
    ask = asker("dydx")
    first = date(2026, 9, 1)
    ask("candles", lambda path, params: {"candles": []}, first, date(2026, 10, 31), ["BTC-USD"])
    bounds = [(params["fromISO"], params["toISO"]) for params in ask.params]
    assert bounds == [
        ("2026-09-01T00:00:00.000Z", "2026-10-11T23:59:59.999Z"),
        ("2026-10-12T00:00:00.000Z", "2026-10-31T23:59:59.999Z"),
    ]
    assert {params["resolution"] for params in ask.params} == {"1HOUR"}


def test_a_ticker_is_one_step_of_the_path(asker: Make) -> None:
    ask = asker("dydx")
    ask("funding", lambda path, params: {"historicalFunding": []}, DAY, DAY, ["A,B/C-USD"])
    assert ask.door.asked[0][0] == "/v4/historicalFunding/A%2CB%2FC-USD"


def test_an_answer_without_rows_is_no_answer(asker: Make) -> None:
    with pytest.raises(NotAnAnswer, match="no list of rows"):
        asker("dydx")("liquidations", lambda path, params: {}, DAY, DAY, ["BTC-USD"])


def test_open_interest_now_is_one_question_about_every_market(asker: Make) -> None:
    answers = asker("dydx")("open_interest", lambda path, params: {"markets": {}}, DAY, DAY)
    assert [(one.subjects, one.address) for one in answers] == [
        (("*",), "https://indexer.dydx.trade/v4/perpetualMarkets")
    ]
    assert CATALOGUE["dydx/open_interest"].weighs


@pytest.mark.parametrize(
    ("frame", "sound"),
    [
        ('{"channel":"v4_trades","contents":{"trades":[{"type":"LIQUIDATED"}]}}', Sound.EVENT),
        ('{"channel":"v4_trades","contents":{"trades":[{"type":"DELEVERAGED"}]}}', Sound.EVENT),
        ('{"channel":"v4_trades","contents":{"trades":[{"type":"LIMIT"}]}}', Sound.LIFE),
        ('{"channel":"v4_markets","contents":{"oraclePrices":{}}}', Sound.LIFE),
        ('{"type":"connected"}', Sound.OTHER),
    ],
)
def test_trades_are_the_sign_of_life_and_forced_ones_the_events(frame: str, sound: Sound) -> None:
    assert STREAMS["dydx/v4_trades"].sound(frame.encode()) is sound


def test_each_market_is_subscribed_to_and_the_prices_of_all_once() -> None:
    told = [json.loads(text) for text in STREAMS["dydx/v4_trades"].subscribe(["A-USD", "B-USD"])]
    assert [(one["channel"], one.get("id")) for one in told] == [
        ("v4_markets", None),
        ("v4_trades", "A-USD"),
        ("v4_trades", "B-USD"),
    ]
