"""Tables that the reconcile stage makes, one file a table; ``time`` is the Monday of the week."""

from pipelines.tables.reconciled.comparisons import COMPARISONS
from pipelines.tables.reconciled.matches import MATCHES, UNMATCHED
from pipelines.tables.reconciled.revisions import REVISIONS

# In the order in which they are made: one may read what another made before it.
RECONCILED = (COMPARISONS, REVISIONS, MATCHES, UNMATCHED)

__all__ = ["COMPARISONS", "MATCHES", "RECONCILED", "REVISIONS", "UNMATCHED"]
