"""A public feed of the simulated market shows what its venue's throttle leaves."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from replica.simulated.processes import PROCESSES
from replica.simulated.world import World

SECOND = pl.col("time_ms") // 1000


@pytest.fixture(scope="module")
def world() -> World:
    return World(7, "small")


@pytest.fixture(scope="module", params=sorted(PROCESSES))
def any_process(request: pytest.FixtureRequest) -> World:
    return World(7, "small", process=request.param)


@pytest.mark.parametrize(
    ("venue", "within"),
    [("binance", ["symbol"]), ("okx", ["symbol"]), ("bitget", ["symbol", "position"])],
)
def test_a_throttled_feed_shows_one_order_a_second(
    any_process: World, venue: str, within: list[str]
) -> None:
    shown = any_process.shown(venue)
    assert shown.select(SECOND, *within).is_unique().all()
    orders = any_process.liquidations(venue)
    assert shown.height < orders.height
    assert shown.height == orders.select(SECOND, *within).n_unique()


@pytest.mark.parametrize(
    ("venue", "within"), [("binance", ["symbol"]), ("bitget", ["symbol", "position"])]
)
def test_the_largest_order_of_a_second_is_the_one_shown(
    any_process: World, venue: str, within: list[str]
) -> None:
    by = [SECOND.alias("second"), *within]
    best = any_process.liquidations(venue).group_by(by).agg(pl.col("base").max())
    shown = any_process.shown(venue).select(*by, "base")
    assert_frame_equal(shown, best, check_row_order=False)


def test_okx_shows_the_latest_order_of_a_second(world: World) -> None:
    by = [SECOND.alias("second"), "symbol"]
    last = world.liquidations("okx").group_by(by, maintain_order=True).last()
    shown = world.shown("okx")
    assert_frame_equal(shown, last.select(shown.columns), check_row_order=False)


def test_what_is_shown_happened(any_process: World) -> None:
    for venue in any_process.venues:
        shown, orders = any_process.shown(venue), any_process.liquidations(venue)
        assert shown.join(orders, on=orders.columns, how="anti").is_empty()
        assert shown["time_ms"].is_sorted()
        assert orders["time_ms"].is_sorted()


@pytest.mark.parametrize("venue", ["bybit", "gate", "htx", "kraken", "hyperliquid"])
def test_a_full_feed_shows_everything(world: World, venue: str) -> None:
    assert_frame_equal(world.shown(venue), world.liquidations(venue))
