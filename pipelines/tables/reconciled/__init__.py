"""Tables that the reconcile stage makes, one file a table; ``time`` is the Monday of the week."""

from pipelines.tables.reconciled.comparisons import COMPARISONS
from pipelines.tables.reconciled.gaps import GAPS
from pipelines.tables.reconciled.layers import ESTIMATES, LAYERS, REFUSALS

# In the order in which they are made: one may read what another made before it.
RECONCILED = (COMPARISONS, LAYERS, REFUSALS, ESTIMATES, GAPS)

__all__ = ["COMPARISONS", "ESTIMATES", "GAPS", "LAYERS", "RECONCILED", "REFUSALS"]
