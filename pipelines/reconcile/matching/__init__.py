"""Events of one venue that two feeds, or two collectors of one stream, told."""

from pipelines.reconcile.matching.match import Tolerance, matched
from pipelines.reconcile.matching.overlap import NotOneStreamError, Overlap, Telling, overlap

__all__ = ["NotOneStreamError", "Overlap", "Telling", "Tolerance", "matched", "overlap"]
