-- Days from which two sources stand in another ratio than before, at days of the same height.
-- key: week, source, subject
-- week: ISO week at whose end the 90 days that were searched end, as in 2022-W24.
-- source: The first source.
-- subject: Coin, side and the pair.
-- level_break_day: First day of the new ratio.
-- factor: What the ratio was multiplied by, 2 places.
-- days: Days compared.
-- sentence: The finding, in words.

select
    week,
    source_a as source,
    coin || ' ' || position || ', ' || venue_a || ' against ' || source_b || ' ' || venue_b as subject,
    level_break_day,
    round(exp(level_break_step), 2) as factor,
    days_compared as days,
    format(
        '{} {}s: from {} on, {} ({}) over {} ({}) is {:.2f} times what it was, at days of the same height, '
        || 'by {} days compared.',
        coin, position, strftime(level_break_day, '%Y-%m-%d'), source_a, venue_a, source_b, venue_b,
        exp(level_break_step), days_compared
    ) as sentence
from mart.source_agreement
where level_break_day is not null
order by week, source, subject
