-- Every column of the lake that other checks measure has its bounds written in its file.
-- key: table_name, day, part, row_group, column_name
-- table_name: Canonical table.
-- day: Day of the file.
-- part: Part of the day.
-- row_group: Row group of the file.
-- column_name: The column.

select
    table_name,
    day,
    part,
    row_group,
    column_name
from lake.bounds
where rows > coalesce(nulls, 0) and (lowest is null or highest is null)
order by table_name, day, part, row_group, column_name
