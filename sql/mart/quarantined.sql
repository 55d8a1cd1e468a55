-- Rows that a source gave and that were not read, counted by reason.
-- key: week, canonical, source, dataset, reason
-- week: ISO week, as in 2022-W24.
-- canonical: The canonical table they were meant for.
-- source: Who gave them.
-- dataset: Dataset of the source.
-- reason: Why they were not read.
-- rows: How many.

select
    strftime(cast(time as date), '%G-W%V') as week,
    canonical,
    source,
    dataset,
    reason,
    count(*) as rows
from lake.quarantine
group by all
order by week, canonical, source, dataset, reason
