"""One week of a market whose truth is known, and everything that sources say of it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from replica.simulated.draws import Draws, Floats
from replica.truth import faults, live, totals, trackers
from replica.truth.activity import activity, logs_of
from replica.truth.answers import Captured, Printed
from replica.truth.candles import candles
from replica.truth.faults import OURS, Planted
from replica.truth.forced import forced
from replica.truth.interest import interest
from replica.truth.listings import listings
from replica.truth.nature import Nature, nature
from replica.truth.orders import Orders, orders, unit_usd, weights_of
from replica.truth.paths import paths
from replica.truth.timeline import DAY_MS, HOUR_MS, LEAD_DAYS, start_ms

CELL: Final = ("venue", "coin", "position", "hour")


@dataclass(frozen=True, slots=True)
class TruthWeek:
    """What happened, what was planted, and what sources say.

    ``orders``: every forced order of the week, ``venue, coin, symbol, margin, position, time,
    coins, inverse_usd, fill_price, usd, is_shown``; ``coins`` of linear markets, ``inverse_usd``
    (dollars of contracts) of inverse ones, the other one zero; ``usd`` at the price of the fill, a
    USDT being worth ``usdt``. ``cells``: their sums by ``venue, coin, position, hour``, with
    ``orders`` and ``shown_usd``; cells without an order are left out. ``trackers``: what each
    tracker's daily figures add up to in the week: ``source, venue, coin, position, usd``.
    """

    seed: int
    process: str
    regime: str
    first: date
    last: date
    usdt: float
    orders: pl.DataFrame
    cells: pl.DataFrame
    trackers: pl.DataFrame
    planted: tuple[Planted, ...]
    printed: tuple[Printed, ...]
    captured: tuple[Captured, ...]

    @property
    def usd(self) -> float:
        """Dollars of all forced orders."""
        return float(self.cells["usd"].sum())


def week(seed: int, process: str | None = None, *, size: float = 1.0) -> TruthWeek:
    """The week of that seed, the same in every process. ``process`` in place of the seed's own;
    ``size`` below 1 has so many fewer orders. Raises ValueError for an unknown process.
    """
    drawn = nature(seed, process, size)
    draws = Draws(seed)
    market, weights = weights_of(drawn, paths(draws.of("paths"), drawn.regime, drawn.coins))
    logs = logs_of(drawn, market)
    made = orders(drawn, market, weights, logs)
    active = activity(drawn, market, logs, made)
    published, planted = trackers.series(drawn, made, faults.drawn(drawn, trackers.lists(drawn)))
    in_week = made.at(made.time_ms >= LEAD_DAYS * DAY_MS)
    frame = _frame(drawn, in_week)
    shown = live.as_digits(drawn, in_week.at(in_week.shown))
    said = (
        *listings(drawn),
        *forced(drawn, shown, planted),
        *candles(drawn, active),
        *interest(drawn, active, *_by_hour(drawn, made)),
        *totals.totals(drawn, active, published),
        totals.rates(drawn),
    )
    return TruthWeek(
        seed=seed,
        process=drawn.process,
        regime=drawn.regime,
        first=drawn.monday,
        last=drawn.monday + timedelta(days=6),
        usdt=drawn.usdt,
        orders=frame,
        cells=_cells(frame),
        trackers=_tracker_totals(drawn, published),
        planted=tuple(_ours(frame, one) for one in planted),
        printed=said,
        captured=tuple(live.captured(drawn, shown, planted)),
    )


def events(seed: int, *, size: float = 1.0) -> tuple[str, pl.DataFrame]:
    """The process of a week and its forced orders alone, without all that sources print:
    ``venue, market, position, time_ms, usd, is_shown``.
    """
    drawn = nature(seed, None, size)
    market, weights = weights_of(drawn, paths(Draws(seed).of("paths"), drawn.regime, drawn.coins))
    made = orders(drawn, market, weights, logs_of(drawn, market))
    frame = _frame(drawn, made.at(made.time_ms >= LEAD_DAYS * DAY_MS))
    return drawn.process, frame.select(
        "venue",
        pl.concat_str("venue", pl.lit(":"), "symbol").alias("market"),
        "position",
        pl.col("time").dt.epoch("ms").alias("time_ms"),
        "usd",
        "is_shown",
    )


def _by_hour(drawn: Nature, made: Orders) -> tuple[Floats, Floats]:
    """Units and dollars (of the quote) of all forced orders by (market, side, hour)."""
    ticks = 10.0 ** np.array([m.price_places for m in drawn.markets])[made.market]
    usd = made.units * unit_usd(drawn, made.market, made.fill / ticks)
    count = len(drawn.markets)
    return made.summed(made.units, count, HOUR_MS), made.summed(usd, count, HOUR_MS)


def _frame(drawn: Nature, made: Orders) -> pl.DataFrame:
    markets = drawn.markets
    ticks = 10.0 ** np.array([m.price_places for m in markets])[made.market]
    coins = np.array([0.0 if m.is_inverse else 10.0**m.unit_power for m in markets])
    inverse = np.array([float(m.unit_usd) for m in markets])
    at_par = np.array([m.is_inverse or m.venue == "kraken" for m in markets])[made.market]
    usd = made.units * unit_usd(drawn, made.market, made.fill / ticks)
    names = pl.DataFrame(
        {
            "market": np.arange(len(markets)),
            "venue": [m.venue for m in markets],
            "coin": [m.coin for m in markets],
            "symbol": [m.symbol for m in markets],
            "margin": ["inverse" if m.is_inverse else "linear" for m in markets],
        }
    )
    rows = pl.DataFrame(
        {
            "market": made.market,
            "is_short": made.is_short,
            "time_ms": made.time_ms + start_ms(drawn.monday),
            "coins": made.units * coins[made.market],
            "inverse_usd": made.units * inverse[made.market],
            "fill_price": made.fill / ticks,
            "usd": usd * np.where(at_par, 1.0, drawn.usdt),
            "is_shown": made.shown,
        }
    )
    time = pl.from_epoch("time_ms", time_unit="ms").dt.replace_time_zone("UTC")
    return (
        rows.join(names, on="market", how="left", maintain_order="left")
        .with_columns(
            time=time,
            position=pl.when("is_short").then(pl.lit("short")).otherwise(pl.lit("long")),
        )
        .select("venue", "coin", "symbol", "margin", "position", "time", "coins", "inverse_usd",
                "fill_price", "usd", "is_shown")
    )  # fmt: skip


def _cells(frame: pl.DataFrame) -> pl.DataFrame:
    return (
        frame.group_by("venue", "coin", "position", hour=pl.col("time").dt.truncate("1h"))
        .agg(
            pl.col("coins", "inverse_usd", "usd").sum(),
            orders=pl.len(),
            shown_usd=pl.col("usd").filter("is_shown").sum(),
        )
        .sort(CELL)
    )


def _tracker_totals(drawn: Nature, published: dict[str, trackers.Series]) -> pl.DataFrame:
    rows = [
        (name, market.venue, market.coin, position, float(usd[place, side, 24 * LEAD_DAYS :].sum()))
        for name, told in published.items()
        for usd in (told.daily_usd,)
        for place, market in enumerate(drawn.markets)
        if market.venue in told.venues
        for side, position in enumerate(("long", "short"))
    ]
    names = ["source", "venue", "coin", "position", "usd"]
    keys = names[:-1]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return frame.group_by(keys).agg(pl.col("usd").sum().round(2)).sort(keys)


def _ours(frame: pl.DataFrame, fault: Planted) -> Planted:
    """A fault of our own feed with what it took from, or added to, what we heard."""
    if fault.source != OURS:
        return fault
    begin = frame["time"].dt.truncate("1w").min()
    first, end = (
        pl.lit(begin) + pl.duration(milliseconds=round(h * HOUR_MS))
        for h in (fault.first_hour, fault.end_hour)
    )
    hit = frame.filter(
        "is_shown",
        pl.col("venue") == fault.venue,
        pl.col("time").is_between(first, end, closed="left"),
    )
    added = fault.factor - 1.0
    effect = round(float(hit["usd"].sum()) * added, 2)
    longs = hit.filter(pl.col("position") == "long")["usd"].sum()
    return replace(
        fault,
        effect_usd=effect,
        effect_long_usd=round(float(longs) * added, 2),
        moved_usd=abs(effect),
    )
