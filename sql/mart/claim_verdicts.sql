-- The verdict on each claim of the ledger, by what the edition of the week rests on.
-- key: week, claim_id
-- week: ISO week, as in 2022-W24.
-- claim_id: The claim's name in the ledger.
-- verdict: supported, compatible only if, contradicted, not checkable, internally inconsistent, or belongs to another date.
-- reason: Why, in plain sentences with the numbers.
-- first_day: The first UTC day that a window of it may touch.
-- last_day: The last such day.
-- window_stated: The window that it states, in words.
-- side: Longs, shorts, or both together (total).
-- scope: What it claims to add up, in its words.
-- value_usd: The figure, in dollars, as printed.
-- low_usd: The least that is printed so.
-- high_usd: The least that is no longer printed so.
-- cells_searched: Windows of series searched. Null: no market was looked at.
-- cells_fitting: Those that are printed so. Null: no market was looked at.
-- dates_permuted: Other dates searched alike. Null: no market was looked at.
-- chance_of_fit: Share of the other dates on which some cell fits, 6 places. Null: no market was looked at, or no other date is held.
-- best_source: Source of the nearest cell. Null: nothing that is held could be searched.
-- best_venue: Its venue, or several. Null: nothing that is held could be searched.
-- best_coin: Its coin, or * for all held. Null: nothing that is held could be searched.
-- best_length_s: Its length in seconds. Null: nothing that is held could be searched.
-- best_end: The instant at which it ends. Null: nothing that is held could be searched.
-- best_usd: Its dollars. Null: nothing that is held could be searched.
-- base_rate: Share of all windows of its length that reached it, 6 places. Null: no window of that length is held.
-- base_reached: How many did. Null: no window of that length is held.
-- base_windows: How many are held. Null: no window of that length is held.
-- base_source: Whose windows these are. Null: no window of that length is held.
-- base_venue: Of which venue, or several. Null: no window of that length is held.
-- base_coin: Of which coin, or * for all held. Null: no window of that length is held.
-- base_coins: How many coins these are. Null: no window of that length is held.

select
    strftime(cast(time as date), '%G-W%V') as week,
    claim_id,
    verdict,
    reason,
    first_day,
    last_day,
    window_stated,
    side,
    scope,
    value_usd,
    low_usd,
    high_usd,
    cells_searched,
    cells_fitting,
    dates_permuted,
    chance_of_fit,
    best_source,
    best_venue,
    best_coin,
    best_length_s,
    best_end,
    best_usd,
    base_rate,
    base_reached,
    base_windows,
    base_source,
    base_venue,
    base_coin,
    base_coins
from lake.verdicts
order by week, claim_id
