-- Each publisher's sum for a bucket, coin and side: its markets added up, or its one coin figure.
-- key: time, interval_s, source, venue, coin, position
-- time: The bucket's beginning, UTC.
-- interval_s: Length of the bucket in seconds.
-- source: Who says so.
-- venue: Where it happened; several where the publisher adds venues up.
-- coin: The coin.
-- position: Which side was liquidated, long or short.
-- dataset: Dataset of the source.
-- scope: What the figure adds up: the markets, or the venues asked for. Of several lists of venues, the latest asked.
-- coverage: How much of what happened the feed shows; unknown where its parts differ.
-- usd_basis: par if any part takes a stable coin as one dollar, else rate, dollars or published. Null: no dollars.
-- notional_usd: Dollars liquidated, of the parts that have a dollar figure. Null: none has.
-- size_coins: Coins liquidated. Null: a part does not say.
-- rows_counted: Rows behind it, one for each market.
-- rows_without_usd: Of these, rows without a dollar figure.
-- rows_without_basis: Of these, rows with dollars that do not say how they came about.
-- is_over: Whether every part was asked after the bucket had ended.

with totals as (
    select
        *,
        split_part(split_part(feed, '@', 1), '/', 2) as dataset,
        if(instrument_id is null, scope, '') as whole_scope
    from lake.liquidation_totals
)

select
    time,
    interval_s,
    source,
    venue,
    coin,
    position,
    min(dataset) as dataset,
    array_to_string(list_sort(list_distinct(list(scope))), ', ') as scope,
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
    bool_and(asked_at >= time + to_seconds(interval_s)) as is_over
from totals
group by time, interval_s, source, venue, coin, position, whole_scope
qualify row_number() over (
    partition by time, interval_s, source, venue, coin, position
    order by whole_scope = '', max(asked_at) desc, whole_scope
) = 1
order by time, interval_s, source, venue, coin, position
