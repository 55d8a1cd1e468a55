"""HTX over REST, but for its liquidations: terms, open interest, funding, candles, ratios."""

from collections.abc import Iterator
from functools import partial

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Read, Reader, Refused, Unpack
from pipelines.normalise.fields import (
    body_of,
    first_reason,
    instant_ms,
    instant_s,
    said,
    told,
    unknown,
    word,
)
from pipelines.normalise.markets import coin_terms, listed, not_listed, usd_basis, with_market
from pipelines.normalise.readers.htx.subjects import SINCE, SOURCE, led, margin_of, subject
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, FUNDING, INSTRUMENTS, LONG_SHORT_RATIOS, OPEN_INTEREST, Table
from pipelines.tables.words import Basis, CandleKind, Coverage, Who
from pipelines.units import Margin, base_of_contracts, coins_of, exact, quotient, usd_of_contracts

HOUR_S = 3_600
MARGIN = {"linear": Margin.LINEAR, "inverse": Margin.INVERSE}
BUSINESS = ("swap", "futures")
CONTRACTS = "1"  # of `amount_type`
BOTH_SIDES = 2
# BTC-USDT, BTC-USD, and with a date BTC-USDT-211210
_CODE = r"^([A-Z0-9]+)-([A-Z]+)(-[0-9]{6})?$"
LISTED = ("contract_code", "contract_size", "contract_status", "business_type", "create_date")
INTEREST = ("volume", "amount_type", "value", "ts")
RATES = ("contract_code", "funding_rate", "funding_time")
RATIOS = ("buy_ratio", "sell_ratio", "ts")
OHLC = ("open", "high", "low", "close")
TRADED = ("vol", "amount", "trade_turnover")


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    yield from led(margin_of(page), body_of(page)["data"], LISTED)


def rates(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    yield from led(margin_of(page), body_of(page)["data"]["data"], RATES)


def interest(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    code, ticks = page.params.get("contract_code"), body_of(page)["data"]["tick"]
    yield from led(margin_of(page), ticks, INTEREST, code)


def ratios(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    who = Who.TOP_ACCOUNTS if "elite_account" in page.address else Who.TOP_POSITIONS
    rows = body_of(page)["data"]["list"]
    yield from led(margin_of(page), rows, RATIOS, page.params.get("contract_code"), who.value)


def candles(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """With the hour in which it was asked: that one was not over."""
    over_s = str(int(page.asked_at.timestamp()) // HOUR_S * HOUR_S)
    code, rows = page.params.get("contract_code"), body_of(page)["data"]
    yield from led(margin_of(page), rows, ("id", *OHLC, *TRADED), code, over_s)


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    code, size = said("contract_code"), exact(said("contract_size"))
    base, quote, dated = (code.str.extract(_CODE, place) for place in (1, 2, 3))
    business = pl.coalesce(said("business_type"), pl.lit(BUSINESS[0]))
    return listed(
        rows,
        source_symbol=subject(),
        instrument_id=f"{SOURCE}:" + code,
        venue=pl.lit(SOURCE),
        symbol=code,
        quote=quote,
        margin=word(said("margin"), MARGIN, Margin),
        contract_size=size,
        is_perpetual=dated.is_null(),
        status=pl.concat_str(pl.lit("contract_status="), said("contract_status")),
        listed_on=said("create_date").str.to_date("%Y%m%d", strict=False),
        **coin_terms(base),
    ).with_columns(
        reason=pl.coalesce(
            first_reason((base.is_null(), "a code of another pattern")),
            unknown(business, pl.when(business.is_in(BUSINESS)).then(business), "contract type"),
            first_reason((~(size > 0), "no positive contract size")),
        )
    )


def of_market(rows: pl.DataFrame, known: Known, time: pl.Expr) -> pl.DataFrame:
    return with_market(rows, known, subject()).with_columns(
        scope=pl.col("instrument_id"),
        time=time,
        reason=not_listed(),
        interval_s=pl.lit(HOUR_S, dtype=pl.Int32),
    )


def _is_inverse() -> pl.Expr:
    return pl.col("margin") == Margin.INVERSE.value


def read_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Contracts are coins if linear, and then their worth in the quote stands beside them."""
    found = of_market(rows, known, instant_ms(said("ts")))
    held, worth = exact(said("volume")), exact(said("value"))
    coins = coins_of(base_of_contracts(held, pl.col("contract_size")), pl.col("coins_per_base"))
    usd = (
        pl.when(_is_inverse())
        .then(usd_of_contracts(held, pl.col("contract_size")))
        .when(usd_basis().is_not_null())
        .then(worth)
    )
    counted = pl.when(said("amount_type") == CONTRACTS).then(said("amount_type"))
    return found.with_columns(
        open_interest_coins=pl.when(~_is_inverse()).then(coins),
        open_interest_usd=usd,
        usd_basis=pl.when(usd.is_not_null()).then(
            pl.when(_is_inverse()).then(told(Basis.DOLLARS)).otherwise(usd_basis())
        ),
        reason=pl.coalesce(
            "reason",
            unknown(said("amount_type"), counted, "unit"),
            first_reason((held.is_null(), "no exact open interest")),
        ),
    )


def read_rates(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known, instant_ms(said("funding_time"))).with_columns(
        funding_rate=exact(said("funding_rate")), interval_s=pl.lit(None, dtype=pl.Int32)
    )


def read_ratios(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Longs over shorts from the two shares: a quotient, rounded to 18 places."""
    buy, sell = exact(said("buy_ratio")), exact(said("sell_ratio"))
    return of_market(rows, known, instant_ms(said("ts"))).with_columns(
        who=said("who").cast(pl.Enum(Who)),
        long_short_ratio=pl.when(sell > 0).then(quotient(buy, sell)),
    )


def read_candles(rows: pl.DataFrame, known: Known, *, kind: CandleKind) -> pl.DataFrame:
    """Volumes are those of both sides of each trade: half of them changed hands."""
    found = of_market(rows, known, instant_s(said("id")))
    prices = {name: exact(said(name)) for name in OHLC}
    running = said("id").cast(pl.Int64, strict=False) >= said("over_s").cast(pl.Int64)
    found = found.with_columns(
        **prices,
        kind=told(kind),
        reason=pl.coalesce(
            "reason",
            pl.when(running).then(pl.lit("an hour that was not over when it was asked for")),
        ),
    )
    if kind is not CandleKind.LAST:
        return found
    inverse_usd = usd_of_contracts(exact(said("vol")), pl.col("contract_size"))
    linear_usd = pl.when(usd_basis().is_not_null()).then(exact(said("trade_turnover")))
    usd = pl.when(_is_inverse()).then(inverse_usd).otherwise(linear_usd)
    base = quotient(exact(said("amount")), BOTH_SIDES)
    return found.with_columns(
        volume_coins=coins_of(base, pl.col("coins_per_base")),
        turnover_usd=quotient(usd, BOTH_SIDES),
    )


def sampled(
    dataset: str,
    table: Table,
    columns: tuple[str, ...],
    unpack: Unpack,
    read: Read,
    amounts: tuple[str, ...] = (),
) -> Reader:
    era = Era(SINCE, Coverage.SAMPLED, ("margin", *columns), unpack, read, amounts=amounts)
    return Reader(SOURCE, dataset, table, (era,))


READERS = (
    sampled("instruments", INSTRUMENTS, LISTED, listing, read_listing),
    sampled(
        "open_interest",
        OPEN_INTEREST,
        ("contract_code", *INTEREST),
        interest,
        read_interest,
        ("value",),
    ),
    sampled("funding", FUNDING, RATES, rates, read_rates),
    sampled(
        "long_short", LONG_SHORT_RATIOS, ("contract_code", "who", *RATIOS), ratios, read_ratios
    ),
    sampled(
        "candles",
        CANDLES,
        ("contract_code", "over_s", "id", *OHLC, *TRADED),
        candles,
        partial(read_candles, kind=CandleKind.LAST),
        (*OHLC, *TRADED),
    ),
    sampled(
        "mark_candles",
        CANDLES,
        ("contract_code", "over_s", "id", *OHLC, *TRADED),
        candles,
        partial(read_candles, kind=CandleKind.MARK),
        OHLC,
    ),
)


def _unverified(says: str, ground: str = "from memory") -> Statement:
    return Statement(says, ground, Grade.UNVERIFIED)


STATEMENTS = (
    Statement(
        "`volume` of open interest counts contracts where amount_type is 1; `value` is in the quote.",
        "vendor's document of linear swaps, crawled in February 2026",
        Grade.VENDOR,
    ),
    Statement(
        "`vol` of a candle adds both sides of each trade; so then do `amount` and the turnover.",
        "vendor's document of linear candles; its sample worked out: 4 contracts in one trade",
        Grade.DERIVED,
    ),
    Statement(
        "A candle is stamped with its beginning, in seconds.",
        "vendor's document of linear candles",
        Grade.VENDOR,
    ),
    _unverified("Open interest counts one side, and a point tells of its own instant."),
    _unverified("`funding_time` of the history is the settlement; `realized_rate` is not read."),
    _unverified(
        "Candles and ratios of coin-margined swaps have the linear shape, and count both sides "
        "alike; `amount` is then coins.",
        "from memory, by analogy",
    ),
    _unverified("A contract of a coin-margined swap is so many dollars: 100 of BTC, 10 of others."),
    _unverified("`create_date` of the listing is the first day, as 20201021."),
)
