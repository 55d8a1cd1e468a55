-- A comparison adds up the days of core.liquidation_days that both sources hold in dollars, and no others. A source of several venues also stands as their sum.
-- key: week, coin, position, source_a, venue_a, source_b, venue_b
-- week: ISO week.
-- coin: The coin.
-- position: Which side was liquidated.
-- source_a: The first source.
-- venue_a: Its venue.
-- source_b: The second source.
-- venue_b: Its venue.
-- days_compared: Days that the comparison says both hold.
-- days_held: Days that both hold.
-- a_usd: What the comparison says of the first. Null: no day in common.
-- a_held_usd: What is held of the first. Null: no day in common.
-- b_usd: What the comparison says of the second. Null: no day in common.
-- b_held_usd: What is held of the second. Null: no day in common.

with whole_days as (
    select
        strftime(day, '%G-W%V') as week,
        day,
        source,
        venue,
        coin,
        position,
        notional_usd
    from core.liquidation_days
    where series <> 'hourly' and rows_without_usd = 0 and notional_usd is not null
),

-- a source of several single venues is also compared as their sum
sources_of_several as (
    select
        week,
        source
    from whole_days
    where venue <> 'several'
    group by all
    having count(distinct venue) > 1
),

held as (
    select * from whole_days
    union all
    select
        strftime(day, '%G-W%V') as week,
        day,
        source,
        'several' as venue,
        coin,
        position,
        sum(notional_usd) as notional_usd
    from core.liquidation_days
    where
        series = 'daily'
        and venue <> 'several'
        and (strftime(day, '%G-W%V'), source) in (select (week, source) from sources_of_several)
    group by day, source, coin, position
    having bool_and(rows_without_usd = 0 and notional_usd is not null)
),

added as (
    select
        variance.week,
        variance.coin,
        variance.position,
        variance.source_a,
        variance.venue_a,
        variance.source_b,
        variance.venue_b,
        count(*) as days_held,
        sum(a.notional_usd) as a_held_usd,
        sum(b.notional_usd) as b_held_usd
    from mart.weekly_source_variance as variance
    inner join held as a
        on variance.week = a.week
        and variance.coin = a.coin
        and variance.position = a.position
        and variance.source_a = a.source
        and variance.venue_a = a.venue
    inner join held as b
        on a.day = b.day
        and variance.coin = b.coin
        and variance.position = b.position
        and variance.source_b = b.source
        and variance.venue_b = b.venue
    group by all
)

select
    week,
    coin,
    position,
    source_a,
    venue_a,
    source_b,
    venue_b,
    variance.days_compared,
    coalesce(added.days_held, 0) as days_held,
    variance.a_usd,
    added.a_held_usd,
    variance.b_usd,
    added.b_held_usd
from mart.weekly_source_variance as variance
left join added using (week, coin, position, source_a, venue_a, source_b, venue_b)
where
    variance.days_compared <> coalesce(added.days_held, 0)
    or variance.a_usd is distinct from added.a_held_usd
    or variance.b_usd is distinct from added.b_held_usd
order by week, coin, position, source_a, venue_a, source_b, venue_b
