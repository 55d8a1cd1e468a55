-- Figures of a source that no floor counts, since a guard found that they cannot be.
-- key: week, source, venue, coin, guard
-- week: ISO week, as in 2022-W24.
-- source: Whose figures.
-- venue: Where it happened.
-- coin: The coin.
-- guard: What is wrong: exceeds_volume, exceeds_its_feed or doubled.
-- hours: Hours of the week in which it shows.

select
    strftime(cast(time as date), '%G-W%V') as week,
    source,
    venue,
    coin,
    guard,
    hours
from lake.refusals
order by week, source, venue, coin, guard
