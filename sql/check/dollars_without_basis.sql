-- Every figure in dollars says how its dollars came about; par is never silent.
-- key: table_name, day, source, coin
-- table_name: Canonical table.
-- day: UTC day.
-- source: Who says so.
-- coin: The coin.
-- rows: Rows with dollars and without a basis.

with parts as (
    select
        'liquidations' as table_name,
        cast(hour as date) as day,
        source,
        coin,
        rows_without_basis
    from core.liquidation_hours
    where series = 'events'
    union all
    select
        'liquidation_totals' as table_name,
        cast(time as date) as day,
        source,
        coin,
        rows_without_basis
    from core.published_buckets
    union all
    select
        'open_interest' as table_name,
        day,
        source,
        coin,
        rows_without_basis
    from core.open_interest_days
)

select
    table_name,
    day,
    source,
    coin,
    cast(sum(rows_without_basis) as bigint) as rows
from parts
where rows_without_basis > 0
group by table_name, day, source, coin
order by table_name, day, source, coin
