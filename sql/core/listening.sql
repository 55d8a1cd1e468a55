-- The stretches of time over which a live feed was heard without a break, as far as minutes tell.
-- What lies between two rows of one feed was not heard: nothing is known of it.
-- key: source, dataset, heard_from
-- source: Whose feed was captured.
-- dataset: Dataset of the source.
-- heard_from: Beginning of the first minute heard, UTC.
-- heard_until: End of the last one, UTC; not itself heard.
-- minutes: Minutes from the one to the other.

with minutes as (
    select
        source,
        dataset,
        epoch_ms(time) // 60000 + nth.minute as minute
    from lake.listening
    cross join range(60) as nth (minute)
    where minutes_mask >> nth.minute & 1 = 1
),

runs as (
    select
        *,
        minute - row_number() over (partition by source, dataset order by minute) as run
    from minutes
)

select
    source,
    dataset,
    to_timestamp(min(minute) * 60) as heard_from,
    to_timestamp((max(minute) + 1) * 60) as heard_until,
    count(*) as minutes
from runs
group by source, dataset, run
order by source, dataset, heard_from
