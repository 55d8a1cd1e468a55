-- Candles of each UTC day, market and feed, rolled up; every length of candle apart.
-- key: day, source, instrument_id, kind, interval_s, feed
-- day: UTC day.
-- source: Who says so.
-- venue: Where it trades.
-- coin: The coin.
-- instrument_id: The market, venue:symbol in the venue's own spelling.
-- kind: Which price: last, mark or index.
-- interval_s: Length of the candles behind it in seconds.
-- feed: Dataset and era of the feed.
-- price_open: Opening price of the first candle that has one, quote per base. Null: none has.
-- price_high: Highest price. Null: not published.
-- price_low: Lowest price. Null: not published.
-- price_close: Closing price of the last candle.
-- volume_coins: Volume in coins. Null: not published in coins.
-- turnover_usd: Volume in dollars, a stable quote at par. Null: not published.
-- candles: Candles behind it.
-- hours_mask: Bit n is set where a candle begins in hour n of the day.
-- last_time: Beginning of the last candle, UTC.

-- days and hours by integer arithmetic: truncating instants with a time zone costs more than the scan
with days as (
    select
        epoch_ms(time) // 86400000 as day_number,
        instrument_id,
        kind,
        interval_s,
        feed,
        any_value(source) as source,
        any_value(venue) as venue,
        any_value(coin) as coin,
        arg_min(open, time) as price_open,
        max(high) as price_high,
        min(low) as price_low,
        arg_max(close, time) as price_close,
        sum(volume_coins) as volume_coins,
        sum(turnover_usd) as turnover_usd,
        count(*) as candles,
        bit_or(1::integer << cast(epoch_ms(time) // 3600000 % 24 as integer)) as hours_mask,
        max(time) as last_time
    from lake.candles
    group by day_number, instrument_id, kind, interval_s, feed
)

select
    date '1970-01-01' + cast(day_number as integer) as day,
    source,
    venue,
    coin,
    instrument_id,
    kind,
    interval_s,
    feed,
    price_open,
    price_high,
    price_low,
    price_close,
    volume_coins,
    turnover_usd,
    candles,
    hours_mask,
    last_time
from days
order by day, source, instrument_id, kind, interval_s, feed
