"""A recorded folder's manifest: which file answers which endpoint and parameters."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# The columns of a recorded file, by what they are in an answer; the first one present counts.
COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "liquidation": {
        "long": ("liq_long_usd", "long_usd", "long_base"),
        "short": ("liq_short_usd", "short_usd", "short_base"),
    },
    "open_interest": {"close": ("oi_total_close", "open_interest_base")},
    "open_interest_stable": {"close": ("oi_stable_close",)},
    "open_interest_coin": {"close": ("oi_coinm_close",)},
    "venue_open_interest": {"oi": ("open_interest_base",)},
    "funding": {"close": ("funding_percent",)},
    "settlement": {"rate": ("funding_rate",)},
    "ratio_global": {"ratio": ("lsr_global", "long_short_ratio")},
    "ratio_top_accounts": {"ratio": ("lsr_top_accounts",)},
    "ratio_top_positions": {"ratio": ("lsr_top_positions",)},
    "price": {
        "open": ("open",),
        "high": ("high",),
        "low": ("low",),
        "close": ("close",),
        "volume": ("volume", "volume_base"),
        "turnover": ("volume_usd",),
    },
    "mark": {"close": ("mark_price",)},
    "taker": {"buy_turnover": ("taker_buy_usd",), "sell_turnover": ("taker_sell_usd",)},
}

# An endpoint's last words, as the manifest writes them, and the dataset that it serves.
ENDPOINTS: Mapping[str, Mapping[str, str]] = {
    "coinglass": {
        "liquidation/aggregated-history": "liquidation",
        "open-interest/aggregated-history": "open_interest",
        "aggregated-stablecoin-history": "open_interest_stable",
        "aggregated-coin-margin-history": "open_interest_coin",
        "funding-rate/oi-weight-history": "funding",
        "global-long-short-account-ratio/history": "ratio_global",
        "top-long-short-account-ratio/history": "ratio_top_accounts",
        "top-long-short-position-ratio/history": "ratio_top_positions",
        "price/history": "price",
        "aggregated-taker-buy-sell-volume/history": "taker",
    },
    "coinalyze": {
        "liquidation-history": "liquidation",
        "open-interest-history": "open_interest",
        "funding-rate-history": "funding",
        "long-short-ratio-history": "ratio_global",
        "ohlcv-history": "price",
    },
    "binance": {"fundingRate": "settlement", "klines": "price", "markPriceKlines": "mark"},
    "bybit": {"open-interest": "venue_open_interest"},
}
SYMBOL_KEYS = ("symbol", "symbols")
INTERVAL_KEYS = ("interval", "intervalTime")


@dataclass(frozen=True, slots=True)
class Recording:
    """One dataset of one file, with the parameters that it answers."""

    path: Path
    source: str
    dataset: str
    symbol: str
    interval: str
    where: Mapping[str, str]
    asking: int | None


def read_manifest(folder: Path) -> list[Recording]:
    entries = json.loads((folder / "manifest.json").read_text("utf-8"))
    return [one for entry in entries for one in _recordings(folder, entry)]


def _recordings(folder: Path, entry: Mapping[str, object]) -> list[Recording]:
    source, path = str(entry["source"]), folder / str(entry["file"])
    answers = entry["answers"]
    if source not in ENDPOINTS or not isinstance(answers, dict) or not path.is_file():
        return []
    words = {key: str(value) for key, value in answers.items()}
    asking = int(words.pop("asking")) if "asking" in words else None
    symbol = next((words.pop(key) for key in SYMBOL_KEYS if key in words), "")
    interval = next((words.pop(key) for key in INTERVAL_KEYS if key in words), "")
    return [
        Recording(path, source, dataset, symbol, interval, words, asking)
        for dataset in _datasets(source, str(entry["endpoint"]))
    ]


def _datasets(source: str, endpoints: str) -> list[str]:
    """The datasets named in a text such as `/a/b (column), /c (column); closes only`."""
    stated = re.findall(r"/[\w/.-]+", endpoints.split(";")[0])
    found = []
    for ending, dataset in ENDPOINTS[source].items():
        if any(f"{path}$".endswith(f"/{ending}$") for path in stated):
            found.append(dataset)
    return found
