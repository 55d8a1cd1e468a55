-- Price, volume, open interest and funding of each UTC day by market, or by coin where a source adds venues up.
-- Of several feeds of one source, the one that holds most of the day counts; they are compared in finding.feeds_disagree.
-- key: day, source, venue, coin, instrument_id
-- day: UTC day.
-- source: Who says so.
-- venue: Where it trades; several where the publisher adds venues up.
-- coin: The coin.
-- instrument_id: The market. Null: a figure for the whole coin.
-- coins_per_base: Coins in one unit that prices speak of. Null: no listing of that market.
-- price_open: First price of the day, quote per base. Null: not published or no candle.
-- price_high: Highest price. Null: not published or no candle.
-- price_low: Lowest price. Null: not published or no candle.
-- price_close: Last price of the day. Null: no candle.
-- mark_close: Last mark price. Null: no candle of it.
-- volume_coins: Volume in coins. Null: not published in coins.
-- turnover_usd: Volume in dollars, a stable quote at par. Null: not published.
-- open_interest_usd: Last open interest of the day in dollars. Where only coins are published: coins times close, an estimate rounded to cents. Null: no dollars and no close.
-- open_interest_coins: Last open interest of the day in coins. Null: not given in coins.
-- open_interest_basis: published, dollars, par or rate as the source's figure has it; coins_at_close or coins_at_close_par for the estimate. Null: no dollars.
-- funding_last: Last funding rate of the day, a fraction. Null: none held.
-- funding_last_at: The instant of that rate, UTC. Null: none held.
-- funding_sum: Sum of the day's rates. Null: none held.
-- funding_count: Rates of that day.
-- hours_held: Hours of the day with a candle of the last price. Null: no candle.

with candles as (
    select
        *,
        least(24, bit_count(hours_mask) * greatest(1, interval_s // 3600)) as hours_held
    from core.candle_days
    where kind in ('last', 'mark')
    qualify row_number() over (
        partition by day, source, instrument_id, kind
        order by hours_held desc, interval_s, feed
    ) = 1
),

open_interest as (
    select *
    from core.open_interest_days
    where instrument_id is not null or split_part(scope, ': ', 1) not in ('stable', 'coin_margined')
    qualify row_number() over (
        partition by day, source, venue, coin, instrument_id
        order by last_time + to_seconds(interval_s) desc, readings desc, feed, scope
    ) = 1
),

funding as (
    select *
    from core.funding_days
    qualify row_number() over (
        partition by day, source, venue, coin, instrument_id
        order by funding_count desc, feed, scope
    ) = 1
),

parts as (
    select
        day, source, venue, coin, instrument_id,
        price_open, price_high, price_low, price_close,
        null as mark_close,
        volume_coins, turnover_usd,
        null as open_interest_usd, null as open_interest_coins, null as usd_basis,
        null as funding_last, null as funding_last_at, null as funding_sum, null as funding_count,
        hours_held
    from candles
    where kind = 'last'
    union all by name
    select day, source, venue, coin, instrument_id, price_close as mark_close
    from candles
    where kind = 'mark'
    union all by name
    select
        day, source, venue, coin, instrument_id,
        open_interest_usd, open_interest_coins, usd_basis
    from open_interest
    union all by name
    select
        day, source, venue, coin, instrument_id,
        funding_last, funding_last_at, funding_sum, funding_count
    from funding
),

-- one part at most has each value, so that its maximum is that value
together as (
    select
        day,
        source,
        venue,
        coin,
        instrument_id,
        max(price_open) as price_open,
        max(price_high) as price_high,
        max(price_low) as price_low,
        max(price_close) as price_close,
        max(mark_close) as mark_close,
        max(volume_coins) as volume_coins,
        max(turnover_usd) as turnover_usd,
        max(open_interest_usd) as open_interest_usd,
        max(open_interest_coins) as open_interest_coins,
        max(usd_basis) as usd_basis,
        max(funding_last) as funding_last,
        max(funding_last_at) as funding_last_at,
        max(funding_sum) as funding_sum,
        coalesce(max(funding_count), 0) as funding_count,
        max(hours_held) as hours_held
    from parts
    group by all
),

priced as (
    select
        together.*,
        markets.coins_per_base,
        case
            when markets.quote = 'USD' then 'coins_at_close'
            when markets.quote in (
                'USDT', 'USDC', 'USDE', 'FDUSD', 'BUSD', 'TUSD', 'DAI', 'PYUSD', 'RLUSD', 'USD1'
            ) then 'coins_at_close_par'
        end as estimate_basis,
        -- a product of two decimals overflows here; a double has 15 digits, and cents are kept
        round(
            cast(together.open_interest_coins as double) * cast(together.price_close as double)
            / cast(markets.coins_per_base as double),
            2
        ) as estimate_usd
    from together
    left join core.markets as markets using (instrument_id)
)

select
    day,
    source,
    venue,
    coin,
    instrument_id,
    coins_per_base,
    price_open,
    price_high,
    price_low,
    price_close,
    mark_close,
    volume_coins,
    turnover_usd,
    case
        when open_interest_usd is not null then open_interest_usd
        when estimate_basis is not null
            then cast(cast(estimate_usd as decimal(38, 2)) as decimal(38, 18))
    end as open_interest_usd,
    open_interest_coins,
    case
        when open_interest_usd is not null then usd_basis
        when estimate_usd is not null then estimate_basis
    end as open_interest_basis,
    funding_last,
    funding_last_at,
    funding_sum,
    funding_count,
    hours_held
from priced
order by day, source, venue, coin, instrument_id
