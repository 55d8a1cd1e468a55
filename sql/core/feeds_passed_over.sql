-- Feeds whose events of a market are not counted on a day, since another feed of the source tells the same events.
-- Of feeds that tell the same events the first that is whole counts, else the first that is held.
-- key: day, feed, instrument_id
-- day: UTC day.
-- feed: The feed that is passed over, as its rows name it.
-- instrument_id: The market.
-- source: Whose feeds they are.
-- dataset: The dataset that is passed over.
-- counted_instead: The dataset that counts.
-- rows_passed_over: Events of the market in the feed that is passed over.

with members as (
    select distinct
        source,
        dataset,
        coalesce(told_first_by, dataset) as first_dataset
    from lake.regimes
    where canonical = 'liquidations'
),

rivals as (
    select *
    from members
    qualify count(*) over (partition by source, first_dataset) > 1
),

told as (
    select
        date '1970-01-01' + cast(epoch_ms(time) // 86400000 as integer) as day,
        liquidations.source,
        liquidations.feed,
        liquidations.instrument_id,
        rivals.dataset,
        rivals.first_dataset,
        count(*) as rows_told
    from lake.liquidations
    inner join rivals
        on liquidations.source = rivals.source
        and split_part(split_part(liquidations.feed, '@', 1), '/', 2) = rivals.dataset
    group by all
),

-- what a market is asked for by
symbols as (
    select distinct
        week,
        source,
        instrument_id,
        source_symbol
    from core.listings
),

held as (
    select
        feed_days.day,
        feed_days.source,
        feed_days.dataset,
        feed_days.subject,
        feed_days.is_complete
    from core.feed_days
    inner join rivals using (source, dataset)
    where feed_days.is_held
),

markets as (
    select distinct
        told.day,
        told.source,
        told.instrument_id,
        told.first_dataset,
        symbols.source_symbol
    from told
    left join symbols
        on strftime(told.day, '%G-W%V') = symbols.week
        and told.source = symbols.source
        and told.instrument_id = symbols.instrument_id
),

-- each feed of a market's events that is held, whether or not it tells any
candidates as (
    select
        markets.day,
        markets.source,
        markets.instrument_id,
        markets.first_dataset,
        held.dataset,
        bool_and(held.is_complete) as is_complete
    from markets
    inner join held
        on markets.day = held.day
        and markets.source = held.source
        and (held.subject = '*' or held.subject = markets.source_symbol)
    inner join rivals
        on held.source = rivals.source
        and held.dataset = rivals.dataset
        and markets.first_dataset = rivals.first_dataset
    group by all
),

choices as (
    select
        day,
        source,
        instrument_id,
        first_dataset,
        dataset,
        coalesce(candidates.is_complete, false) as is_complete
    from (
        select distinct
            day,
            source,
            instrument_id,
            first_dataset,
            dataset
        from told
        union
        -- the first counts though it tells nothing: then there was nothing
        select
            day,
            source,
            instrument_id,
            first_dataset,
            dataset
        from candidates
        where dataset = first_dataset
    ) as each_one
    left join candidates using (day, source, instrument_id, first_dataset, dataset)
),

ranked as (
    select
        *,
        first_value(dataset) over (
            partition by day, source, instrument_id, first_dataset
            order by is_complete desc, dataset = first_dataset desc, dataset
        ) as counted_instead
    from choices
)

select
    told.day,
    told.feed,
    told.instrument_id,
    told.source,
    told.dataset,
    ranked.counted_instead,
    told.rows_told as rows_passed_over
from told
inner join ranked using (day, source, instrument_id, first_dataset, dataset)
where ranked.counted_instead <> told.dataset
order by told.day, told.feed, told.instrument_id
