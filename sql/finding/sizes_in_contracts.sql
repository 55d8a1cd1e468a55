-- Sources whose sizes of a venue lie as far apart over its coins as contracts would: a contract multiplier is missing.
-- key: week, source, subject
-- week: ISO week, as in 2022-W24.
-- source: Whose sizes.
-- subject: The venue.
-- coins: Coins compared.
-- spread_told: Powers of ten between their liquidated parts of the volume as told.
-- spread_contracts: The same if the sizes are contracts.
-- sentence: The finding, in words.

select
    week,
    source,
    venue as subject,
    max(coins_compared) as coins,
    max(spread_told) as spread_told,
    max(spread_contracts) as spread_contracts,
    format(
        '{} of {}: over {} coins the liquidated part of the volume differs by ten to the {:.1f} as told, and by ten to '
        || 'the {:.1f} if the sizes are contracts ({}): a contract multiplier is missing.',
        source, venue, max(coins_compared), max(spread_told), max(spread_contracts),
        string_agg(coin, ', ' order by coin) filter (coins_per_contract is not null and cells_checked > 0)
    ) as sentence
from mart.volume_checks
where is_in_contracts
group by week, source, venue
order by week, source, subject
