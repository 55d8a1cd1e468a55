-- Why two sources differ over one ISO week: the parts of each gap, by cause; they add up to it to the cent.
-- key: week, coin, sides, source_a, venue_a, source_b, venue_b, cause
-- week: ISO week, as in 2022-W24.
-- coin: The coin, or all.
-- sides: Which side was liquidated, long or short, or both.
-- source_a: The first source.
-- venue_a: Its venue, or several: all that it tells of.
-- source_b: The second source.
-- venue_b: Its venue, or several: all that it tells of.
-- cause: What the part is put down to; unexplained is what nothing was found for.
-- part_usd: Dollars of the gap, in whole cents; negative where it narrows it.
-- is_estimated: Whether any of the part is an estimate.
-- evidence: What it rests on, in words, for all coins of the pair.
-- a_usd: Dollars of the first source, of all that it holds, to the cent.
-- b_usd: Dollars of the second source, of all that it holds, to the cent.
-- gap_usd: First minus second.

select
    strftime(cast(time as date), '%G-W%V') as week,
    coin,
    sides,
    source_a,
    venue_a,
    source_b,
    venue_b,
    cause,
    part_usd,
    is_estimated,
    evidence,
    a_usd,
    b_usd,
    gap_usd
from lake.gaps
order by week, coin, sides, source_a, venue_a, source_b, venue_b, cause
