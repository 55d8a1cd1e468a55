-- Hours of an ISO week that an hourly feed or a capture does not hold, consecutive ones together.
-- An hour is missing where nothing at all is held, or where a market holds hours before and after it.
-- key: week, source, dataset, first_hour
-- week: ISO week, as in 2022-W24.
-- source: Who was asked or heard.
-- dataset: Dataset of the source.
-- first_hour: Beginning of the first missing hour, UTC.
-- last_hour: Beginning of the last one, UTC.
-- hours: Missing hours from the first to the last.
-- is_whole: Whether nothing at all is held of them; otherwise only some markets lack them.

with subject_days as (
    select
        *,
        min(day) over (partition by source, dataset, subject) < day as has_earlier,
        max(day) over (partition by source, dataset, subject) > day as has_later
    from core.feed_hours
),

-- bits of a day between hours that the same subject holds
with_gaps as (
    select
        day,
        source,
        dataset,
        hours_mask,
        ~hours_mask & 16777215
        & if(has_earlier, 16777215, ~((hours_mask & -hours_mask) - 1))
        & if(has_later, 16777215, (1 << cast(floor(log2(greatest(hours_mask, 1))) as integer) + 1) - 1)
        as gaps_mask
    from subject_days
),

days as (
    select
        day,
        source,
        dataset,
        ~bit_or(hours_mask) & 16777215 as nothing_mask,
        bit_or(gaps_mask) as gaps_mask
    from with_gaps
    group by day, source, dataset
),

weeks as (
    select distinct
        cast(date_trunc('week', day) as date) as monday,
        source,
        dataset
    from days
),

hours as (
    select
        weeks.monday,
        weeks.source,
        weeks.dataset,
        week_days.n * 24 + day_hours.n as nth,
        coalesce(days.nothing_mask, 16777215) >> cast(day_hours.n as integer) & 1 = 1 as is_whole,
        coalesce(days.gaps_mask, 0) >> cast(day_hours.n as integer) & 1 = 1 as is_gap
    from weeks
    cross join range(7) as week_days (n)
    cross join range(24) as day_hours (n)
    left join days
        on weeks.monday + cast(week_days.n as integer) = days.day
        and weeks.source = days.source
        and weeks.dataset = days.dataset
),

runs as (
    select
        *,
        nth - row_number() over (partition by monday, source, dataset, is_whole order by nth) as run
    from hours
    where is_whole or is_gap
)

select
    strftime(monday, '%G-W%V') as week,
    source,
    dataset,
    cast(monday as timestamptz) + to_hours(cast(min(nth) as integer)) as first_hour,
    cast(monday as timestamptz) + to_hours(cast(max(nth) as integer)) as last_hour,
    count(*) as hours,
    is_whole
from runs
group by monday, source, dataset, is_whole, run
order by week, source, dataset, first_hour
