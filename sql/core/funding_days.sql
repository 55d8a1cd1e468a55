-- Funding of each UTC day, scope and feed: its rates, or a publisher's figures.
-- key: day, source, feed, scope, coin
-- day: UTC day.
-- source: Who says so.
-- feed: Dataset and era of the feed.
-- scope: What the figure stands for, in the source's words.
-- coin: The coin.
-- venue: Where it is paid; several where the publisher weighs venues.
-- instrument_id: The market. Null: a figure for the whole coin.
-- funding_last: Last rate of the day, a fraction of notional.
-- funding_last_at: The instant of that rate, or the beginning of its bucket, UTC.
-- funding_sum: Sum of the day's rates.
-- funding_count: Rates of that day.

select
    cast(time as date) as day,
    source,
    feed,
    scope,
    coin,
    any_value(venue) as venue,
    any_value(instrument_id) as instrument_id,
    arg_max(funding_rate, time) as funding_last,
    max(time) as funding_last_at,
    sum(funding_rate) as funding_sum,
    count(*) as funding_count
from lake.funding
group by day, source, feed, scope, coin
order by day, source, feed, scope, coin
