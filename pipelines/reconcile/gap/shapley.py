"""Shapley values of toggles whose effects on a cell multiply, exactly and without subsets.

A cell's value under a set of toggles is ``x`` times, for each toggle, ``on`` if it is in the set,
else ``off``. The multilinear extension of such a game is a product, and the Shapley value is its
partial derivative integrated along the diagonal (Owen, Multilinear Extensions of Games, Management
Science 18:64-79, 1972). That integrand is a polynomial of degree n - 1, which Gauss-Legendre with
(n + 1) // 2 nodes integrates exactly.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def shapley(x: Floats, off: Floats, on: Floats) -> tuple[Floats, Floats]:
    """What each toggle adds to each cell, (cells, toggles), and the cells with all toggles on.

    ``x`` is (cells,), ``off`` and ``on`` (cells, toggles). What the toggles add is what lies
    between ``x`` with all off and with all on.
    """
    toggles = off.shape[1]
    added: Floats = np.zeros_like(off)
    step = on - off
    for node, weight in _nodes(toggles):
        along = off + node * step
        for nth in range(toggles):
            others = np.delete(along, nth, axis=1).prod(axis=1)
            added[:, nth] += weight * step[:, nth] * others
    return added * x[:, None], x * on.prod(axis=1)


def _nodes(toggles: int) -> list[tuple[Any, Any]]:
    """Nodes and weights on [0, 1]."""
    if toggles == 0:
        return []
    nodes, weights = np.polynomial.legendre.leggauss((toggles + 1) // 2)
    return list(zip((nodes + 1) / 2, weights / 2, strict=True))
