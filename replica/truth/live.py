"""Live feeds of a week, as our collector kept them: with the gaps and the doubles that are planted."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from replica.feeds import binance, bitget, bybit, okx
from replica.feeds.feed import FRAME, RECEIVED, Frames
from replica.truth.answers import Captured
from replica.truth.faults import OURS, Planted
from replica.truth.nature import Nature
from replica.truth.orders import Orders
from replica.truth.terms import Market
from replica.truth.text import digits
from replica.truth.timeline import DAY_MS, HOUR_MS, LEAD_DAYS, MINUTE_MS, start_ms

FEEDS: Final[tuple[tuple[str, str, bool | None, Frames], ...]] = (
    ("binance", "force_orders", None, binance.frames),
    ("okx", "liquidation_orders", None, okx.frames),
    ("bitget", "liquidation", None, bitget.frames),
    ("bybit", "all_liquidation", False, bybit.frames),
    ("bybit", "all_liquidation_inverse", True, bybit.frames),
)
ALIVE_MS: Final = 30_000  # into each minute
SOUNDS: Final = pl.Schema(
    {
        "received_at": pl.Datetime("us", "UTC"),
        "kind": pl.String(),
        "session": pl.String(),
        "frame": pl.Binary(),
    }
)


def as_digits(nature: Nature, orders: Orders) -> pl.DataFrame:
    """Orders as feeds print them: ``time_ms`` since 1970, sizes in the venue's unit, prices."""
    terms = pl.DataFrame(
        [_terms(place, market) for place, market in enumerate(nature.markets)], orient="row"
    )
    rows = pl.DataFrame(
        {
            "market": orders.market,
            "time_ms": orders.time_ms + start_ms(nature.monday),
            "is_short": orders.is_short,
            "units": orders.units,
            "fill": orders.fill,
            "bankruptcy": orders.bankruptcy,
        }
    ).join(terms, on="market", how="left", maintain_order="left")
    quote = pl.col("units") * pl.col("bankruptcy")
    printed = digits(pl.col("bankruptcy"), pl.col("price_places")).alias("order")
    return rows.with_columns(printed).select(
        "time_ms",
        "venue",
        "symbol",
        "margin",
        position=pl.when("is_short").then(pl.lit("short")).otherwise(pl.lit("long")),
        size=digits(pl.col("units") * pl.col("many"), pl.col("size_places")),
        fill=digits(pl.col("fill"), pl.col("price_places")),
        order="order",
        bankruptcy="order",
        usd=digits(quote, pl.col("price_places") + pl.col("size_places")),
        units="units",
    )


def _terms(place: int, market: Market) -> dict[str, object]:
    """``many`` units are one of the last place of a printed size."""
    by_contract = market.venue in ("okx", "gate")
    power = 0 if market.is_inverse else market.unit_power
    places = market.contract_places if by_contract else max(0, -power)
    # An inverse contract of OKX is one unit; Bybit prints dollars.
    many = market.unit_usd if market.is_inverse and market.venue == "bybit" else 1
    return {
        "market": place,
        "venue": market.venue,
        "symbol": market.symbol,
        "margin": "inverse" if market.is_inverse else "linear",
        "price_places": market.price_places,
        "size_places": places,
        "many": many,
    }


def captured(
    nature: Nature, printed: pl.DataFrame, planted: tuple[Planted, ...]
) -> Iterator[Captured]:
    """Every live feed, from the shown orders of the week as digits."""
    for venue, dataset, inverse, frames in FEEDS:
        margins = ["linear", "inverse"] if inverse is None else ["inverse" if inverse else "linear"]
        rows = printed.filter(pl.col("venue") == venue, pl.col("margin").is_in(margins))
        ours = [p for p in planted if p.source == OURS and p.venue == venue]
        yield Captured(venue, dataset, _kept(nature, frames(rows), ours))


def _kept(nature: Nature, frames: pl.DataFrame, planted: list[Planted]) -> pl.DataFrame:
    begin = start_ms(nature.monday) + LEAD_DAYS * DAY_MS
    events = frames.select(RECEIVED, kind=pl.lit("event"), frame=pl.col(FRAME).cast(pl.Binary))
    minutes = begin + np.arange(7 * DAY_MS // MINUTE_MS) * MINUTE_MS
    alive = pl.DataFrame({RECEIVED: minutes + ALIVE_MS}).with_columns(
        kind=pl.lit("alive"), frame=pl.lit(b"", dtype=pl.Binary)
    )
    session = pl.lit(1)
    for one in planted:
        first, end = (begin + round(h * HOUR_MS) for h in (one.first_hour, one.end_hour))
        if one.kind == "outage":
            events = events.filter(~pl.col(RECEIVED).is_between(first, end, closed="left"))
            # A minute with a break in it was not heard.
            whole = first // MINUTE_MS * MINUTE_MS, -(-end // MINUTE_MS) * MINUTE_MS
            alive = alive.filter(~pl.col(RECEIVED).is_between(*whole, closed="left"))
            session += (pl.col(RECEIVED) >= end).cast(pl.Int32)
        else:
            again = pl.col(RECEIVED).is_between(first, end, closed="left")
            events = pl.concat([events, events.filter(again)])
    return (
        pl.concat([events, alive])
        .sort(RECEIVED, "kind", maintain_order=True)
        .select(
            received_at=pl.from_epoch(RECEIVED, time_unit="ms")
            .cast(pl.Datetime("us"))
            .dt.replace_time_zone("UTC"),
            kind="kind",
            session=pl.lit("truth-") + session.cast(pl.String),
            frame="frame",
        )
        .cast(SOUNDS)
    )
