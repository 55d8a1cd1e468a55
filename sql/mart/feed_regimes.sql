-- What each feed of liquidations could have shown on any day, and on what evidence.
-- key: canonical, feed
-- canonical: liquidations (single events) or liquidation_totals (a publisher's sums).
-- feed: Dataset and era, as rows name it.
-- source: Who says so.
-- venue: The venue it speaks of; several where a publisher speaks of more than one.
-- dataset: Dataset of the source.
-- first_day: First UTC day of the regime.
-- last_day: Last UTC day. Null: it holds still.
-- coverage: Publication rule: how much of what happened it shows.
-- price_kinds: Which prices it prints. Null: a sum has none.
-- size_units: What its sizes count. Null: not said.
-- side_names: What its word for the side is the side of. Null: not said.
-- adl: Whether auto-deleveraging is in it, out of it, or not known. Null: not said.
-- told_first_by: Dataset that tells the same events and comes before it. Null: none.
-- evidence: What that rests on. Null: none is written down.
-- grade: How good that ground is: vendor, observed, third_party, derived or unverified.

select
    canonical,
    feed,
    source,
    venue,
    dataset,
    first_day,
    last_day,
    coverage,
    price_kinds,
    size_units,
    side_names,
    adl,
    told_first_by,
    evidence,
    grade
from lake.regimes
where canonical in ('liquidations', 'liquidation_totals')
order by canonical, feed
