-- A week that has verdicts has one for each claim of the ledger as its last day holds it, and for no other.
-- key: week, claim_id
-- week: ISO week.
-- claim_id: The claim's name in the ledger.
-- is_claimed: Whether the ledger of that day has it.
-- is_judged: Whether the week judges it.

with weeks as (
    select distinct cast(time as date) as monday from lake.verdicts
),

claimed as (
    select
        weeks.monday,
        claims.claim_id
    from weeks
    inner join lake.claims as claims on cast(claims.time as date) = weeks.monday + 6
)

select
    strftime(coalesce(claimed.monday, cast(verdicts.time as date)), '%G-W%V') as week,
    coalesce(claimed.claim_id, verdicts.claim_id) as claim_id,
    claimed.claim_id is not null as is_claimed,
    verdicts.claim_id is not null as is_judged
from claimed
full join lake.verdicts as verdicts
    on claimed.claim_id = verdicts.claim_id and claimed.monday = cast(verdicts.time as date)
where claimed.claim_id is null or verdicts.claim_id is null
order by week, claim_id
