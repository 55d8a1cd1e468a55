-- Every liquidation names a regime of its source, and happened on a day on which that regime held.
-- key: canonical, feed
-- canonical: Canonical table.
-- feed: The feed that rows name.
-- rows: Rows of that feed.
-- first_time: The earliest of them, UTC.
-- last_time: The latest of them, UTC.

with feeds as (
    select
        'liquidations' as canonical,
        feed,
        count(*) as rows,
        min(time) as first_time,
        max(time) as last_time
    from lake.liquidations
    group by feed
    union all
    select
        'liquidation_totals' as canonical,
        feed,
        count(*) as rows,
        min(time) as first_time,
        max(time) as last_time
    from lake.liquidation_totals
    group by feed
)

select feeds.*
from feeds
left join lake.regimes as regimes using (canonical, feed)
where
    regimes.feed is null
    or cast(first_time as date) < regimes.first_day
    or cast(last_time as date) > coalesce(regimes.last_day, date '9999-12-31')
order by canonical, feed
