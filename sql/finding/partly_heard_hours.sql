-- Captures that heard only part of some hours, so that liquidations in the other minutes are not counted.
-- key: week, source, subject
-- week: ISO week, as in 2022-W24.
-- source: Whose feed was captured.
-- subject: Dataset of the source.
-- hours: Hours heard in part.
-- minutes_missing: Minutes of these hours without a frame or a sign of life.
-- first_hour: The first of these hours, UTC.
-- sentence: The finding, in words.

select
    strftime(cast(time as date), '%G-W%V') as week,
    source,
    dataset as subject,
    count(*) as hours,
    cast(sum(60 - minutes_heard) as bigint) as minutes_missing,
    min(time) as first_hour,
    format(
        'The capture of {}/{} heard only part of {} hours; {} minutes of them are silent, the first in the hour from {} UTC.',
        source,
        dataset,
        count(*),
        sum(60 - minutes_heard),
        strftime(min(time), '%Y-%m-%d %H:%M')
    ) as sentence
from lake.listening
where minutes_heard between 1 and 59
group by week, source, dataset
order by week, source, subject
