-- Every market by its own name, as the venue lists it, or else as the latest other source does.
-- key: instrument_id
-- instrument_id: The market, venue:symbol in the venue's own spelling.
-- venue: Where it trades.
-- coin: The coin, one spelling everywhere.
-- coins_per_base: Coins in one unit of the base: 1000 for 1000PEPE.
-- quote: What prices are counted in. Null: no listing says.
-- margin: linear or inverse. Null: no listing says.
-- listed_by: The source whose listing this is.

select
    instrument_id,
    venue,
    coin,
    coins_per_base,
    quote,
    margin,
    source as listed_by
from lake.instruments
qualify row_number() over (
    partition by instrument_id
    order by source = venue desc, time desc, source, source_symbol
) = 1
order by instrument_id
