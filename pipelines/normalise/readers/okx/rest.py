"""OKX v5: listing, open interest, funding, candles and ratios.

A contract is `ctVal` of `ctValCcy`: of the coin if linear, of dollars if inverse. Candles print the
volume three times: in contracts, in coins, and in the quote.
"""

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
    said,
    shown,
    told,
    unknown,
    word,
)
from pipelines.normalise.markets import coin_terms, listed, not_listed, usd_basis, with_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, FUNDING, INSTRUMENTS, LONG_SHORT_RATIOS, OPEN_INTEREST
from pipelines.tables.words import Basis, CandleKind, Coverage, Who
from pipelines.units import Margin, coins_of, exact

SINCE = date(2020, 1, 1)
HOUR = 3_600
MARGIN = {"linear": Margin.LINEAR, "inverse": Margin.INVERSE}
KINDS = ("SWAP", "FUTURES")
TERMS = ("instId", "instType", "uly", "ctType", "ctVal", "ctValCcy", "ctMult", "state", "listTime")
LISTED = (*TERMS, "base", "quote")


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Base and quote are the two parts of the underlying pair."""
    for row in objects(body_of(page)["data"], TERMS):
        if isinstance(row, Refused):
            yield row
            continue
        base, _, quote = (row[2] or "").partition("-")
        yield (*row, base or None, quote or None)


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    inst_id, margin = said("instId"), word(said("ctType"), MARGIN, Margin)
    kind = pl.when(said("instType").is_in(KINDS)).then(said("instType"))
    counted_in = pl.when(margin == Margin.INVERSE.value).then(pl.lit("USD")).otherwise(said("base"))
    perpetual = inst_id.str.ends_with("-SWAP") | inst_id.str.contains("_XPERP-", literal=True)
    return listed(
        rows,
        source_symbol=inst_id,
        instrument_id="okx:" + inst_id,
        venue=pl.lit("okx"),
        symbol=inst_id,
        quote=said("quote"),
        margin=margin,
        contract_size=exact(said("ctVal")),
        is_perpetual=perpetual,
        status=said("state"),
        listed_on=instant_ms(said("listTime")).dt.date(),
        **coin_terms(said("base")),
    ).with_columns(
        reason=pl.coalesce(
            unknown(said("instType"), kind, "kind of contract"),
            unknown(said("ctType"), margin, "contract type"),
            first_reason(
                (said("quote").is_null(), "an underlying that is no pair"),
                (said("ctValCcy") != counted_in, "a contract that is counted in something else"),
                (exact(said("ctMult")) != 1, "a contract with a multiplier of its own"),
            ),
        )
    )


def of_subject(page: Page, places: int) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Rows that do not name their contract, which stands in the question."""
    inst_id = page.params.get("instId")
    for row in arrays(body_of(page)["data"], places):
        yield row if isinstance(row, Refused) else (inst_id, *row)


def candles(page: Page, places: int) -> Iterator[tuple[FIELD, ...] | Refused]:
    """The last place says whether the hour was over."""
    for row in of_subject(page, places):
        if not isinstance(row, Refused) and row[-1] != "1":
            yield Refused("an hour that was not over when it was asked for", shown(row))
        else:
            yield row


def rates(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    yield from objects(body_of(page)["data"], RATES)


def of_market(rows: pl.DataFrame, known: Known, symbol: str, time: str) -> pl.DataFrame:
    return with_market(rows, known, said(symbol)).with_columns(
        scope=pl.col("instrument_id"),
        time=instant_ms(said(time)),
        interval_s=pl.lit(HOUR, dtype=pl.Int32),
        reason=not_listed(),
    )


def read_open_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    coins, dollars = exact(said("oiCcy")), exact(said("oiUsd"))
    return of_market(rows, known, "instId", "ts").with_columns(
        open_interest_coins=coins_of(coins, pl.col("coins_per_base")),
        open_interest_usd=dollars,
        usd_basis=told(Basis.PUBLISHED),
        reason=pl.coalesce(
            not_listed(),
            first_reason(
                (coins.is_null(), "no exact open interest in coins"),
                (dollars.is_null(), "no exact open interest in dollars"),
            ),
        ),
    )


def read_rates(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known, "instId", "fundingTime").with_columns(
        funding_rate=exact(said("realizedRate")), interval_s=pl.lit(None, dtype=pl.Int32)
    )


def read_ratios(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known, "instId", "ts").with_columns(
        who=told(Who.ALL_ACCOUNTS), long_short_ratio=exact(said("ratio"))
    )


def read_candles(rows: pl.DataFrame, known: Known, *, kind: CandleKind) -> pl.DataFrame:
    prices = {name: exact(said(name)) for name in PRICES}
    found = of_market(rows, known, "instId", "ts").with_columns(**prices, kind=told(kind))
    if kind is not CandleKind.LAST:
        return found
    return found.with_columns(
        volume_coins=coins_of(exact(said("volCcy")), pl.col("coins_per_base")),
        turnover_usd=pl.when(usd_basis().is_not_null()).then(exact(said("volCcyQuote"))),
    )


PRICES = ("open", "high", "low", "close")
OHLC = ("instId", "ts", *PRICES)
VOLUMES = ("vol", "volCcy", "volCcyQuote")
RATES = ("instId", "realizedRate", "fundingTime")


def sampled(
    columns: tuple[str, ...], unpack: Unpack, read: Read, amounts: tuple[str, ...] = ()
) -> tuple[Era, ...]:
    return (Era(SINCE, Coverage.SAMPLED, columns, unpack, read, amounts=amounts),)


READERS = (
    Reader("okx", "instruments", INSTRUMENTS, sampled(LISTED, listing, read_listing)),
    Reader(
        "okx",
        "open_interest",
        OPEN_INTEREST,
        sampled(
            ("instId", "ts", "oi", "oiCcy", "oiUsd"),
            partial(of_subject, places=4),
            read_open_interest,
        ),
    ),
    Reader("okx", "funding", FUNDING, sampled(RATES, rates, read_rates)),
    Reader(
        "okx",
        "long_short",
        LONG_SHORT_RATIOS,
        sampled(("instId", "ts", "ratio"), partial(of_subject, places=2), read_ratios),
    ),
    Reader(
        "okx",
        "candles",
        CANDLES,
        sampled(
            (*OHLC, *VOLUMES, "confirm"),
            partial(candles, places=9),
            partial(read_candles, kind=CandleKind.LAST),
            (*PRICES, *VOLUMES),
        ),
    ),
    Reader(
        "okx",
        "mark_candles",
        CANDLES,
        sampled(
            (*OHLC, "confirm"),
            partial(candles, places=6),
            partial(read_candles, kind=CandleKind.MARK),
            PRICES,
        ),
    ),
)

STATEMENTS = (
    Statement(
        "`ctVal` is what a contract holds, in `ctValCcy`: coins if linear, dollars if inverse.",
        "vendor's document as of 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "`ctMult` is 1 for every swap and dated contract; one that is not is refused.",
        "from memory of the vendor's listing",
        Grade.UNVERIFIED,
    ),
    Statement(
        "`realizedRate` is the rate that was paid; `fundingRate` beside it was a forecast.",
        "vendor's document as of 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "A candle prints contracts, coins and quote, and last whether it is over.",
        "vendor's document as of 2026-02",
        Grade.VENDOR,
    ),
    Statement(
        "Open interest counts one side, and the stamp of an hour of statistics is its beginning.",
        "nothing that was read says otherwise",
        Grade.UNVERIFIED,
    ),
)
