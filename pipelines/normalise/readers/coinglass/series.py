"""Series of CoinGlass: sums over the venues that the caller lists, and single pairs.

Shapes and units: CoinGlass's own documentation repository (coinglass-api-docs, 2026-01).
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Means, Reader, Refused, Shown
from pipelines.normalise.fields import first_reason, said, told, word
from pipelines.normalise.readers.coinglass.terms import (
    HEAD,
    POSITION,
    SINCE,
    by_side,
    history,
    listing,
    of_coin,
    of_pair,
    one,
    read_listing,
)
from pipelines.raw import Page
from pipelines.statements import Grade
from pipelines.tables import (
    CANDLES,
    FUNDING,
    INSTRUMENTS,
    LIQUIDATION_TOTALS,
    LONG_SHORT_RATIOS,
    OPEN_INTEREST,
    TAKER_VOLUMES,
)
from pipelines.tables.words import (
    Adl,
    Basis,
    CandleKind,
    Origin,
    Position,
    SideNames,
    Unit,
    Who,
)
from pipelines.units import exact, percent_to_fraction

OfMarket = Callable[[pl.DataFrame, Known], pl.DataFrame]
# In every coin that was recorded, all earlier days are zero and all later ones are not.
LIQUIDATIONS_SINCE = date(2020, 12, 23)
WHO = {
    "global-long-short-account-ratio": Who.ALL_ACCOUNTS,
    "top-long-short-account-ratio": Who.TOP_ACCOUNTS,
    "top-long-short-position-ratio": Who.TOP_POSITIONS,
}
RATIO = {
    Who.ALL_ACCOUNTS: "global_account_long_short_ratio",
    Who.TOP_ACCOUNTS: "top_account_long_short_ratio",
    Who.TOP_POSITIONS: "top_position_long_short_ratio",
}
MARGIN_OF = {
    "open-interest/aggregated-history": "total",
    "open-interest/aggregated-stablecoin-history": "stable",
    "open-interest/aggregated-coin-margin-history": "coin_margined",
}


def ratios(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    endpoint = page.address.rstrip("/").split("/")[-2]
    who = WHO.get(endpoint)
    if who is None:
        yield Refused(f"unknown ratio '{endpoint}'", page.address)
        return
    for row in history(page, (RATIO[who],)):
        yield row if isinstance(row, Refused) else (who.value, *row)


def by_margin(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    endpoint = "/".join(page.address.rstrip("/").split("/")[-2:])
    kind = MARGIN_OF.get(endpoint)
    if kind is None:
        yield Refused(f"unknown open interest '{endpoint}'", page.address)
        return
    for row in history(page, ("close",)):
        yield row if isinstance(row, Refused) else (kind, *row)


def of_usdt_pair(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The USDT contract on Binance of a coin that was asked for."""
    return of_pair(rows, known).with_columns(subject=said("symbol").str.strip_suffix("USDT"))


def read_totals(
    rows: pl.DataFrame, known: Known, *, padded: bool, of: OfMarket = of_coin
) -> pl.DataFrame:
    usd, other = exact(said("usd")), exact(said("other"))
    padding = (usd == 0) & (other == 0) & pl.lit(padded)
    return of(rows, known).with_columns(
        position=word(said("side"), POSITION, Position),
        notional_usd=usd,
        usd_basis=told(Basis.PUBLISHED),
        origin=told(Origin.PUBLISHED),
        reason=pl.coalesce(
            "reason",
            first_reason(
                (
                    padding.fill_null(value=False),
                    "zero before the history begins: padding, not data",
                ),
                (usd.is_null(), "dollars that are no exact number"),
                ((usd < 0).fill_null(value=False), "negative dollars"),
            ),
        ),
    )


def read_open_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    usd = exact(said("close"))
    return of_coin(rows, known).with_columns(
        scope=said("margin") + ": " + said("scope"),
        open_interest_usd=usd,
        usd_basis=told(Basis.PUBLISHED),
        reason=pl.coalesce("reason", no_interest(usd)),
    )


def no_interest(usd: pl.Expr) -> pl.Expr:
    """Why a figure of open interest says nothing."""
    return first_reason(
        (said("close").is_null(), "null: not published"),
        (usd.is_null(), "open interest that is no exact number"),
        (usd == 0, "zero: CoinGlass pads, cannot be told from missing"),
    )


def read_funding(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    percent = exact(said("close"))
    return of_coin(rows, known).with_columns(
        scope=pl.lit("weighted by open interest: ") + said("scope"),
        funding_rate=percent_to_fraction(percent),
        interval_s=pl.lit(None, dtype=pl.Int32),
    )


def read_pair_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    usd = exact(said("close"))
    return of_pair(rows, known).with_columns(
        open_interest_usd=usd,
        usd_basis=told(Basis.PUBLISHED),
        reason=pl.coalesce("reason", no_interest(usd)),
    )


def read_pair_funding(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_pair(rows, known).with_columns(
        funding_rate=percent_to_fraction(exact(said("close"))),
        interval_s=pl.lit(None, dtype=pl.Int32),
    )


def read_ratios(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_usdt_pair(rows, known).with_columns(
        who=said("who").cast(pl.Enum(Who)),
        long_short_ratio=exact(said("ratio")),
        reason=pl.coalesce(
            "reason", first_reason((said("ratio").is_null(), "null: not published"))
        ),
    )


def read_taker(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_coin(rows, known).with_columns(
        taker_buy_usd=exact(said("buy")), taker_sell_usd=exact(said("sell"))
    )


def read_price(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    prices = {name: exact(said(name)) for name in ("open", "high", "low", "close")}
    return of_usdt_pair(rows, known).with_columns(
        **prices, kind=told(CandleKind.LAST), turnover_usd=exact(said("volume_usd"))
    )


TOTALS = (*HEAD, "side", "usd", "other")
SHOWN = Shown((), (Unit.USD,), SideNames.BUCKET, Adl.UNKNOWN)
DOCUMENT = "Vendor's documentation of 2026-01: dollars of longs and of shorts, each its own field."


def totals(longs: str, shorts: str, of: OfMarket) -> tuple[Era, ...]:
    """Zeros before the history begins are padding; later ones are figures."""
    unpack = partial(by_side, longs=longs, shorts=shorts)
    return (
        one(
            SINCE,
            TOTALS,
            unpack,
            partial(read_totals, padded=True, of=of),
            zero=Means.MISSING,
            evidence="Recorded answers: every coin has zeros until 2020-12-22 and none later.",
            grade=Grade.OBSERVED,
            shown=SHOWN,
        ),
        one(
            LIQUIDATIONS_SINCE,
            TOTALS,
            unpack,
            partial(read_totals, padded=False, of=of),
            evidence=DOCUMENT,
            grade=Grade.VENDOR,
            shown=SHOWN,
        ),
    )


OF_COINS = totals("aggregated_long_liquidation_usd", "aggregated_short_liquidation_usd", of_coin)
OF_PAIRS = totals("long_liquidation_usd", "short_liquidation_usd", of_pair)
OHLC = ("open", "high", "low", "close", "volume_usd")
BUY_SELL = ("aggregated_buy_volume_usd", "aggregated_sell_volume_usd")

CLOSE = (*HEAD, "close")
closes = partial(history, names=("close",))

READERS = (
    Reader(
        "coinglass",
        "instruments",
        INSTRUMENTS,
        (
            one(
                SINCE,
                ("exchange", "instrument_id", "base", "quote", "status"),
                listing,
                read_listing,
            ),
        ),
    ),
    Reader("coinglass", "liquidations_daily", LIQUIDATION_TOTALS, OF_COINS),
    Reader("coinglass", "liquidations_hourly", LIQUIDATION_TOTALS, OF_COINS),
    Reader(
        "coinglass",
        "open_interest",
        OPEN_INTEREST,
        (
            one(
                SINCE,
                ("margin", *HEAD, "close"),
                by_margin,
                read_open_interest,
                zero=Means.MISSING,
            ),
        ),
    ),
    Reader(
        "coinglass",
        "funding",
        FUNDING,
        (one(SINCE, CLOSE, closes, read_funding),),
    ),
    Reader(
        "coinglass",
        "long_short",
        LONG_SHORT_RATIOS,
        (one(SINCE, ("who", *HEAD, "ratio"), ratios, read_ratios),),
    ),
    Reader(
        "coinglass",
        "taker_volume",
        TAKER_VOLUMES,
        (one(SINCE, (*HEAD, "buy", "sell"), partial(history, names=BUY_SELL), read_taker),),
    ),
    Reader(
        "coinglass",
        "price",
        CANDLES,
        (one(SINCE, (*HEAD, *OHLC), partial(history, names=OHLC), read_price, amounts=OHLC),),
    ),
    Reader("coinglass", "pair_liquidations", LIQUIDATION_TOTALS, OF_PAIRS),
    Reader(
        "coinglass",
        "pair_open_interest",
        OPEN_INTEREST,
        (one(SINCE, CLOSE, closes, read_pair_interest, zero=Means.MISSING),),
    ),
    Reader("coinglass", "pair_funding", FUNDING, (one(SINCE, CLOSE, closes, read_pair_funding),)),
)
