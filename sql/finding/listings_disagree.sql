-- Markets that two listings give another coin, or another number of coins in one unit of the base.
-- key: week, source, subject
-- week: ISO week, as in 2022-W24.
-- source: The first source by name that lists it.
-- subject: The market.
-- listings: What each listing says.
-- sentence: The finding, in words.

with markets as (
    select
        week,
        min(source) as source,
        instrument_id as subject,
        string_agg(
            distinct source || ' has ' || cast(cast(coins_per_base as decimal(38, 6)) as varchar) || ' ' || coin,
            ', '
            order by source || ' has ' || cast(cast(coins_per_base as decimal(38, 6)) as varchar) || ' ' || coin
        ) as listings
    from core.listings
    where venue <> 'several'
    group by week, instrument_id
    having count(distinct coin) > 1 or count(distinct coins_per_base) > 1
)

select
    week,
    source,
    subject,
    listings,
    format('The listings do not agree on what one unit of {} is: {}.', subject, listings) as sentence
from markets
order by week, source, subject
