"""What traders hold: open interest, funding between them, and how many lean which way."""

from typing import Final

import numpy as np
import polars as pl

from replica.simulated import timeline
from replica.simulated.draws import Floats, Integers, drifting
from replica.simulated.listings import Listing
from replica.simulated.orders import Orders
from replica.simulated.prices import CoinPath, VenuePath

STEP_MS: Final = timeline.FIVE_MINUTES_MS
STEP_MINUTES: Final = STEP_MS // timeline.MINUTE_MS
USD_DECIMALS: Final = 4
# For each position closed by force, others are closed by choice.
FOLLOWERS: Final = 1.6
# Positions are opened again within days.
RETURN_STEPS: Final = 3.0 * timeline.DAY_MS / STEP_MS
BASE_RATE: Final = 0.0001


def open_interest(
    rng: np.random.Generator,
    listing: Listing,
    path: CoinPath,
    venue: VenuePath,
    orders: Orders,
) -> pl.DataFrame:
    time_ms = timeline.instants(STEP_MS)
    price = np.exp((path.points + venue.mark_gap)[::STEP_MINUTES]) * listing.multiplier
    level = listing.interest_usd / listing.price
    closed = orders.base_by(STEP_MS, True) + orders.base_by(STEP_MS, False)
    # What was closed and has not come back: a decaying sum, in one pass. The powers stay
    # small because the span is only a few times the decay.
    decay = np.exp(-np.arange(closed.size + 1) / RETURN_STEPS)
    missing = decay * np.cumsum(np.append(0.0, closed) / decay)
    usual = np.mean(missing[: closed.size // 2])
    trend = _crowding(time_ms) + 0.004 * drifting(rng, time_ms.size, 200)
    gone = (1.0 + FOLLOWERS) * (missing - usual) / level
    # Where a single closed position is larger than the venue, interest only fades.
    base = level * np.exp(trend - np.minimum(gone, 2.0))
    base, contracts = _counted(listing, base, price)
    usd = np.round(base * price, USD_DECIMALS)
    columns = {"time_ms": time_ms, "oi_base": base, "oi_contracts": contracts, "oi_usd": usd}
    return pl.DataFrame(columns).filter(pl.col("time_ms") >= listing.launched_ms)


def _crowding(time_ms: Integers) -> Floats:
    """Interest grows with the trend before the cascade."""
    weeks = (time_ms - timeline.FIRST_MS) / (7 * timeline.DAY_MS)
    crowding: Floats = 0.10 * np.clip(weeks - 1.0, 0.0, 1.0)
    return crowding


def _counted(listing: Listing, base: Floats, price: Floats) -> tuple[Floats, Floats]:
    """Base units and contracts, in whole contracts where the venue counts so."""
    unit = listing.contract_size
    if listing.margin == "inverse":
        contracts = np.maximum(1.0, np.rint(base * price / unit))
        return np.round(contracts * unit / price, listing.size_decimals), contracts
    if listing.counts_contracts:
        contracts = np.maximum(1.0, np.rint(base / unit))
        return np.round(contracts * unit, listing.size_decimals), contracts
    base = np.round(base, listing.size_decimals)
    return base, base


def funding(
    rng: np.random.Generator, listing: Listing, path: CoinPath, venue: VenuePath
) -> pl.DataFrame:
    time_ms = timeline.instants(listing.funding_hours * timeline.HOUR_MS)
    minute = (time_ms - timeline.FIRST_MS) // timeline.MINUTE_MS
    mark = np.exp((path.points + venue.mark_gap)[minute]) * listing.multiplier
    # Rates follow the last day's move: longs pay after a rise, shorts after a fall.
    premium = 0.0025 * _last_day(path)[minute] + 0.00002 * rng.standard_normal(minute.size)
    eight_hours = np.clip(BASE_RATE + premium, -0.0075, 0.0075)
    places = 8 if listing.funding_hours > 1 else 10
    columns = {
        "time_ms": time_ms,
        # Adding zero turns a rounded negative zero into a plain one.
        "rate": np.round(eight_hours * listing.funding_hours / 8.0, places) + 0.0,
        "mark_price": np.round(mark, listing.price_decimals),
    }
    return pl.DataFrame(columns).filter(pl.col("time_ms") >= listing.launched_ms)


def _last_day(path: CoinPath) -> Floats:
    """Log move over the day before each minute's edge."""
    before = np.concatenate(
        (
            np.full(timeline.DAY_MINUTES, path.points[0]),
            path.points[: -timeline.DAY_MINUTES],
        )
    )
    move: Floats = path.points - before
    return move


def long_short(
    rng: np.random.Generator, listing: Listing, path: CoinPath, candles: pl.DataFrame
) -> pl.DataFrame:
    time_ms = timeline.instants(STEP_MS)
    count = time_ms.size
    # Small accounts buy what falls; large ones follow it.
    fallen = -np.tanh(_last_day(path)[::STEP_MINUTES] / 0.08)
    crowd = _share(0.58 + 0.07 * fallen + 0.015 * drifting(rng, count, 150))
    top = _share(0.56 + 0.05 * fallen + 0.015 * drifting(rng, count, 150))
    held = _share(0.52 - 0.03 * fallen + 0.012 * drifting(rng, count, 150))
    taker = (
        pl.DataFrame({"time_ms": time_ms})
        .join_asof(
            candles.select("time_ms", bought=pl.col("taker_buy_base") / pl.col("volume_base")),
            on="time_ms",
        )["bought"]
        .fill_null(0.5)
        .to_numpy()
    )
    buying = _share(taker + 0.03 * rng.standard_normal(count))
    columns = {
        "time_ms": time_ms,
        "accounts_ratio": _ratio(crowd),
        "long_share": crowd,
        "top_accounts_ratio": _ratio(top),
        "top_positions_ratio": _ratio(held),
        "taker_ratio": _ratio(buying),
    }
    return pl.DataFrame(columns).filter(pl.col("time_ms") >= listing.launched_ms)


def _share(value: Floats) -> Floats:
    clipped: Floats = np.clip(value, 0.05, 0.95)
    return clipped.round(4)


def _ratio(share: Floats) -> Floats:
    ratio: Floats = np.round(share / (1.0 - share), 4)
    return ratio
