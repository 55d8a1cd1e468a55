"""What CoinGlass's answers share: its listing, its spelling of venues, and what was asked.

Answers do not repeat the question: symbol, interval and venues stand in its parameters alone.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Refused, Unpack
from pipelines.normalise.fields import body_of, instant_ms, objects, said, shown
from pipelines.normalise.markets import coin_terms, listed, not_listed, with_market
from pipelines.normalise.venues import venue_of
from pipelines.raw import Page
from pipelines.tables.words import Coverage, Position

SINCE = date(2020, 1, 1)
SECONDS = {"1d": 86_400, "1h": 3_600}
POSITION = {"long": Position.LONG, "short": Position.SHORT}
SEVERAL = "several"
DELISTED = "delisted"


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


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Coins (a list of names), or pairs (an object of lists by exchange), perhaps delisted ones."""
    data = data_of(page)
    status = DELISTED if page.address.endswith("/delisted-exchange-pairs") else None
    if isinstance(data, dict):
        for exchange, pairs in data.items():
            for row in objects(pairs, ("instrument_id", "base_asset", "quote_asset")):
                yield row if isinstance(row, Refused) else (exchange, *row, status)
        return
    for coin in data:
        whole = isinstance(coin, str) and status is None
        yield (None, coin, coin, "USD", None) if whole else Refused("no coin", shown(coin))


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    whole = said("exchange").is_null()
    venue = pl.when(whole).then(pl.lit(SEVERAL)).otherwise(venue_of(said("exchange")))
    symbol = said("instrument_id")
    own = symbol.str.strip_suffix("_UMCBL")  # behind the venue's own name of a Bitget pair
    return listed(
        rows,
        source_symbol=pl.when(whole).then(symbol).otherwise(said("exchange") + ":" + symbol),
        venue=venue,
        instrument_id=venue + ":" + own,
        symbol=own,
        quote=said("quote"),
        status=said("status"),
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


def of_pair(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """What every figure of a pair has; it is asked for as ``Binance:BTCUSDT``."""
    seconds = said("interval").replace_strict(SECONDS, default=None, return_dtype=pl.Int32)
    found = with_market(rows, known, said("scope") + ":" + said("symbol"))
    return found.with_columns(
        scope=pl.col("instrument_id"),
        reason=not_listed(),
        time=instant_ms(said("time")),
        interval_s=seconds,
    )


def by_side(page: Page, longs: str, shorts: str) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Two rows for each bucket: one for longs, one for shorts, each knowing the other."""
    for row in history(page, (longs, shorts)):
        if isinstance(row, Refused):
            yield row
        else:
            *head, of_longs, of_shorts = row
            yield (*head, "long", of_longs, of_shorts)
            yield (*head, "short", of_shorts, of_longs)


HEAD = ("symbol", "interval", "scope", "time")


def one(since: date, columns: tuple[str, ...], unpack: Unpack, read: Any, **means: Any) -> Era:
    return Era(since, Coverage.COLLECTED, (*columns,), unpack, read, **means)
