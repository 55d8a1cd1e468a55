-- Sizes of liquidations held against what their venues traded: excess by the hour, and units that do not fit the volume.
-- key: week, source, venue, coin
-- week: ISO week, as in 2022-W24.
-- source: Whose sizes.
-- venue: Where it happened.
-- coin: The coin.
-- first_hour: The first hour with a size, UTC.
-- last_hour: The last such hour.
-- cells: Hours and sides with a size.
-- cells_checked: Of these, with a volume in coins.
-- cells_exceeding: Of these, with more than the venue traded.
-- told_coins: What the source says of hours whose volume is held. Null: no hour of it is held with both.
-- volume_coins: What the venue says it traded in them. Null: no hour of it is held with both.
-- share: Liquidated part of that volume as it is read, 6 digits. Null: no hour of it is held with both.
-- share_most: The largest of a cell checked, 6 places. Null: no cell was checked.
-- volume_reading: What the venue's volume counts by its weight beside other venues over its coins: coins, quote or contracts. Null: fewer than three coins that other venues trade too; taken as coins.
-- coins_per_contract: Coins that one contract holds. Null: neither listed nor to be told by the volume.
-- contract_known_by: volume or listing. Null: no multiplier is known.
-- coins_compared: Coins of the venue that the spreads are over.
-- spread_told: Powers of ten between the coins' shares as told, 6 places. Null: no coin to compare.
-- spread_contracts: The same if the sizes told are contracts. Null: no coin to compare.
-- threshold: By so much less it has to be for a doubt.
-- is_in_contracts: Whether the sizes are told to be contracts. Null: fewer than three coins, or multipliers less than the threshold apart.

select
    strftime(cast(time as date), '%G-W%V') as week,
    source,
    venue,
    coin,
    first_hour,
    last_hour,
    cells,
    cells_checked,
    cells_exceeding,
    told_coins,
    volume_coins,
    share,
    share_most,
    volume_reading,
    coins_per_contract,
    contract_known_by,
    coins_compared,
    spread_told,
    spread_contracts,
    threshold,
    is_in_contracts
from lake.volume_checks
order by week, source, venue, coin
