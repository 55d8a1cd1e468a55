"""Candles of a week: hourly ones of every market, and Binance's of a minute as files."""

import io
import zipfile
from collections.abc import Iterator
from typing import Final

import polars as pl

from replica.simulated.draws import Integers
from replica.truth.activity import Activity, Bars
from replica.truth.answers import Printed
from replica.truth.nature import Nature
from replica.truth.span import Span, category, coins, question, span_of
from replica.truth.terms import Market
from replica.truth.text import amounts, digits, joined, parted
from replica.truth.timeline import HOUR_MS, LEAD_HOURS, LEAD_MINUTES, MINUTE_MS

BYBIT: Final = '{"retCode":0,"retMsg":"OK","result":{"category":"<c>","list":[<rows>]},"time":0}'
OKX: Final = '{"code":"0","msg":"","data":[<rows>]}'
BITGET: Final = '{"code":"00000","msg":"success","requestTime":0,"data":[<rows>]}'
# Of each venue the address, a row and the envelope of its hourly candles.
SHAPES: Final = {
    "binance": (
        "https://fapi.binance.com/fapi/v1/klines",
        '[<t>,"<open>","<high>","<low>","<close>","<base>",<end>,"<quote>",100,"<taker>","0","0"]',
        "[<rows>]",
    ),
    "bybit": (
        "https://api.bybit.com/v5/market/kline",
        '["<t>","<open>","<high>","<low>","<close>","<size>","<other>"]',
        BYBIT,
    ),
    "okx": (
        "https://www.okx.com/api/v5/market/history-candles",
        '["<t>","<open>","<high>","<low>","<close>","<contracts>","<base>","<quote>","1"]',
        OKX,
    ),
    "bitget": (
        "https://api.bitget.com/api/v2/mix/market/history-candles",
        '["<t>","<open>","<high>","<low>","<close>","<base>","<quote>"]',
        BITGET,
    ),
    "gate": (
        "https://api.gateio.ws/api/v4/futures/usdt/candlesticks",
        '{"t":<s>,"c":"<close>","h":"<high>","l":"<low>","o":"<open>","v":<contracts>,"sum":"<quote>"}',
        "[<rows>]",
    ),
    "kraken": (
        "https://futures.kraken.com/api/charts/v1/trade/<symbol>/1h",
        '{"time":<t>,"open":"<open>","high":"<high>","low":"<low>","close":"<close>","volume":"<base>"}',
        '{"candles":[<rows>],"more_candles":false}',
    ),
}
FILES: Final = "https://data.binance.vision/data/futures/um/daily/klines"
LINE: Final = "<t>,<open>,<high>,<low>,<close>,<base>,<end>,<quote>,100,<taker>,0,0"


def candles(nature: Nature, activity: Activity) -> Iterator[Printed]:
    span = span_of(nature)
    hours, minutes = span.steps(HOUR_MS), span.steps(MINUTE_MS)
    for place, market in enumerate(nature.markets):
        address, row, envelope = SHAPES[market.venue]
        kept = slice(LEAD_HOURS, None)
        rows = _as_digits(market, activity.hourly, place, kept, hours, HOUR_MS)
        body = envelope.replace("<rows>", joined(rows, row)).replace("<c>", category(market))
        address = address.replace("<symbol>", market.symbol)
        asked, of = question(market), (market.subject,)
        yield span.printed(market.venue, "candles", of, address, asked, body)
    binance = [market for market in nature.markets if market.venue == "binance"]
    for place, market in enumerate(binance):
        kept = slice(LEAD_MINUTES, None)
        rows = _as_digits(market, activity.minutely, place, kept, minutes, MINUTE_MS)
        yield _file(market, span, rows)


def _as_digits(
    market: Market, bars: Bars, place: int, kept: slice, steps: Integers, step_ms: int
) -> pl.DataFrame:
    """Candles as digits. ``base`` counts coins, ``quote`` the quote, ``contracts`` the venue's
    contracts; ``size`` and ``other`` are the base and the quote of a linear market, and the other
    way round of an inverse one.
    """
    prices = {name: getattr(bars, name)[place, kept] for name in ("open", "high", "low", "close")}
    amounts_of = {
        name: getattr(bars, name)[place, kept] for name in ("volume", "taker_buy", "quote")
    }
    rows = pl.DataFrame({"at": steps} | prices | amounts_of)
    mean = (pl.col("open") + pl.col("close")) / (2 * 10.0**market.price_places)
    volume, quote = pl.col("volume"), pl.col("quote")
    base = amounts(quote / mean, 8) if market.is_inverse else coins(market, volume)
    dollars = digits(volume * market.unit_usd, 0)
    other = amounts(quote, 4)
    return rows.select(
        *(digits(pl.col(name), market.price_places).alias(name) for name in prices),
        t="at",
        s=pl.col("at") // 1000,
        end=pl.col("at") + step_ms - 1,
        quote=dollars if market.is_inverse else other,
        taker=coins(market, pl.col("taker_buy")),
        contracts=digits(volume, market.contract_places),
        base=base,
        size=dollars if market.is_inverse else base,
        other=base if market.is_inverse else other,
    )


def _file(market: Market, span: Span, rows: pl.DataFrame) -> Printed:
    """Minutes as a zipped file; one for the week, where the vendor has one a day."""
    text = parted(rows, LINE, "\n") + "\n"
    name = f"{market.symbol}-1m-{span.first.isoformat()}"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(f"{name}.csv"), text)
    address = f"{FILES}/{market.symbol}/1m/{name}.zip"
    body = packed.getvalue()
    return span.printed("binance", "bulk_klines", (market.subject,), address, {}, body)
