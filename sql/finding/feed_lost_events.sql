-- A feed that lacks one in a hundred or more of the events that another feed of the same events told while both listened.
-- At least twenty events were told by the other one.
-- key: week, source, subject
-- week: ISO week, as in 2022-W24.
-- source: Whose feeds they are.
-- subject: The dataset that lacks events, and the one that has them.
-- told: Events that the other feed told while both listened.
-- lacking: Of these, events without a match.
-- lacking_pct: The same in percent.
-- sentence: The finding, in words.

with sides as (
    select
        week,
        source,
        dataset_a as dataset,
        dataset_b as other,
        matched_exactly + matched_scored + only_b as told,
        only_b as lacking,
        lost_a_pct as lost_pct
    from mart.feed_overlap
    union all
    select
        week,
        source,
        dataset_b as dataset,
        dataset_a as other,
        matched_exactly + matched_scored + only_a as told,
        only_a as lacking,
        lost_b_pct as lost_pct
    from mart.feed_overlap
)

select
    week,
    source,
    dataset || ' against ' || other as subject,
    told,
    lacking,
    round(100.0 * lacking / told, 2) as lacking_pct,
    source || '/' || dataset || ' lacks ' || lacking || ' of ' || told || ' events that ' || other
    || ' told while both listened' || if(
        lost_pct is null,
        '; the two are too small, or show by different rules, for an estimate of what was lost',
        '; it is estimated to have lost ' || round(lost_pct, 2) || ' percent'
    ) || '.' as sentence
from sides
where told >= 20 and lacking >= told / 100.0
order by week, source, subject
