"""Tables that the reconcile stage makes, one file a table; ``time`` is the Monday of the week."""

from pipelines.tables.reconciled.agreements import AGREEMENTS
from pipelines.tables.reconciled.comparisons import COMPARISONS
from pipelines.tables.reconciled.day_boundaries import DAY_BOUNDARIES
from pipelines.tables.reconciled.gaps import GAPS
from pipelines.tables.reconciled.layers import ESTIMATES, LAYERS, REFUSALS
from pipelines.tables.reconciled.matches import MATCHES, UNMATCHED
from pipelines.tables.reconciled.revisions import REVISIONS
from pipelines.tables.reconciled.share_breaks import SHARE_BREAKS
from pipelines.tables.reconciled.verdicts import VERDICTS
from pipelines.tables.reconciled.volume_checks import VOLUME_CHECKS

# In the order in which they are made: one may read what another made before it. The cells that
# layers are made of are kept from the first to the last of their tables, so that these come last.
RECONCILED = (
    COMPARISONS,
    GAPS,
    AGREEMENTS,
    DAY_BOUNDARIES,
    REVISIONS,
    MATCHES,
    UNMATCHED,
    VERDICTS,
    SHARE_BREAKS,
    LAYERS,
    REFUSALS,
    ESTIMATES,
    VOLUME_CHECKS,
)

__all__ = [
    "AGREEMENTS",
    "COMPARISONS",
    "DAY_BOUNDARIES",
    "ESTIMATES",
    "GAPS",
    "LAYERS",
    "MATCHES",
    "RECONCILED",
    "REFUSALS",
    "REVISIONS",
    "SHARE_BREAKS",
    "UNMATCHED",
    "VERDICTS",
    "VOLUME_CHECKS",
]
