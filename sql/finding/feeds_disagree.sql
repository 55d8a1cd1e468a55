-- Two feeds of one source that give different figures for one market and instant.
-- Funding is compared at each settlement; open interest and candles at the last instant of each day that both hold.
-- key: week, source, subject
-- week: ISO week, as in 2022-W24.
-- source: Whose feeds they are.
-- subject: What differs, and between which datasets.
-- compared: Cells that both feeds hold.
-- differing: Of these, cells that differ.
-- instruments: Markets or scopes with a cell that differs.
-- example: One of them with its day and both figures.
-- sentence: The finding, in words.

with settlements as (
    select
        cast(time as date) as day,
        source,
        'funding' as what,
        coalesce(instrument_id, coin || ' ' || scope) as subject,
        feed,
        cast(epoch_ms(time) // 60000 as varchar) as cell,
        cast(funding_rate as varchar) as figure
    from lake.funding
),

readings as (
    select
        day,
        source,
        'open interest' as what,
        coin || ' ' || scope as subject,
        feed,
        cast(epoch_ms(last_time) as varchar) as cell,
        coalesce(cast(open_interest_coins as varchar), '') as figure
    from core.open_interest_days
    where open_interest_coins is not null
),

candles as (
    select
        day,
        source,
        kind || ' price' as what,
        instrument_id as subject,
        feed,
        interval_s || ' ' || candles || ' ' || cast(epoch_ms(last_time) as varchar) as cell,
        cast(price_close as varchar) || ' with volume ' || coalesce(cast(volume_coins as varchar), '?') as figure
    from core.candle_days
),

cells as (
    select * from settlements
    union all
    select * from readings
    union all
    select * from candles
),

pairs as (
    select
        strftime(a.day, '%G-W%V') as week,
        a.source,
        a.what || ', ' || split_part(split_part(a.feed, '@', 1), '/', 2)
        || ' and ' || split_part(split_part(b.feed, '@', 1), '/', 2) as what,
        a.subject,
        a.day,
        a.figure as figure_a,
        b.figure as figure_b,
        a.figure <> b.figure as is_different
    from cells as a
    inner join cells as b
        on a.source = b.source
        and a.what = b.what
        and a.subject = b.subject
        and a.day = b.day
        and a.cell = b.cell
        and split_part(a.feed, '@', 1) < split_part(b.feed, '@', 1)
),

weeks as (
    select
        week,
        source,
        what as subject,
        count(*) as compared,
        count(*) filter (where is_different) as differing,
        count(distinct subject) filter (where is_different) as instruments,
        min(format(
            '{} on {}: {} and {}', subject, strftime(day, '%Y-%m-%d'), figure_a, figure_b
        )) filter (where is_different) as example
    from pairs
    group by week, source, what
)

select
    week,
    source,
    subject,
    compared,
    differing,
    instruments,
    example,
    format(
        'Two feeds of {} differ ({}) in {} of {} cells that both hold, of {} markets; for example {}.',
        source, subject, differing, compared, instruments, example
    ) as sentence
from weeks
where differing > 0
order by week, source, subject
