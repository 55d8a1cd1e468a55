-- Venues whose volume does not count coins, by its weight beside other venues over its coins.
-- key: week, source, subject
-- week: ISO week, as in 2022-W24.
-- source: The venue.
-- subject: What its volume counts.
-- coins: Coins that say so.
-- sentence: The finding, in words.

select
    week,
    venue as source,
    volume_reading as subject,
    count(distinct coin) as coins,
    format(
        'The volume of {} counts {}, not coins: only then is its weight beside other venues much the same for {}.',
        venue, volume_reading, string_agg(distinct coin, ', ' order by coin)
    ) as sentence
from mart.volume_checks
where volume_reading <> 'coins'
group by week, venue, volume_reading
order by week, source, subject
