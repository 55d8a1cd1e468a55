"""What a run asks, and what it cannot ask for want of a key."""

from datetime import UTC, datetime

import pytest

from pipelines.extract.catalogue import CATALOGUE
from pipelines.house import House
from pipelines.settings import Settings
from pipelines.web import Web, keyless, routine


@pytest.fixture(autouse=True)
def no_keys(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # no `.env` of this folder
    for name in ("COINGLASS_API_KEY", "COINALYZE_API_KEY", "LIQLEDGER_MARKET"):
        monkeypatch.delenv(name, raising=False)


def test_a_source_without_its_key_is_named_with_its_variable(monkeypatch):
    assert keyless() == {"coinglass": "COINGLASS_API_KEY", "coinalyze": "COINALYZE_API_KEY"}
    monkeypatch.setenv("COINALYZE_API_KEY", "x")
    assert keyless() == {"coinglass": "COINGLASS_API_KEY"}


def test_only_the_live_market_wants_keys(tmp_path):
    live, simulated = (Web(Settings(market=m), House(tmp_path)) for m in ("live", "simulated"))
    assert set(live.keyless()) == {"coinglass", "coinalyze"}
    assert simulated.keyless() == {}


def test_a_folder_that_holds_a_market_needs_no_setting(tmp_path):
    house = House(tmp_path)
    assert Web(Settings(), house).market_text == "live"
    house.settle("simulated:7")
    assert Web(Settings(), house).market_text == "simulated:7"
    assert Web(Settings(market="live"), house).market_text == "live"


def test_the_set_clock_and_the_set_state_of_knowledge_are_the_ones_used(tmp_path):
    now, then = datetime(2026, 11, 18, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    with Web(Settings(market="live", now=now, as_of=then), House(tmp_path)) as web:
        assert web.clock.now() >= now
        assert web.as_of == then


def test_a_daily_run_asks_each_source_and_leaves_out_what_is_asked_by_name():
    asked = {dataset.id for dataset in routine()}
    paid_by_the_day = {"tardis"}
    assert {id.split("/")[0] for id in asked} == {
        d.source for d in CATALOGUE.values()
    } - paid_by_the_day
    assert "binance/bulk_klines" not in asked
    assert [d.id for d in routine(["binance/bulk_klines"])] == ["binance/bulk_klines"]
    assert {d.source for d in routine(sources=["kraken"])} == {"kraken"}


def test_sources_that_share_their_limits_share_one_budget(tmp_path):
    with Web(Settings(market="simulated:7", size="small"), House(tmp_path)) as web:
        usd, coin, other = (web._door(name) for name in ("binance", "binance_coin_m", "bybit"))
        assert usd.budget is coin.budget
        assert usd.budget is not other.budget
