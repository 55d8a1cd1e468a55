-- Liquidated dollars of each ISO week, source, venue, coin and side, from one series: events before daily before hourly.
-- key: week, source, venue, coin, position
-- week: ISO week, as in 2022-W24.
-- first_day: Its Monday, UTC.
-- last_day: Its Sunday, UTC.
-- source: Who says so.
-- venue: Where it happened; several where the publisher adds venues up.
-- coin: The coin.
-- position: Which side was liquidated, long or short.
-- series: events (single events), daily (the publisher's daily sums) or hourly (its hourly sums, added up).
-- scope: What the figure adds up; several scopes of one week are parted by a bar.
-- coverage: How much of what happened the feed shows; unknown where it changed within the week.
-- usd_basis: par if any part takes a stable coin as one dollar, else rate, dollars or published. Null: no dollars, or an event feed's zero.
-- notional_usd: Dollars liquidated on the days held. Null: no dollar figure.
-- size_coins: Coins liquidated on the days held. Null: a row does not say.
-- days_held: Days of the seven that are held.
-- missing_days: The other days, ISO dates parted by commas; empty when all are held.
-- rows_without_usd: Rows that have no dollar figure and are not in notional_usd.
-- is_complete: Whether all seven days are held, each of them whole.

with days as (
    select
        strftime(day, '%G-W%V') as week,
        cast(date_trunc('week', day) as date) as first_day,
        case series when 'events' then 1 when 'daily' then 2 else 3 end as choice,
        *
    from core.liquidation_days
),

chosen as (
    select *
    from days
    qualify choice = min(choice) over (partition by week, source, venue, coin)
),

weeks as (
    select
        week,
        first_day,
        source,
        venue,
        coin,
        position,
        series,
        string_agg(distinct scope, ' | ' order by scope) as scope,
        if(min(coverage) = max(coverage), min(coverage), 'unknown') as coverage,
        case
            when bool_or(usd_basis = 'par') then 'par'
            when bool_or(usd_basis = 'rate') then 'rate'
            when bool_or(usd_basis = 'dollars') then 'dollars'
            when bool_or(usd_basis = 'published') then 'published'
        end as usd_basis,
        sum(notional_usd) as notional_usd,
        if(count(size_coins) = count(*), sum(size_coins), null) as size_coins,
        list(day) as days,
        cast(sum(rows_without_usd) as bigint) as rows_without_usd,
        count(*) = 7 and bool_and(is_complete) as is_complete
    from chosen
    group by week, first_day, source, venue, coin, position, series
)

select
    week,
    first_day,
    first_day + 6 as last_day,
    source,
    venue,
    coin,
    position,
    series,
    scope,
    coverage,
    usd_basis,
    notional_usd,
    size_coins,
    len(days) as days_held,
    array_to_string(
        [
            strftime(first_day + n, '%Y-%m-%d')
            for n in [0, 1, 2, 3, 4, 5, 6]
            if not list_contains(days, first_day + n)
        ],
        ','
    ) as missing_days,
    rows_without_usd,
    is_complete
from weeks
order by week, source, venue, coin, position
