-- No hour of events is added up from two datasets of one source: the same event would count twice.
-- key: hour, source, venue, coin, position
-- hour: The hour's beginning, UTC.
-- source: Who says so.
-- venue: Where it happened.
-- coin: The coin.
-- position: Which side was liquidated.
-- feed_first: One of the feeds.
-- feed_last: Another one.

select
    hour,
    source,
    venue,
    coin,
    position,
    feed_first,
    feed_last
from core.liquidation_hours
where series = 'events' and split_part(feed_first, '@', 1) <> split_part(feed_last, '@', 1)
order by hour, source, venue, coin, position
