"""Captured websocket frames of the simulated market, as a collector would have written them."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from replica.clock import DAY_MS
from replica.digits import fixed
from replica.rows import TIME
from replica.simulated.world import World
from replica.template import filled

MINUTE_MS = 60_000
RECEIVED = "received_ms"
FORCE_ORDER = (
    '{"e":"forceOrder","E":<pushed>,"o":{"s":"<symbol>","S":"<side>","o":"LIMIT","f":"IOC",'
    '"q":"<quantity>","p":"<price>","ap":"<average>","X":"FILLED","l":"<quantity>",'
    '"z":"<quantity>","T":<time_ms>},"st":<stream>}'
)
PATHS = {"binance": "binance/force_orders", "bybit": "bybit/all_liquidation"}


def write_captures(world: World, folder: Path, now_ms: int) -> None:
    """One file a day and feed, lines in the order in which they were received."""
    for venue, frames in (("binance", _force_orders(world)), ("bybit", _batches(world))):
        end = min(now_ms, world.now_ms)
        lines = pl.concat([_alive(world.first_ms, end), _lines(frames)])
        lines = lines.filter(pl.col(RECEIVED) < end).sort(RECEIVED, maintain_order=True)
        _write_days(lines, folder / PATHS[venue])


def _write_days(lines: pl.DataFrame, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for (day,), held in lines.group_by(pl.col(RECEIVED) // DAY_MS, maintain_order=True):
        date = datetime.fromtimestamp(int(str(day)) * DAY_MS / 1000, UTC)
        text = str(held["line"].str.join("\n").item())
        (folder / f"{date:%Y-%m-%d}.jsonl").write_text(text + "\n", "utf-8")


def _received_at() -> pl.Expr:
    moment = pl.from_epoch(RECEIVED, time_unit="ms").dt.strftime("%Y-%m-%dT%H:%M:%S%.3f")
    return pl.lit('{"received_at":"') + moment + pl.lit('Z",')


def _alive(first_ms: int, end_ms: int) -> pl.DataFrame:
    minutes = pl.int_range(first_ms, end_ms, MINUTE_MS, eager=True)
    return pl.DataFrame({RECEIVED: minutes}).select(
        RECEIVED, (_received_at() + pl.lit('"alive":true}')).alias("line")
    )


def _lines(frames: pl.DataFrame) -> pl.DataFrame:
    """The frame stands as a JSON string, so its quotes are escaped."""
    escaped = pl.col("frame").str.replace_all('"', '\\"', literal=True)
    line = _received_at() + pl.lit('"frame":"') + escaped + pl.lit('"}')
    return frames.select(RECEIVED, line.alias("line"))


def _delay_ms() -> pl.Expr:
    """Between 15 and 94 milliseconds on the way, the same in every run."""
    return 15 + (pl.col(TIME) * 7919 // 13) % 80


def _shown(world: World, venue: str) -> pl.DataFrame:
    places = world.instruments.filter(pl.col("venue") == venue).select(
        "symbol", "price_decimals", "size_decimals", "margin"
    )
    return world.shown(venue).join(places, on="symbol", maintain_order="left")


def _force_orders(world: World) -> pl.DataFrame:
    """Binance pushes at the end of each second the one order that stands for it."""
    pushed = pl.col(TIME) // 1000 * 1000 + 1000
    price, size = pl.col("price_decimals"), pl.col("size_decimals")
    side = pl.when(pl.col("position") == "long").then(pl.lit("SELL")).otherwise(pl.lit("BUY"))
    inverse = pl.col("margin") == "inverse"
    orders = _shown(world, "binance").select(
        TIME,
        "symbol",
        side.alias("side"),
        pushed.alias("pushed"),
        (pushed + _delay_ms()).alias(RECEIVED),
        fixed(pl.col("size"), pl.when(inverse).then(0).otherwise(size)).alias("quantity"),
        pl.when(inverse).then(2).otherwise(1).alias("stream"),
        fixed(pl.col("order_price"), price).alias("price"),
        fixed(pl.col("fill_price"), price).alias("average"),
    )
    frame = filled(FORCE_ORDER)
    return orders.select(RECEIVED, frame.alias("frame"))


def _batches(world: World) -> pl.DataFrame:
    """Bybit pushes every half second, each symbol by itself, all that happened in between."""
    price = pl.col("price_decimals")
    inverse = pl.col("margin") == "inverse"
    size = pl.when(inverse).then(0).otherwise(pl.col("size_decimals"))
    side = pl.when(pl.col("position") == "long").then(pl.lit("Buy")).otherwise(pl.lit("Sell"))
    event = filled(
        '{"T":<time_ms>,"s":"<symbol>","S":"<side>","v":"<size>","p":"<price>"}',
        side=side,
        size=fixed(pl.col("size"), size),
        price=fixed(pl.col("bankruptcy_price"), price),
    )
    pushed = (pl.col(TIME) // 500 * 500 + 500).alias("pushed")
    batches = (
        _shown(world, "bybit")
        .select(pushed, TIME, "symbol", event.alias("event"))
        .group_by("pushed", "symbol", maintain_order=True)
        .agg(pl.col("event").str.join(","), pl.col(TIME).last())
    )
    frame = filled(
        '{"topic":"allLiquidation.<symbol>","type":"snapshot","ts":<pushed>,"data":[<event>]}'
    )
    received = (pl.col("pushed") + _delay_ms()).alias(RECEIVED)
    return batches.select(received, frame.alias("frame"))
