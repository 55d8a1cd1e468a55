-- The parts of a gap add up to it to the cent, and the gap is the first source less the second.
-- key: week, coin, sides, source_a, venue_a, source_b, venue_b
-- week: ISO week.
-- coin: The coin, or all.
-- sides: Which side was liquidated, or both.
-- source_a: The first source.
-- venue_a: Its venue.
-- source_b: The second source.
-- venue_b: Its venue.
-- parts_usd: What the parts add up to.
-- a_usd: Dollars of the first source, of its first row.
-- b_usd: Dollars of the second source, of its first row.
-- gap_usd: The gap, of its first row.
-- figures: How many different figures its rows carry; one is right.

select
    week,
    coin,
    sides,
    source_a,
    venue_a,
    source_b,
    venue_b,
    sum(part_usd) as parts_usd,
    min(a_usd) as a_usd,
    min(b_usd) as b_usd,
    min(gap_usd) as gap_usd,
    count(distinct (a_usd, b_usd, gap_usd)) as figures
from mart.gap_causes
group by week, coin, sides, source_a, venue_a, source_b, venue_b
having
    sum(part_usd) <> min(gap_usd)
    or min(a_usd) - min(b_usd) <> min(gap_usd)
    or count(distinct (a_usd, b_usd, gap_usd)) <> 1
order by week, coin, sides, source_a, venue_a, source_b, venue_b
