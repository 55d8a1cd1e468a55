-- Coinalyze's daily funding of BTCUSDT is Binance's last settlement of the UTC day, at 16:00, exactly.
-- key: day
-- day: UTC day that both hold.
-- binance_rate: Binance's last settlement, a fraction.
-- coinalyze_rate: Coinalyze's figure, a fraction.

select
    day,
    binance.funding_last as binance_rate,
    coinalyze.funding_last as coinalyze_rate
from core.market_days as binance
inner join core.market_days as coinalyze using (day, instrument_id)
where
    instrument_id = 'binance:BTCUSDT'
    and binance.source = 'binance'
    and coinalyze.source = 'coinalyze'
    and hour(binance.funding_last_at) = 16
    and binance.funding_last <> coinalyze.funding_last
order by day
