-- The seven UTC days behind each figure of mart.weekly_liquidations; a day that is missing has no amount.
-- key: day, source, venue, coin, position
-- week: ISO week, as in 2022-W24.
-- day: UTC day.
-- source: Who says so.
-- venue: Where it happened; several where the publisher adds venues up.
-- coin: The coin.
-- position: Which side was liquidated, long or short.
-- notional_usd: Dollars liquidated. Null: the day is missing, or has no dollar figure.
-- is_held: Whether the day is held.

with days as (
    select
        week,
        first_day + cast(n as integer) as day,
        source,
        venue,
        coin,
        position,
        series
    from mart.weekly_liquidations
    cross join range(7) as days (n)
)

select
    days.week,
    day,
    source,
    venue,
    coin,
    position,
    held.notional_usd,
    held.day is not null as is_held
from days
left join core.liquidation_days as held using (day, source, venue, coin, position, series)
order by day, source, venue, coin, position
