-- Where a venue's share of the printed market broke between two days of print, by the claims of the ledger alone.
-- key: week, venue, source_named, last_before, first_after
-- week: ISO week whose ledger was read, as in 2022-W24.
-- venue: Whose share, as it was printed.
-- source_named: Who printed both the part and the whole.
-- last_before: Last UTC day of which the shares before may speak.
-- first_after: First UTC day of which the shares after may speak.
-- shares_before: Shares that were printed of the time before.
-- shares_after: Shares that were printed of the time after.
-- share_before: Their mean before, a fraction, 6 places.
-- low_before: The least that the rounding of the printed figures allows, 6 places.
-- high_before: The most that it allows, 6 places.
-- share_after: Their mean after, a fraction, 6 places.
-- low_after: The least that the rounding of the printed figures allows, 6 places.
-- high_after: The most that it allows, 6 places.
-- least_factor: Between the nearest ends of the two, 6 places.
-- threshold: The factor from which on it counts as a break.
-- claims_before: Claims of the ledger that say so of before.
-- claims_after: Claims of the ledger that say so of after.

select
    strftime(cast(time as date), '%G-W%V') as week,
    venue,
    source_named,
    last_before,
    first_after,
    shares_before,
    shares_after,
    share_before,
    low_before,
    high_before,
    share_after,
    low_after,
    high_after,
    least_factor,
    threshold,
    claims_before,
    claims_after
from lake.share_breaks
order by week, venue, source_named, last_before, first_after
