-- What was liquidated in each ISO week by estimate, with an interval; apart from what was reported.
-- key: week, level, venue, sides
-- week: ISO week, as in 2022-W24.
-- level: total, of the venues in its scope added up, or venue.
-- venue: The venue, or several.
-- scope: The venues that it is about.
-- sides: Which side was liquidated: long, short, or both together.
-- shown_usd: What the venues' own feeds showed.
-- estimate_usd: The estimate. Null: refused; reason says why.
-- low_usd: Lower end of the interval of 95 %. Null: refused.
-- high_usd: Upper end of it. Null: refused.
-- as_taught_usd: What weeks of known truth taught: one of two answers, which the interval spans. Null: refused.
-- as_own_feeds_usd: The other: what the week's own full feeds say once throttled. Null: refused.
-- learned_from: Venues whose full feeds were throttled to learn it.
-- reason: Why there is none. Null: there is one.

select
    strftime(cast(time as date), '%G-W%V') as week,
    level,
    venue,
    scope,
    sides,
    shown_usd,
    estimate_usd,
    low_usd,
    high_usd,
    as_taught_usd,
    as_own_feeds_usd,
    learned_from,
    reason
from lake.estimates
order by week, level, venue, sides
