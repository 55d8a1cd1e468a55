-- Liquidated dollars of each UTC hour, source, venue, coin and side, from events and from hourly sums.
-- key: hour, source, venue, coin, position, series
-- hour: The hour's beginning, UTC.
-- source: Who says so.
-- venue: Where it happened; several where the publisher adds venues up.
-- coin: The coin.
-- position: Which side was liquidated, long or short.
-- series: events (single events added up) or hourly (the publisher's own hourly sums).
-- feed_first: Feed of the rows behind it; of several, the first by name.
-- feed_last: The last by name; another one than feed_first where a feed changed within the hour.
-- coverage: How much of what happened the feed shows; unknown where its parts differ.
-- usd_basis: par if any part takes a stable coin as one dollar, else rate, dollars or published. Null: no dollars.
-- notional_usd: Dollars liquidated, of the rows that have a dollar figure. Null: none has.
-- size_coins: Coins liquidated. Null: a row does not say.
-- rows_counted: Rows behind it.
-- rows_without_usd: Of these, rows without a dollar figure.
-- rows_without_basis: Of these, rows with dollars that do not say how they came about.
-- is_over: Whether it was asked after the hour had ended.
-- scope: What the figure adds up.

-- hours by integer arithmetic: truncating instants with a time zone costs more than the scan
with counted as (
    select *
    from lake.liquidations
    -- what several feeds of a source tell is counted from one of them
    anti join core.feeds_passed_over as passed_over
        on liquidations.feed = passed_over.feed
        and liquidations.instrument_id = passed_over.instrument_id
        and date '1970-01-01' + cast(epoch_ms(liquidations.time) // 86400000 as integer) = passed_over.day
),

events as (
    select
        epoch_ms(time) // 3600000 as hour_number,
        source,
        venue,
        coin,
        position,
        min(feed) as feed_first,
        max(feed) as feed_last,
        if(min(coverage) = max(coverage), min(coverage), 'unknown') as coverage,
        case
            when bool_or(usd_basis = 'par') then 'par'
            when bool_or(usd_basis = 'rate') then 'rate'
            when bool_or(usd_basis = 'dollars') then 'dollars'
            when bool_or(usd_basis = 'published') then 'published'
        end as usd_basis,
        sum(notional_usd) as notional_usd,
        if(count(size_coins) = count(*), sum(size_coins), null) as size_coins,
        count(*) as rows_counted,
        count(*) - count(notional_usd) as rows_without_usd,
        count(*) filter (where notional_usd is not null and usd_basis is null) as rows_without_basis,
        max(asked_at) as asked_at
    from counted
    group by hour_number, source, venue, coin, position
)

select
    to_timestamp(hour_number * 3600) as hour,
    source,
    venue,
    coin,
    position,
    'events' as series,
    feed_first,
    feed_last,
    coverage,
    usd_basis,
    notional_usd,
    size_coins,
    rows_counted,
    rows_without_usd,
    rows_without_basis,
    epoch_ms(asked_at) >= (hour_number + 1) * 3600000 as is_over,
    'markets asked or heard' as scope
from events
union all
select
    time as hour,
    source,
    venue,
    coin,
    position,
    'hourly' as series,
    source || '/' || dataset as feed_first,
    source || '/' || dataset as feed_last,
    coverage,
    usd_basis,
    notional_usd,
    size_coins,
    rows_counted,
    rows_without_usd,
    rows_without_basis,
    is_over,
    scope
from core.published_buckets
where interval_s = 3600
order by hour, source, venue, coin, position, series
