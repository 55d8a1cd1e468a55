"""Captured frames of the simulated market's feeds, as somebody who listened would have kept them."""

import base64
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from replica import feeds
from replica.clock import DAY_MS
from replica.feeds.feed import FRAME, RECEIVED, Feed, orders_of
from replica.node_fills import write_node_fills
from replica.simulated.world import World

MINUTE_MS = 60_000


def write_captures(world: World, folder: Path, now_ms: int) -> None:
    """One file a day and feed, lines in the order in which they were received."""
    end = min(now_ms, world.now_ms)
    for feed in feeds.found():
        lines = pl.concat([_alive(world.first_ms, end), _lines(feed, world)])
        lines = lines.filter(pl.col(RECEIVED) < end).sort(RECEIVED, maintain_order=True)
        _write_days(lines, folder / feed.dataset)
    write_node_fills(world, folder, now_ms)


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


def _lines(feed: Feed, world: World) -> pl.DataFrame:
    """The frame stands as a JSON string, so its quotes are escaped; a packed one in base 64."""
    frames = feed.frames(orders_of(world, feed))
    if feed.packed is not None:
        packed = [base64.b64encode(feed.packed(text)).decode() for text in frames[FRAME]]
        held = frames.with_columns(pl.Series(FRAME, packed, dtype=pl.String))
        line = _received_at() + pl.lit('"packed":"') + pl.col(FRAME) + pl.lit('"}')
        return held.select(RECEIVED, line.alias("line"))
    escaped = pl.col(FRAME).str.replace_all('"', '\\"', literal=True)
    line = _received_at() + pl.lit('"frame":"') + escaped + pl.lit('"}')
    return frames.select(RECEIVED, line.alias("line"))
