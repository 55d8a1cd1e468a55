-- No row of a week speaks of a day outside it, and every week begins on a Monday.
-- key: table_name, week, day
-- table_name: The table.
-- week: The week that the row claims.
-- day: The day that is not in it, or does not begin or end it.
-- rows: Rows that do.

with claims as (
    select 'mart.daily_liquidations' as table_name, week, day, strftime(day, '%G-W%V') = week as is_right
    from mart.daily_liquidations
    union all
    select
        'mart.weekly_liquidations' as table_name,
        week,
        first_day as day,
        strftime(first_day, '%G-W%V') = week
        and isodow(first_day) = 1
        and last_day = first_day + 6 as is_right
    from mart.weekly_liquidations
    union all
    select
        'mart.missing_hours' as table_name,
        week,
        cast(last_hour as date) as day,
        strftime(cast(first_hour as date), '%G-W%V') = week
        and strftime(cast(last_hour as date), '%G-W%V') = week as is_right
    from mart.missing_hours
    union all
    select
        'lake.comparisons' as table_name,
        strftime(cast(time as date), '%G-W%V') as week,
        cast(time as date) as day,
        isodow(cast(time as date)) = 1 as is_right
    from lake.comparisons
    union all
    select
        'lake.verdicts' as table_name,
        strftime(cast(time as date), '%G-W%V') as week,
        cast(time as date) as day,
        isodow(cast(time as date)) = 1 as is_right
    from lake.verdicts
)

select
    table_name,
    week,
    day,
    count(*) as rows
from claims
where not is_right
group by table_name, week, day
order by table_name, week, day
