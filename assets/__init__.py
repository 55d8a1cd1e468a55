"""What Dagster runs, and the command line that runs it. Wiring: the work is in ``pipelines``.

An *asset* here is Dagster's word for a thing that is made: a dataset, a table, a page.
"""

import warnings

# Backfill policies are marked beta in Dagster 1.13; the lock pins that version.
warnings.filterwarnings("ignore", message=".*is currently in beta.*")
