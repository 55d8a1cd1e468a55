-- Two feeds that tell the same events of a source over an ISO week: what they share, and what either lost.
-- key: week, source, dataset_a, dataset_b
-- week: ISO week, as in 2022-W24.
-- source: Whose feeds they are.
-- dataset_a: The feed that comes first where both are held.
-- dataset_b: The other feed.
-- market_days: Markets times days on which both were held and either told an event.
-- matched_exactly: Events equal in market, side, time, size and price.
-- matched_scored: Events matched by score within the tolerances.
-- only_a: Events that only the first told, while the other was listening.
-- only_b: Events that only the other told, while the first was listening.
-- unheard_a: Events that the other told while the first was not listening.
-- unheard_b: Events that the first told while the other was not listening.
-- market_days_estimated: Of the market days, those with an estimate.
-- events_estimated: Estimated events of these, while both listened. Null: there is none.
-- events_estimated_se: Its standard error. Null: there is none.
-- lost_a_pct: Of these, percent that the first lacks. Null: there is none.
-- lost_b_pct: Of these, percent that the other lacks. Null: there is none.

with days as (
    select
        *,
        strftime(cast(time as date), '%G-W%V') as week,
        matched_exactly + matched_scored as both_told,
        cast(events_estimated as decimal(28, 6)) as estimated,
        cast(events_estimated_se * events_estimated_se as decimal(28, 6)) as variance
    from lake.matches
),

weeks as (
    select
        week,
        source,
        dataset_a,
        dataset_b,
        count(*) as market_days,
        cast(sum(matched_exactly) as bigint) as matched_exactly,
        cast(sum(matched_scored) as bigint) as matched_scored,
        cast(sum(only_a) as bigint) as only_a,
        cast(sum(only_b) as bigint) as only_b,
        cast(sum(unheard_a) as bigint) as unheard_a,
        cast(sum(unheard_b) as bigint) as unheard_b,
        count(estimated) as market_days_estimated,
        cast(sum(estimated) as double) as estimated,
        cast(sum(variance) as double) as variance,
        cast(sum(both_told + only_a) filter (estimated is not null) as double) as told_a,
        cast(sum(both_told + only_b) filter (estimated is not null) as double) as told_b
    from days
    group by week, source, dataset_a, dataset_b
)

select
    * exclude (estimated, variance, told_a, told_b),
    round(estimated, 3) as events_estimated,
    round(sqrt(variance), 3) as events_estimated_se,
    round(100 * (estimated - told_a) / estimated, 4) as lost_a_pct,
    round(100 * (estimated - told_b) / estimated, 4) as lost_b_pct
from weeks
order by week, source, dataset_a, dataset_b
