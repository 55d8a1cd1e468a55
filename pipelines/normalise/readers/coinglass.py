"""CoinGlass v4: a publisher's sums over the venues that the caller lists, in dollars by side.

Shapes and units: CoinGlass's own documentation repository (coinglass-api-docs, 2026-01).
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Means, Reader, Refused, Unpack
from pipelines.normalise.fields import (
    body_of,
    first_reason,
    instant_ms,
    objects,
    said,
    shown,
    told,
    word,
)
from pipelines.normalise.markets import coin_terms, listed, not_listed, with_market
from pipelines.raw import Page
from pipelines.statements import Statement
from pipelines.tables import (
    CANDLES,
    FUNDING,
    INSTRUMENTS,
    LIQUIDATION_TOTALS,
    LONG_SHORT_RATIOS,
    OPEN_INTEREST,
    TAKER_VOLUMES,
)
from pipelines.tables.words import Basis, CandleKind, Coverage, Origin, Position, Who
from pipelines.units import exact, percent_to_fraction

SINCE = date(2020, 1, 1)
# In every coin that was recorded, all earlier days are zero and all later ones are not.
LIQUIDATIONS_SINCE = date(2020, 12, 23)
SECONDS = {"1d": 86_400, "1h": 3_600}
POSITION = {"long": Position.LONG, "short": Position.SHORT}
VENUES = {"Binance": "binance", "Bybit": "bybit", "OKX": "okx", "Kraken": "kraken"}
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


def data_of(page: Page) -> Any:
    return body_of(page)["data"]


def asked(page: Page) -> tuple[FIELD, FIELD, FIELD]:
    """Symbol, interval and scope of the question: the answers do not repeat them."""
    params = page.params
    scope = params.get("exchange_list") or params.get("exchange") or "venues chosen by CoinGlass"
    return params.get("symbol"), params.get("interval"), scope


def history(page: Page, names: tuple[str, ...]) -> Iterator[tuple[FIELD, ...] | Refused]:
    head = asked(page)
    for row in objects(data_of(page), ("time", *names)):
        yield row if isinstance(row, Refused) else (*head, *row)


def sides(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Two rows for each bucket: one for longs, one for shorts, each knowing the other."""
    names = ("aggregated_long_liquidation_usd", "aggregated_short_liquidation_usd")
    symbol, interval, scope = asked(page)
    for row in objects(data_of(page), ("time", *names)):
        if isinstance(row, Refused):
            yield row
        else:
            time, longs, shorts = row
            yield symbol, interval, scope, time, "long", longs, shorts
            yield symbol, interval, scope, time, "short", shorts, longs


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


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Coins (a list of names), or pairs (an object of lists by exchange)."""
    data = data_of(page)
    if isinstance(data, dict):
        for exchange, pairs in data.items():
            for row in objects(pairs, ("instrument_id", "base_asset", "quote_asset")):
                yield row if isinstance(row, Refused) else (exchange, *row)
        return
    for coin in data:
        yield (
            (None, coin, coin, "USD") if isinstance(coin, str) else Refused("no coin", shown(coin))
        )


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    whole = said("exchange").is_null()
    venue = (
        pl.when(whole)
        .then(pl.lit("several"))
        .otherwise(said("exchange").replace(VENUES).str.to_lowercase())
    )
    symbol = said("instrument_id")
    return listed(
        rows,
        source_symbol=pl.when(whole).then(symbol).otherwise(said("exchange") + ":" + symbol),
        venue=venue,
        instrument_id=venue + ":" + symbol,
        symbol=symbol,
        quote=said("quote"),
        **coin_terms(said("base")),
    )


def of_coin(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """What every sum over venues has: coin, scope, bucket; and the market's listing reason."""
    seconds = said("interval").replace_strict(SECONDS, default=None, return_dtype=pl.Int32)
    return with_market(rows, known, said("symbol")).with_columns(
        venue=pl.lit("several"),
        scope=said("scope"),
        time=instant_ms(said("time")),
        interval_s=seconds,
        reason=not_listed(),
        instrument_id=pl.lit(None, dtype=pl.String),
    )


def read_totals(rows: pl.DataFrame, known: Known, *, padded: bool) -> pl.DataFrame:
    usd, other = exact(said("usd")), exact(said("other"))
    padding = (usd == 0) & (other == 0) & pl.lit(padded)
    return of_coin(rows, known).with_columns(
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
        reason=pl.coalesce(
            "reason",
            first_reason(
                (said("close").is_null(), "null: not published"),
                (usd.is_null(), "open interest that is no exact number"),
                (usd == 0, "zero: CoinGlass pads, cannot be told from missing"),
            ),
        ),
    )


def read_funding(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    percent = exact(said("close"))
    return of_coin(rows, known).with_columns(
        scope=pl.lit("weighted by open interest: ") + said("scope"),
        funding_rate=percent_to_fraction(percent),
        interval_s=pl.lit(None, dtype=pl.Int32),
    )


def of_pair(rows: pl.DataFrame, known: Known, *, interval: bool = True) -> pl.DataFrame:
    seconds = said("interval").replace_strict(SECONDS, default=None, return_dtype=pl.Int32)
    pair = said("scope") + ":" + said("symbol")
    found = with_market(rows, known, pair)
    return found.with_columns(
        reason=not_listed(), time=instant_ms(said("time")), interval_s=seconds
    ).with_columns(subject=said("symbol").str.strip_suffix("USDT"))


def read_ratios(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_pair(rows, known).with_columns(
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
    return of_pair(rows, known).with_columns(
        **prices, kind=told(CandleKind.LAST), turnover_usd=exact(said("volume_usd"))
    )


HEAD = ("symbol", "interval", "scope", "time")


def one(since: date, columns: tuple[str, ...], unpack: Unpack, read: Any, **means: Any) -> Era:
    return Era(since, Coverage.COLLECTED, (*columns,), unpack, read, **means)


TOTALS = (*HEAD, "side", "usd", "other")
LIQUIDATION_ERAS = (
    one(SINCE, TOTALS, sides, partial(read_totals, padded=True), zero=Means.MISSING),
    one(LIQUIDATIONS_SINCE, TOTALS, sides, partial(read_totals, padded=False)),
)
OHLC = ("open", "high", "low", "close", "volume_usd")
BUY_SELL = ("aggregated_buy_volume_usd", "aggregated_sell_volume_usd")

READERS = (
    Reader(
        "coinglass",
        "instruments",
        INSTRUMENTS,
        (one(SINCE, ("exchange", "instrument_id", "base", "quote"), listing, read_listing),),
    ),
    Reader("coinglass", "liquidations_daily", LIQUIDATION_TOTALS, LIQUIDATION_ERAS),
    Reader("coinglass", "liquidations_hourly", LIQUIDATION_TOTALS, LIQUIDATION_ERAS),
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
        (one(SINCE, (*HEAD, "close"), partial(history, names=("close",)), read_funding),),
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
)

STATEMENTS: tuple[Statement, ...] = ()
