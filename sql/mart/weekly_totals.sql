-- Liquidated dollars of each ISO week, source, venue and side over all its coins.
-- key: week, source, venue, position
-- week: ISO week, as in 2022-W24.
-- source: Who says so.
-- venue: Where it happened; several where the publisher adds venues up.
-- position: Which side was liquidated, long or short.
-- notional_usd: Dollars liquidated over its coins, on the days held. Null: no dollar figure.
-- coins: Coins counted.
-- days_held: Days of the seven that are held, of the coin that has fewest.
-- coins_incomplete: Coins of which a day is missing or not whole.
-- missing_days: Days missing of any coin, ISO dates parted by commas; empty when none is.
-- usd_basis: par if any part takes a stable coin as one dollar, else rate, dollars or published. Null: no dollars, or an event feed's zero.
-- rows_without_usd: Rows that have no dollar figure and are not in notional_usd.

select
    week,
    source,
    venue,
    position,
    sum(notional_usd) as notional_usd,
    count(*) as coins,
    min(days_held) as days_held,
    count(*) filter (where not is_complete) as coins_incomplete,
    array_to_string(
        list_sort(list_distinct(flatten(list(
            list_filter(string_split(missing_days, ','), lambda missing: missing <> '')
        )))),
        ','
    ) as missing_days,
    case
        when bool_or(usd_basis = 'par') then 'par'
        when bool_or(usd_basis = 'rate') then 'rate'
        when bool_or(usd_basis = 'dollars') then 'dollars'
        when bool_or(usd_basis = 'published') then 'published'
    end as usd_basis,
    cast(sum(rows_without_usd) as bigint) as rows_without_usd
from mart.weekly_liquidations
group by week, source, venue, position
order by week, source, venue, position
