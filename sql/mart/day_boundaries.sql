-- At which hour a publisher's days end: spells of daily closes held against hourly closes of another source, over the 90 days before the end of a week.
-- key: week, source, instrument_id, hourly_source, first_day
-- week: ISO week at whose end the 90 days end, as in 2022-W24.
-- source: Whose days they are.
-- instrument_id: The market, venue:symbol in the venue's own spelling.
-- coin: The coin.
-- hourly_source: Whose hours they are held against.
-- first_day: First day of the spell that can be compared.
-- last_day: Last such day.
-- offset_h: Hours by which its days begin before 00:00 UTC, -11 to 12: 8 is a day of UTC+8.
-- days: Days of the spell that can be compared.
-- days_best: Of these, days on which that hour fits best of all 24.
-- misfit: Mean misfit of that hour, in parts of a usual one, 6 places.
-- misfit_next: The same of the hour that fits next best.
-- is_asserted: Whether there are 7 days or more, and it misfits at most half as much as any other hour.

select
    strftime(cast(time as date), '%G-W%V') as week,
    source,
    instrument_id,
    coin,
    hourly_source,
    first_day,
    last_day,
    offset_h,
    days,
    days_best,
    misfit,
    misfit_next,
    is_asserted
from lake.day_boundaries
order by week, source, instrument_id, hourly_source, first_day
