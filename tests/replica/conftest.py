"""The replica as a real process on the loopback address, over small markets."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import requests

ROOT = Path(__file__).parents[2]
COINGLASS = "open-api-v4.coinglass.com"
COINALYZE = "api.coinalyze.net"
KEYS = {COINGLASS: {"CG-API-KEY": "a-key"}, COINALYZE: {"api_key": "a-key"}}


@dataclass
class Served:
    """A running replica and one session that talks to it."""

    ready: dict[str, object]
    session: requests.Session

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.ready['port']}"

    def get(self, host: str, path: str, keys: bool = True, **params: object) -> requests.Response:
        return self.session.get(
            f"{self.base}/{host}{path}",
            params={name.rstrip("_"): str(value) for name, value in params.items()},
            headers=KEYS.get(host, {}) if keys else {},
            allow_redirects=False,
            timeout=10,
        )

    def json(self, host: str, path: str, **params: object) -> object:
        return self.get(host, path, True, **params).json()

    def faults(self, *rules: dict[str, object]) -> requests.Response:
        return self.session.post(f"{self.base}/_replica/faults", json=list(rules), timeout=10)

    def own(self, path: str) -> object:
        return self.session.get(f"{self.base}/_replica/{path}", timeout=10).json()


@contextmanager
def serving(*words: str) -> Iterator[Served]:
    process = subprocess.Popen(
        [sys.executable, "-m", "replica", *words, "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with requests.Session() as session:
            yield Served(json.loads(process.stdout.readline()), session)
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


@pytest.fixture(scope="session")
def start() -> Callable[..., object]:
    return serving


@pytest.fixture(scope="session")
def captured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("captures")


@pytest.fixture(scope="session")
def simulated(captured: Path) -> Iterator[Served]:
    words = ("--market", "simulated:7", "--size", "small", "--scale", "10000")
    with serving(*words, "--captures", str(captured)) as served:
        yield served


@pytest.fixture(scope="session")
def recorded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recorded")
    write_recorded(folder)
    return folder


@pytest.fixture(scope="session")
def recorded(recorded_folder: Path) -> Iterator[Served]:
    with serving("--market", f"recorded:{recorded_folder}") as served:
        yield served


@pytest.fixture
def faulty(simulated: Served) -> Iterator[Served]:
    yield simulated
    simulated.faults()


def write_recorded(folder: Path) -> None:
    """Three days of two coins, laid out like a folder of real recordings."""
    days = [date(2022, 6, day) for day in (13, 14, 15)]
    files = {
        "coinglass/liquidation.parquet": pl.DataFrame(
            {
                "coin": ["BTC"] * 3 + ["ETH"] * 3,
                "date": days * 2,
                "liq_long_usd": [0.0, 162521823.79325, 7.0, 1.5, 2.5, 3.5],
                "liq_short_usd": [0.0, 63061115.28241, 1e-7, 1.0, 2.0, 3.0],
            }
        ),
        "coinglass/interest.parquet": pl.DataFrame(
            {
                "coin": ["BTC"] * 3,
                "date": days,
                "oi_total_close": [None, 5.0e9, 4.0e9],
                "oi_stable_close": [1.0, 2.0, 3.0],
            }
        ),
        "binance/funding.parquet": pl.DataFrame(
            {"symbol": ["BTCUSDT"] * 3, "date": days, "funding_rate": [0.0001, -6.89e-06, 0.0]}
        ),
    }
    for asking, usd in ((1, 5.25), (2, 6.25)):
        files[f"coinglass/hourly_{asking}.parquet"] = pl.DataFrame(
            {"date": days, "long_usd": [usd] * 3, "short_usd": [1.0] * 3}
        )
    for name, frame in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        frame.write_parquet(folder / name)
    (folder / "manifest.json").write_text(json.dumps(MANIFEST), "utf-8")


LIQUIDATION = "/api/futures/liquidation/aggregated-history"
HOURLY = {"symbol": "BTC", "interval": "1h", "exchange_list": "Binance,Bybit,OKX"}
MANIFEST = [
    {
        "file": "coinglass/liquidation.parquet",
        "source": "coinglass",
        "endpoint": LIQUIDATION,
        "answers": {"symbol": "coin", "interval": "1d", "exchange_list": "every venue of then"},
    },
    {
        "file": "coinglass/hourly_1.parquet",
        "source": "coinglass",
        "endpoint": LIQUIDATION,
        "answers": {**HOURLY, "asking": 1},
    },
    {
        "file": "coinglass/hourly_2.parquet",
        "source": "coinglass",
        "endpoint": LIQUIDATION,
        "answers": {**HOURLY, "asking": 2},
    },
    {
        "file": "coinglass/interest.parquet",
        "source": "coinglass",
        "endpoint": (
            "/api/futures/open-interest/aggregated-history (oi_total_close), "
            "/aggregated-stablecoin-history (oi_stable_close); closes only"
        ),
        "answers": {"symbol": "coin", "interval": "1d"},
    },
    {
        "file": "binance/funding.parquet",
        "source": "binance",
        "endpoint": "/fapi/v1/fundingRate",
        "answers": {"symbol": "symbol"},
    },
]
