-- Pairs of sources whose ratio hardly moves and is a power of ten, or what one contract holds: one of them has the unit wrong.
-- key: week, source, subject
-- week: ISO week at whose end the 90 days that were searched end, as in 2022-W24.
-- source: The first source.
-- subject: Coin, side and the pair.
-- unit_factor: What the first is too large by, or the second too small.
-- days: Days compared.
-- sentence: The finding, in words.

select
    week,
    source_a as source,
    coin || ' ' || position || ', ' || venue_a || ' against ' || source_b || ' ' || venue_b as subject,
    unit_factor,
    days_compared as days,
    format(
        '{} {}s: {} ({}) says {} times what {} ({}) says on the middle of {} days, and within 5 % of it on nine of ten: '
        || 'a unit is wrong in one of the two.',
        coin, position, source_a, venue_a, unit_factor, source_b, venue_b, days_compared
    ) as sentence
from mart.source_agreement
where unit_factor is not null
order by week, source, subject
