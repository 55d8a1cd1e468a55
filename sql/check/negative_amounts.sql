-- No amount, price or count of coins in the lake is negative. Funding, gaps and their parts may be.
-- key: table_name, day, part, row_group, column_name
-- table_name: Canonical table.
-- day: Day of the file.
-- part: Part of the day.
-- row_group: Row group of the file.
-- column_name: The column.
-- lowest: Its lowest value there.

select
    table_name,
    day,
    part,
    row_group,
    column_name,
    lowest
from lake.bounds
where is_amount and column_name not in ('funding_rate', 'gap_usd', 'part_usd') and lowest like '-%'
order by table_name, day, part, row_group, column_name
