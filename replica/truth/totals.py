"""What trackers answer in a week: sums by market in coins, by coin and by pair in dollars."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from replica.simulated.draws import Floats
from replica.truth.activity import Activity
from replica.truth.answers import Printed
from replica.truth.listings import BRANDS, coinalyze_symbol
from replica.truth.nature import Nature
from replica.truth.span import Span, span_of
from replica.truth.terms import Market
from replica.truth.text import printed
from replica.truth.timeline import DAY_MS, HOUR_MS, HOURS, LEAD_HOURS
from replica.truth.trackers import Series

COINALYZE: Final = "https://api.coinalyze.net/v1"
COINGLASS: Final = "https://open-api-v4.coinglass.com/api/futures/liquidation"
COIN_PLACES, USD_PLACES = 6, 4
BUCKET: Final = '{"t":%(s)d,"l":%(longs)s,"s":%(shorts)s}'
OF_COIN: Final = (
    '{"time":%(ms)d,"aggregated_long_liquidation_usd":%(longs)s,'
    '"aggregated_short_liquidation_usd":%(shorts)s}'
)
OF_PAIR: Final = (
    '{"time":%(ms)d,"long_liquidation_usd":"%(longs)s","short_liquidation_usd":"%(shorts)s"}'
)
CLOSE: Final = '{"t":%(s)d,"o":%(p)s,"h":%(p)s,"l":%(p)s,"c":%(p)s,"v":0,"bv":0}'


def totals(nature: Nature, activity: Activity, published: dict[str, Series]) -> Iterator[Printed]:
    yield from _coinalyze(nature, activity, published["coinalyze"])
    yield from _coinglass(nature, published["coinglass"])
    yield from _pairs(nature, published["coinglass_pairs"])


def _buckets(
    span: Span, amounts: Floats, step_ms: int, places: int, row: str, *, zeros: bool = True
) -> str:
    """A row for each bucket of the week, from (side, hour) with the day before; those without an
    amount only if ``zeros``.
    """
    sums = amounts[:, LEAD_HOURS:].reshape(2, -1, step_ms // HOUR_MS).sum(axis=2)
    told = zip(span.steps(step_ms).tolist(), *(printed(side, places) for side in sums), strict=True)
    some = (zeros | (sums > 0).any(axis=0)).tolist()
    return ",".join(
        row % {"ms": ms, "s": ms // 1000, "longs": longs, "shorts": shorts}
        for (ms, longs, shorts), is_told in zip(told, some, strict=True)
        if is_told
    )


def _native(market: Market) -> float:
    """Coins (linear) or dollars (inverse) in a unit."""
    return float(market.unit_usd) if market.is_inverse else 10.0**market.unit_power


def _coinalyze(nature: Nature, activity: Activity, told: Series) -> Iterator[Printed]:
    """One answer for all markets and interval; buckets without liquidations are left out."""
    span = span_of(nature)
    covered = [(p, m) for p, m in enumerate(nature.markets) if m.venue in told.venues]
    subjects = tuple(coinalyze_symbol(market) for _, market in covered)
    symbols = ",".join(subjects)
    for dataset, word, step_ms, by_hour in (
        ("liquidations", "daily", DAY_MS, told.daily),
        ("liquidations_hourly", "1hour", HOUR_MS, told.hourly),
    ):
        parts = []
        for place, market in covered:
            coins = by_hour[place] * _native(market)
            history = _buckets(span, coins, step_ms, COIN_PLACES, BUCKET, zeros=False)
            parts.append(f'{{"symbol":"{coinalyze_symbol(market)}","history":[{history}]}}')
        yield Printed(
            "coinalyze",
            dataset,
            subjects,
            span.first,
            span.last,
            f"{COINALYZE}/liquidation-history",
            {"symbols": symbols, "interval": word},
            f"[{','.join(parts)}]".encode(),
        )
    yield _closes(nature, activity, span, covered)


def _closes(
    nature: Nature, activity: Activity, span: Span, covered: list[tuple[int, Market]]
) -> Printed:
    """Daily closes, by which coins become dollars."""
    parts = []
    for place, market in covered:
        closes = activity.hourly.close[place, LEAD_HOURS:].reshape(7, 24)[:, -1]
        prices = printed(closes / 10.0**market.price_places, market.price_places)
        days = zip(span.steps(DAY_MS).tolist(), prices, strict=True)
        history = ",".join(CLOSE % {"s": ms // 1000, "p": price} for ms, price in days)
        parts.append(f'{{"symbol":"{coinalyze_symbol(market)}","history":[{history}]}}')
    subjects = tuple(coinalyze_symbol(market) for _, market in covered)
    return Printed(
        "coinalyze",
        "price",
        subjects,
        span.first,
        span.last,
        f"{COINALYZE}/ohlcv-history",
        {"symbols": ",".join(subjects), "interval": "daily"},
        f"[{','.join(parts)}]".encode(),
    )


def _envelope(rows: str) -> bytes:
    return f'{{"code":"0","msg":"success","data":[{rows}]}}'.encode()


def _coinglass(nature: Nature, told: Series) -> Iterator[Printed]:
    span = span_of(nature)
    names = ",".join(BRANDS[venue] for venue in told.venues)
    for coin in nature.coins:
        mine = np.array([m.coin == coin.name and m.venue in told.venues for m in nature.markets])
        for dataset, word, step_ms, by_hour in (
            ("liquidations_daily", "1d", DAY_MS, told.daily_usd),
            ("liquidations_hourly", "1h", HOUR_MS, told.hourly_usd),
        ):
            rows = _buckets(span, by_hour[mine].sum(axis=0), step_ms, USD_PLACES, OF_COIN)
            yield Printed(
                "coinglass",
                dataset,
                (coin.name,),
                span.first,
                span.last,
                f"{COINGLASS}/aggregated-history",
                {"exchange_list": names, "symbol": coin.name, "interval": word},
                _envelope(rows),
            )


def _pairs(nature: Nature, told: Series) -> Iterator[Printed]:
    span = span_of(nature)
    for place, market in enumerate(nature.markets):
        if market.venue not in told.venues:
            continue
        rows = _buckets(span, told.daily_usd[place], DAY_MS, USD_PLACES, OF_PAIR)
        brand = BRANDS[market.venue]
        yield Printed(
            "coinglass",
            "pair_liquidations",
            (f"{brand}:{market.symbol}",),
            span.first,
            span.last,
            f"{COINGLASS}/history",
            {"exchange": brand, "symbol": market.symbol, "interval": "1d"},
            _envelope(rows),
        )


def rates(nature: Nature) -> Printed:
    """What a USDT was worth, hour by hour."""
    span = span_of(nature)
    at = span.begin_ms // 1000 + np.arange(HOURS - LEAD_HOURS) * (HOUR_MS // 1000)
    text = f"{nature.usdt:.5f}"
    rows = ",".join(f'[{s},"{text}","{text}","{text}","{text}","{text}","1000.5",9]' for s in at)
    body = f'{{"error":[],"result":{{"USDTZUSD":[{rows}],"last":{at[-1]}}}}}'
    return Printed(
        "kraken_spot",
        "stable_candles",
        ("USDTUSD",),
        span.first,
        span.last,
        "https://api.kraken.com/0/public/OHLC",
        {"pair": "USDTUSD", "interval": "60"},
        body.encode(),
    )
