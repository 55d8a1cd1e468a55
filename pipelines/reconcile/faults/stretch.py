"""The stretch of hours in which a change of what is expected brings it nearest to what is told."""

from dataclasses import dataclass

import numpy as np

from pipelines.reconcile.tellings.reference import Flags, Floats


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hours ``[first, end)``; what the change takes of the absolute residual there (``gain``), and
    what it moves: the two are equal where it explains all that it touches.
    """

    first: int
    end: int
    gain: float
    moved: float

    @property
    def crisp(self) -> float:
        return self.gain / self.moved if self.moved > 0 else 0.0


def best_stretch(residual: Floats, judged: Flags, change: Floats) -> Stretch:
    """Of all stretches of hours the one with the largest gain.

    ``residual`` and ``judged`` are (groups, buckets), ``change`` (groups, buckets, hours of a
    bucket): told less expected, whether both are known there, and what would be added to the
    expected in each hour.
    """
    width = change.shape[2]
    upto = np.concatenate([np.zeros((*change.shape[:2], 1)), change.cumsum(axis=2)], axis=2)
    before = np.abs(residual)

    def gain_of(added: Floats) -> Floats:
        rest = residual.reshape(*residual.shape, *([1] * (added.ndim - 2)))
        known = judged.reshape(rest.shape)
        old = before.reshape(rest.shape)
        gain: Floats = np.where(known, old - np.abs(rest - added), 0.0).sum(axis=0)
        return gain

    head = gain_of(upto)  # (buckets, hours + 1): up to an hour
    tail = gain_of(upto[:, :, -1:] - upto)  # from an hour on
    first, end, gain = _over_buckets(head, tail, width)
    inside = gain_of(upto[:, :, None, :] - upto[:, :, :, None])  # from, to
    bucket, start, stop = np.unravel_index(int(inside.argmax()), inside.shape)
    if start < stop and inside[bucket, start, stop] > gain:
        gain = float(inside[bucket, start, stop])
        first, end = int(bucket) * width + int(start), int(bucket) * width + int(stop)
    return Stretch(first, end, gain, moved(judged, change, first, end))


def moved(judged: Flags, change: Floats, first: int, end: int) -> float:
    """What the change adds or takes in the buckets that are judged, whatever its sign."""
    buckets, width = change.shape[1:]
    hours = np.arange(buckets * width).reshape(1, buckets, width)
    within = (hours >= first) & (hours < end)
    added = np.abs((change * within).sum(axis=2))
    return float(added[judged].sum())


def _over_buckets(head: Floats, tail: Floats, width: int) -> tuple[int, int, float]:
    """The best stretch that begins in one bucket and ends in a later one, and its gain."""
    buckets = len(head)
    if buckets < 2:
        return 0, 0, 0.0
    whole = np.concatenate([[0.0], head[:, -1].cumsum()])
    between = whole[None, :-1] - whole[1:, None]  # of the buckets after the first, before the last
    total = tail.max(axis=1)[:, None] + between + head.max(axis=1)[None, :]
    total[np.tril_indices(buckets)] = -np.inf
    one, other = (int(n) for n in np.unravel_index(int(total.argmax()), total.shape))
    # Of hours in which nothing happened a stretch takes as many as it can.
    first = one * width + int(tail[one].argmax())
    end = other * width + width - int(head[other][::-1].argmax())
    return first, end, float(total[one, other])
