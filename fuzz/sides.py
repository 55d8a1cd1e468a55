"""Which side each printed amount stands for, by a table of its own that shares nothing with readers.

Written from the sources' documents. It is told here by the raw words beside an amount, so that an
amount in the output, if nothing else has it, finds the words that it came with.
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

LONG, SHORT = ("long",), ("short",)
BOTH = (*LONG, *SHORT)
Sides = tuple[str, ...]
# Where an amount stands, as its container and the key in it, and the sides that it may tell of.
Amount = tuple[Any, Any, Sides]
Rule = Callable[[Any], list[Amount]]


def number_of(value: object) -> Decimal | None:
    """The number that is written, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _by(word: str, long: object, short: object) -> Callable[[dict[str, Any]], Sides]:
    def side(told: dict[str, Any]) -> Sides:
        said = told.get(word)
        return LONG if said == long else SHORT if said == short else ()

    return side


def _named(amounts: tuple[str, ...], side: Callable[[dict[str, Any]], Sides]) -> Rule:
    def rule(piece: Any) -> list[Amount]:
        if not isinstance(piece, dict):
            return []
        return [(piece, name, side(piece)) for name in amounts if name in piece]

    return rule


def _by_sign(name: str, above: Sides, below: Sides) -> Rule:
    def rule(piece: Any) -> list[Amount]:
        number = number_of(piece.get(name)) if isinstance(piece, dict) else None
        return [] if number is None else [(piece, name, above if number > 0 else below)]

    return rule


def _fields(long: str, short: str) -> Rule:
    """Each side has fields of its own, which begin with its name."""
    sides = ((long, LONG), (short, SHORT))

    def rule(piece: Any) -> list[Amount]:
        if not isinstance(piece, dict):
            return []
        keys = [key for key in piece if isinstance(key, str)]
        return [(piece, key, side) for key in keys for name, side in sides if key.startswith(name)]

    return rule


def _okx(told: dict[str, Any]) -> Sides:
    if told.get("posSide") == "net":
        return _by("side", "sell", "buy")(told)
    return _by("posSide", "long", "short")(told)


def _deribit(told: dict[str, Any]) -> Sides:
    flag, taker = told.get("liquidation"), _by("direction", "sell", "buy")(told)
    against = SHORT if taker == LONG else LONG
    if not taker:
        return ()
    return {"T": taker, "M": against, "MT": BOTH}.get(flag, ()) if isinstance(flag, str) else ()


def _dydx(told: dict[str, Any]) -> Sides:
    return _by("side", "SELL", "BUY")(told) if told.get("type") == "LIQUIDATED" else ()


def _kraken_tape(told: dict[str, Any]) -> Sides:
    taker = told.get("takerOrder")
    if not isinstance(taker, dict) or "liquidat" not in str(taker.get("orderType")).lower():
        return ()
    return _by("direction", "Sell", "Buy")(taker)


def _kraken_trade(told: dict[str, Any]) -> Sides:
    return _by("side", "sell", "buy")(told) if told.get("type") == "liquidation" else ()


def _bitfinex(piece: Any) -> list[Amount]:
    if not isinstance(piece, list) or len(piece) < 12 or piece[0] != "pos":
        return []
    number = number_of(piece[5])
    return [] if number is None else [(piece, 5, LONG if number > 0 else SHORT)]


def _coin_m_file(piece: Any) -> list[Amount]:
    """A line of ten cells: the second is the side of the order."""
    if not isinstance(piece, list) or len(piece) != 10:
        return []
    side = _by("side", "SELL", "BUY")({"side": piece[1]})
    return [(piece, 4, side), (piece, 9, side)]


def _hyperliquid(piece: Any) -> list[Amount]:
    match piece:
        case [str(user), {"sz": _, "liquidation": {"liquidatedUser": str(victim)}} as fill]:
            is_victim = user.lower() == victim.lower()
            return [(fill, "sz", _by("side", "A", "B")(fill) if is_victim else ())]
    return []


def _word_itself(told: dict[str, Any]) -> Sides:
    side = told.get("side")
    return (str(side),) if str(side) in ("1", "2") else ()


_BINANCE = _named(("q", "z"), _by("S", "SELL", "BUY"))
_BYBIT = _named(("v",), _by("S", "Buy", "Sell"))
_OKX = _named(("sz",), _okx)
_DERIBIT = _named(("amount",), _deribit)
_HTX = _named(("volume",), _by("direction", "sell", "buy"))
_BITGET = _named(("amount",), _by("side", "buy", "sell"))
_DYDX = _named(("size",), _dydx)
_COINGLASS = _fields("long_liquidation_usd", "short_liquidation_usd")
_COINGLASS_SUMS = _fields("aggregated_long_liquidation_usd", "aggregated_short_liquidation_usd")
_COINALYZE = _fields("l", "s")

RULES: dict[tuple[str, str], Rule] = {
    ("binance", "force_orders"): _BINANCE,
    ("binance_coin_m", "force_orders"): _BINANCE,
    ("binance_coin_m", "bulk_liquidations"): _coin_m_file,
    ("bybit", "all_liquidation"): _BYBIT,
    ("bybit", "all_liquidation_inverse"): _BYBIT,
    ("okx", "liquidations"): _OKX,
    ("okx", "liquidation_orders"): _OKX,
    ("deribit", "liquidations"): _DERIBIT,
    ("deribit", "trades"): _DERIBIT,
    # The sign is the position's over REST and the order's on the socket.
    ("gate", "liquidations"): _by_sign("size", LONG, SHORT),
    ("gate", "public_liquidates"): _by_sign("size", SHORT, LONG),
    ("gate", "public_liquidates_btc"): _by_sign("size", SHORT, LONG),
    ("gate", "contract_stats"): _fields("long_liq_", "short_liq_"),
    ("htx", "liquidations"): _HTX,
    ("htx", "liquidations_v5"): _named(("volume",), _by("position_side", "long", "short")),
    ("htx", "liquidation_orders"): _HTX,
    ("htx", "liquidation_orders_coin"): _HTX,
    ("bitfinex", "liquidations"): _bitfinex,
    ("bitfinex", "liq_global"): _bitfinex,
    ("kraken", "executions"): _named(("quantity",), _kraken_tape),
    ("kraken", "trade"): _named(("qty",), _kraken_trade),
    ("bitget", "liquidation"): _BITGET,
    ("bitget", "liquidations"): _BITGET,
    ("hyperliquid", "node_fills"): _hyperliquid,
    ("dydx", "liquidations"): _DYDX,
    ("dydx", "v4_trades"): _DYDX,
    ("bitmex", "liquidation"): _named(("leavesQty",), _by("side", "Sell", "Buy")),
    ("tardis", "liquidations"): _named(("amount",), _by("side", "sell", "buy")),
    ("coinglass", "liquidations_daily"): _COINGLASS_SUMS,
    ("coinglass", "liquidations_hourly"): _COINGLASS_SUMS,
    ("coinglass", "pair_liquidations"): _COINGLASS,
    ("coinglass", "coin_list"): _COINGLASS,
    ("coinglass", "exchange_list"): _COINGLASS,
    ("coinglass", "orders"): _named(("usd_value",), _word_itself),
    ("coinalyze", "liquidations"): _COINALYZE,
    ("coinalyze", "liquidations_hourly"): _COINALYZE,
}
