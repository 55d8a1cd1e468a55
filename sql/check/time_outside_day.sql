-- Every row of the lake lies in the UTC day of its file.
-- key: table_name, day, part, row_group
-- table_name: Canonical table.
-- day: Day of the file.
-- part: Part of the day.
-- row_group: Row group of the file.
-- lowest: Earliest instant there.
-- highest: Latest instant there.

select
    table_name,
    day,
    part,
    row_group,
    lowest,
    highest
from lake.bounds
where
    column_name = 'time'
    and (cast(left(lowest, 10) as date) <> day or cast(left(highest, 10) as date) <> day)
order by table_name, day, part, row_group
