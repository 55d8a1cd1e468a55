-- Daily series that follow another source's a day or more beside it: the dates of one of the two are wrong, or name the other end of the day.
-- key: week, source, subject
-- week: ISO week at whose end the 90 days that were searched end, as in 2022-W24.
-- source: The source that is late.
-- subject: Coin, side and what it is late against.
-- lag_days: By how many days.
-- days: Days compared.
-- sentence: The finding, in words.

with found as (
    select
        week,
        coin,
        position,
        abs(best_lag_days) as lag_days,
        days_compared as days,
        if(best_lag_days > 0, source_a, source_b) as source,
        if(best_lag_days > 0, venue_a, venue_b) as venue,
        if(best_lag_days > 0, source_b, source_a) as other,
        if(best_lag_days > 0, venue_b, venue_a) as other_venue
    from mart.source_agreement
    where best_lag_days <> 0
)

select
    week,
    source,
    coin || ' ' || position || ', ' || venue || ' against ' || other || ' ' || other_venue as subject,
    lag_days,
    days,
    format(
        '{} {}s: the days of {} ({}) follow those of {} ({}) {} later than their dates say, by {} days compared.',
        coin, position, source, venue, other, other_venue,
        if(lag_days = 1, 'one day', lag_days || ' days'), days
    ) as sentence
from found
order by week, source, subject
