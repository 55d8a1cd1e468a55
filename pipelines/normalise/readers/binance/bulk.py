"""Binance USD-M bulk files: zipped CSV from data.binance.vision, one member a file.

Old files have no header row; futures times are milliseconds (the change to microseconds in 2025
was for spot alone). A missing file is an answer with status 404 and has no rows.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from functools import partial

import polars as pl

from pipelines.normalise.cells import cells
from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused
from pipelines.normalise.fields import first_reason, instant_ms, instant_text, said, told, unknown
from pipelines.normalise.markets import usd_basis
from pipelines.normalise.readers.binance.rest import CANDLE_AMOUNTS, of_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import CANDLES, FUNDING, LONG_SHORT_RATIOS, OPEN_INTEREST, Table
from pipelines.tables.words import Basis, CandleKind, Coverage, Who
from pipelines.units import coins_of, exact

METRICS = (
    "create_time",
    "symbol",
    "sum_open_interest",
    "sum_open_interest_value",
    "count_toptrader_long_short_ratio",
    "sum_toptrader_long_short_ratio",
    "count_long_short_ratio",
)
METRICS_SINCE = date(2020, 9, 1)
SINCE = date(2019, 9, 8)
FIVE_MINUTES = 300
SECONDS = {"1h": 3_600, "1m": 60}
# What a ZIP with a bent byte can end in: another method, a password, a cut, a wrong length.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
)
KLINE = (
    "open_time",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "close_time",
    "quote_volume",
    "count",
    "taker_buy",
)
KLINES = ("symbol", *KLINE)
MOST_BYTES = 512 * 1024 * 1024
RATIOS = {
    "count_long_short_ratio": Who.ALL_ACCOUNTS,
    "count_toptrader_long_short_ratio": Who.TOP_ACCOUNTS,
    "sum_toptrader_long_short_ratio": Who.TOP_POSITIONS,
}


def table(
    page: Page, places: int, width: int = 0, before: tuple[str, ...] = ()
) -> Iterator[tuple[FIELD, ...] | Refused]:
    """The first ``places`` cells of each line of the one CSV member, without the header, behind what
    stands ``before`` every one. A line must have ``width`` cells, or as many as the first: else its
    cells stand under other names.
    """
    if _has_no_rows(page):
        return
    try:
        text = _member(page.body)
    except UNREADABLE as error:
        yield Refused(f"unreadable archive: {error}", page.address)
        return
    for number, line in enumerate(text.splitlines()):
        cells = line.split(",")
        width = width or len(cells)
        if number == 0 and not cells[0][:1].isdigit():
            continue
        if len(cells) < places:
            yield Refused(f"a line of fewer than {places} cells", line[:500])
            continue
        if len(cells) != width:
            yield Refused(f"a line that has not {width} cells", line[:500])
            continue
        kept = cells[:places]
        yield (*before, *((cell or None for cell in kept) if "" in kept else kept))


def _has_no_rows(page: Page) -> bool:
    return page.status == 404 or page.address.endswith(".CHECKSUM")


def _member(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        (member,) = archive.infolist()
        if member.file_size > MOST_BYTES:
            raise ValueError(f"{member.filename} would be {member.file_size} bytes")
        return archive.read(member).decode("utf-8")


def symbol_of(page: Page) -> str:
    """`BTCUSDT` from `…/BTCUSDT-fundingRate-2025-09.zip`; dated contracts keep their underscore."""
    return page.address.rpartition("/")[2].partition("-")[0]


def with_symbol(page: Page, places: int) -> Iterator[tuple[FIELD, ...] | Refused]:
    return table(page, places, before=(symbol_of(page),))


def klines(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Rows behind their interval and their symbol, which both stand in the address alone."""
    return table(page, len(KLINE), before=(_interval_of(page), symbol_of(page)))


def klines_at_once(page: Page) -> pl.DataFrame | None:
    if _has_no_rows(page):
        return None
    try:
        found = cells(_member(page.body), KLINE)
    except UNREADABLE:
        return None
    before = pl.lit(_interval_of(page)).alias("interval"), pl.lit(symbol_of(page)).alias("symbol")
    return None if found is None else found.select(*before, pl.all())


def _interval_of(page: Page) -> str:
    return page.address.rpartition("/")[0].rpartition("/")[2]


def ratios(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Three rows for each line, one for each ratio that it holds; an empty cell is no row."""
    for row in table(page, len(METRICS)):
        if isinstance(row, Refused):
            yield row
            continue
        line = dict(zip(METRICS, row, strict=True))
        for column, who in RATIOS.items():
            if line[column] is not None:
                yield line["symbol"], line["create_time"], who.value, line[column]


def of_five_minutes() -> pl.Expr:
    return pl.lit(FIVE_MINUTES, dtype=pl.Int32).alias("interval_s")


def read_open_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    usd = exact(said("sum_open_interest_value"))
    coins = exact(said("sum_open_interest"))
    return of_market(rows, known, instant_text(said("create_time"))).with_columns(
        of_five_minutes(),
        open_interest_coins=coins_of(coins, pl.col("coins_per_base")),
        open_interest_usd=usd,
        usd_basis=pl.when(usd.is_not_null()).then(told(Basis.PUBLISHED)),
        reason=pl.coalesce("reason", first_reason((coins.is_null(), "no exact open interest"))),
    )


def read_ratios(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known, instant_text(said("create_time"))).with_columns(
        of_five_minutes(),
        who=said("who").cast(pl.Enum(Who)),
        long_short_ratio=exact(said("ratio")),
    )


def read_funding(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    hours = pl.when(said("hours").str.contains(r"^[0-9]{1,2}$")).then(said("hours")).cast(pl.Int32)
    return of_market(rows, known, instant_ms(said("calc_time")).dt.truncate("1m")).with_columns(
        interval_s=hours * 3600, funding_rate=exact(said("rate"))
    )


def read_klines(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Candles of an hour or of a minute, as the file's own folder says."""
    prices = {name: exact(said(name)) for name in ("open", "high", "low", "close")}
    seconds = said("interval").replace_strict(SECONDS, default=None, return_dtype=pl.Int32)
    return of_market(rows, known, instant_ms(said("open_time"))).with_columns(
        **prices,
        kind=told(CandleKind.LAST),
        interval_s=seconds,
        volume_coins=coins_of(exact(said("volume")), pl.col("coins_per_base")),
        turnover_usd=pl.when(usd_basis().is_not_null()).then(exact(said("quote_volume"))),
        taker_buy_coins=coins_of(exact(said("taker_buy")), pl.col("coins_per_base")),
        reason=pl.coalesce("reason", unknown(said("interval"), seconds, "interval")),
    )


def reader(dataset: str, to: Table, era: Era) -> Reader:
    return Reader("binance", dataset, to, (era,))


READERS = (
    reader(
        "bulk_metrics",
        OPEN_INTEREST,
        Era(
            METRICS_SINCE,
            Coverage.SAMPLED,
            METRICS,
            partial(table, places=len(METRICS)),
            read_open_interest,
        ),
    ),
    reader(
        "bulk_metrics",
        LONG_SHORT_RATIOS,
        Era(
            METRICS_SINCE,
            Coverage.SAMPLED,
            ("symbol", "create_time", "who", "ratio"),
            ratios,
            read_ratios,
        ),
    ),
    reader(
        "bulk_funding",
        FUNDING,
        Era(
            SINCE,
            Coverage.SAMPLED,
            ("symbol", "calc_time", "hours", "rate"),
            partial(with_symbol, places=3),
            read_funding,
        ),
    ),
    reader(
        "bulk_klines",
        CANDLES,
        Era(
            SINCE,
            Coverage.SAMPLED,
            ("interval", *KLINES),
            klines,
            read_klines,
            amounts=CANDLE_AMOUNTS,
            at_once=klines_at_once,
        ),
    ),
)

STATEMENTS = (
    Statement(
        "Metrics are stamped every five minutes in UTC: open interest in base coins and dollars; "
        "`count_long_short_ratio` is of all accounts, the others of top accounts and positions.",
        "names of the columns",
        Grade.DERIVED,
    ),
    Statement(
        "A time of funding may be a few milliseconds behind its hour; no mark price is beside it.",
        "another project's notes",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "Old files have no header; times of futures stay in milliseconds after 2025-01-01.",
        "vendor's public data repository, 2025-01-09; another project's notes",
        Grade.VENDOR,
    ),
)
