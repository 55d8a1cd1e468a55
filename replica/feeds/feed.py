"""What a venue's socket does: where it is, what it answers, what it pushes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from replica.digits import fixed
from replica.rows import TIME
from replica.simulated.world import World

RECEIVED = "received_ms"
KEY = "key"  # what must be subscribed to, to be pushed a frame
FRAME = "frame"

Frames = Callable[[pl.DataFrame], pl.DataFrame]  # orders to (received_ms, key, frame)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a socket says to a message: texts to send at once, and keys that are pushed from now."""

    replies: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()


NOTHING = Heard()


@dataclass(frozen=True, slots=True)
class Feed:
    """One socket path of a venue.

    ``frames`` makes what is pushed of its orders. ``hears(path, text)`` answers a message;
    ``opened(path)`` what is said and pushed when the connection stands. ``lives(keys, now_ms)``
    gives what a busy stream says once a second to whoever subscribed to it. ``packed`` turns a
    text into what is sent, where the venue packs it; ``wrapped(path, key, text)`` puts it into an
    envelope, where the path asks for one.
    """

    source: str  # id of the world's venue
    dataset: str  # folder that its captures are written to
    host: str
    paths: tuple[str, ...]  # beginnings of paths at which it answers
    frames: Frames
    hears: Callable[[str, str], Heard]
    lives: Callable[[frozenset[str], int], Sequence[str]]
    opened: Callable[[str], Heard] = lambda path: NOTHING
    packed: Callable[[str], bytes] | None = None
    wrapped: Callable[[str, str, str], str] = lambda path, key, text: text
    margins: tuple[str, ...] = ("linear", "inverse")
    silent_paths: tuple[str, ...] = ()  # acknowledged, and nothing is ever delivered


def orders_of(world: World, feed: Feed, shift_ms: int = 0) -> pl.DataFrame:
    """What the venue's live feed showed, in order of time, every value as digits.

    Columns: time_ms (moved by ``shift_ms``), symbol, position, size (the venue's unit), base, fill,
    order, bankruptcy.
    """
    places = world.instruments.filter(
        pl.col("venue") == feed.source, pl.col("margin").is_in(list(feed.margins))
    ).select("symbol", "price_decimals", "size_decimals", "margin", "contract_size")
    shown = world.shown(feed.source).join(places, on="symbol", maintain_order="left")
    whole = (pl.col("contract_size") != 1.0) | (pl.col("margin") == "inverse")
    price, size = pl.col("price_decimals"), pl.col("size_decimals")
    return shown.select(
        (pl.col(TIME) + shift_ms).alias(TIME),
        "symbol",
        "position",
        "margin",
        size=fixed(pl.col("size"), pl.when(whole).then(0).otherwise(size)),
        base=fixed(pl.col("base"), size),
        usd=fixed(pl.col("notional_usd"), 4),
        fill=fixed(pl.col("fill_price"), price),
        order=fixed(pl.col("order_price"), price),
        bankruptcy=fixed(pl.col("bankruptcy_price"), price),
    )


def pushed_at(pushed_ms: pl.Expr) -> pl.Expr:
    """When a frame arrives that was pushed then: between 15 and 94 ms later, always the same."""
    return (pushed_ms + 15 + (pl.col(TIME) * 7919 // 13) % 80).alias(RECEIVED)


def either(long: str, short: str) -> pl.Expr:
    """One word where a long was liquidated, another where a short was."""
    return pl.when(pl.col("position") == "long").then(pl.lit(long)).otherwise(pl.lit(short))
