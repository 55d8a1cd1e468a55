"""Tables that the reconcile stage makes, one file a table; ``time`` is the Monday of the week."""

from pipelines.tables.reconciled.comparisons import COMPARISONS
from pipelines.tables.reconciled.verdicts import VERDICTS

# In the order in which they are made: one may read what another made before it.
RECONCILED = (COMPARISONS, VERDICTS)

__all__ = ["COMPARISONS", "RECONCILED", "VERDICTS"]
