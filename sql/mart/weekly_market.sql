-- Price, open interest and funding of each ISO week beside the week before, by coin, source and venue.
-- Price and funding are those of one market, the one with most volume in the week; open interest is that of all markets.
-- key: week, coin, source, venue
-- week: ISO week, as in 2022-W24.
-- coin: The coin.
-- source: Who says so.
-- venue: Where it trades; several where the publisher adds venues up.
-- instrument_id: The market whose price and funding these are; of 1000PEPE a price is for 1000 coins. Null: a figure for the whole coin.
-- price_open: First price of the week, quote per base. Null: not published.
-- price_close: Last price of the week. Null: not published.
-- price_change_pct: From the open, or else from the close before, to the close; percent, 6 places. Null: a price is missing.
-- price_before: Last price of the week before, of the same market. Null: not held.
-- open_interest_usd: Dollars open over all markets on open_interest_day; estimates are in it where only coins are published. Null: not known.
-- open_interest_day: The last day of the week that has open interest in dollars. Null: none has.
-- open_interest_markets: Markets in open_interest_usd. Null: none has.
-- open_interest_before_usd: The same of the week before. Null: not held.
-- open_interest_markets_before: Markets in open_interest_before_usd. Null: not held.
-- open_interest_change_pct: From the week before; percent, 6 places. Null: one of the two is not known.
-- funding_mean: Mean rate of the week, a fraction, 10 places. Null: none held.
-- funding_before: Mean rate of the week before, a fraction, 10 places. Null: none held.
-- funding_sum: Sum of the rates of the week. Null: none held.
-- funding_count: Rates behind it; what was paid only where each settlement is one.
-- days_held: Days of the week with any of these figures.
-- days_held_before: Days of the week before.

with days as (
    select
        cast(date_trunc('week', day) as date) as monday,
        *,
        cast(round(coalesce(
            cast(turnover_usd as double),
            cast(volume_coins as double) * cast(price_close as double)
            / coalesce(cast(coins_per_base as double), 1)
        )) as hugeint) as about_usd
    from core.market_days
),

markets as (
    select
        monday,
        source,
        venue,
        coin,
        instrument_id,
        sum(about_usd) as about_usd,
        max(open_interest_usd) as most_open_usd,
        arg_min(price_open, day) as price_open,
        arg_max(price_close, day) as price_close,
        sum(funding_sum) as funding_sum,
        sum(funding_count) as funding_count,
        cast(cast(round(
            cast(sum(funding_sum) as double) / nullif(sum(funding_count), 0), 10
        ) as decimal(18, 10)) as decimal(38, 18)) as funding_mean
    from days
    group by monday, source, venue, coin, instrument_id
),

main_markets as (
    select *
    from markets
    qualify row_number() over (
        partition by monday, source, venue, coin
        order by
            about_usd desc nulls last,
            price_close is null,
            most_open_usd desc nulls last,
            instrument_id nulls last
    ) = 1
),

open_days as (
    select
        monday,
        day,
        source,
        venue,
        coin,
        sum(open_interest_usd) as open_interest_usd,
        count(*) as markets
    from days
    where open_interest_usd is not null
    group by monday, day, source, venue, coin
),

open_weeks as (
    select *
    from open_days
    qualify row_number() over (partition by monday, source, venue, coin order by day desc) = 1
),

held as (
    select
        monday,
        source,
        venue,
        coin,
        count(distinct day) as days_held
    from days
    group by monday, source, venue, coin
)

select
    strftime(held.monday, '%G-W%V') as week,
    held.coin,
    held.source,
    held.venue,
    main.instrument_id,
    main.price_open,
    main.price_close,
    round(
        (
            cast(main.price_close as double)
            / nullif(cast(coalesce(main.price_open, main_before.price_close) as double), 0)
            - 1
        ) * 100,
        6
    ) as price_change_pct,
    main_before.price_close as price_before,
    open_now.open_interest_usd,
    open_now.day as open_interest_day,
    open_now.markets as open_interest_markets,
    open_before.open_interest_usd as open_interest_before_usd,
    open_before.markets as open_interest_markets_before,
    round(
        (
            cast(open_now.open_interest_usd as double)
            / nullif(cast(open_before.open_interest_usd as double), 0)
            - 1
        ) * 100,
        6
    ) as open_interest_change_pct,
    main.funding_mean,
    main_before.funding_mean as funding_before,
    main.funding_sum,
    cast(main.funding_count as bigint) as funding_count,
    held.days_held,
    coalesce(held_before.days_held, 0) as days_held_before
from held
inner join main_markets as main using (monday, source, venue, coin)
left join markets as main_before
    on held.monday - 7 = main_before.monday
    and held.source = main_before.source
    and held.venue = main_before.venue
    and held.coin = main_before.coin
    and main.instrument_id is not distinct from main_before.instrument_id
left join open_weeks as open_now
    on held.monday = open_now.monday
    and held.source = open_now.source
    and held.venue = open_now.venue
    and held.coin = open_now.coin
left join open_weeks as open_before
    on held.monday - 7 = open_before.monday
    and held.source = open_before.source
    and held.venue = open_before.venue
    and held.coin = open_before.coin
left join held as held_before
    on held.monday - 7 = held_before.monday
    and held.source = held_before.source
    and held.venue = held_before.venue
    and held.coin = held_before.coin
order by week, coin, source, venue
