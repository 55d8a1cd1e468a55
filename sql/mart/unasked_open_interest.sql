-- How much of a source's open interest belongs to instruments that were listed and not asked for.
-- Listing, open interest and the prices that weigh it are asked for everything, whatever a setting leaves out of the rest.
-- key: week, source
-- week: ISO week, as in 2022-W24.
-- source: Whose listing it is.
-- instruments_listed: Instruments in the week's listing; coins where the source adds venues up.
-- instruments_asked: Of these, instruments asked for in any other dataset.
-- instruments_unweighed: Of the listed, instruments without open interest in dollars.
-- open_interest_listed_usd: Their open interest on the last day of the week that has it. Null: not known of any.
-- open_interest_asked_usd: The part of it that was asked for. Null: not known of any that was asked for.
-- not_asked_pct: Share of open interest that was not asked for; percent, 6 places. Null: not known of any that was left out.

with listed as (
    select *
    from core.listings
    qualify venue = 'several' or not bool_or(venue = 'several') over (partition by week, source)
),

asked as (
    select distinct
        strftime(day, '%G-W%V') as week,
        source,
        subject as source_symbol,
        true as is_asked
    from core.feed_days
    where
        dataset not in ('instruments', 'open_interest')
        -- prices that turn open interest in coins into dollars are asked for everything too
        and (source, dataset) not in (('coinalyze', 'price'), ('bybit', 'candles'))
),

asked_by_symbol as (
    select distinct
        week,
        source
    from asked
    where source_symbol <> '*'
),

open_interest as (
    select
        strftime(day, '%G-W%V') as week,
        source,
        coalesce(instrument_id, 'several:' || coin) as instrument_id,
        arg_max(open_interest_usd, day) as open_interest_usd
    from core.market_days
    where open_interest_usd is not null
    group by all
),

weighed as (
    select
        listed.week,
        listed.source,
        -- where no dataset is asked by symbol, everything was asked for at once
        coalesce(asked.is_asked, false) or asked_by_symbol.source is null as is_asked,
        open_interest.open_interest_usd
    from listed
    left join asked using (week, source, source_symbol)
    left join asked_by_symbol
        on listed.week = asked_by_symbol.week
        and listed.source = asked_by_symbol.source
    left join open_interest
        on listed.week = open_interest.week
        and listed.source = open_interest.source
        and if(listed.venue = 'several', 'several:' || listed.coin, listed.instrument_id)
        = open_interest.instrument_id
),

sums as (
    select
        week,
        source,
        count(*) as instruments_listed,
        count(*) filter (where is_asked) as instruments_asked,
        count(*) - count(open_interest_usd) as instruments_unweighed,
        count(*) filter (where not is_asked and open_interest_usd is not null) as weighed_and_left,
        sum(open_interest_usd) as open_interest_listed_usd,
        sum(open_interest_usd) filter (where is_asked) as open_interest_asked_usd
    from weighed
    group by week, source
)

select
    * exclude (weighed_and_left),
    case
        when instruments_asked = instruments_listed then 0
        -- nothing that was left out has a weight: its share is unknown, not zero
        when weighed_and_left = 0 then null
        else round(
            (
                1 - cast(coalesce(open_interest_asked_usd, 0) as double)
                / nullif(cast(open_interest_listed_usd as double), 0)
            ) * 100,
            6
        )
    end as not_asked_pct
from sums
order by week, source
