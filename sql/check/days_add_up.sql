-- A weekly figure is the sum of its seven daily ones, and holds as many days as are shown as held.
-- key: week, source, venue, coin, position
-- week: ISO week.
-- source: Who says so.
-- venue: Where it happened.
-- coin: The coin.
-- position: Which side was liquidated.
-- week_usd: The figure in mart.weekly_liquidations. Null: not there, or no dollars.
-- days_usd: The sum of mart.daily_liquidations. Null: not there, or no dollars.

with daily as (
    select
        week,
        source,
        venue,
        coin,
        position,
        count(*) as days,
        count(*) filter (where is_held) as days_held,
        sum(notional_usd) as notional_usd
    from mart.daily_liquidations
    group by all
)

select
    week,
    source,
    venue,
    coin,
    position,
    weekly.notional_usd as week_usd,
    daily.notional_usd as days_usd
from mart.weekly_liquidations as weekly
full join daily using (week, source, venue, coin, position)
where
    weekly.notional_usd is distinct from daily.notional_usd
    or weekly.days_held is distinct from daily.days_held
    or daily.days <> 7
order by week, source, venue, coin, position
