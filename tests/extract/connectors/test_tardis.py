"""Tardis.dev: what no key opens is not asked, and a file has the name of its day and market."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.extract.catalogue import CATALOGUE
from pipelines.extract.connectors.tardis import EXCHANGES, classify, listed
from pipelines.extract.errors import KeyRefused, NotAnAnswer, SourceError, TooManyRequests

Make = Callable[..., Any]
NOW = datetime(2026, 11, 18, 6, 30, tzinfo=UTC)
FIRST, LAST = date(2026, 10, 25), date(2026, 11, 3)
VARIABLE = "TARDIS_API_KEY"


@pytest.fixture
def keyless(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)  # where no .env is


@pytest.fixture
def keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "a-key")


def _file(path: str, params: Any) -> object:
    return b"\x1f\x8b"


@pytest.mark.usefixtures("keyless")
def test_without_a_key_first_days_of_months_alone_are_served_and_asked(asker: Make) -> None:
    serves = CATALOGUE["tardis/liquidations"].serves
    assert serves(date(2026, 11, 1), NOW)
    assert not serves(date(2026, 11, 2), NOW)
    ask = asker("tardis")
    answers = ask("liquidations", _file, FIRST, LAST, ["binance-futures:BTCUSDT"], now=NOW)
    assert [answer.first_day for answer in answers] == [date(2026, 11, 1)]
    assert answers[0].address == (
        "https://datasets.tardis.dev/v1/binance-futures/liquidations/2026/11/01/BTCUSDT.csv.gz"
    )


@pytest.mark.usefixtures("keyed")
def test_a_key_opens_every_day_that_is_over(asker: Make) -> None:
    serves = CATALOGUE["tardis/derivative_ticker"].serves
    assert serves(date(2026, 11, 17), NOW)
    assert not serves(date(2026, 11, 18), NOW)
    answers = asker("tardis")(
        "derivative_ticker", _file, FIRST, LAST, ["hyperliquid:kPEPE"], now=NOW
    )
    assert len(answers) == 10
    assert answers[0].address.endswith("/hyperliquid/derivative_ticker/2026/10/25/KPEPE.csv.gz")


def test_no_liquidations_are_asked_of_exchanges_that_have_none() -> None:
    wants = CATALOGUE["tardis/liquidations"].wants
    subjects = ["gate-io-futures:BTC_USDT", "hyperliquid:BTC", "bybit:BTCUSD"]
    assert list(filter(wants, subjects)) == ["bybit:BTCUSD"]


@pytest.mark.usefixtures("keyed")
def test_signs_that_no_name_of_a_file_has_become_dashes(asker: Make) -> None:
    subject = "bitfinex-derivatives:BTCF0:USTF0"
    (answer,) = asker("tardis")("liquidations", _file, FIRST, FIRST, [subject], now=NOW)
    assert answer.address.endswith("/BTCF0-USTF0.csv.gz")
    assert answer.subjects == (subject,)


@pytest.mark.usefixtures("keyed")
def test_a_market_without_a_file_is_an_answer(asker: Make) -> None:
    subject = ["dydx-v4:BTC-USD"]
    (answer,) = asker("tardis")("liquidations", lambda *_: None, FIRST, FIRST, subject, now=NOW)
    assert answer.status == 404


def _exchange(path: str, params: Any) -> object:
    return {"id": path.rpartition("/")[2]} if "/exchanges/" in path else []


@pytest.mark.parametrize(("key", "kinds"), [("", 1), ("a-key", 2)])
def test_terms_of_contracts_are_asked_with_a_key_alone(
    asker: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, key: str, kinds: int
) -> None:
    monkeypatch.setenv(VARIABLE, key)
    monkeypatch.chdir(tmp_path)
    answers = asker("tardis")("instruments", _exchange, FIRST, FIRST)
    assert len(answers) == kinds * len(EXCHANGES)
    assert {a.address.split("/")[2] for a in answers} == {"api.tardis.dev"}


def test_perpetual_markets_of_an_exchange_are_listed() -> None:
    exchange = (
        b'{"id": "binance-futures", "datasets": {"symbols": ['
        b'{"id": "btcusdt", "type": "perpetual"}, {"id": "BTCUSDT_260925", "type": "future"},'
        b' {"id": "PERPETUALS"}]}}'
    )
    assert listed([exchange, b'[{"id": "BTCUSDT"}]']) == ("binance-futures:BTCUSDT",)
    assert listed([b'{"id": "deribit"}']) == ()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, b'{"code": 401, "message": "API key is missing"}', KeyRefused),
        (429, b"", TooManyRequests),
        (200, b'"x"', NotAnAnswer),
    ],
)
def test_status_decides(status: int, body: bytes, kind: type[SourceError]) -> None:
    assert type(classify(status, {}, body)) is kind
