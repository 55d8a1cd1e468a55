-- Two sources over one ISO week, coin and side, added up over the days that both hold.
-- key: week, coin, position, source_a, venue_a, source_b, venue_b
-- week: ISO week, as in 2022-W24.
-- coin: The coin.
-- position: Which side was liquidated, long or short.
-- source_a: The first source.
-- venue_a: Its venue, or several.
-- scope_a: What its figure adds up.
-- source_b: The second source.
-- venue_b: Its venue, or several.
-- scope_b: What its figure adds up.
-- days_compared: UTC days of the week that both hold.
-- days_only_a: Days that only the first holds; not added up.
-- days_only_b: Days that only the second holds; not added up.
-- a_usd: Dollars by the first source. Null: no day in common.
-- b_usd: Dollars by the second source. Null: no day in common.
-- gap_usd: First minus second. Null: no day in common.
-- ratio: First over second, 6 places. Null: the second is zero, or no day in common.
-- rank_correlation: Spearman over the days compared, 6 places. Null: fewer than three days, or a constant side.

select
    strftime(cast(time as date), '%G-W%V') as week,
    coin,
    position,
    source_a,
    venue_a,
    scope_a,
    source_b,
    venue_b,
    scope_b,
    days_compared,
    days_only_a,
    days_only_b,
    a_usd,
    b_usd,
    gap_usd,
    ratio,
    rank_correlation
from lake.comparisons
order by week, coin, position, source_a, venue_a, source_b, venue_b
