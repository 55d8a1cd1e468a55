-- What each symbol of a source meant in an ISO week: its latest listing of that week.
-- key: week, source, source_symbol
-- week: ISO week, as in 2022-W24.
-- source: Whose listing it is.
-- source_symbol: The symbol as the source is asked for it.
-- instrument_id: The market, venue:symbol in the venue's own spelling.
-- venue: Where it trades; several for a coin over venues.
-- coin: The coin, one spelling everywhere.
-- coins_per_base: Coins in one unit of the base: 1000 for 1000PEPE.
-- is_perpetual: Whether it never expires. Null: the listing does not say.

with listings as (
    select
        strftime(cast(time as date), '%G-W%V') as week,
        *
    from lake.instruments
)

select
    week,
    source,
    source_symbol,
    instrument_id,
    venue,
    coin,
    coins_per_base,
    is_perpetual
from listings
qualify row_number() over (partition by week, source, source_symbol order by time desc) = 1
order by week, source, source_symbol
