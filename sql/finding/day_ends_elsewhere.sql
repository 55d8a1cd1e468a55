-- Publishers whose days end at another hour than 00:00 UTC, by hours of the same thing from another source.
-- key: week, source, subject
-- week: ISO week at whose end the 90 days that were searched end, as in 2022-W24.
-- source: Whose days they are.
-- subject: What of it, with whose hours it was held against, and since when.
-- offset_h: Hours by which its days begin before 00:00 UTC: 8 is a day of UTC+8.
-- days: Days that say so.
-- days_best: Of these, days that fit this hour best of all 24.
-- sentence: The finding, in words.

with found as (
    select
        week,
        source,
        'closes of ' || instrument_id || ' by ' || hourly_source || ', '
        || strftime(first_day, '%Y-%m-%d') || ' to ' || strftime(last_day, '%Y-%m-%d') as subject,
        offset_h,
        days,
        days_best
    from mart.day_boundaries
    where is_asserted and offset_h <> 0
    union all
    select
        week,
        boundary_source as source,
        coin || ' ' || position || 's by '
        || if(boundary_source = source_a, source_b || ' ' || venue_b, source_a || ' ' || venue_a) as subject,
        boundary_offset_h as offset_h,
        boundary_days as days,
        boundary_days_best as days_best
    from mart.source_agreement
    where boundary_offset_h <> 0
)

select
    week,
    source,
    subject,
    offset_h,
    days,
    days_best,
    format(
        'The days of {} begin {} hours {} 00:00 UTC ({}): of {} days, {} fit that hour best of all 24.',
        source, abs(offset_h), if(offset_h > 0, 'before', 'after'), subject, days, days_best
    ) as sentence
from found
order by week, source, subject
