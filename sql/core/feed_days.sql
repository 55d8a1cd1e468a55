-- The UTC days about which each dataset answered, or over which a capture listened.
-- key: day, source, dataset, subject
-- day: UTC day.
-- source: Who was asked or heard.
-- dataset: Dataset of the source.
-- subject: Symbol or coin asked for; * for everything at once.
-- ground: asked (from the askings) or heard (a capture of a live feed, from its minutes).
-- is_held: Whether the answer came whole, or the capture heard anything of that day.
-- is_complete: Whether it came whole after the day was over, or was heard in all 1440 minutes.
-- asked_at: When the latest answer came, or the capture was read.

with heard as (
    select
        cast(time as date) as day,
        source,
        dataset,
        '*' as subject,
        'heard' as ground,
        sum(minutes_heard) > 0 as is_held,
        sum(minutes_heard) = 1440 as is_complete,
        max(asked_at) as asked_at
    from lake.listening
    group by all
),

asked as (
    select
        cast(time as date) as day,
        source,
        dataset,
        subject,
        'asked' as ground,
        is_complete as is_held,
        is_complete and asked_at >= time + interval 1 day as is_complete,
        asked_at
    from lake.askings
    anti join heard using (source, dataset)
)

select * from asked
union all
select * from heard
order by day, source, dataset, subject
