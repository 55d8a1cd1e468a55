-- Faults found in sources, each in one sentence. They block nothing.
-- key: week, finding, source, subject
-- week: ISO week, as in 2022-W24.
-- finding: The table finding.<name> that has the figures behind it.
-- source: Whose figures look wrong; where two disagree, the first by name.
-- subject: What it is about.
-- sentence: The finding, in words.

select week, 'closes_disagree' as finding, source, subject, sentence
from finding.closes_disagree
union all
select week, 'day_ends_elsewhere' as finding, source, subject, sentence
from finding.day_ends_elsewhere
union all
select week, 'days_shifted' as finding, source, subject, sentence
from finding.days_shifted
union all
select week, 'feed_lost_events' as finding, source, subject, sentence
from finding.feed_lost_events
union all
select week, 'feeds_disagree' as finding, source, subject, sentence
from finding.feeds_disagree
union all
select week, 'hours_not_adding_up' as finding, source, subject, sentence
from finding.hours_not_adding_up
union all
select week, 'level_breaks' as finding, source, subject, sentence
from finding.level_breaks
union all
select week, 'listings_disagree' as finding, source, subject, sentence
from finding.listings_disagree
union all
select week, 'order_side_meaning' as finding, source, subject, sentence
from finding.order_side_meaning
union all
select week, 'part_exceeds_whole' as finding, source, subject, sentence
from finding.part_exceeds_whole
union all
select week, 'partly_heard_hours' as finding, source, subject, sentence
from finding.partly_heard_hours
union all
select week, 'sizes_exceed_volume' as finding, source, subject, sentence
from finding.sizes_exceed_volume
union all
select week, 'sizes_in_contracts' as finding, source, subject, sentence
from finding.sizes_in_contracts
union all
select week, 'stable_open_interest_unit' as finding, source, subject, sentence
from finding.stable_open_interest_unit
union all
select week, 'unit_faults' as finding, source, subject, sentence
from finding.unit_faults
union all
select week, 'volume_units' as finding, source, subject, sentence
from finding.volume_units
order by week, finding, source, subject
