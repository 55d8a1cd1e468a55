-- What was liquidated at least and at most in each ISO week, by scope, coin and side: its days added up.
-- Scopes are never added to one another: a venue, the venues together, and a publisher's sum over venues.
-- key: week, venue, scope, coin, position
-- week: ISO week, as in 2022-W24.
-- venue: Where it happened; several where venues are added up.
-- scope: What it is about: the venue, the venues added up, or whose sum over which venues.
-- coin: The coin.
-- position: Which side was liquidated, long or short.
-- at_least_usd: The floor, of the days that have one. Null: no day has.
-- at_least_by: Whose figures the floor is, parted by bars. Null: nobody told any.
-- at_most_usd: The ceiling. Null: a day that has none, or is not held.
-- at_most_by: What it follows from, the weakest of its days. Null: no ceiling.
-- days_held: Days of the seven that have a row.
-- flags: Assumptions that do not hold on some day, parted by commas; empty where there is none.

with days as (
    select
        strftime(cast(starts as date), '%G-W%V') as week,
        *
    from lake.layers
    where grain = 'day'
)

select
    week,
    venue,
    scope,
    coin,
    position,
    sum(at_least_usd) as at_least_usd,
    string_agg(distinct at_least_by, ' | ' order by at_least_by) as at_least_by,
    if(count(at_most_usd) = 7, sum(at_most_usd), null) as at_most_usd,
    if(
        count(at_most_usd) = 7,
        arg_min(
            at_most_by,
            list_position(
                ['whole_hour', 'busy_hour', 'closings', 'busy_minutes', 'feed_of_all'], at_most_by
            )
        ),
        null
    ) as at_most_by,
    count(*) as days_held,
    coalesce(string_agg(distinct nullif(flags, ''), ',' order by nullif(flags, '')), '') as flags
from days
group by week, venue, scope, coin, position
order by week, venue, scope, coin, position
