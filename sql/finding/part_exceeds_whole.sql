-- Days on which one venue's figure is larger than a sum over venues that should have it in it.
-- key: week, source, subject
-- week: ISO week, as in 2022-W24.
-- source: The source of the sum.
-- subject: Coin, side and the part that exceeds it.
-- coin: The coin.
-- position: Which side was liquidated.
-- part_source: The source of the part.
-- part_venue: The venue of the part.
-- days: Days of the week on which it exceeds the sum.
-- worst_day: The day on which it exceeds it by most dollars, UTC.
-- part_usd: Dollars of the part on that day; at the day's close where it counts coins.
-- whole_usd: Dollars of the sum on that day.
-- sentence: The finding, in words.

with daily as (
    select
        strftime(day, '%G-W%V') as week,
        *
    from core.liquidation_days
    where notional_usd is not null
    qualify row_number() over (
        partition by day, source, venue, coin, position
        order by case series when 'events' then 1 when 'daily' then 2 else 3 end
    ) = 1
),

pairs as (
    select
        whole.week,
        whole.day,
        whole.source,
        whole.coin,
        whole.position,
        part.source as part_source,
        part.venue as part_venue,
        part.notional_usd as part_usd,
        whole.notional_usd as whole_usd
    from daily as whole
    inner join daily as part using (day, coin, position)
    where
        whole.venue = 'several'
        and part.venue <> 'several'
        and whole.is_complete
        and part.notional_usd > whole.notional_usd
        and (
            lower(whole.scope) like 'every venue%'
            or list_contains(
                [trim(name) for name in string_split(lower(whole.scope), ',')], part.venue
            )
        )
)

select
    week,
    source,
    coin || ' ' || position || ', ' || part_venue || ' by ' || part_source as subject,
    coin,
    position,
    part_source,
    part_venue,
    count(*) as days,
    arg_max(day, part_usd - whole_usd) as worst_day,
    arg_max(part_usd, part_usd - whole_usd) as part_usd,
    arg_max(whole_usd, part_usd - whole_usd) as whole_usd,
    format(
        '{} {}s: on {} of the days {} alone, as {} has it, exceeds the sum over venues of {} that '
        || 'should have it in it; most on {}, {:,.2f} against {:,.2f} US dollars.',
        coin,
        position,
        count(*),
        part_venue,
        part_source,
        source,
        strftime(arg_max(day, part_usd - whole_usd), '%Y-%m-%d'),
        cast(arg_max(part_usd, part_usd - whole_usd) as double),
        cast(arg_max(whole_usd, part_usd - whole_usd) as double)
    ) as sentence
from pairs
group by week, source, coin, position, part_source, part_venue
order by week, source, subject
