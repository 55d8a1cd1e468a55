"""Bitget beside its liquidations: listing, open interest, funding, candles, ratios."""

from collections.abc import Iterator
from datetime import date
from functools import partial

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Read, Reader, Refused, Unpack
from pipelines.normalise.fields import (
    arrays,
    body_of,
    first_reason,
    instant_ms,
    objects,
    plain,
    said,
    told,
    unknown,
    word,
)
from pipelines.normalise.markets import coin_terms, listed, not_listed, usd_basis, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, FUNDING, INSTRUMENTS, LONG_SHORT_RATIOS, OPEN_INTEREST
from pipelines.tables.words import CandleKind, Coverage, Who
from pipelines.units import Margin, coins_of, exact, quotient

SINCE = date(2021, 1, 1)
HOUR_S = 3_600
USDT = "USDT-FUTURES"
MARGIN = {
    USDT: Margin.LINEAR,
    "USDC-FUTURES": Margin.LINEAR,
    "COIN-FUTURES": Margin.INVERSE,
}
TYPES = ("perpetual", "delivery")
LISTED = ("symbol", "baseCoin", "quoteCoin", "symbolType", "symbolStatus", "launchTime")
OHLC = ("open", "high", "low", "close")
VOLUMES = ("base", "quote_volume")
RATES = ("fundingRate", "fundingTime")
RATIOS = ("longAccountRatio", "shortAccountRatio", "ts")


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    for row in objects(body_of(page)["data"], LISTED):
        yield row if isinstance(row, Refused) else (page.params.get("productType"), *row)


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """What a coin-margined contract is made of is not said; a linear one is a unit of the base."""
    symbol, margin = said("symbol"), word(said("product"), MARGIN, Margin)
    kind = pl.when(said("symbolType").is_in(TYPES)).then(said("symbolType"))
    return listed(
        rows,
        source_symbol=said("product") + ":" + symbol,
        instrument_id="bitget:" + symbol,
        venue=pl.lit("bitget"),
        symbol=symbol,
        quote=said("quoteCoin"),
        margin=margin,
        contract_size=pl.when(margin == Margin.LINEAR.value).then(exact(pl.lit("1"))),
        is_perpetual=kind == "perpetual",
        status=said("symbolStatus"),
        listed_on=instant_ms(said("launchTime")).dt.date(),
        **coin_terms(said("baseCoin")),
    ).with_columns(
        reason=pl.coalesce(
            unknown(said("product"), margin, "product type"),
            pl.when(said("symbolType").is_not_null()).then(
                unknown(said("symbolType"), kind, "contract type")
            ),
        )
    )


def tickers(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Every contract of a product type, at the instant of the answer."""
    body = body_of(page)
    for row in objects(body["data"], ("symbol", "holdingAmount")):
        told_of = page.params.get("productType"), body["requestTime"]
        yield row if isinstance(row, Refused) else plain((*told_of, *row))


def asked_of(page: Page) -> str:
    product = page.params.get("productType", USDT)  # ratios are asked by symbol alone
    return f"{product}:{page.params.get('symbol')}"


def rows_of(page: Page, names: tuple[str, ...]) -> Iterator[tuple[FIELD, ...] | Refused]:
    for row in objects(body_of(page)["data"], names):
        yield row if isinstance(row, Refused) else (asked_of(page), *row)


def candles(page: Page, places: int) -> Iterator[tuple[FIELD, ...] | Refused]:
    for row in arrays(body_of(page)["data"], places):
        yield row if isinstance(row, Refused) else (asked_of(page), *row)


def of_market(rows: pl.DataFrame, known: Known, symbol: pl.Expr, time: str) -> pl.DataFrame:
    return with_market(rows, known, symbol).with_columns(
        scope=pl.col("instrument_id"),
        time=instant_ms(said(time)),
        interval_s=pl.lit(HOUR_S, dtype=pl.Int32),
        reason=not_listed(),
    )


def read_open_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    held = exact(said("holdingAmount"))
    return of_market(rows, known, said("product") + ":" + said("symbol"), "asked_ms").with_columns(
        subject=pl.lit("*"),
        interval_s=pl.lit(0, dtype=pl.Int32),
        open_interest_coins=coins_of(held, pl.col("coins_per_base")),
        reason=pl.coalesce("reason", first_reason((held.is_null(), "no exact open interest"))),
    )


def read_funding(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known, said("subject"), "fundingTime").with_columns(
        funding_rate=exact(said("fundingRate")), interval_s=pl.lit(None, dtype=pl.Int32)
    )


def read_candles(rows: pl.DataFrame, known: Known, *, kind: CandleKind) -> pl.DataFrame:
    """Volume stands in the base and in the quote, whatever the margin."""
    found = of_market(rows, known, said("subject"), "start").with_columns(
        **{name: exact(said(name)) for name in OHLC}, kind=told(kind)
    )
    if kind is not CandleKind.LAST:
        return found
    base, turnover = (exact(said(name)) for name in VOLUMES)
    return found.with_columns(
        volume_coins=coins_of(base, pl.col("coins_per_base")),
        turnover_usd=pl.when(usd_basis().is_not_null()).then(turnover),
    )


def read_ratios(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """From the two shares: the ratio that is printed beside them is not theirs."""
    long, short = exact(said("longAccountRatio")), exact(said("shortAccountRatio"))
    return of_market(rows, known, said("subject"), "ts").with_columns(
        who=told(Who.ALL_ACCOUNTS),
        long_short_ratio=pl.when(short > 0).then(quotient(long, short)),
    )


def sampled(
    columns: tuple[str, ...], unpack: Unpack, read: Read, amounts: tuple[str, ...] = ()
) -> tuple[Era, ...]:
    return (Era(SINCE, Coverage.SAMPLED, columns, unpack, read, amounts=amounts),)


def asked(names: tuple[str, ...], read: Read) -> tuple[Era, ...]:
    return sampled(("subject", *names), partial(rows_of, names=names), read)


def drawn(kind: CandleKind, volumes: tuple[str, ...] = ()) -> tuple[Era, ...]:
    places = ("start", *OHLC, *volumes)
    unpack = partial(candles, places=len(places))
    return sampled(("subject", *places), unpack, partial(read_candles, kind=kind), places[1:])


READERS = (
    Reader(
        "bitget",
        "instruments",
        INSTRUMENTS,
        sampled(("product", *LISTED), listing, read_listing),
    ),
    Reader(
        "bitget",
        "open_interest",
        OPEN_INTEREST,
        sampled(("product", "asked_ms", "symbol", "holdingAmount"), tickers, read_open_interest),
    ),
    Reader("bitget", "funding", FUNDING, asked(RATES, read_funding)),
    Reader("bitget", "long_short", LONG_SHORT_RATIOS, asked(RATIOS, read_ratios)),
    Reader("bitget", "candles", CANDLES, drawn(CandleKind.LAST, VOLUMES)),
    Reader("bitget", "mark_candles", CANDLES, drawn(CandleKind.MARK)),
)

STATEMENTS = (
    Statement(
        "A candle is time, open, high, low, close, volume in the base, volume in the quote.",
        "vendor's document",
        Grade.VENDOR,
    ),
    Statement(
        "The printed ratio of longs to shorts is not that of the shares beside it.",
        "the sample in the code of ccxt 4.5.90",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Open interest counts base coins, also of coin-margined contracts, and one side.",
        "ccxt 4.5.90 for the coins; one side is not said",
        Grade.UNVERIFIED,
    ),
    Statement(
        "`fundingTime` is the settlement; its interval may differ by contract and is not printed.",
        "code of ccxt 4.5.90",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "A row of the listing has baseCoin, quoteCoin and symbolType, which is perpetual or "
        "delivery; a linear contract is one unit of the base.",
        "from memory",
        Grade.UNVERIFIED,
    ),
)
