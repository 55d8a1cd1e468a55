-- What was asked of each source in an ISO week, and how much of it is held.
-- key: week, source, dataset
-- week: ISO week, as in 2022-W24.
-- source: Who was asked or heard.
-- dataset: Dataset of the source.
-- days_expected: Days of a week: seven.
-- days_held: Days about which at least one question was answered whole, or that a capture heard anything of.
-- missing_days: The other days, ISO dates parted by commas; empty when all are held.
-- subjects: Symbols or coins asked for; one where everything is asked for at once.
-- subjects_incomplete: Of these, those that lack one of the days held.
-- hours_expected: Hours of a week, for hourly feeds and captures. Null: neither.
-- hours_held: Of these, hours without a gap, as in mart.missing_hours. Null: neither.
-- asked_first: When the first of the answers that count came.
-- asked_last: When the last of them came.

with subject_weeks as (
    select
        cast(date_trunc('week', day) as date) as monday,
        source,
        dataset,
        subject,
        count(*) filter (where is_held) as days_held,
        list(day) filter (where is_held) as days,
        min(asked_at) as asked_first,
        max(asked_at) as asked_last
    from core.feed_days
    group by all
),

weeks as (
    select
        monday,
        source,
        dataset,
        coalesce(list_distinct(flatten(list(days))), []) as days,
        count(*) as subjects,
        list(days_held) as days_held_of_subjects,
        min(asked_first) as asked_first,
        max(asked_last) as asked_last
    from subject_weeks
    group by monday, source, dataset
),

hourly as (
    select distinct
        cast(date_trunc('week', day) as date) as monday,
        source,
        dataset
    from core.feed_hours
),

missing as (
    select
        week,
        source,
        dataset,
        cast(sum(hours) as bigint) as hours
    from mart.missing_hours
    group by week, source, dataset
)

select
    strftime(weeks.monday, '%G-W%V') as week,
    weeks.source,
    weeks.dataset,
    7 as days_expected,
    len(days) as days_held,
    array_to_string(
        [
            strftime(weeks.monday + n, '%Y-%m-%d')
            for n in [0, 1, 2, 3, 4, 5, 6]
            if not list_contains(days, weeks.monday + n)
        ],
        ','
    ) as missing_days,
    subjects,
    len(list_filter(days_held_of_subjects, lambda held: held < len(days))) as subjects_incomplete,
    if(hourly.monday is null, null, 168) as hours_expected,
    if(hourly.monday is null, null, 168 - coalesce(missing.hours, 0)) as hours_held,
    asked_first,
    asked_last
from weeks
left join hourly using (monday, source, dataset)
left join missing
    on strftime(weeks.monday, '%G-W%V') = missing.week
    and weeks.source = missing.source
    and weeks.dataset = missing.dataset
order by week, weeks.source, weeks.dataset
