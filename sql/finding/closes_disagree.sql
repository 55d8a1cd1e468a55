-- Two sources whose daily closes of one market are more than 0.1 % apart: one of them may end its day at another hour.
-- key: week, source, subject
-- week: ISO week, as in 2022-W24.
-- source: The first source by name.
-- subject: The second source.
-- compared: Closes that both hold, of whole days.
-- differing: Of these, closes more than 0.1 % apart.
-- instruments: Markets with such a close.
-- worst_instrument_id: The market that is furthest apart.
-- worst_day: The day on which it is, UTC.
-- worst_gap_pct: How far, in percent of the second source's close, 6 places.
-- sentence: The finding, in words.

with closes as (
    select
        strftime(day, '%G-W%V') as week,
        *
    from core.market_days
    where price_close > 0 and instrument_id is not null and hours_held = 24
),

pairs as (
    select
        a.week,
        a.source,
        b.source as subject,
        a.instrument_id,
        a.day,
        round(
            abs(cast(a.price_close as double) / cast(b.price_close as double) - 1) * 100, 6
        ) as gap_pct
    from closes as a
    inner join closes as b
        on a.instrument_id = b.instrument_id
        and a.day = b.day
        and a.source < b.source
),

weeks as (
    select
        week,
        source,
        subject,
        count(*) as compared,
        count(*) filter (where gap_pct > 0.1) as differing,
        count(distinct instrument_id) filter (where gap_pct > 0.1) as instruments,
        max(struct_pack(gap_pct, instrument_id, day)) as worst
    from pairs
    group by week, source, subject
)

select
    week,
    source,
    subject,
    compared,
    differing,
    instruments,
    worst.instrument_id as worst_instrument_id,
    worst.day as worst_day,
    worst.gap_pct as worst_gap_pct,
    format(
        '{} of {} daily closes that {} and {} both have are more than 0.1 % apart, of {} markets; most {} on {}, '
        || 'by {:.2f} %: one of the two may end its day at another hour.',
        differing, compared, source, subject, instruments,
        worst.instrument_id, strftime(worst.day, '%Y-%m-%d'), worst.gap_pct
    ) as sentence
from weeks
where differing > 0
order by week, source, subject
