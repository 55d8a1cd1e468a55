-- How far each publisher's sums had moved from their first release, at each later release of an ISO week.
-- key: week, source, dataset, interval_s, release
-- week: ISO week, as in 2022-W24.
-- source: Whose sums.
-- dataset: Dataset of the source.
-- interval_s: Length of the buckets in seconds.
-- release: T+1, T+8 or T+35 days after a bucket's UTC day was over, or latest: the newest asking.
-- cells: Buckets and sides that any asking told.
-- cells_asked_again: Of these, cells about which another asking than the first was the newest by then.
-- cells_equal: Of the cells asked again, told both times, the same dollars.
-- cells_restated: Of the cells asked again, told both times, other dollars.
-- cells_appeared: Of the cells asked again, not told at first and told by then.
-- cells_withdrawn: Of the cells asked again, told at first and lacking by then.
-- first_usd: Dollars at the first release, of cells told both times. Null: none was told both times.
-- release_usd: Dollars of the same cells by then. Null: none was told both times.
-- mean_revision_usd: Mean of the later less the first, a cell. Null: none was told both times.
-- mean_absolute_revision_usd: Mean of its absolute value. Null: none was told both times.
-- mean_revision_log: Mean logarithm of later over first, 6 places. Null: no cell above zero both times.
-- mean_absolute_revision_log: Mean of its absolute value. Null: no cell above zero both times.

with cells as (
    select
        strftime(cast(time as date), '%G-W%V') as week,
        source,
        split_part(split_part(feed, '@', 1), '/', 2) as dataset,
        interval_s,
        first_usd,
        first_asked_at,
        unnest([
            {release: 'T+1', usd: t1_usd, asked_at: t1_asked_at},
            {release: 'T+8', usd: t8_usd, asked_at: t8_asked_at},
            {release: 'T+35', usd: t35_usd, asked_at: t35_asked_at},
            {release: 'latest', usd: latest_usd, asked_at: latest_asked_at}
        ], recursive := true)
    from lake.revisions
),

moved as (
    select
        *,
        coalesce(asked_at > first_asked_at, false) as is_again,
        if(asked_at > first_asked_at, usd - first_usd, null) as revision_usd,
        if(
            asked_at > first_asked_at and usd > 0 and first_usd > 0,
            cast(ln(cast(usd as double) / cast(first_usd as double)) as decimal(18, 9)),
            null
        ) as revision_log
    from cells
)

select
    week,
    source,
    dataset,
    interval_s,
    release,
    count(*) as cells,
    count(*) filter (is_again) as cells_asked_again,
    count(*) filter (revision_usd = 0) as cells_equal,
    count(*) filter (revision_usd <> 0) as cells_restated,
    count(*) filter (is_again and first_usd is null and usd is not null) as cells_appeared,
    count(*) filter (is_again and first_usd is not null and usd is null) as cells_withdrawn,
    sum(first_usd) filter (revision_usd is not null) as first_usd,
    sum(usd) filter (revision_usd is not null) as release_usd,
    round(cast(sum(revision_usd) as double) / count(revision_usd), 2) as mean_revision_usd,
    round(cast(sum(abs(revision_usd)) as double) / count(revision_usd), 2) as mean_absolute_revision_usd,
    round(cast(sum(revision_log) as double) / count(revision_log), 6) as mean_revision_log,
    round(cast(sum(abs(revision_log)) as double) / count(revision_log), 6) as mean_absolute_revision_log
from moved
group by week, source, dataset, interval_s, release
order by week, source, dataset, interval_s, release
