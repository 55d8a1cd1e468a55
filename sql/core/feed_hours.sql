-- The UTC hours that hourly feeds and captures hold of each day and subject.
-- key: day, source, dataset, subject
-- day: UTC day.
-- source: Who says so.
-- dataset: Dataset of the source.
-- subject: The market, or coin and scope, whose hours these are; * for a capture.
-- hours_mask: Bit n is set where hour n of the day is held.

with parts as (
    select day, source, feed, instrument_id || ' ' || kind as subject, hours_mask
    from core.candle_days
    where interval_s between 1 and 3600
    union all
    select day, source, feed, coin || ' ' || scope as subject, hours_mask
    from core.open_interest_days
    where interval_s between 1 and 3600
    union all
    select
        cast(time as date) as day,
        source,
        source || '/' || dataset as feed,
        coin || ' ' || scope as subject,
        bit_or(1::integer << cast(hour(time) as integer)) as hours_mask
    from core.published_buckets
    where interval_s between 1 and 3600
    group by all
    union all
    select
        cast(time as date) as day,
        source,
        feed,
        instrument_id || ' ' || who as subject,
        bit_or(1::integer << cast(hour(time) as integer)) as hours_mask
    from lake.long_short_ratios
    where interval_s between 1 and 3600
    group by all
    union all
    select
        cast(time as date) as day,
        source,
        feed,
        coin || ' ' || scope as subject,
        bit_or(1::integer << cast(hour(time) as integer)) as hours_mask
    from lake.taker_volumes
    where interval_s between 1 and 3600
    group by all
    union all
    select
        cast(time as date) as day,
        source,
        source || '/' || dataset as feed,
        '*' as subject,
        bit_or(if(minutes_heard > 0, 1::integer << cast(hour(time) as integer), 0)) as hours_mask
    from lake.listening
    group by all
)

select
    day,
    source,
    split_part(split_part(feed, '@', 1), '/', 2) as dataset,
    subject,
    bit_or(hours_mask) as hours_mask
from parts
group by all
order by day, source, dataset, subject
