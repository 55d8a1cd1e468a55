-- A weekly total is the sum of its coins over the days of one series, added up here from the days.
-- key: week, source, venue, position
-- week: ISO week.
-- source: Who says so.
-- venue: Where it happened.
-- position: Which side was liquidated.
-- total_usd: The total in mart.weekly_totals. Null: not there.
-- added_usd: The sum over core.liquidation_days. Null: nothing there.

with chosen as (
    select
        strftime(day, '%G-W%V') as week,
        *
    from core.liquidation_days
    semi join mart.weekly_liquidations as weekly
        on strftime(day, '%G-W%V') = weekly.week
        and core.liquidation_days.source = weekly.source
        and core.liquidation_days.venue = weekly.venue
        and core.liquidation_days.coin = weekly.coin
        and core.liquidation_days.position = weekly.position
        and core.liquidation_days.series = weekly.series
),

added as (
    select
        week,
        source,
        venue,
        position,
        sum(notional_usd) as added_usd
    from chosen
    group by week, source, venue, position
)

select
    week,
    source,
    venue,
    position,
    totals.notional_usd as total_usd,
    added.added_usd
from mart.weekly_totals as totals
full join added using (week, source, venue, position)
where totals.notional_usd is distinct from added.added_usd
order by week, source, venue, position
