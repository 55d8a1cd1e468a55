"""Binance's files of COIN-M liquidations, from before these markets begin: every order stands twice.

They are drawn from the symbol and the day alone, so that they are the same in every market.
"""

import random
from datetime import date, timedelta
from typing import Final

KIND: Final = "liquidationSnapshot"
FIRST, LAST = date(2023, 6, 25), date(2024, 10, 14)
HEAD: Final = (
    "time,side,order_type,time_in_force,original_quantity,price,average_price,"
    "order_status,last_fill_quantity,accumulated_fill_quantity"
)
MOST_ORDERS: Final = 40
DAY_S: Final = 86_400


def lines(symbol: str, day: date) -> list[str] | None:
    """The file's lines, its head first; None where there was no such file."""
    if not FIRST <= day <= LAST:
        return None
    drawn = random.Random(f"{symbol} {day}")
    begins = (day - date(1970, 1, 1)) // timedelta(seconds=1)
    seconds = sorted(drawn.sample(range(DAY_S), drawn.randint(1, MOST_ORDERS)))
    told = [HEAD]
    for second in seconds:
        told += 2 * [_order(drawn, (begins + second) * 1000 + drawn.randrange(1000))]
    return told


def _order(drawn: random.Random, time_ms: int) -> str:
    """A forced order that was filled, at a price a little better than its own."""
    side, size = drawn.choice(("BUY", "SELL")), drawn.randint(1, 5000)
    tenths = drawn.randint(250_000, 700_000)
    better = tenths + (-drawn.randrange(500) if side == "BUY" else drawn.randrange(500))
    price, average = (f"{cents // 10}.{cents % 10}" for cents in (tenths, better))
    last = drawn.randint(1, size)
    return f"{time_ms},{side},LIMIT,IOC,{size},{price},{average},FILLED,{last},{size}"
