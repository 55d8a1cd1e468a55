-- Open interest in stable-coin margin that is labelled US dollars and cannot be: its size beside the total and the price.
-- A figure in dollars and the coin-margined one together come near the total. Here they exceed it, or come nearer to it when the figure is read as coins.
-- key: week, source, subject
-- week: ISO week, as in 2022-W24.
-- source: Whose figures look wrong.
-- subject: The coin.
-- day: The last day of the week that holds both figures, UTC.
-- stable_figure: Open interest in stable-coin margin, as published under the label of dollars.
-- total_usd: Open interest in all margins, dollars as published.
-- coin_margined_usd: Open interest in coin margin, dollars as published. Null: not held.
-- price_close: Close of that day, quote per coin. Null: not held.
-- as_dollars_pct: Stable and coin margin together as part of the total, the figure read as dollars; percent, 6 places.
-- as_coins_pct: The same with the figure read as coins at that close; percent, 6 places. Null: no close.
-- sentence: The finding, in words.

with figures as (
    select
        day,
        source,
        coin,
        split_part(scope, ': ', 1) as kind,
        arg_max(open_interest_usd, last_time + to_seconds(interval_s)) as open_interest_usd
    from core.open_interest_days
    where venue = 'several' and instrument_id is null
    group by all
),

prices as (
    select
        day,
        source,
        coin,
        arg_min(cast(price_close as double) / cast(coins_per_base as double), instrument_id) as price,
        arg_min(price_close, instrument_id) as price_close
    from core.market_days
    where price_close is not null and coins_per_base is not null
    group by all
),

sizes as (
    select
        day,
        source,
        coin,
        max(open_interest_usd) filter (where kind = 'stable') as stable_figure,
        max(open_interest_usd) filter (where kind = 'total') as total_usd,
        max(open_interest_usd) filter (where kind = 'coin_margined') as coin_margined_usd
    from figures
    group by day, source, coin
),

last_sizes as (
    select
        strftime(day, '%G-W%V') as week,
        *
    from sizes
    where stable_figure > 0 and total_usd > 0
    qualify row_number() over (partition by week, source, coin order by day desc) = 1
),

weighed as (
    select
        last_sizes.*,
        prices.price_close,
        round(
            (cast(stable_figure as double) + cast(coalesce(coin_margined_usd, 0) as double))
            / cast(total_usd as double) * 100,
            6
        ) as as_dollars_pct,
        round(
            (
                cast(stable_figure as double) * prices.price
                + cast(coalesce(coin_margined_usd, 0) as double)
            ) / cast(total_usd as double) * 100,
            6
        ) as as_coins_pct
    from last_sizes
    left join prices using (day, source, coin)
)

select
    week,
    source,
    coin as subject,
    day,
    stable_figure,
    total_usd,
    coin_margined_usd,
    price_close,
    as_dollars_pct,
    as_coins_pct,
    format(
        '{}: on {} the open interest in stable-coin margin is published as {:,} US dollars beside a total '
        || 'of {:,}. Read as dollars, it and the coin-margined part are {:.2f} % of the total{}.',
        coin,
        strftime(day, '%Y-%m-%d'),
        cast(round(stable_figure) as bigint),
        cast(round(total_usd) as bigint),
        as_dollars_pct,
        coalesce(
            format('; read as coins at that day''s close, {:.2f} %: it is in coins', as_coins_pct),
            ': it cannot be in dollars'
        )
    ) as sentence
from weighed
where
    stable_figure > total_usd
    or abs(ln(nullif(as_coins_pct, 0) / 100)) < abs(ln(nullif(as_dollars_pct, 0) / 100))
order by week, source, subject
