-- The days behind the agreement of one pair of sources, to be drawn: the pair that has statistics of most coins and sides of a week, a sum over venues first, then by name.
-- key: week, coin, position, day
-- week: ISO week at whose end the 90 days end, as in 2022-W24.
-- coin: The coin.
-- position: Which side was liquidated, long or short.
-- source_a: The first source.
-- venue_a: Its venue, or several.
-- source_b: The second source.
-- venue_b: Its venue, or several.
-- day: UTC day.
-- a_usd: Dollars by the first source; not zero.
-- b_usd: Dollars by the second source; not zero.

with pairs as (
    select
        week,
        source_a,
        venue_a,
        source_b,
        venue_b
    from mart.source_agreement
    where refused is null
    group by week, source_a, venue_a, source_b, venue_b
    qualify row_number() over (
        partition by week order by count(*) desc, venue_a = 'several' desc, source_a, venue_a, source_b, venue_b
    ) = 1
),

cells as (
    select
        week,
        source_a,
        venue_a,
        source_b,
        venue_b,
        coin,
        position,
        first_day,
        last_day
    from mart.source_agreement
    inner join pairs using (week, source_a, venue_a, source_b, venue_b)
    where refused is null
),

-- what a source adds up, and what is added up here of the single venues that it prints
held as (
    select
        day,
        source,
        venue,
        coin,
        position,
        notional_usd
    from core.liquidation_days
    where series <> 'hourly' and rows_without_usd = 0 and notional_usd > 0
    union all
    select
        day,
        source,
        'several' as venue,
        coin,
        position,
        sum(notional_usd) as notional_usd
    from core.liquidation_days
    where series = 'daily'
    group by day, source, coin, position
    having
        count(distinct venue) > 1
        and bool_and(venue <> 'several' and rows_without_usd = 0 and notional_usd is not null)
        and sum(notional_usd) > 0
)

select
    cells.week,
    cells.coin,
    cells.position,
    cells.source_a,
    cells.venue_a,
    cells.source_b,
    cells.venue_b,
    a.day,
    a.notional_usd as a_usd,
    b.notional_usd as b_usd
from cells
inner join held as a
    on cells.source_a = a.source
    and cells.venue_a = a.venue
    and cells.coin = a.coin
    and cells.position = a.position
    and a.day between cells.first_day and cells.last_day
inner join held as b
    on cells.source_b = b.source
    and cells.venue_b = b.venue
    and cells.coin = b.coin
    and cells.position = b.position
    and a.day = b.day
order by cells.week, cells.coin, cells.position, a.day
