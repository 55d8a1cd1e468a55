-- The last open interest of each UTC day, scope and feed.
-- key: day, source, feed, scope, coin, interval_s
-- day: UTC day.
-- source: Who says so.
-- feed: Dataset and era of the feed.
-- scope: What the figure adds up, in the source's words.
-- coin: The coin.
-- interval_s: Seconds between readings; 0 for a single reading.
-- venue: Where it is open; several where the publisher adds venues up.
-- instrument_id: The market. Null: a figure for the whole coin.
-- open_interest_coins: Last of the day in coins, one side. Null: not given in coins.
-- open_interest_usd: Last of the day in dollars, as published. Null: not given in dollars.
-- usd_basis: How these dollars came about. Null: no dollars.
-- readings: Readings of that day.
-- hours_mask: Bit n is set where hour n of the day has a reading.
-- last_time: Instant of the last reading, or the beginning of the last bucket, UTC.
-- rows_without_basis: Rows with dollars that do not say how they came about.

-- days and hours by integer arithmetic: truncating instants with a time zone costs more than the scan
with days as (
    select
        epoch_ms(time) // 86400000 as day_number,
        feed,
        scope,
        coin,
        interval_s,
        any_value(source) as source,
        any_value(venue) as venue,
        any_value(instrument_id) as instrument_id,
        arg_max_null(open_interest_coins, time) as open_interest_coins,
        arg_max_null(open_interest_usd, time) as open_interest_usd,
        arg_max_null(usd_basis, time) as usd_basis,
        count(*) as readings,
        bit_or(1::integer << cast(epoch_ms(time) // 3600000 % 24 as integer)) as hours_mask,
        max(time) as last_time,
        count(*) filter (where open_interest_usd is not null and usd_basis is null) as rows_without_basis
    from lake.open_interest
    group by day_number, feed, scope, coin, interval_s
)

select
    date '1970-01-01' + cast(day_number as integer) as day,
    source,
    feed,
    scope,
    coin,
    interval_s,
    venue,
    instrument_id,
    open_interest_coins,
    open_interest_usd,
    usd_basis,
    readings,
    hours_mask,
    last_time,
    rows_without_basis
from days
order by day, source, feed, scope, coin, interval_s
