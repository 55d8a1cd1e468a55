"""Coinalyze v1: daily figures of single markets, liquidations and open interest in coins.

Liquidation buckets without liquidations are left out (unverified: no vendor document says so).
"""

from collections.abc import Iterator
from datetime import date
from functools import partial

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Means, Reader, Refused, Shown
from pipelines.normalise.fields import (
    body_of,
    first_reason,
    instant_s,
    objects,
    said,
    shown,
    told,
    word,
)
from pipelines.normalise.markets import not_listed, usd_basis, with_market
from pipelines.normalise.readers.coinalyze.listing import MARKET_FIELDS, listing, read_listing
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import (
    CANDLES,
    FUNDING,
    INSTRUMENTS,
    LIQUIDATION_TOTALS,
    LONG_SHORT_RATIOS,
    OPEN_INTEREST,
)
from pipelines.tables.words import (
    Adl,
    Basis,
    CandleKind,
    Coverage,
    Origin,
    Position,
    SideNames,
    Unit,
    Who,
)
from pipelines.units import Margin, coins_of, exact, notional, percent_to_fraction

SINCE = date(2019, 9, 1)
SECONDS = {"daily": 86_400, "1hour": 3_600}
POSITION = {"long": Position.LONG, "short": Position.SHORT}


def series(page: Page, names: tuple[str, ...]) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Rows of each symbol's history, after its symbol and the interval asked for."""
    interval = page.params.get("interval")
    for one in body_of(page):
        if not isinstance(one, dict) or not isinstance(one.get("symbol"), str):
            yield Refused("a market without its symbol", shown(one))
            continue
        for row in objects(one.get("history"), ("t", *names)):
            yield row if isinstance(row, Refused) else (one["symbol"], interval, *row)


def sides(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    for row in series(page, ("l", "s")):
        if isinstance(row, Refused):
            yield row
        else:
            *head, longs, shorts = row
            yield (*head, "long", longs)
            yield (*head, "short", shorts)


def of_market(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    seconds = said("interval").replace_strict(SECONDS, default=None, return_dtype=pl.Int32)
    return with_market(rows, known, said("symbol")).with_columns(
        scope=pl.col("instrument_id"),
        time=instant_s(said("t")),
        interval_s=seconds,
        reason=not_listed(),
    )


def with_close(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Add ``price``: the close of the same market and bucket, where one is held."""
    if known.closes.is_empty():
        return rows.with_columns(price=exact(pl.lit(None, dtype=pl.String)))
    closes = known.closes.select("instrument_id", "interval_s", "time", price="close")
    where = ["instrument_id", "interval_s", "time"]
    return rows.join(closes, on=where, how="left", maintain_order="left")


def read_totals(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    amount = exact(said("amount"))
    inverse = pl.col("margin") == Margin.INVERSE.value
    base_usd = notional(amount, pl.col("price"))
    found = with_close(of_market(rows, known), known)
    return found.with_columns(
        position=word(said("side"), POSITION, Position),
        size_coins=pl.when(~inverse).then(coins_of(amount, pl.col("coins_per_base"))),
        notional_usd=pl.when(inverse).then(amount).when(usd_basis().is_not_null()).then(base_usd),
        origin=told(Origin.PUBLISHED),
        reason=pl.coalesce(
            "reason",
            first_reason(
                (amount.is_null(), "an amount that is no exact number"),
                (amount < 0, "negative amount"),
            ),
        ),
    ).with_columns(
        usd_basis=pl.when(pl.col("notional_usd").is_not_null()).then(
            pl.when(inverse).then(told(Basis.PUBLISHED)).otherwise(usd_basis())
        )
    )


def read_open_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    amount = exact(said("c"))
    inverse = pl.col("margin") == Margin.INVERSE.value
    found = with_close(of_market(rows, known), known)
    usd = notional(amount, pl.col("price"))
    return found.with_columns(
        open_interest_coins=pl.when(~inverse).then(coins_of(amount, pl.col("coins_per_base"))),
        open_interest_usd=pl.when(inverse).then(amount).when(usd_basis().is_not_null()).then(usd),
        reason=pl.coalesce("reason", first_reason((amount.is_null(), "no exact open interest"))),
    ).with_columns(
        usd_basis=pl.when(pl.col("open_interest_usd").is_not_null()).then(
            pl.when(inverse).then(told(Basis.PUBLISHED)).otherwise(usd_basis())
        )
    )


def read_funding(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    rate = percent_to_fraction(exact(said("c")))
    return of_market(rows, known).with_columns(
        funding_rate=rate, interval_s=pl.lit(None, dtype=pl.Int32)
    )


def read_ratio(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known).with_columns(
        who=told(Who.ALL_ACCOUNTS), long_short_ratio=exact(said("r"))
    )


def read_price(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    prices = {
        to: exact(said(of)) for to, of in zip(("open", "high", "low", "close"), "ohlc", strict=True)
    }
    linear = pl.col("margin") != Margin.INVERSE.value
    volume = exact(said("v"))
    return of_market(rows, known).with_columns(
        **prices,
        kind=told(CandleKind.LAST),
        volume_coins=pl.when(linear).then(coins_of(volume, pl.col("coins_per_base"))),
        turnover_usd=pl.when(~linear).then(volume),
        taker_buy_coins=pl.when(linear).then(coins_of(exact(said("bv")), pl.col("coins_per_base"))),
    )


HEAD = ("symbol", "interval", "t")
LIQUIDATION_ERAS = (
    Era(
        SINCE,
        Coverage.COLLECTED,
        (*HEAD, "side", "amount"),
        sides,
        read_totals,
        absent=Means.ZERO,
        evidence="The vendor's schema, as others quote it: volume of liquidated longs and shorts.",
        grade=Grade.THIRD_PARTY,
        shown=Shown((), (Unit.COINS, Unit.USD), SideNames.BUCKET, Adl.UNKNOWN),
    ),
)
OHLCV = ("o", "h", "l", "c", "v", "bv")


def sampled(columns: tuple[str, ...], read: object) -> tuple[Era, ...]:
    unpack = partial(series, names=columns)
    return (Era(SINCE, Coverage.SAMPLED, (*HEAD, *columns), unpack, read, amounts=columns),)  # type: ignore[arg-type]


READERS = (
    Reader(
        "coinalyze",
        "instruments",
        INSTRUMENTS,
        (Era(SINCE, Coverage.SAMPLED, ("what", *MARKET_FIELDS), listing, read_listing),),
    ),
    Reader("coinalyze", "liquidations", LIQUIDATION_TOTALS, LIQUIDATION_ERAS, closes_from="price"),
    Reader("coinalyze", "liquidations_hourly", LIQUIDATION_TOTALS, LIQUIDATION_ERAS),
    Reader(
        "coinalyze",
        "open_interest",
        OPEN_INTEREST,
        sampled(("c",), read_open_interest),
        "price",
    ),
    Reader("coinalyze", "funding", FUNDING, sampled(("c",), read_funding)),
    Reader("coinalyze", "long_short", LONG_SHORT_RATIOS, sampled(("r",), read_ratio)),
    Reader("coinalyze", "price", CANDLES, sampled(OHLCV, read_price)),
)

_QUOTED = "the vendor's schema, as a third party quotes it; its page was not read"
STATEMENTS = (
    Statement("`l` is liquidated longs, `s` liquidated shorts.", _QUOTED, Grade.THIRD_PARTY),
    Statement("`t` is the beginning of the bucket, in seconds.", _QUOTED, Grade.THIRD_PARTY),
    Statement(
        "`oi_lq_vol_denominated_in` of the market says what amounts count: BASE_ASSET coins of a "
        "linear market, QUOTE_ASSET dollars of an inverse one. Other pairings are refused.",
        "field of the listing, seen by third parties",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Buckets without a liquidation are left out, and mean zero.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement("A day begins at 00:00 UTC.", "from memory", Grade.UNVERIFIED),
    Statement(
        "Funding is in percent.",
        "one user scales it by 0.01 after measuring",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Behind the point of a symbol stands the code of a venue: A is Binance, 6 Bybit, 3 OKX, "
        "H Hyperliquid. None means all venues.",
        "third parties; the answer of `exchanges` decides",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Binance's liquidations are those of its throttled feed.",
        "the vendor's own warning, as a third party quotes it",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Whether positions closed by auto-deleveraging are counted is not said.",
        "no document",
        Grade.UNVERIFIED,
    ),
)
