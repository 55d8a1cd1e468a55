"""Kraken's charts, its analytics by bucket, and its whole history of funding."""

import re
from collections.abc import Callable, Mapping

import polars as pl

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.clock import iso_millis
from replica.market import INTERVAL_MS, Asked
from replica.rows import NO_ROWS, TIME, constant, number, text
from replica.venues.desk import Desk, whole

CHART = re.compile(r"/api/charts/v1/(trade|mark|spot)/(\w+)/(\w+)")
ANALYTICS = re.compile(r"/api/charts/v1/analytics/(\w+)/([\w-]+)")
FUNDING = "/derivatives/api/v4/historicalfundingrates"
SERIES = {"trade": "price", "mark": "mark", "spot": "index"}
RESOLUTIONS = ("1m", "5m", "15m", "30m", "1h", "4h", "12h", "1d", "1w")
INTERVALS_S = {INTERVAL_MS[word] // 1000: word for word in RESOLUTIONS}
MOST_CANDLES = 2000
MOST_BUCKETS = 500  # no document names it; small, so that there are several pages
PRICES = (text("open", "open"), text("high", "high"), text("low", "low"), text("close", "close"))

Refuse = Callable[[str, int], Answer]


class Charts:
    """``refuse(word, status)`` makes the venue's own error."""

    def __init__(self, desk: Desk, refuse: Refuse) -> None:
        self._desk = desk
        self._refuse = refuse
        self._listing = desk.market.listing("kraken")
        self._inverse = dict(self._listing.select("symbol", "inverse").iter_rows())

    def answer(self, request: Request) -> Answer | None:
        """None for a path of somebody else."""
        if request.path == FUNDING:
            return self._funding(request)
        if found := ANALYTICS.fullmatch(request.path):
            return self._analytics(request, found[1], found[2])
        if found := CHART.fullmatch(request.path):
            return self._candles(request, *found.groups())
        return None

    def endpoint(self, path: str) -> str:
        if found := ANALYTICS.fullmatch(path):
            return f"/api/charts/v1/analytics/{{symbol}}/{found[2]}"
        if found := CHART.fullmatch(path):
            return f"/api/charts/v1/{found[1]}/{{symbol}}/{found[3]}"
        return path

    def _known(self, symbol: str) -> str:
        if self._inverse and symbol not in self._inverse:
            raise RefusedError(self._refuse("contractNotFound", 404))
        return symbol

    def _seconds(self, request: Request, name: str) -> int | None:
        try:
            seconds = whole(request.params, name)
        except ValueError:
            raise RefusedError(self._refuse("invalidArgument", 400)) from None
        return None if seconds is None else seconds * 1000

    def _until(self, to_ms: int | None) -> int:
        now = self._desk.clock.now_ms()
        return now if to_ms is None else min(to_ms, now)

    def _candles(self, request: Request, kind: str, symbol: str, resolution: str) -> Answer:
        """From the start the first rows; inverse contracts count dollars as volume."""
        self._known(symbol)
        if resolution not in RESOLUTIONS:
            raise RefusedError(self._refuse("invalidArgument", 400))
        volume = text("volume", "volume") if kind == "trade" else constant("volume", "0")
        asked = Asked("kraken", SERIES[kind], symbol, resolution)
        fields = (number("time", "time_ms"), *PRICES, volume)
        rendered = self._desk.rendered(asked, fields)
        if rendered is None:
            return paged('{"candles":[', NO_ROWS, '],"more_candles":false}')
        first, last = rendered.between(
            self._seconds(request, "from"), self._until(self._seconds(request, "to"))
        )
        page = rendered.page(first, min(last, first + MOST_CANDLES))
        more = "true" if page.last < last else "false"
        return paged('{"candles":[', page, f'],"more_candles":{more}}}')

    def _analytics(self, request: Request, symbol: str, kind: str) -> Answer:
        self._known(symbol)
        make = self._makers.get(kind)
        interval = INTERVALS_S.get((self._seconds(request, "interval") or 0) // 1000)
        since = self._seconds(request, "since")
        if make is None or interval is None or since is None:
            raise RefusedError(self._refuse("invalidArgument", 400))
        until = self._until(self._seconds(request, "to"))
        frame = make(self, symbol, interval)
        held = frame.filter(pl.col(TIME).is_between(since, until)) if frame is not None else None
        if held is None:
            return _columns([], [], more=False)
        page = held.head(MOST_BUCKETS)
        stamps = (page[TIME] // 1000).to_list()
        return _columns(stamps, page["figure"].to_list(), more=page.height < held.height)

    def _interest(self, symbol: str, interval: str) -> pl.DataFrame | None:
        """The four figures of each bucket."""
        span = INTERVAL_MS[interval]
        asked = Asked("kraken", "venue_open_interest", symbol, "5m")
        frame = self._desk.market.series(asked)
        if frame is None or span < INTERVAL_MS["5m"]:
            return None
        size = pl.col("oi").cast(pl.Float64)
        bucket = (pl.col(TIME) // span * span).alias(TIME)
        return frame.group_by(bucket, maintain_order=True).agg(
            figure=pl.concat_list(
                pl.col("oi").first(),
                pl.col("oi").get(size.arg_max()),
                pl.col("oi").get(size.arg_min()),
                pl.col("oi").last(),
            )
        )

    def _ratio(self, symbol: str, interval: str) -> pl.DataFrame | None:
        frame = self._desk.market.series(Asked("kraken", "ratio_global", symbol, interval))
        return None if frame is None else frame.select(TIME, figure="ratio")

    def _volume(self, symbol: str, interval: str) -> pl.DataFrame | None:
        """Dollars of both sides; a bucket without any is left out."""
        frame = self._desk.market.series(Asked("kraken", "forced_all", symbol))
        if frame is None:
            return None
        span = INTERVAL_MS[interval]
        bucket = (pl.col(TIME) // span * span).alias(TIME)
        usd = pl.col("usd").cast(pl.Decimal(38, 4)).sum().cast(pl.String)
        return frame.group_by(bucket, maintain_order=True).agg(figure=usd).sort(TIME)

    _makers: Mapping[str, Callable[["Charts", str, str], pl.DataFrame | None]] = {
        "open-interest": _interest,
        "long-short-ratio": _ratio,
        "liquidation-volume": _volume,
    }

    def _funding(self, request: Request) -> Answer:
        """All of it, whatever is asked."""
        symbol = self._known(request.params.get("symbol", ""))
        frame = self._desk.market.series(Asked("kraken", "settlement", symbol))
        if frame is None:
            return json_answer({"rates": []})
        past = frame.filter(pl.col(TIME) <= self._desk.clock.now_ms())
        inverse = bool(self._inverse.get(symbol))
        return json_answer({"rates": [_rate(row, inverse) for row in past.iter_rows(named=True)]})


def _rate(row: Mapping[str, object], inverse: bool) -> dict[str, object]:
    """The absolute rate is an amount for a contract: of the coin if inverse, else of dollars."""
    relative, mark = float(str(row["rate"])), float(str(row["mark"]))
    absolute = relative / mark if inverse else relative * mark
    time = iso_millis(int(str(row[TIME])))
    return {"timestamp": time, "fundingRate": absolute, "relativeFundingRate": relative}


def _columns(stamps: list[int], figures: list[object], *, more: bool) -> Answer:
    result = {"timestamp": stamps, "more": more, "data": figures}
    return json_answer({"result": result, "errors": []})
