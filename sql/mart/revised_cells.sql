-- Each bucket and side of a publisher that its latest answer tells otherwise than its first.
-- key: week, source, dataset, scope, coin, interval_s, bucket, position
-- week: ISO week, as in 2022-W24.
-- source: Who says so.
-- dataset: Dataset of the source.
-- scope: What the figure adds up.
-- coin: The coin.
-- interval_s: Length of the bucket in seconds.
-- bucket: The bucket's beginning, UTC.
-- position: Which side was liquidated, long or short.
-- change: restated, appeared (not told at first) or withdrawn (no longer told).
-- askings: Askings about it after it was over.
-- first_asked_at: When the first of them was answered.
-- first_usd: Dollars it told. Null: it did not tell the bucket.
-- latest_asked_at: When the latest of them was answered.
-- latest_usd: Dollars it told. Null: it did not tell the bucket.
-- revision_usd: Latest less first. Null: not told both times.

select
    strftime(cast(time as date), '%G-W%V') as week,
    source,
    split_part(split_part(feed, '@', 1), '/', 2) as dataset,
    scope,
    coin,
    interval_s,
    bucket,
    cast(position as varchar) as position,
    cast(change as varchar) as change,
    askings,
    first_asked_at,
    first_usd,
    latest_asked_at,
    latest_usd,
    revision_usd
from lake.revisions
where change in ('restated', 'appeared', 'withdrawn')
order by week, source, dataset, scope, coin, interval_s, bucket, position
