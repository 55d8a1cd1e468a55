"""A market in parts: whichever way it is cut, the layers are the same."""

import polars as pl
import pytest

from bench.proof.seen import canonical
from pipelines.lake import Lake, days_between
from pipelines.reconcile.layers.cells import cells, cells_in
from pipelines.reconcile.layers.parts import PLACE, held_in
from pipelines.reconcile.layers.seen import Seen, of_trades
from pipelines.tables import (
    ASKINGS,
    CANDLES,
    INSTRUMENTS,
    LIQUIDATION_TOTALS,
    LIQUIDATIONS,
    LISTENING,
    OPEN_INTEREST,
)
from replica.truth import week


@pytest.fixture(scope="module")
def simulated():
    return canonical(week(2))


@pytest.fixture(scope="module")
def lake(simulated, tmp_path_factory):
    made = Lake(tmp_path_factory.mktemp("lake"))
    told = simulated.told
    frames = {
        LIQUIDATIONS: told.events.collect(), LIQUIDATION_TOTALS: told.totals, ASKINGS: told.askings,
        LISTENING: told.listening, INSTRUMENTS: told.instruments, CANDLES: simulated.candles,
        OPEN_INTEREST: simulated.open_interest,
    }  # fmt: skip
    for day in days_between(simulated.first, simulated.last):
        for table, rows in frames.items():
            made.write(table, day, rows.filter(pl.col("time").dt.date() == day), as_of="now")
    return made


@pytest.fixture(scope="module")
def whole(simulated):
    return cells(
        Seen(
            simulated.told,
            of_trades(simulated.candles.lazy()),
            simulated.open_interest.lazy(),
            simulated.first,
            simulated.last,
        )
    )


@pytest.mark.parametrize("most", [2_000, 30_000, 10_000_000])
def test_every_event_is_in_one_part_and_no_place_in_two(lake, simulated, most):
    parts = list(held_in(lake, simulated.first, simulated.last).parts(most))
    events = [part.told.events.collect().height for part in parts]
    assert sum(events) == simulated.told.events.collect().height
    places = pl.concat([part.told.instruments.select(PLACE).unique() for part in parts])
    assert not places.is_duplicated().any()
    assert (len(parts) == 1) == (most == 10_000_000)


@pytest.mark.parametrize("most", [2_000, 30_000, 10_000_000])
def test_bounds_and_refusals_do_not_depend_on_the_cut(lake, simulated, whole, most):
    found = cells_in(held_in(lake, simulated.first, simulated.last), most)
    assert found.bounds.equals(whole.bounds)
    assert found.refused.equals(whole.refused)
    key = ["venue", "coin", "position", "hour"]
    assert found.feeds.sort(key).equals(whole.feeds.sort(key))
    assert found.orders.height == whole.orders.height
