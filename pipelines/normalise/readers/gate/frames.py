"""Gate's sockets. `size` is the size of the order: below zero a long was liquidated.

That is the opposite of what REST prints. The price is the order's limit, not its fill. A frame
does not say what a contract settles in: each settling coin has a socket, and a dataset, of its own.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial

import polars as pl

from pipelines.extract.streams import Sound
from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused, Shown
from pipelines.normalise.events import forced, unsound
from pipelines.normalise.fields import instant_ms, instant_s, objects, plain, said, shown, told
from pipelines.normalise.frames import frames
from pipelines.normalise.markets import not_listed, with_market
from pipelines.normalise.readers.gate.rest import SINCE
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import LIQUIDATIONS, TICKERS
from pipelines.tables.words import Adl, Coverage, Position, PriceKind, SideNames, Unit
from pipelines.units import Margin, base_of_contracts, coins_of, exact, usd_of_contracts

SETTLES = {"public_liquidates": "usdt", "public_liquidates_btc": "btc"}
REPLIES = ("subscribe", "unsubscribe")
# Who sent it when, and what it speaks of.
EVENT = ("time", "time_ms", "contract", "size", "price")
PRICES = {"last_price": "last", "mark_price": "mark_price", "index_price": "index_price"}
TICKER = ("contract", *PRICES.values(), "total_size", "funding_rate")


def messages(page: Page, channel: str) -> Iterator[dict[str, object] | Refused]:
    """Messages of one channel; what it says of a subscription is passed over."""
    for frame in frames(page):
        if isinstance(frame, Refused):
            yield frame
        elif not isinstance(frame, dict) or frame.get("channel") != channel:
            yield Refused(f"a frame that is not of the channel {channel}", shown(frame))
        elif frame.get("event") in REPLIES:
            continue
        elif frame.get("event") != "update":
            yield Refused("a frame of an event that nobody explained", shown(frame))
        else:
            yield frame


def orders(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    for message in messages(page, "futures.public_liquidates"):
        if isinstance(message, Refused):
            yield message
        else:
            result = message.get("result")
            yield from objects(result if isinstance(result, list) else [result], EVENT)


def read_orders(rows: pl.DataFrame, known: Known, *, settle: str) -> pl.DataFrame:
    """``time`` is in ms since the batches came and was in seconds before: its digits tell."""
    size = exact(said("size"))
    long = pl.when(size < 0).then(told(Position.LONG))
    at = (instant_ms(said("time_ms")), instant_ms(said("time")), instant_s(said("time")))
    found = with_market(rows, known, pl.lit(f"{settle}:") + said("contract")).with_columns(
        subject=pl.lit("*"),
        time=pl.coalesce(*at),
        position=long.when(size > 0).then(told(Position.SHORT)),
    )
    return forced(
        found,
        known,
        size=size.abs(),
        price=exact(said("price")),
        unit=Unit.CONTRACTS,
        price_kind=PriceKind.ORDER,
    ).with_columns(reason=pl.coalesce(not_listed(said("contract")), unsound()))


def tickers(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Each market of a message, with the message's time."""
    for message in messages(page, "futures.tickers"):
        if isinstance(message, Refused):
            yield message
            continue
        result = message.get("result")
        for row in objects(result if isinstance(result, list) else [result], TICKER):
            head = (message.get("time_ms"), message.get("time"))
            yield row if isinstance(row, Refused) else plain((*head, *row))


def read_tickers(rows: pl.DataFrame, known: Known, *, settle: str) -> pl.DataFrame:
    found = with_market(rows, known, pl.lit(f"{settle}:") + said("contract"))
    inverse = pl.col("margin") == Margin.INVERSE.value
    contracts, size = exact(said("total_size")), pl.col("contract_size")
    base = base_of_contracts(contracts, size)
    return found.with_columns(
        subject=pl.lit("*"),
        time=pl.coalesce(instant_ms(said("time_ms")), instant_s(said("time"))),
        **{column: exact(said(name)) for column, name in PRICES.items()},
        open_interest=contracts,
        open_interest_unit=pl.when(contracts.is_not_null()).then(told(Unit.CONTRACTS)),
        open_interest_coins=pl.when(~inverse).then(coins_of(base, pl.col("coins_per_base"))),
        open_interest_usd=pl.when(inverse).then(usd_of_contracts(contracts, size)),
        funding_rate=exact(said("funding_rate")),
        reason=not_listed(said("contract")),
    )


SHOWN = Shown((PriceKind.ORDER,), (Unit.CONTRACTS,), SideNames.ORDER, Adl.UNKNOWN)


def eras_of(settle: str) -> tuple[Era, ...]:
    read = partial(read_orders, settle=settle)
    return (
        Era(
            SINCE,
            Coverage.ONE_OF_SECOND,
            EVENT,
            orders,
            read,
            evidence="Third party: at most one a second and contract until 2026-08-20.",
            shown=SHOWN,
            grade=Grade.THIRD_PARTY,
        ),
        Era(
            date(2026, 8, 20),
            Coverage.ALL,
            EVENT,
            orders,
            read,
            evidence="Third party's comparison of the vendor's documents: all, in batches of a "
            "second or of 20, since 2026-08-20.",
            shown=SHOWN,
            grade=Grade.THIRD_PARTY,
        ),
    )


READERS = tuple(
    reader
    for dataset, settle in SETTLES.items()
    for reader in (
        Reader(
            "gate",
            dataset,
            LIQUIDATIONS,
            eras_of(settle),
            is_captured=True,
            told_first_by="liquidations",
        ),
        Reader(
            "gate",
            dataset,
            TICKERS,
            (
                Era(
                    SINCE,
                    Coverage.SAMPLED,
                    ("time_ms", "time", *TICKER),
                    tickers,
                    partial(read_tickers, settle=settle),
                    amounts=TICKER[1:],
                ),
            ),
            is_captured=True,
            sound=Sound.LIFE,
        ),
    )
)

STATEMENTS = (
    Statement(
        "On the socket `size` is the order's, in contracts: below zero a long was liquidated. REST "
        "prints the opposite sign of the same event.",
        "third party: 6 of 6 events that both showed had opposite signs",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "`price` is the limit of the order, about 0.3 % from its fill.",
        "third party's measurement",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "`time` of an order is in ms since 2026-08-20 and was in seconds before.",
        "third party's comparison of the vendor's documents",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "An event of the socket and the same one over REST share no key: they stand as two feeds.",
        "vendor's documents: seconds and ms, fill and limit",
        Grade.DERIVED,
    ),
    Statement(
        "`total_size` of a ticker is open interest in contracts, and counts one side.",
        "real frames of 2020 and 2023, which another project reads so; one side is assumed",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Whether positions closed by auto-deleveraging are among the orders is not said.",
        "third party's copies of the vendor's documents",
        Grade.UNVERIFIED,
    ),
)
