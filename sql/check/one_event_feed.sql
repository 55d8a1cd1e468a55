-- No hour of events is added up from two datasets that tell the same events: each would count twice.
-- key: hour, source, venue, coin, position
-- hour: The hour's beginning, UTC.
-- source: Who says so.
-- venue: Where it happened.
-- coin: The coin.
-- position: Which side was liquidated.
-- feed_first: One of the feeds.
-- feed_last: Another one.

with members as (
    select distinct
        source,
        dataset,
        coalesce(told_first_by, dataset) as first_dataset
    from lake.regimes
    where canonical = 'liquidations'
),

hours as (
    select
        *,
        split_part(split_part(feed_first, '@', 1), '/', 2) as dataset_first,
        split_part(split_part(feed_last, '@', 1), '/', 2) as dataset_last
    from core.liquidation_hours
    where series = 'events'
)

select
    hour,
    hours.source,
    venue,
    coin,
    position,
    feed_first,
    feed_last
from hours
left join members as one on hours.source = one.source and hours.dataset_first = one.dataset
left join members as other on hours.source = other.source and hours.dataset_last = other.dataset
where
    dataset_first <> dataset_last
    -- a dataset that no regime names is not known to tell other events
    and coalesce(one.first_dataset = other.first_dataset, true)
order by hour, hours.source, venue, coin, position
