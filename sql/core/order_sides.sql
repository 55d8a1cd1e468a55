-- Which raw side of single orders sums to the longs, on days on which one side was liquidated far more.
-- A tracker's word for the side of an order is ambiguous, its sums by side are not: 80 % on one side of both tells which word is which.
-- key: day, source, venue, coin
-- day: UTC day.
-- source: Who reports both.
-- venue: Where it happened; several where the orders of all venues stand beside a sum over venues.
-- coin: The coin.
-- orders: Single orders of that day.
-- side_1_usd: Dollars of orders with side 1.
-- side_2_usd: Dollars of orders with side 2.
-- longs_usd: Dollars of longs in the tracker's daily sum.
-- shorts_usd: Dollars of shorts in the tracker's daily sum.
-- side_1_pct: Part of side 1 in the orders, percent, 6 places.
-- longs_pct: Part of longs in the sum, percent, 6 places.
-- side_of_longs: The side that sums to the longs, 1 or 2. Null: the day is not one-sided in both.

with single_orders as (
    select
        cast(time as date) as day,
        source,
        venue,
        coin,
        side_raw,
        notional_usd
    from lake.reported_orders
    union all
    select
        cast(time as date) as day,
        source,
        'several' as venue,
        coin,
        side_raw,
        notional_usd
    from lake.reported_orders
),

by_side as (
    select
        day,
        source,
        venue,
        coin,
        count(*) as orders,
        coalesce(sum(notional_usd) filter (where side_raw = '1'), 0) as side_1_usd,
        coalesce(sum(notional_usd) filter (where side_raw = '2'), 0) as side_2_usd
    from single_orders
    group by day, source, venue, coin
),

totals as (
    select
        cast(time as date) as day,
        source,
        venue,
        coin,
        max(notional_usd) filter (where position = 'long') as longs_usd,
        max(notional_usd) filter (where position = 'short') as shorts_usd
    from core.published_buckets
    where interval_s = 86400 and is_over
    group by day, source, venue, coin
),

shares as (
    select
        *,
        round(
            cast(side_1_usd as double) / cast(side_1_usd + side_2_usd as double) * 100, 6
        ) as side_1_pct,
        round(
            cast(longs_usd as double) / cast(longs_usd + shorts_usd as double) * 100, 6
        ) as longs_pct
    from by_side
    inner join totals using (day, source, venue, coin)
    where side_1_usd + side_2_usd > 0 and longs_usd + shorts_usd > 0
)

select
    day,
    source,
    venue,
    coin,
    orders,
    side_1_usd,
    side_2_usd,
    longs_usd,
    shorts_usd,
    side_1_pct,
    longs_pct,
    case
        when greatest(side_1_pct, 100 - side_1_pct) < 80 or greatest(longs_pct, 100 - longs_pct) < 80
            then null
        when (side_1_pct > 50) = (longs_pct > 50) then '1'
        else '2'
    end as side_of_longs
from shares
order by day, source, venue, coin
