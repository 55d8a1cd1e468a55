"""Those who publish figures about venues: trackers, archives, indices, and our own ledgers."""

from datetime import date
from typing import Final

from pipelines.sources.source import Permission, Source, Terms

PUBLISHERS: Final = (
    Source(
        "coinglass",
        "CoinGlass v4",
        "CoinGlass",
        ("open-api-v4.coinglass.com",),
        date(2020, 1, 1),
        "tracker",
        Terms(
            "https://www.coinglass.com/terms",
            "Third parties report that the terms of the API forbid bulk storage and independent "
            "databases without written consent; not read by us.",
            keep=Permission.UNSTATED,
            show=Permission.UNSTATED,
            pass_on=Permission.NO,
        ),
        key_variable="COINGLASS_API_KEY",
        key_header="CG-API-KEY",
    ),
    Source(
        "coinalyze",
        "Coinalyze v1",
        "Coinalyze",
        ("api.coinalyze.net",),
        date(2019, 9, 1),
        "tracker",
        Terms(
            "https://api.coinalyze.net/v1/doc/",
            "Free key; asks to be cited where its figures are shown.",
            show=Permission.YES,
        ),
        key_variable="COINALYZE_API_KEY",
        key_header="api_key",
        lacks=("Sums of several venues: every figure is of one market.",),
    ),
    Source(
        "tardis",
        "Tardis.dev",
        "Tardis.dev",
        ("datasets.tardis.dev", "api.tardis.dev"),
        date(2019, 9, 1),
        "archive",
        Terms(
            "https://tardis.dev/terms-of-service",
            "The first day of each month is served without a key; the terms were not read.",
        ),
        key_variable="TARDIS_API_KEY",
        key_header="Authorization",
        key_prefix="Bearer ",
        key_is_optional=True,
        lacks=("Candles and long/short ratios.", "Liquidations of Gate, KuCoin and Hyperliquid."),
    ),
    Source(
        "fear_greed",
        "Fear and Greed index",
        "alternative.me",
        ("api.alternative.me",),
        date(2019, 9, 1),
        "index",
        Terms(
            "https://alternative.me/crypto/fear-and-greed-index/",
            "Public, without a key; its page asks to be named as the source (from memory).",
            show=Permission.YES,
        ),
    ),
    Source(
        "ledger",
        "Our ledgers",
        "our ledgers",
        (),
        date(2019, 9, 1),
        "ledger",
        Terms(
            "ledger/README.md",
            "Facts that people entered, each with its own source and address.",
            keep=Permission.YES,
            show=Permission.YES,
            pass_on=Permission.YES,
        ),
    ),
)
