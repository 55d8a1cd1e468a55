"""Fills as Hyperliquid's nodes write them down: one packed file of blocks for each hour.

Both users of a fill have one of their own. Beside the forced fills each hour has an ordinary one.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa

from replica.clock import HOUR_MS
from replica.rows import TIME
from replica.simulated.world import World
from replica.template import filled
from replica.views.forced import forced

FOLDER: Final = "hyperliquid/node_fills/hourly"
HOUR: Final = "hour"
BACKSTOP_OF: Final = 10  # every tenth forced fill goes to the backstop
MAKER: Final = "0xb0a55f13d22f66e6d495ac98113841b2326e9540"
FILL: Final = (
    '["<user>",{"coin":"<symbol>","px":"<fill>","sz":"<size>","side":"<side>","time":<time_ms>,'
    '"startPosition":"<size>","dir":"<dir>","closedPnl":"0.0","hash":"0x00","oid":<tid>,'
    '"crossed":<crossed>,"fee":"0.0","tid":<tid>,"feeToken":"USDC"<marked>}]'
)
MARKED: Final = (
    ',"liquidation":{"liquidatedUser":"<victim>","markPx":"<bankruptcy>","method":"<method>"}'
)
BLOCK: Final = '{"block_time":"<at>","block_number":<tid>,"events":[<victims>,<makers>]}'


def write_node_fills(world: World, folder: Path, now_ms: int) -> None:
    """Every hour from the first one to now, however little happened in it."""
    end = min(now_ms, world.now_ms)
    orders = forced(world, "hyperliquid", None, throttled=False).filter(pl.col(TIME) < end)
    told = _blocks(orders).group_by(HOUR, maintain_order=True).agg("line")
    lines: dict[int, list[str]] = dict(told.iter_rows())
    for hour_ms in range(world.first_ms // HOUR_MS * HOUR_MS, end, HOUR_MS):
        at = datetime.fromtimestamp(hour_ms // 1000, UTC)
        path = folder / FOLDER / f"{at:%Y%m%d}" / f"{at:%H}.lz4"
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = [_ordinary(hour_ms), *lines.get(hour_ms, ())]
        with pa.OSFile(str(path), "wb") as file, pa.CompressedOutputStream(file, "lz4") as packed:
            packed.write("".join(_ended(whole)).encode())


def _ended(lines: list[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)


def _ordinary(hour_ms: int) -> str:
    fill = (
        f'{{"coin":"BTC","px":"90000.0","sz":"0.5","side":"B","time":{hour_ms},'
        f'"dir":"Open Long","oid":{hour_ms},"tid":{hour_ms}}}'
    )
    return f'{{"block_time":{hour_ms},"block_number":{hour_ms},"events":[["{MAKER}",{fill}]]}}'


def _blocks(orders: pl.DataFrame) -> pl.DataFrame:
    """Columns: hour, line; a block for each forced order, with the fills of its two users."""
    is_long = pl.col("position") == "long"
    backed = pl.col("nth") % BACKSTOP_OF == 0
    whose = pl.when(is_long).then(pl.lit("Long")).otherwise(pl.lit("Short"))
    closed = pl.when(backed).then(pl.lit("Liquidated Cross ")).otherwise(pl.lit("Close "))
    terms = orders.with_columns(
        victim=pl.lit("0x") + pl.col("nth").cast(pl.String).str.zfill(40),
        method=pl.when(backed).then(pl.lit("backstop")).otherwise(pl.lit("market")),
        at=pl.from_epoch(TIME, time_unit="ms").dt.strftime("%Y-%m-%dT%H:%M:%S%.3f"),
        tid="nth",
    )
    marked = terms.with_columns(marked=filled(MARKED))
    sells, buys = pl.lit("A"), pl.lit("B")
    return marked.with_columns(
        victims=filled(
            FILL,
            user=pl.col("victim"),
            side=pl.when(is_long).then(sells).otherwise(buys),
            dir=closed + whose,
            crossed=pl.lit("true"),
        ),
        makers=filled(
            FILL,
            user=pl.lit(MAKER),
            side=pl.when(is_long).then(buys).otherwise(sells),
            dir=pl.lit("Open ") + whose,
            crossed=pl.lit("false"),
        ),
    ).select((pl.col(TIME) // HOUR_MS * HOUR_MS).alias(HOUR), filled(BLOCK).alias("line"))
