-- Which of two documented meanings the raw side of single orders has, by the one-sided days of a week.
-- Where the days of a week do not agree, the side of an order cannot be told at all.
-- key: week, source, subject
-- week: ISO week, as in 2022-W24.
-- source: Whose orders they are.
-- subject: What is calibrated, side of single orders.
-- days: One-sided days, counted by venue and coin.
-- days_of_side_1: Of these, days on which side 1 sums to the longs.
-- days_of_side_2: Of these, days on which side 2 sums to the longs.
-- sentence: The finding, in words.

with calibrated as (
    select
        strftime(day, '%G-W%V') as week,
        source,
        count(*) as days,
        count(*) filter (where side_of_longs = '1') as days_of_side_1,
        count(*) filter (where side_of_longs = '2') as days_of_side_2
    from core.order_sides
    where side_of_longs is not null
    group by week, source
)

select
    week,
    source,
    'side of single orders' as subject,
    days,
    days_of_side_1,
    days_of_side_2,
    format(
        'The side of single orders is documented in two ways that exclude each other. Of {} one-sided days '
        || '(by venue and coin) side 1 sums to the longs on {} and side 2 on {}{}.',
        days,
        days_of_side_1,
        days_of_side_2,
        case
            when days_of_side_2 = 0 then ': 1 is a liquidated long'
            when days_of_side_1 = 0 then ': 2 is a liquidated long'
            else ': the days do not agree'
        end
    ) as sentence
from calibrated
order by week, source, subject
