-- How two sources of one number disagree over the 90 days before the end of a week, by coin and side.
-- Ratios are natural logarithms of the first over the second; docs/semantics.md says what each statistic means.
-- key: week, coin, position, source_a, venue_a, source_b, venue_b
-- week: ISO week at whose end the 90 days end, as in 2022-W24.
-- coin: The coin.
-- position: Which side was liquidated, long or short.
-- source_a: The first source.
-- venue_a: Its venue, or several.
-- scope_a: What its figure adds up.
-- source_b: The second source.
-- venue_b: Its venue, or several.
-- scope_b: What its figure adds up.
-- first_day: First UTC day that both hold.
-- last_day: Last UTC day that both hold.
-- days_both: Days that both hold.
-- days_only_a: Days that only the first holds; in no statistic.
-- days_only_b: Days that only the second holds; in no statistic.
-- days_zero: Of days_both, days on which a side says zero: no logarithm.
-- days_compared: The others: the days behind every statistic but rank_correlation, which has the zeros too.
-- refused: Why there are no statistics. Null: there are.
-- mean_log_ratio: Mean log ratio, 6 places. Null: refused.
-- ratio: The same as a ratio, first over second, 6 places. Null: refused.
-- ratio_low: Lower limit of agreement: 95 of 100 days would lie between the two. Null: refused.
-- ratio_high: Upper limit of agreement. Null: refused.
-- slope: Change of the log ratio with the mean log of the two, between breaks of level. Null: refused.
-- slope_se: Its standard error, which allows for days that resemble the day before. Null: refused.
-- has_slope: Whether it is 3.5 errors or more from zero, over 30 days or more. Null: refused.
-- ratio_doubling_pct: How much the ratio grows where the day is twice as high, in percent, 6 places. Null: refused.
-- unexplained_sd: Standard deviation of the log ratio that slope and breaks leave over. Null: refused.
-- unexplained_factor: The same as a factor: two days of three lie within it, up or down, 6 places. Null: refused.
-- concordance: Lin's coefficient of the logarithms. Null: refused.
-- rank_correlation: Spearman. Null: fewer than ten days, or a side that never changes.
-- best_lag_days: How many days late the first's dates are; 0 where a scan of -3 to 3 finds no shift. Null: nothing stands out, or too few days.
-- boundary_source: Whose days were held against hours of the other. Null: no such hours are held.
-- boundary_offset_h: Hours by which its latest days begin before 00:00 UTC: 8 is a day of UTC+8. Null: no hour stands out.
-- boundary_days: Days of that hour. Null: no hour stands out.
-- boundary_days_best: Of these, days that fit it best of all 24. Null: no hour stands out.
-- level_break_day: First day of the latest level of the ratio. Null: no break is found.
-- level_break_step: Change of the mean log ratio there. Null: no break is found.
-- level_break_chance: How likely a CUSUM so far from zero would be without a break. Null: no break is found.
-- unit_factor: What the first is too large by, if a unit is at fault. Null: the ratio moves, or is no such factor.

select
    strftime(cast(time as date), '%G-W%V') as week,
    coin,
    position,
    source_a,
    venue_a,
    scope_a,
    source_b,
    venue_b,
    scope_b,
    first_day,
    last_day,
    days_both,
    days_only_a,
    days_only_b,
    days_zero,
    days_compared,
    refused,
    mean_log_ratio,
    round(exp(mean_log_ratio), 6) as ratio,
    round(exp(limit_low), 6) as ratio_low,
    round(exp(limit_high), 6) as ratio_high,
    slope,
    slope_se,
    has_slope,
    round((exp(slope * ln(2)) - 1) * 100, 6) as ratio_doubling_pct,
    unexplained_sd,
    round(exp(unexplained_sd), 6) as unexplained_factor,
    concordance,
    rank_correlation,
    best_lag_days,
    boundary_source,
    boundary_offset_h,
    boundary_days,
    boundary_days_best,
    level_break_day,
    level_break_step,
    level_break_chance,
    unit_factor
from lake.agreements
order by week, coin, position, source_a, venue_a, source_b, venue_b
