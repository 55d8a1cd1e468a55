-- Liquidated dollars of each UTC day, source, venue, coin and side, in every series that is held.
-- A day without a row is missing. A zero is said: by the publisher, or by a feed that was asked or heard and had no event.
-- key: day, source, venue, coin, position, series
-- day: UTC day.
-- source: Who says so.
-- venue: Where it happened; several where the publisher adds venues up.
-- coin: The coin.
-- position: Which side was liquidated, long or short.
-- series: events (single events), daily (the publisher's daily sums) or hourly (its hourly sums, added up).
-- scope: What the figure adds up: the markets, or the venues asked for.
-- coverage: How much of what happened the feed shows; unknown where its parts differ.
-- usd_basis: par if any part takes a stable coin as one dollar, else rate, dollars or published. Null: no dollars, or an event feed's zero.
-- notional_usd: Dollars liquidated, of the rows that have a dollar figure. Null: none has.
-- size_coins: Coins liquidated. Null: a row does not say.
-- rows_counted: Rows behind it: events, or buckets of a market.
-- rows_without_usd: Of these, rows without a dollar figure.
-- is_complete: Whether the whole day is in it, asked after its end: every asking of the coin's markets or every minute heard; every market of the week that far; all 24 hours.

with event_days as (
    select
        cast(hour as date) as day,
        source,
        venue,
        coin,
        position,
        if(min(coverage) = max(coverage), min(coverage), 'unknown') as coverage,
        case
            when bool_or(usd_basis = 'par') then 'par'
            when bool_or(usd_basis = 'rate') then 'rate'
            when bool_or(usd_basis = 'dollars') then 'dollars'
            when bool_or(usd_basis = 'published') then 'published'
        end as usd_basis,
        sum(notional_usd) as notional_usd,
        if(count(size_coins) = count(*), sum(size_coins), null) as size_coins,
        cast(sum(rows_counted) as bigint) as rows_counted,
        cast(sum(rows_without_usd) as bigint) as rows_without_usd
    from core.liquidation_hours
    where series = 'events'
    group by day, source, venue, coin, position
),

-- a feed that tells no event in all that is held is not known to be one of events
event_feeds as (
    select
        source,
        split_part(split_part(feed, '@', 1), '/', 2) as dataset,
        venue,
        coin,
        min(coverage) as coverage_first,
        max(coverage) as coverage_last
    from lake.liquidations
    group by all
),

datasets as (
    select
        source,
        dataset,
        if(min(coverage_first) = max(coverage_last), min(coverage_first), 'unknown') as coverage
    from event_feeds
    group by all
),

feed_days as (
    select
        strftime(feed_days.day, '%G-W%V') as week,
        feed_days.*
    from core.feed_days
    semi join datasets using (source, dataset)
),

-- a feed that speaks of everything at once is silent about coins; those it named in the week count
coins_of_week as (
    select distinct
        strftime(cast(time as date), '%G-W%V') as week,
        source,
        split_part(split_part(feed, '@', 1), '/', 2) as dataset,
        venue,
        coin
    from lake.liquidations
),

covered as (
    select
        feed_days.day,
        feed_days.source,
        feed_days.dataset,
        listings.venue,
        listings.coin,
        bool_or(feed_days.is_held) as is_held,
        bool_and(feed_days.is_complete) as is_complete
    from feed_days
    inner join core.listings as listings
        on feed_days.week = listings.week
        and feed_days.source = listings.source
        and feed_days.subject = listings.source_symbol
    group by all
    union all
    select
        feed_days.day,
        feed_days.source,
        feed_days.dataset,
        coins_of_week.venue,
        coins_of_week.coin,
        feed_days.is_held,
        feed_days.is_complete
    from feed_days
    inner join coins_of_week using (week, source, dataset)
    where feed_days.subject = '*'
),

members as (
    select distinct
        source,
        dataset,
        coalesce(told_first_by, dataset) as first_dataset
    from lake.regimes
    where canonical = 'liquidations'
),

-- of feeds that tell the same events one that is whole is enough
tellings as (
    select
        covered.day,
        covered.source,
        covered.venue,
        covered.coin,
        coalesce(members.first_dataset, covered.dataset) as first_dataset,
        bool_or(covered.is_complete) as is_complete,
        arg_min(
            datasets.coverage,
            (not covered.is_complete, covered.dataset <> coalesce(members.first_dataset, covered.dataset), covered.dataset)
        ) as coverage
    from covered
    inner join datasets using (source, dataset)
    left join members using (source, dataset)
    where covered.is_held
    group by all
),

expected as (
    select
        tellings.day,
        tellings.source,
        tellings.venue,
        tellings.coin,
        sides.position,
        bool_and(tellings.is_complete) as is_complete,
        if(min(coverage) = max(coverage), min(coverage), 'unknown') as coverage_of_feed
    from tellings
    cross join (values ('long'), ('short')) as sides (position)
    group by all
),

events as (
    select
        day,
        source,
        venue,
        coin,
        position,
        'events' as series,
        'markets asked or heard' as scope,
        coalesce(event_days.coverage, expected.coverage_of_feed) as coverage,
        event_days.usd_basis,
        if(event_days.rows_counted is null, 0, event_days.notional_usd) as notional_usd,
        if(event_days.rows_counted is null, 0, event_days.size_coins) as size_coins,
        coalesce(event_days.rows_counted, 0) as rows_counted,
        coalesce(event_days.rows_without_usd, 0) as rows_without_usd,
        coalesce(expected.is_complete, false) as is_complete
    from event_days
    full join expected using (day, source, venue, coin, position)
),

daily as (
    select
        cast(time as date) as day,
        source,
        venue,
        coin,
        position,
        'daily' as series,
        scope,
        coverage,
        usd_basis,
        notional_usd,
        size_coins,
        rows_counted,
        rows_without_usd,
        is_over and rows_counted = max(rows_counted) over (
            partition by strftime(cast(time as date), '%G-W%V'), source, venue, coin, position
        ) as is_complete
    from core.published_buckets
    where interval_s = 86400
),

hourly as (
    select
        cast(hour as date) as day,
        source,
        venue,
        coin,
        position,
        series,
        string_agg(distinct scope, ' | ' order by scope) as scope,
        if(min(coverage) = max(coverage), min(coverage), 'unknown') as coverage,
        case
            when bool_or(usd_basis = 'par') then 'par'
            when bool_or(usd_basis = 'rate') then 'rate'
            when bool_or(usd_basis = 'dollars') then 'dollars'
            when bool_or(usd_basis = 'published') then 'published'
        end as usd_basis,
        sum(notional_usd) as notional_usd,
        if(count(size_coins) = count(*), sum(size_coins), null) as size_coins,
        cast(sum(rows_counted) as bigint) as rows_counted,
        cast(sum(rows_without_usd) as bigint) as rows_without_usd,
        bool_and(is_over) and sum(rows_counted) = 24 * max(rows_counted) as is_complete
    from core.liquidation_hours
    where series = 'hourly'
    group by day, source, venue, coin, position, series
)

select * from events
union all
select * from daily
union all
select * from hourly
order by day, source, venue, coin, position, series
