-- Days whose 24 hourly sums differ from the same publisher's daily sum of the same scope by more than 0.01 %.
-- key: week, source, subject
-- week: ISO week, as in 2022-W24.
-- source: Whose figures they are.
-- subject: Venue, coin and side.
-- days: Days of the week on which they differ.
-- worst_day: The day with the largest difference, UTC.
-- hours_usd: The hourly sums of that day, added up.
-- day_usd: The daily sum of that day.
-- sentence: The finding, in words.

with hourly as (
    select *
    from core.liquidation_days
    where series = 'hourly' and is_complete and notional_usd is not null
),

daily as (
    select *
    from core.liquidation_days
    where series = 'daily' and is_complete and notional_usd is not null
),

pairs as (
    select
        strftime(day, '%G-W%V') as week,
        day,
        source,
        venue || ' ' || coin || ' ' || position as subject,
        hourly.notional_usd as hours_usd,
        daily.notional_usd as day_usd,
        abs(hourly.notional_usd - daily.notional_usd) as gap_usd
    from hourly
    inner join daily using (day, source, venue, coin, position, scope)
    where abs(cast(hourly.notional_usd as double) - cast(daily.notional_usd as double))
    > 0.0001 * cast(daily.notional_usd as double)
)

select
    week,
    source,
    subject,
    count(*) as days,
    arg_max(day, gap_usd) as worst_day,
    arg_max(hours_usd, gap_usd) as hours_usd,
    arg_max(day_usd, gap_usd) as day_usd,
    format(
        '{}: on {} of the days the hourly sums of {} do not make its daily sum; most on {}, {:,.2f} against {:,.2f} US dollars.',
        subject,
        count(*),
        source,
        strftime(arg_max(day, gap_usd), '%Y-%m-%d'),
        cast(arg_max(hours_usd, gap_usd) as double),
        cast(arg_max(day_usd, gap_usd) as double)
    ) as sentence
from pairs
group by week, source, subject
order by week, source, subject
