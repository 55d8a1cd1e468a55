"""What HTX's sockets say of a market beside its liquidations: funding rates, and the basis.

The basis names a dated contract by its turn (ETH_NW is next week's), which no listing explains a
week later: such a message is refused.
"""

from collections.abc import Iterator
from functools import partial

import polars as pl

from pipelines.extract.inflate import frame_undone
from pipelines.extract.streams import Sound
from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused
from pipelines.normalise.fields import first_reason, instant_ms, objects, plain, said, shown
from pipelines.normalise.frames import frames
from pipelines.normalise.markets import not_listed, with_market
from pipelines.normalise.readers.htx.subjects import (
    COIN_FEED_SINCE,
    INVERSE,
    LINEAR,
    SINCE,
    SOURCE,
    subject,
)
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import TICKERS
from pipelines.tables.words import Coverage
from pipelines.units import exact

SAID = ("margin", "ts", "contract_code", "contract_price", "index_price", "funding_rate")
PRICES = ("contract_price", "index_price")


def tickers(page: Page, margin: str) -> Iterator[tuple[FIELD, ...] | Refused]:
    """One row of a basis, and one of each market that a message about funding names."""
    for frame in frames(page, undone=frame_undone):
        match frame:
            case Refused():
                yield frame
            case {"ch": str(channel), "tick": dict(tick)} if ".basis." in channel:
                code = channel.split(".")[1]
                yield plain((margin, frame.get("ts"), code, *map(tick.get, PRICES), None))
            case {"op": "notify", "topic": str(topic)} if topic.endswith(".funding_rate"):
                yield from _rates(frame, margin)
            case {"op": "sub" | "unsub"} if frame.get("err-code", "0") == "0":
                continue
            case {"op": "ping"}:  # a sign of life, and nothing more
                continue
            case _:
                yield Refused("a frame that is no ticker", shown(frame))


def _rates(frame: dict[str, object], margin: str) -> Iterator[tuple[FIELD, ...] | Refused]:
    for row in objects(frame.get("data"), ("contract_code", "funding_rate")):
        if isinstance(row, Refused):
            yield row
        else:
            code, rate = row
            yield plain((margin, frame.get("ts"), code, None, None, rate))


def read_tickers(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    numbers = {
        "last_price": exact(said("contract_price")),
        "index_price": exact(said("index_price")),
        "funding_rate": exact(said("funding_rate")),
    }
    return with_market(rows, known, subject()).with_columns(
        **numbers,
        time=instant_ms(said("ts")),
        reason=pl.coalesce(
            not_listed(),
            first_reason(
                (pl.all_horizontal(n.is_null() for n in numbers.values()), "nothing that is read")
            ),
        ),
        subject=pl.lit("*"),
    )


READERS = tuple(
    Reader(
        SOURCE,
        dataset,
        TICKERS,
        (
            Era(
                since,
                Coverage.SAMPLED,
                SAID,
                partial(tickers, margin=margin),
                read_tickers,
                amounts=(*PRICES, "funding_rate"),
            ),
        ),
        is_captured=True,
        sound=Sound.LIFE,
    )
    for dataset, margin, since in (
        ("liquidation_orders", LINEAR, SINCE),
        ("liquidation_orders_coin", INVERSE, COIN_FEED_SINCE),
    )
)

STATEMENTS = (
    Statement(
        "`contract_price` of a basis is the last price and `index_price` the index; "
        "`funding_rate` is that of the running interval.",
        "real frames of 2020, with a third party's reading of them",
        Grade.OBSERVED,
    ),
    Statement(
        "The message's own `ts` is the instant that its rates and prices are of.",
        "by analogy with the third party's reading of the basis",
        Grade.UNVERIFIED,
    ),
)
