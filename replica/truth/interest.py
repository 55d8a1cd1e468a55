"""Open interest of a week, hour by hour; Gate's comes with the venue's own sums of liquidations.

Bitget tells only what is open at the moment of asking, so nothing is told of it.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from replica.simulated.draws import Floats
from replica.truth.activity import Activity
from replica.truth.answers import Printed
from replica.truth.nature import Nature
from replica.truth.span import category, coins, question, span_of
from replica.truth.terms import Market
from replica.truth.text import amounts, digits, joined
from replica.truth.timeline import HOUR_MS, LEAD_HOURS

BYBIT: Final = '{"retCode":0,"retMsg":"OK","result":{"category":"<c>","list":[<rows>]},"time":0}'
# Of each venue the dataset, the address, a row and the envelope.
SHAPES: Final = {
    "binance": (
        "open_interest",
        "https://fapi.binance.com/futures/data/openInterestHist",
        '{"symbol":"<symbol>","sumOpenInterest":"<base>","sumOpenInterestValue":"<usd>","timestamp":<t>}',
        "[<rows>]",
    ),
    "bybit": (
        "open_interest",
        "https://api.bybit.com/v5/market/open-interest",
        '{"openInterest":"<both>","singleOpenInterest":"<size>","timestamp":"<t>"}',
        BYBIT,
    ),
    "okx": (
        "open_interest",
        "https://www.okx.com/api/v5/rubik/stat/contracts/open-interest-history",
        '["<t>","<contracts>","<base>","<usd>"]',
        '{"code":"0","msg":"","data":[<rows>]}',
    ),
    "gate": (
        "contract_stats",
        "https://api.gateio.ws/api/v4/futures/usdt/contract_stats",
        '{"time":<s>,"long_liq_amount":<longs>,"long_liq_usd":<longs_usd>,'
        '"short_liq_amount":<shorts>,"short_liq_usd":<shorts_usd>,"open_interest":<contracts>,'
        '"open_interest_usd":<usd>}',
        "[<rows>]",
    ),
    "kraken": (
        "open_interest_history",
        "https://futures.kraken.com/api/charts/v1/analytics/<symbol>/open-interest",
        "",
        '{"result":{"timestamp":[<stamps>],"data":[<figures>],"more":false},"errors":[]}',
    ),
}


def interest(nature: Nature, activity: Activity, units: Floats, usd: Floats) -> Iterator[Printed]:
    """``units`` and ``usd`` are what was forced by (market, side, hour): Gate prints their sums."""
    span = span_of(nature)
    at = span.steps(HOUR_MS)
    for place, market in enumerate(nature.markets):
        if market.venue not in SHAPES:
            continue
        dataset, address, row, envelope = SHAPES[market.venue]
        closes = activity.hourly.close[place, LEAD_HOURS:] / 10.0**market.price_places
        # The state at the beginning of each hour, and at the end of the last.
        rows = pl.DataFrame(
            {
                "t": np.append(at, at[-1] + HOUR_MS),
                "held": activity.interest[place, LEAD_HOURS:],
                "price": np.append(
                    activity.hourly.open[place, LEAD_HOURS] / 10.0**market.price_places, closes
                ),
                **_sides("units", units[place, :, LEAD_HOURS:]),
                **_sides("usd", usd[place, :, LEAD_HOURS:]),
            }
        )
        told = _as_digits(market, rows)
        body = (
            _kraken(envelope, told)
            if market.venue == "kraken"
            else envelope.replace("<rows>", joined(told, row))
        )
        yield span.printed(
            market.venue,
            dataset,
            (market.subject,),
            address.replace("<symbol>", market.symbol),
            question(market) | {"period": "1h"},
            body.replace("<c>", category(market)),
        )


def _sides(name: str, amounts_by_hour: Floats) -> dict[str, Floats]:
    return {
        f"{side}_{name}": np.append(amounts_by_hour[n], 0.0)
        for n, side in enumerate(("long", "short"))
    }


def _as_digits(market: Market, rows: pl.DataFrame) -> pl.DataFrame:
    held, inverse = pl.col("held"), market.is_inverse
    size = float(market.unit_usd) if inverse else 10.0**market.unit_power * pl.col("price")
    dollars = held * size
    base = amounts(dollars / pl.col("price"), 8) if inverse else coins(market, held)
    native = market.unit_usd * held
    return rows.select(
        "t",
        s=pl.col("t") // 1000,
        symbol=pl.lit(market.symbol),
        contracts=digits(held, market.contract_places),
        base=base,
        size=digits(native, 0) if inverse else base,
        both=digits(2 * native, 0) if inverse else coins(market, 2 * held),
        usd=amounts(dollars, 4),
        longs=coins(market, pl.col("long_units").cast(pl.Int64)),
        shorts=coins(market, pl.col("short_units").cast(pl.Int64)),
        longs_usd=amounts(pl.col("long_usd"), 4),
        shorts_usd=amounts(pl.col("short_usd"), 4),
    )


def _kraken(envelope: str, rows: pl.DataFrame) -> str:
    """Two columns in place of rows."""
    stamps = ",".join(map(str, rows["s"]))
    return envelope.replace("<stamps>", stamps).replace(
        "<figures>", ",".join(f'"{figure}"' for figure in rows["base"])
    )
