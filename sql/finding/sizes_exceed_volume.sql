-- Sources that say more was liquidated of a side in an hour than the venue traded in it.
-- key: week, source, subject
-- week: ISO week, as in 2022-W24.
-- source: Whose sizes.
-- subject: Venue and coin.
-- cells_exceeding: Hours and sides with more than was traded.
-- cells_checked: Hours and sides that were held against the volume.
-- share_most: The largest part of the volume.
-- sentence: The finding, in words.

select
    week,
    source,
    venue || ' ' || coin as subject,
    cells_exceeding,
    cells_checked,
    share_most,
    format(
        '{} of {}, {}: in {} of {} hours and sides more was liquidated than {} traded, at most {:.2f} times as much.',
        source, venue, coin, cells_exceeding, cells_checked, venue, share_most
    ) as sentence
from mart.volume_checks
where cells_exceeding > 0
order by week, source, subject
