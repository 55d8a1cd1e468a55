"""A week whose truth is known: what holds of it whatever was drawn."""

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl
import pytest

from replica.simulated.draws import Draws
from replica.truth import HELD_OUT, PROCESSES, REGIMES, TruthWeek, week
from replica.truth.activity import Activity, logs_of
from replica.truth.nature import LATEST, WINDOW_MS, Nature, nature
from replica.truth.orders import Orders, orders, weights_of
from replica.truth.paths import paths
from replica.truth.timeline import HOUR_MS, MINUTE_MS

SIZE = 0.03
Made = tuple[Nature, Orders, Activity]
Make = Callable[..., Made]


@pytest.fixture(scope="module")
def weeks(made: Make) -> list[Made]:
    return [made(seed, process) for seed, process in enumerate(PROCESSES, 11)]


def in_minutes(drawn: Nature, forced: Orders) -> np.ndarray:  # type: ignore[type-arg]
    return forced.summed(forced.units, len(drawn.markets), MINUTE_MS)


def test_a_seed_is_the_same_week_again() -> None:
    one, other = week(5, size=SIZE), week(5, size=SIZE)
    assert one.orders.equals(other.orders)
    assert one.planted == other.planted
    assert one.printed == other.printed
    assert all(a.rows.equals(b.rows) for a, b in zip(one.captured, other.captured, strict=True))


def test_another_seed_is_another_week() -> None:
    one, other = week(5, size=SIZE), week(6, size=SIZE)
    assert not one.orders.equals(other.orders)


def test_regimes_and_processes_take_turns_by_seed() -> None:
    drawn = [nature(seed, None, SIZE) for seed in range(len(REGIMES) * len(PROCESSES))]
    assert len({(one.regime, one.process) for one in drawn}) == len(drawn)
    assert HELD_OUT in {one.process for one in drawn}


def test_a_process_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="not 'poisson'"):
        week(1, "poisson", size=SIZE)


@pytest.mark.parametrize("process", PROCESSES)
def test_a_whole_week_has_a_hundred_thousand_orders(process: str) -> None:
    for seed in (0, 2):
        drawn = nature(seed, process, 1.0)
        market, weights = weights_of(
            drawn, paths(Draws(seed).of("paths"), drawn.regime, drawn.coins)
        )
        forced = orders(drawn, market, weights, logs_of(drawn, market))
        assert (forced.time_ms >= 24 * HOUR_MS).sum() >= 100_000


def test_binance_has_a_quarter_to_a_half_of_the_dollars_and_nobody_more(weeks: list[Made]) -> None:
    for drawn, _, _ in weeks:
        shares = {venue: one.share for venue, one in drawn.venues.items()}
        assert sum(shares.values()) == pytest.approx(1)
        assert 0.25 <= shares["binance"] <= 0.45
        assert max(shares, key=lambda venue: shares[venue]) == "binance"


def test_takers_sold_what_closed_longs_and_bought_what_closed_shorts(weeks: list[Made]) -> None:
    for drawn, forced, active in weeks:
        by_hour = forced.summed(forced.units, len(drawn.markets), HOUR_MS)
        bars = active.hourly
        assert (bars.volume - bars.taker_buy >= by_hour[:, 0]).all()
        assert (bars.taker_buy >= by_hour[:, 1]).all()


def test_so_they_did_in_each_minute_of_binance(weeks: list[Made]) -> None:
    for drawn, forced, active in weeks:
        binance = [n for n, m in enumerate(drawn.markets) if m.venue == "binance"]
        minutes = in_minutes(drawn, forced)[binance]
        bars = active.minutely
        assert (bars.volume - bars.taker_buy >= minutes[:, 0]).all()
        assert (bars.taker_buy >= minutes[:, 1]).all()


def test_the_minutes_of_an_hour_add_up_to_it(weeks: list[Made]) -> None:
    for drawn, _, active in weeks:
        binance = [n for n, m in enumerate(drawn.markets) if m.venue == "binance"]
        for name in ("volume", "taker_buy"):
            minutes = getattr(active.minutely, name)
            hours = minutes.reshape(len(binance), -1, 60).sum(axis=2)
            assert (hours == getattr(active.hourly, name)[binance]).all()


def test_what_was_forced_is_at_most_volume_less_the_change_of_open_interest(
    weeks: list[Made],
) -> None:
    for drawn, forced, active in weeks:
        by_hour = forced.summed(forced.units, len(drawn.markets), HOUR_MS).sum(axis=1)
        closings = active.hourly.volume - np.diff(active.interest, axis=1)
        assert (by_hour <= closings).all()
        assert (active.interest > 0).all()
        assert (closings <= 2 * active.hourly.volume).all()


def test_candles_reach_every_price_at_which_somebody_was_closed(weeks: list[Made]) -> None:
    for _, forced, active in weeks:
        hour = forced.time_ms // HOUR_MS
        bars = active.hourly
        assert (bars.low[forced.market, hour] <= forced.fill).all()
        assert (bars.high[forced.market, hour] >= forced.fill).all()


def test_a_throttled_feed_shows_one_order_of_each_window_and_the_others_all(
    weeks: list[Made],
) -> None:
    for drawn, forced, _ in weeks:
        for place, market in enumerate(drawn.markets):
            mine = forced.at(forced.market == place)
            throttle = drawn.venues[market.venue].throttle
            if throttle is None:
                assert mine.shown.all()
                continue
            window = (mine.time_ms - throttle.offset_ms) // WINDOW_MS
            side = mine.is_short if throttle.by_side else np.zeros(window.size, np.bool_)
            groups = pl.DataFrame(
                {"window": window, "side": side, "units": mine.units, "at": mine.time_ms,
                 "shown": mine.shown}
            ).group_by("window", "side").agg(
                pl.col("shown").sum(),
                size=pl.col("units").filter("shown").first(),
                largest=pl.col("units").max(),
                at=pl.col("at").filter("shown").first(),
                latest=pl.col("at").max(),
            )  # fmt: skip
            assert (groups["shown"] == 1).all()
            by = ("at", "latest") if throttle.shows == LATEST else ("size", "largest")
            assert (groups[by[0]] == groups[by[1]]).all()


def traits(made: Make, process: str, seeds: Sequence[int]) -> np.ndarray:  # type: ignore[type-arg]
    """Of orders of one market and side: how many follow within a quarter of a second, within two
    seconds and within twenty; how alike in size neighbours are; what the largest hundredth makes.
    """
    told = []
    for seed in seeds:
        drawn, forced, _ = made(seed, process, 0.3)
        key = forced.market * 2 + forced.is_short
        order = np.lexsort((forced.time_ms, key))
        gap, same = np.diff(forced.time_ms[order]), np.diff(key[order]) == 0
        near = same & (gap < 1_000)
        sizes = np.log(forced.units[order])
        own = [np.sort(forced.units[forced.market == n]) for n in range(len(drawn.markets))]
        tops = [units[-(units.size // 100 + 1) :].sum() / units.sum() for units in own]
        alike = np.corrcoef(sizes[1:][near], sizes[:-1][near])[0, 1]
        within = [((gap[same] < ms).mean()) for ms in (250, 2_000, 20_000)]
        told.append([*within, alike, np.mean(tops)])
    return np.mean(told, axis=0)


def test_every_process_clusters_or_sizes_its_orders_in_another_way(made: Make) -> None:
    """As shares, any two of them are a tenth apart in something, whatever else was drawn."""
    found = {process: traits(made, process, range(4)) for process in PROCESSES}
    for one in PROCESSES:
        for other in PROCESSES:
            if one < other:
                assert np.abs(found[one] - found[other]).max() > 0.1, (one, other)


def test_the_truth_by_hour_adds_up_to_every_order() -> None:
    one: TruthWeek = week(9, size=SIZE)
    sums = one.cells.select(pl.col("coins", "inverse_usd", "usd").sum()).row(0)
    orders_of = one.orders.select(pl.col("coins", "inverse_usd", "usd").sum()).row(0)
    assert sums == pytest.approx(orders_of)
    assert one.cells["orders"].sum() == one.orders.height
    assert one.orders["time"].dt.date().is_between(one.first, one.last).all()
