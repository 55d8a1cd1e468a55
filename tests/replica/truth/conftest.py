"""Parts of a week, before anything is printed of it."""

from collections.abc import Callable

import pytest

from replica.simulated.draws import Draws
from replica.truth.activity import Activity, activity, logs_of
from replica.truth.nature import Nature, nature
from replica.truth.orders import Orders, orders, weights_of
from replica.truth.paths import paths

SIZE = 0.03
Made = tuple[Nature, Orders, Activity]


def make(seed: int, process: str | None = None, size: float = SIZE) -> Made:
    drawn = nature(seed, process, size)
    market, weights = weights_of(drawn, paths(Draws(seed).of("paths"), drawn.regime, drawn.coins))
    logs = logs_of(drawn, market)
    forced = orders(drawn, market, weights, logs)
    return drawn, forced, activity(drawn, market, logs, forced)


@pytest.fixture(scope="session")
def made() -> Callable[..., Made]:
    return make
