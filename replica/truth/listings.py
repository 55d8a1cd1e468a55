"""Listings of a week's markets, in each source's own shape: what a contract is made of."""

import json
from collections.abc import Iterator
from typing import Any, Final

from replica.truth.answers import Printed
from replica.truth.nature import Nature
from replica.truth.terms import VENUES, Market

LAUNCHED_MS: Final = 1_585_526_400_000
COINALYZE_CODES: Final = {
    "binance": "A", "bybit": "6", "okx": "3", "bitget": "4", "gate": "Y", "kraken": "K",
}  # fmt: skip
BRANDS: Final = {
    "binance": "Binance", "bybit": "Bybit", "okx": "OKX",
    "bitget": "Bitget", "gate": "Gate", "kraken": "Kraken",
}  # fmt: skip


def printed(nature: Nature, source: str, address: str, body: object, **params: str) -> Printed:
    text = json.dumps(body, separators=(",", ":")).encode()
    day = nature.monday
    return Printed(source, "instruments", ("*",), day, day, address, params, text)


def listings(nature: Nature) -> Iterator[Printed]:
    for venue in VENUES:
        yield from VENUE[venue](nature, [m for m in nature.markets if m.venue == venue])
    yield from _coinalyze(nature)
    yield from _coinglass(nature)
    yield from _kraken_spot(nature)


def _binance(nature: Nature, markets: list[Market]) -> Iterator[Printed]:
    rows = [
        {"symbol": m.symbol, "pair": m.symbol, "contractType": "PERPETUAL", "status": "TRADING",
         "baseAsset": m.coin, "quoteAsset": "USDT", "marginAsset": "USDT", "onboardDate": LAUNCHED_MS}
        for m in markets
    ]  # fmt: skip
    address = "https://fapi.binance.com/fapi/v1/exchangeInfo"
    yield printed(nature, "binance", address, {"timezone": "UTC", "symbols": rows})


def _okx(nature: Nature, markets: list[Market]) -> Iterator[Printed]:
    address = "https://www.okx.com/api/v5/public/instruments"
    rows = [_okx_row(market) for market in markets]
    yield printed(nature, "okx", address, {"code": "0", "msg": "", "data": rows}, instType="SWAP")


def _okx_row(market: Market) -> dict[str, str]:
    family = market.symbol.removesuffix("-SWAP")
    linear = not market.is_inverse
    return {
        "instId": market.symbol,
        "instType": "SWAP",
        "uly": family,
        "instFamily": family,
        "ctType": "linear" if linear else "inverse",
        "ctVal": power_of_ten(market.contract_power) if linear else str(market.unit_usd),
        "ctValCcy": market.coin if linear else "USD",
        "ctMult": "1",
        "settleCcy": "USDT" if linear else market.coin,
        "state": "live",
        "listTime": str(LAUNCHED_MS),
        "expTime": "",
    }


def power_of_ten(power: int) -> str:
    return str(10**power) if power >= 0 else f"{10.0**power:.{-power}f}"


def _bitget(nature: Nature, markets: list[Market]) -> Iterator[Printed]:
    rows = [
        {"symbol": m.symbol, "baseCoin": m.coin, "quoteCoin": "USDT", "sizeMultiplier": "0.001",
         "symbolType": "perpetual", "symbolStatus": "normal", "fundInterval": "8",
         "launchTime": str(LAUNCHED_MS)}
        for m in markets
    ]  # fmt: skip
    body = {"code": "00000", "msg": "success", "requestTime": LAUNCHED_MS, "data": rows}
    address = "https://api.bitget.com/api/v2/mix/market/contracts"
    yield printed(nature, "bitget", address, body, productType="USDT-FUTURES")


def _bybit(nature: Nature, markets: list[Market]) -> Iterator[Printed]:
    for category, kind in (("linear", "LinearPerpetual"), ("inverse", "InversePerpetual")):
        rows = [
            {"symbol": m.symbol, "contractType": kind, "status": "Trading", "baseCoin": m.coin,
             "quoteCoin": "USD" if m.is_inverse else "USDT", "launchTime": str(LAUNCHED_MS),
             "deliveryTime": "0"}
            for m in markets
            if m.is_inverse == (category == "inverse")
        ]  # fmt: skip
        result = {"category": category, "list": rows}
        body = {
            "retCode": 0,
            "retMsg": "OK",
            "result": result,
            "retExtInfo": {},
            "time": LAUNCHED_MS,
        }
        address = "https://api.bybit.com/v5/market/instruments-info"
        yield printed(nature, "bybit", address, body, category=category, status="Trading")


def _gate(nature: Nature, markets: list[Market]) -> Iterator[Printed]:
    rows = [
        {"name": m.symbol, "type": "direct", "quanto_multiplier": power_of_ten(m.contract_power),
         "status": "trading", "launch_time": LAUNCHED_MS // 1000}
        for m in markets
    ]  # fmt: skip
    yield printed(nature, "gate", "https://api.gateio.ws/api/v4/futures/usdt/contracts", rows)


def _kraken(nature: Nature, markets: list[Market]) -> Iterator[Printed]:
    rows = [
        {"symbol": m.symbol, "type": "flexible_futures", "tradeable": True, "contractSize": 1,
         "openingDate": "2022-03-23T00:00:00Z"}
        for m in markets
    ]  # fmt: skip
    body = {"result": "success", "serverTime": "2026-05-01T06:00:00.000Z", "instruments": rows}
    address = "https://futures.kraken.com/derivatives/api/v3/instruments"
    yield printed(nature, "kraken", address, body)


def coinalyze_symbol(market: Market) -> str:
    pair = f"{market.coin}USD" if market.is_inverse else f"{market.coin}USDT"
    return f"{pair}_PERP.{COINALYZE_CODES[market.venue]}"


def _coinalyze(nature: Nature) -> Iterator[Printed]:
    codes = [{"name": BRANDS[v], "code": code} for v, code in COINALYZE_CODES.items()]
    yield printed(nature, "coinalyze", "https://api.coinalyze.net/v1/exchanges", codes)
    rows: list[dict[str, Any]] = [
        {"symbol": coinalyze_symbol(m), "exchange": COINALYZE_CODES[m.venue],
         "symbol_on_exchange": m.symbol, "base_asset": m.coin,
         "quote_asset": "USD" if m.is_inverse or m.venue == "kraken" else "USDT", "expire_at": 0,
         "has_buy_sell_data": True, "is_perpetual": True,
         "margined": "COIN" if m.is_inverse else "STABLE",
         "oi_lq_vol_denominated_in": "QUOTE_ASSET" if m.is_inverse else "BASE_ASSET"}
        for m in nature.markets
    ]  # fmt: skip
    yield printed(nature, "coinalyze", "https://api.coinalyze.net/v1/future-markets", rows)


def _coinglass(nature: Nature) -> Iterator[Printed]:
    root = "https://open-api-v4.coinglass.com/api/futures"
    coins = {"code": "0", "msg": "success", "data": [coin.name for coin in nature.coins]}
    yield printed(nature, "coinglass", f"{root}/supported-coins", coins)
    pairs = {
        BRANDS[venue]: [
            {"instrument_id": m.symbol, "base_asset": m.coin,
             "quote_asset": "USD" if m.is_inverse or venue == "kraken" else "USDT"}
            for m in nature.markets
            if m.venue == venue
        ]
        for venue in VENUES
    }  # fmt: skip
    body = {"code": "0", "msg": "success", "data": pairs}
    yield printed(nature, "coinglass", f"{root}/supported-exchange-pairs", body)


def _kraken_spot(nature: Nature) -> Iterator[Printed]:
    pair = {"altname": "USDTUSD", "wsname": "USDT/USD", "base": "USDT", "quote": "ZUSD"}
    body = {"error": [], "result": {"USDTZUSD": pair | {"status": "online"}}}
    yield printed(nature, "kraken_spot", "https://api.kraken.com/0/public/AssetPairs", body)


VENUE: Final = {
    "binance": _binance, "okx": _okx, "bitget": _bitget,
    "bybit": _bybit, "gate": _gate, "kraken": _kraken,
}  # fmt: skip
