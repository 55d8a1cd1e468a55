"""CoinGlass's single orders: the word for the side is kept as it is written, and not translated.

One document of the vendor calls 1 a buy and 2 a sell, another calls 1 a liquidated long and 2 a
liquidated short: a liquidated long sells, so both cannot mean the order. `core.order_sides`
holds the two against the totals of one-sided days.
"""

from collections.abc import Iterator

import polars as pl

from pipelines.normalise.eras import FIELD, Known, Reader, Refused
from pipelines.normalise.fields import first_reason, instant_ms, objects, said, unknown
from pipelines.normalise.markets import coin_terms
from pipelines.normalise.readers.coinglass.terms import SINCE, data_of, one
from pipelines.normalise.venues import venue_of
from pipelines.raw import Page
from pipelines.statements import Grade
from pipelines.tables import REPORTED_ORDERS
from pipelines.units import exact

NAMES = ("exchange_name", "symbol", "base_asset", "price", "usd_value", "side", "time")
SIDES = ("1", "2")


def orders(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    coin = page.params.get("symbol")
    for row in objects(data_of(page), NAMES):
        yield row if isinstance(row, Refused) else (coin, *row)


def read_orders(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    usd = exact(said("usd_value"))
    side = pl.when(said("side").is_in(SIDES)).then(said("side"))
    venue = venue_of(said("exchange_name"))
    return rows.with_columns(
        subject=said("asked_coin"),
        venue=venue,
        coin=coin_terms(said("base_asset"))["coin"],
        symbol=said("symbol"),
        instrument_id=venue + ":" + said("symbol"),  # events of one of them are numbered
        time=instant_ms(said("time")),
        side_raw=side,
        price=exact(said("price")),
        notional_usd=usd,
        reason=pl.coalesce(
            unknown(said("side"), side, "side"),
            first_reason((~(usd > 0), "no positive dollars")),
        ),
    )


READERS = (
    Reader(
        "coinglass",
        "orders",
        REPORTED_ORDERS,
        (
            one(
                SINCE,
                ("asked_coin", *NAMES),
                orders,
                read_orders,
                amounts=("price", "usd_value"),
                evidence="Vendor's documentation of 2026-01; it contradicts itself about `side`.",
                grade=Grade.VENDOR,
            ),
        ),
    ),
)
