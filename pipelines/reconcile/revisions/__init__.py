"""What publishers changed in their sums after they had first told them."""

from pipelines.reconcile.revisions.triangle import triangle

__all__ = ["triangle"]
