"""HTX liquidations, over REST and from captured frames. `direction` is the side of the order: sell
closes a long.

The price is the bankruptcy price. `volume` counts contracts everywhere; `amount` is coins in one
form and looks like contracts in another, and is not read. Coin-margined contracts are dollars.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import polars as pl

from pipelines.extract.inflate import frame_undone
from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused, Shown
from pipelines.normalise.events import forced, unsound
from pipelines.normalise.fields import (
    body_of,
    first_reason,
    inexact,
    instant_ms,
    said,
    shown,
    unknown,
    word,
)
from pipelines.normalise.frames import frames
from pipelines.normalise.markets import not_listed, with_market
from pipelines.normalise.readers.htx.subjects import (
    COIN_FEED_SINCE,
    INVERSE,
    LINEAR,
    SINCE,
    SOURCE,
    led,
    margin_of,
    subject,
)
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import LIQUIDATIONS
from pipelines.tables.words import Adl, Coverage, Position, PriceKind, SideNames, Unit
from pipelines.units import Margin, exact

POSITION = {"sell": Position.LONG, "buy": Position.SHORT}
CLOSED = {"long": Position.LONG, "short": Position.SHORT}
CLOSES = ("close", "both")  # both: of an account that holds one position a market
ORDER = ("contract_code", "direction", "offset", "volume", "price", "created_at")
V3 = (*ORDER, "trade_turnover", "query_id")
V5 = (
    *("contract_code", "side", "position_side", "volume", "bankrupt_price", "liquidation_time"),
    *("trade_turnover", "id"),
)
HEARD = (*ORDER, "trade_turnover")
TOPIC = "liquidation_orders"


def answers(page: Page, names: tuple[str, ...]) -> Iterator[tuple[FIELD, ...] | Refused]:
    yield from led(margin_of(page), body_of(page)["data"], names)


def heard(page: Page, margin: str) -> Iterator[tuple[FIELD, ...] | Refused]:
    """The orders of each frame; replies to a subscription are skipped, unless they refuse it."""
    for frame in frames(page, undone=frame_undone):
        if isinstance(frame, Refused):
            yield frame
        elif not isinstance(frame, dict) or TOPIC not in str(frame.get("topic")):
            yield Refused("a frame that is not of the topic liquidation_orders", shown(frame))
        elif frame.get("op") == "notify":
            yield from led(margin, frame.get("data"), HEARD)
        elif frame.get("op") not in ("sub", "unsub") or frame.get("err-code", "0") != "0":
            yield Refused("a frame that is no order and no subscription", shown(frame))


def read_orders(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Orders of v3 and of the sockets."""
    found = _sized(rows, known, price="price", at="created_at", side="direction")
    offset = pl.when(said("offset").is_in(CLOSES)).then(said("offset"))
    return found.with_columns(
        reason=pl.coalesce("reason", unknown(said("offset"), offset, "offset"))
    )


def read_heard(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return read_orders(rows, known).with_columns(subject=pl.lit("*"))


def read_v3(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return _named(read_orders(rows, known), "query_id")


def read_v5(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Both sides are given, and must tell the same."""
    found = _sized(rows, known, price="bankrupt_price", at="liquidation_time", side="side")
    closed = word(said("position_side"), CLOSED, Position)
    return _named(found, "id").with_columns(
        reason=pl.coalesce(
            "reason",
            unknown(said("position_side"), closed, "position"),
            first_reason((closed != pl.col("position"), "its two sides tell different positions")),
        )
    )


def _named(found: pl.DataFrame, identity: str) -> pl.DataFrame:
    """With an identity; ids of two markets may be the same."""
    return found.with_columns(
        identity=pl.concat_str("subject", pl.lit("/"), said(identity)),
        reason=pl.coalesce(
            "reason",
            first_reason((said(identity).is_null(), "no id that tells it from its repeat")),
        ),
    )


def _sized(rows: pl.DataFrame, known: Known, *, price: str, at: str, side: str) -> pl.DataFrame:
    found = with_market(rows, known, subject()).with_columns(time=instant_ms(said(at)))
    linear = pl.col("margin") == Margin.LINEAR.value
    turnover = pl.when(linear).then(exact(said("trade_turnover")))
    position = word(said(side), POSITION, Position)
    return forced(
        found,
        known,
        size=exact(said("volume")),
        price=exact(said(price)),
        unit=Unit.CONTRACTS,
        price_kind=PriceKind.BANKRUPTCY,
        published_quote=turnover,
    ).with_columns(
        position=position,
        reason=pl.coalesce(
            not_listed(),
            unknown(said(side), position, "side"),
            pl.when(linear).then(inexact(said("trade_turnover"), "trade_turnover")),
            pl.when(turnover <= 0).then(pl.lit("no positive turnover")),
            unsound(),
        ),
    )


SHOWN = Shown((PriceKind.BANKRUPTCY,), (Unit.CONTRACTS,), SideNames.ORDER, Adl.UNKNOWN)
WHOLE = "Third parties: whole within its ninety days; no text of the vendor's names a throttle."
SOCKET = "No text says whether the socket leaves orders out."

_V3 = Era(
    SINCE,
    Coverage.ALL,
    ("margin", *V3),
    partial(answers, names=V3),
    read_v3,
    evidence=WHOLE,
    shown=SHOWN,
    grade=Grade.THIRD_PARTY,
)
_HEARD = Era(
    SINCE,
    Coverage.UNKNOWN,
    ("margin", *HEARD),
    partial(heard, margin=LINEAR),
    read_heard,
    evidence=SOCKET,
    shown=SHOWN,
)

READERS = (
    Reader(SOURCE, "liquidations", LIQUIDATIONS, (_V3,)),
    Reader(
        SOURCE,
        "liquidations_v5",
        LIQUIDATIONS,
        (replace(_V3, columns=("margin", *V5), unpack=partial(answers, names=V5), read=read_v5),),
        told_first_by="liquidations",
    ),
    Reader(
        SOURCE,
        "liquidation_orders",
        LIQUIDATIONS,
        (_HEARD,),
        is_captured=True,
        told_first_by="liquidations",
    ),
    Reader(
        SOURCE,
        "liquidation_orders_coin",
        LIQUIDATIONS,
        (replace(_HEARD, since=COIN_FEED_SINCE, unpack=partial(heard, margin=INVERSE)),),
        is_captured=True,
        told_first_by="liquidations",
    ),
)

STATEMENTS = (
    Statement(
        "`direction` is the side of the forced order: sell with offset close ends a long.",
        "vendor's document of v3 (5 liquidates longs, 6 shorts); a third party's normaliser agrees",
        Grade.VENDOR,
    ),
    Statement(
        "`price` and `bankrupt_price` are bankruptcy prices; `trade_turnover` is in the quote.",
        "vendor's document of v3",
        Grade.VENDOR,
    ),
    Statement(
        "`volume` counts contracts: 479 of 0.001 BTC at 51441.7 are the 24640.5743 USDT printed.",
        "vendor's sample of v3, worked out",
        Grade.DERIVED,
    ),
    Statement(
        "v5 names the order's side and the position's: buy ends a short.",
        "a sample that another project keeps",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "What `amount` of v5 counts; it is not read.",
        "open point of the reference: in the one sample it equals the contracts",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Frames of coin-margined swaps have the same fields, without amount and turnover.",
        "a real frame of 2020-07-01, with a third party's reading of it",
        Grade.OBSERVED,
    ),
    Statement(
        "Coin-margined orders over REST have the shape of the linear ones.",
        "from memory, by analogy",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Whether the sockets show every order, and whether auto-deleveraging is among the orders.",
        "no document says",
        Grade.UNVERIFIED,
    ),
)
