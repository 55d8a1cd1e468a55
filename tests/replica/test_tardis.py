"""Tardis.dev: what is open without a key; and our own connector and reader over its files."""

import gzip
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from pipelines.normalise.registry import LISTINGS

FILES, METADATA = "datasets.tardis.dev", "api.tardis.dev"
BTC = "/v1/binance-futures/liquidations/2026/11/{:02d}/BTCUSDT.csv.gz"
DAY = date(2026, 11, 10)
KEY = {"Authorization": "Bearer a-key"}


@pytest.fixture
def with_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key, and no listing but Tardis's own: other venues are not asked for theirs."""
    monkeypatch.setenv("TARDIS_API_KEY", "a-key")
    for source in set(LISTINGS) - {"tardis"}:
        monkeypatch.delitem(LISTINGS, source)  # type: ignore[arg-type]


def fetched(simulated: Any, host: str, path: str, **headers: str) -> Any:
    return simulated.session.get(f"{simulated.base}/{host}{path}", headers=headers, timeout=10)


def test_the_first_day_of_a_month_is_open_and_others_want_a_key(simulated: Any) -> None:
    assert fetched(simulated, FILES, BTC.format(1)).status_code == 200
    refused = fetched(simulated, FILES, BTC.format(2))
    assert (refused.status_code, "message" in refused.json()) == (401, True)
    assert fetched(simulated, FILES, BTC.format(2), **KEY).status_code == 200


def test_a_file_is_gzipped_text_in_microseconds_of_the_day_it_was_heard(simulated: Any) -> None:
    text = gzip.decompress(fetched(simulated, FILES, BTC.format(1)).content).decode()
    head, *lines = text.splitlines()
    assert head == "exchange,symbol,timestamp,local_timestamp,id,side,price,amount"
    heard = [int(line.split(",")[3]) for line in lines]
    assert all(1793491200 <= at // 1_000_000 < 1793491200 + 86_400 for at in heard)
    assert {line.split(",")[5] for line in lines} == {"buy", "sell"}


def test_a_day_that_is_not_over_and_an_exchange_without_liquidations_have_no_file(
    simulated: Any,
) -> None:
    silent = BTC.format(1).replace("binance-futures", "bitget-futures")
    assert fetched(simulated, FILES, silent).status_code == 404
    assert fetched(simulated, FILES, BTC.format(18), **KEY).status_code == 404


def test_symbols_are_named_without_a_key_and_terms_with_one(simulated: Any) -> None:
    exchange = fetched(simulated, METADATA, "/v1/exchanges/okex-swap").json()
    names = {one["id"] for one in exchange["datasets"]["symbols"]}
    assert {"BTC-USDT-SWAP", "BTC-USD-SWAP"} <= names
    path = "/v1/instruments/okex-swap"
    assert fetched(simulated, METADATA, path).status_code == 401
    terms = {one["id"]: one for one in fetched(simulated, METADATA, path, **KEY).json()}
    assert (terms["BTC-USD-SWAP"]["inverse"], terms["BTC-USD-SWAP"]["contractMultiplier"]) == (
        True,
        100.0,
    )


@pytest.mark.usefixtures("with_key")
@pytest.mark.parametrize(
    ("venue", "symbol", "subject"),
    [
        ("binance", "BTCUSDT", "binance-futures:BTCUSDT"),
        ("binance", "BTCUSD_PERP", "binance-delivery:BTCUSD_PERP"),
        ("bybit", "BTCUSD", "bybit:BTCUSD"),
        ("okx", "BTC-USDT-SWAP", "okex-swap:BTC-USDT-SWAP"),
        ("htx", "BTC-USD", "huobi-dm-swap:BTC-USD"),
        ("deribit", "BTC-PERPETUAL", "deribit:BTC-PERPETUAL"),
        ("kraken", "PF_XBTUSD", "cryptofacilities:PF_XBTUSD"),
    ],
)
def test_orders_come_through_with_their_side_and_dollars(
    through: Callable[..., Any],
    truly_forced: Callable[..., pl.DataFrame],
    venue: str,
    symbol: str,
    subject: str,
) -> None:
    told = through("tardis/liquidations", DAY, DAY, (subject,))
    orders = truly_forced(venue, DAY, shown=True).filter(pl.col("symbol") == symbol)
    assert told.refused.is_empty()
    assert set(told.rows["instrument_id"]) == {f"{venue}:{symbol}"}
    came = told.rows.sort("time", "nth").select(pl.col("time").dt.epoch("ms"), "position")
    assert came.rows() == orders.select("time_ms", "position").rows()
    # some venues print another price than that of the fill, which is not far from it
    dollars = zip(told.rows.sort("time", "nth")["notional_quote"], orders["usd"], strict=True)
    assert all(float(one) == pytest.approx(float(usd), rel=0.05) for one, usd in dollars)


@pytest.mark.usefixtures("with_key")
def test_tickers_come_through_with_one_side_of_the_open_interest(
    through: Callable[..., Any],
) -> None:
    subjects = ("bybit:BTCUSDT", "okex-swap:BTC-USDT-SWAP")
    told = through("tardis/derivative_ticker", DAY, DAY, subjects)
    assert told.refused.height == 0
    assert told.rows.height == 2 * 288
    bybit = told.rows.filter(pl.col("venue") == "bybit").row(0, named=True)
    assert bybit["open_interest_coins"] * 2 == bybit["open_interest"]
    assert Decimal(0) < bybit["mark_price"]
