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

from pipelines.clock import Clock, instant
from pipelines.extract.catalogue import CATALOGUE, MANNERS
from pipelines.extract.door import Door
from pipelines.extract.gather import Want, gather
from pipelines.normalise.engine import Rows, normalise
from pipelines.normalise.eras import Known
from pipelines.normalise.listing import listing
from pipelines.normalise.registry import LISTINGS, reader_of
from pipelines.raw import Raw
from pipelines.sources import SOURCES
from pipelines.tables import INSTRUMENTS
from replica.clock import Clock as ReplicaClock
from replica.limits import Limiter
from replica.market import Asked
from replica.simulated.world import World
from replica.venues.desk import Desk
from replica.views.market import SimulatedMarket

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
def world() -> World:
    """The same market as the replica serves, for whoever must know what is true in it."""
    return World(7, "small")


@pytest.fixture(scope="session")
def truly_forced(world: World) -> Callable[..., pl.DataFrame]:
    """The forced orders of a venue on one UTC day, as digits."""

    def of(venue: str, day: date, *, shown: bool = False) -> pl.DataFrame:
        asked = Asked(venue, "forced_shown" if shown else "forced_all", "*")
        orders = SimulatedMarket(world).series(asked)
        assert orders is not None
        return orders.filter(pl.from_epoch("time_ms", time_unit="ms").dt.date() == day)

    return of


class StoppedClock(ReplicaClock):
    """No window of a limit ends while it stands."""

    def elapsed_s(self) -> float:
        return 0.0


@pytest.fixture
def desk(world: World) -> Desk:
    """What a source answers from, with its limits as documented and a clock that stands still."""
    clock = StoppedClock(world.now_ms)
    return Desk(SimulatedMarket(world), clock, Limiter(clock, 1.0))


@pytest.fixture
def through(simulated: Served, tmp_path: Path) -> Callable[..., Rows]:
    """Asks a dataset of the replica with our own connector, and reads it with our own reader."""
    raw = Raw(tmp_path / "raw")
    clock = Clock(instant(str(simulated.ready["now"])))

    def ask(source: str, name: str, want: Want, captures: Path | None = None) -> None:
        hosts = SOURCES[source].hosts
        at = {host: base for host, base in simulated.ready["hosts"].items() if host in hosts}
        about = {"clock": clock, "manners": MANNERS[source], "key": "a-key"}
        with Door(SOURCES[source], at=at, rate_scale=10_000, **about) as door:
            dataset = CATALOGUE[f"{source}/{name}"]
            assert not gather(raw, door, dataset, [want], clock, captures=captures).failed

    def read(
        dataset_id: str,
        first: date,
        last: date,
        subjects: tuple[str, ...] = ("*",),
        *,
        table: str = "",
        captures: Path | None = None,
    ) -> Rows:
        source, name = dataset_id.split("/")
        reader = next(r for r in reader_of(source, name) if table in ("", r.table.name))
        listings = {one: LISTINGS[one] for one in reader.explained_by if one in LISTINGS}
        for one, by in listings.items():
            ask(one, by.dataset, Want(first, last, ("*",)))
        ask(source, name, Want(first, last, subjects), captures)
        as_of = clock.now()
        rows = [listing(raw, by, as_of).rows for by in listings.values()]
        known = Known(pl.concat([INSTRUMENTS.empty(), *rows]))
        return normalise(raw, reader, first, last, as_of, known)

    return read


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
