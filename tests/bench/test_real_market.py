"""The made-up market with hourly candles says what its minutes say."""

import polars as pl
import pytest

from bench import market as made_up
from bench import real_market
from bench.feeds import THROTTLED
from bench.market import Market
from pipelines.lake import Lake
from pipelines.reconcile.layers.cells import cells_in
from pipelines.reconcile.layers.parts import held_in
from pipelines.tables import CANDLES


@pytest.fixture(scope="module")
def lakes(tmp_path_factory):
    market = Market(tmp_path_factory.mktemp("market"), 0.004)
    made_up.make(market)
    real_market.make(market)
    return market, Lake(market.folder / real_market.FOLDER / "lake")


def test_every_market_has_its_hours_and_throttled_feeds_their_minutes(lakes):
    market, real = lakes
    rows = real.read(CANDLES, market.days[0], market.days[0])
    of_hour, of_minute = (rows.filter(interval_s=seconds) for seconds in (3_600, 60))
    assert of_hour.height == market.markets().height * 24
    assert set(of_minute["source"]) == set(THROTTLED) == {"binance", "bitget"}
    minutes = market.lake.read(CANDLES, market.days[0], market.days[0])
    assert of_hour["turnover_usd"].sum() == minutes["turnover_usd"].sum()


def test_hours_bound_what_their_minutes_bound_to_the_last_digit(lakes):
    market, real = lakes
    found = [
        cells_in(held_in(lake, market.days[0], market.days[-1])) for lake in (real, market.lake)
    ]
    assert found[0].bounds.equals(found[1].bounds)
    assert found[0].refused.equals(found[1].refused)
    assert "busy_minutes" in set(found[0].bounds["at_most_by"])
    assert found[0].bounds.filter(pl.col("at_most_usd").is_not_null()).height > 0
