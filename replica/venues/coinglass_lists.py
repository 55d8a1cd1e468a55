"""CoinGlass's answers that are no series: lists of the past hours, orders, calendar and mood."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from replica.answer import Answer, RefusedError, Request, json_answer, paged
from replica.clock import DAY_MS
from replica.market import Asked
from replica.rows import NO_ROWS, number, text
from replica.venues.desk import Desk, whole

RANGES = {"1h": "1", "4h": "4", "12h": "12", "24h": "24"}
MOST_ORDERS = 200
ORDER_DAYS, CALENDAR_DAYS = 7, 15
ORDER = (
    text("exchange_name", "venue"),
    text("symbol", "symbol"),
    text("base_asset", "coin"),
    number("price", "price"),
    number("usd_value", "usd"),
    number("side", "side"),
    number("time", "time_ms"),
)
MOOD_SINCE = date(2018, 2, 1)
# Each with the weekday on which it is due, the hour, and how much it matters; all invented.
RELEASES = (
    ("CPI, month on month", 1, 13, 3),
    ("Initial jobless claims", 3, 13, 2),
    ("Consumer sentiment", 4, 15, 1),
)


def answered(desk: Desk, request: Request) -> Answer | None:
    """The answer to a question of these, None to any other."""
    match request.path.removeprefix("/api/"):
        case "futures/liquidation/coin-list":
            return _data(_by_coin(desk))
        case "futures/liquidation/exchange-list":
            return _data(_by_venue(desk, request))
        case "futures/liquidation/order":
            return _orders(desk, request)
        case "futures/delisted-exchange-pairs":
            pair = {"instrument_id": "XBTUSD", "base_asset": "XBT", "quote_asset": "USD"}
            return _data({"Bitmex": [pair]})
        case "calendar/economic-data":
            return _data(_calendar(desk, request))
        case "index/fear-greed-history":
            return _data([_moods(desk)])
    return None


def _data(data: object) -> Answer:
    return json_answer({"code": "0", "msg": "success", "data": data})


def _refused(words: str) -> RefusedError:
    return RefusedError(json_answer({"code": "400", "msg": words}))


def _needed(request: Request, name: str) -> str:
    value = request.params.get(name, "")
    if not value:
        raise _refused(f"Required String parameter '{name}' is not present")
    return value


def _bounds(request: Request) -> tuple[int | None, int | None]:
    try:
        return whole(request.params, "start_time"), whole(request.params, "end_time")
    except ValueError:
        raise _refused("A number was expected.") from None


def _rolling(desk: Desk, dataset: str, hours: str) -> pl.DataFrame | None:
    return desk.market.series(Asked("coinglass", dataset, "", where=(("hours", hours),)))


def _sides(row: dict[str, str], prefix: str = "", suffix: str = "") -> dict[str, object]:
    longs, shorts = float(row["long"]), float(row["short"])
    return {
        f"{prefix}liquidation_usd{suffix}": longs + shorts,
        f"{prefix}long_liquidation_usd{suffix}": longs,
        f"{prefix}short_liquidation_usd{suffix}": shorts,
    }


def _by_coin(desk: Desk) -> list[dict[str, object]]:
    """One row a coin, the largest of the day first; a coin without any stands nowhere."""
    rows: dict[str, dict[str, object]] = {}
    for word, hours in reversed(RANGES.items()):
        frame = _rolling(desk, "rolling_by_coin", hours)
        held = {r["name"]: r for r in frame.iter_rows(named=True)} if frame is not None else {}
        for coin in held if word == "24h" else rows:
            sides = held.get(coin, {"long": "0", "short": "0"})
            rows.setdefault(coin, {"symbol": coin}).update(_sides(sides, suffix=f"_{word}"))
    return list(rows.values())


def _by_venue(desk: Desk, request: Request) -> list[dict[str, object]]:
    word = _needed(request, "range")
    if word not in RANGES:
        raise _refused("The range parameter is invalid.")
    frame = _rolling(desk, "rolling_by_venue", RANGES[word])
    rows = list(frame.iter_rows(named=True)) if frame is not None else []
    every = {side: str(sum(float(row[side]) for row in rows)) for side in ("long", "short")}
    named = [{"name": "All", **every}, *rows] if rows else []
    return [{"exchange": row["name"], **_sides(row)} for row in named]


def _orders(desk: Desk, request: Request) -> Answer:
    """Newest first, of the past seven days; where more fit, the newest."""
    least = _needed(request, "min_liquidation_amount")
    if not least.replace(".", "", 1).isdigit():
        raise _refused("A number was expected.")
    where = (("exchange", request.params.get("exchange", "")), ("least_usd", least))
    asked = Asked("coinglass", "orders", _needed(request, "symbol"), where=where)
    start, end = _bounds(request)
    rendered = desk.rendered(asked, ORDER, descending=True)
    head, tail = '{"code":"0","msg":"success","data":[', "]}"
    if rendered is None:
        return paged(head, NO_ROWS, tail)
    earliest = desk.clock.now_ms() - ORDER_DAYS * DAY_MS
    first, last = rendered.between(max(start or earliest, earliest), end)
    return paged(head, rendered.page(first, min(last, first + MOST_ORDERS)), tail)


def _calendar(desk: Desk, request: Request) -> list[dict[str, object]]:
    start, end = _bounds(request)
    now, reach = desk.clock.now_ms(), CALENDAR_DAYS * DAY_MS
    first, last = max(start or 0, now - reach), min(end or now + reach, now + reach)
    if desk.market.kind == "recorded":
        return []
    days = range(first // DAY_MS, last // DAY_MS + 1)
    due = [(day, one) for day in days for one in RELEASES if _weekday(day) == one[1]]
    rows = [_release(day, now, name, hour, matters) for day, (name, _, hour, matters) in due]
    return [row for row in rows if first <= int(str(row["publish_timestamp"])) <= last]


def _weekday(day: int) -> int:
    return (date(1970, 1, 1) + timedelta(days=day)).weekday()


def _release(day: int, now: int, name: str, hour: int, matters: int) -> dict[str, object]:
    at = day * DAY_MS + hour * 3_600_000
    figure = day * 7 % 10 / 10
    return {
        "calendar_name": name,
        "country_code": "USA",
        "country_name": "United States",
        "data_effect": "Minor impact",
        "forecast_value": f"{figure + 0.1:.1f}%",
        "previous_value": f"{figure:.1f}%",
        "revised_previous_value": "",
        "published_value": f"{figure + 0.2:.1f}%" if at <= now else "",
        "publish_timestamp": at,
        "importance_level": matters,
        "has_exact_publish_time": 1,
    }


def _moods(desk: Desk) -> dict[str, list[float]]:
    """Parallel lists, by day, in seconds."""
    today = datetime.fromtimestamp(desk.clock.now_ms() / 1000, UTC).date()
    count = 0 if desk.market.kind == "recorded" else (today - MOOD_SINCE).days + 1
    first = (MOOD_SINCE - date(1970, 1, 1)).days
    days = range(first, first + count)
    return {
        "data_list": [day * 37 % 101 for day in days],
        "price_list": [20_000.0 + day % 1000 for day in days],
        "time_list": [day * DAY_MS // 1000 for day in days],
    }
