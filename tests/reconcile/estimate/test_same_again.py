"""The same week gives the same estimate, to the last digit, however threads were timed."""

import pytest

from bench.proof.seen import canonical
from pipelines.reconcile.estimate.estimates import estimates
from pipelines.reconcile.estimate.spread import learned
from pipelines.reconcile.layers.cells import cells
from pipelines.reconcile.layers.seen import Seen, of_trades
from replica.truth import week

TIMES = 12


@pytest.fixture(scope="module")
def found():
    read = canonical(week(3))
    candles, interest = of_trades(read.candles.lazy()), read.open_interest.lazy()
    return cells(Seen(read.told, candles, interest, read.first, read.last))


def test_an_estimate_is_the_same_each_time(found):
    every = {estimates(found, learned()).write_json() for _ in range(TIMES)}
    assert len(every) == 1
