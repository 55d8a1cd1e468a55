"""Parts of a product: they add up, and no order of the toggles changes them."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reconcile.gap.shapley import shapley

FACTOR = st.floats(0, 3)
CELLS = st.integers(0, 4).flatmap(
    lambda toggles: st.lists(
        st.tuples(
            st.floats(-1e6, 1e6),
            st.lists(FACTOR, min_size=toggles, max_size=toggles),
            st.lists(FACTOR, min_size=toggles, max_size=toggles),
        ),
        min_size=1,
        max_size=4,
    )
)


def arrays(cells):
    return [np.array([list(np.atleast_1d(c[n])) for c in cells], float) for n in range(3)]


def by_orders(x, off, on):
    """The mean, over all orders, of what each toggle adds when its turn comes."""
    toggles = off.size
    added = np.zeros(toggles)
    orders = list(permutations(range(toggles)))
    for order in orders:
        now = off.copy()
        for nth in order:
            before = x * now.prod()
            now[nth] = on[nth]
            added[nth] += x * now.prod() - before
    return added / len(orders)


@settings(max_examples=60, deadline=None)
@given(CELLS)
def test_each_part_is_the_mean_over_all_orders(cells):
    x, off, on = arrays(cells)
    off, on = off.reshape(len(cells), -1), on.reshape(len(cells), -1)
    added, left = shapley(x[:, 0], off, on)
    for nth in range(len(cells)):
        assert added[nth] == pytest.approx(by_orders(x[nth, 0], off[nth], on[nth]), abs=1e-3)
        assert left[nth] == pytest.approx(x[nth, 0] * on[nth].prod())


@settings(max_examples=60, deadline=None)
@given(CELLS)
def test_parts_add_up_and_a_toggle_that_does_nothing_gets_nothing(cells):
    x, off, on = arrays(cells)
    off, on = off.reshape(len(cells), -1), on.reshape(len(cells), -1)
    if on.shape[1]:
        on[:, 0] = off[:, 0]
    added, left = shapley(x[:, 0], off, on)
    assert x[:, 0] * off.prod(axis=1) + added.sum(axis=1) == pytest.approx(left, abs=1e-3)
    assert not added[:, :1].any()
