"""Coinalyze's listing: venues with their codes, and markets that name a code each.

`.A` in a symbol is Coinalyze's code of Binance, not "aggregated".
"""

from collections.abc import Iterator

import polars as pl

from pipelines.normalise.eras import FIELD, Known, Refused
from pipelines.normalise.fields import body_of, objects, plain, said, shown, unknown, word
from pipelines.normalise.markets import coin_terms, listed
from pipelines.normalise.venues import venue_of
from pipelines.raw import Page
from pipelines.units import Margin

MARGIN = {"STABLE": Margin.LINEAR, "COIN": Margin.INVERSE}
# What amounts of a market count, and the margin of the markets in which they can count that.
COUNTED = {"BASE_ASSET": Margin.LINEAR, "QUOTE_ASSET": Margin.INVERSE}

MARKET_FIELDS = (
    "symbol",
    "exchange",
    "symbol_on_exchange",
    "base_asset",
    "quote_asset",
    "margined",
    "oi_lq_vol_denominated_in",
    "is_perpetual",
)


def listing(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Exchanges (name and code) or markets, told apart by the address."""
    if page.address.endswith("/exchanges"):
        for row in objects(body_of(page), ("code", "name")):
            yield row if isinstance(row, Refused) else ("exchange", *row, *[None] * 6)
        return
    for market in body_of(page):
        if not isinstance(market, dict):
            yield Refused("a market that is not an object", shown(market))
            continue
        flags = {name: market.get(name) for name in MARKET_FIELDS}
        perpetual = flags.pop("is_perpetual")
        yield (
            "market",
            *plain((*flags.values(), None if perpetual is None else str(perpetual))),
        )


def read_listing(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    exchanges = rows.filter(said("what") == "exchange").select(
        said_exchange=said("symbol"), venue=venue_of(said("exchange"))
    )
    exchanges = exchanges.unique("said_exchange", keep="first", maintain_order=True)
    markets = rows.filter(said("what") == "market").join(
        exchanges, on="said_exchange", how="left", maintain_order="left"
    )
    margin = word(said("margined"), MARGIN, Margin)
    counted = word(said("oi_lq_vol_denominated_in"), COUNTED, Margin)
    symbol = said("symbol_on_exchange")
    return listed(
        markets,
        source_symbol=said("symbol"),
        instrument_id=pl.col("venue") + ":" + symbol,
        symbol=symbol,
        quote=said("quote_asset"),
        margin=margin,
        is_perpetual=said("is_perpetual") == "True",
        **coin_terms(said("base_asset")),
    ).with_columns(
        reason=pl.coalesce(
            unknown(said("exchange"), pl.col("venue"), "exchange code"),
            unknown(said("margined"), margin, "margin"),
            unknown(said("oi_lq_vol_denominated_in"), counted, "unit"),
            pl.when(margin != counted).then(
                said("margined") + pl.lit(" margin counted in ") + said("oi_lq_vol_denominated_in")
            ),
        )
    )
