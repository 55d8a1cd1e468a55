"""A weekly report in a cold process, from a house that has been built: rows read, page rendered."""

import subprocess
import sys
import time
from pathlib import Path

from bench.child import PROJECT, in_turn
from bench.lines import Line, of_value
from bench.market import FIRST, Market
from pipelines.edition import MODELS, make
from pipelines.house import House
from pipelines.load.models import read_all
from pipelines.load.warehouse import build
from pipelines.weeks import Week

WEEK = Week(FIRST).name


def from_warehouse(folder: str, week: str) -> dict[str, float]:
    """As ``liqledger report`` does it when the warehouse stands: read, gather evidence, render."""
    return _size(make(House(Path(folder)), Week.parse(week)))


def from_lake(folder: str, week: str) -> dict[str, float]:
    """The same, with the warehouse built anew from the lake before it."""
    house = House(Path(folder))
    began = time.monotonic()
    build(house.warehouse, house.lake, read_all(MODELS))
    return {"load": time.monotonic() - began} | from_warehouse(folder, week)


def _size(files: dict[str, bytes]) -> dict[str, float]:
    return {"files": len(files), "bytes": sum(len(data) for data in files.values())}


def simulated(folder: Path) -> Path:
    """A house of the simulated market, made once through the replica."""
    house = folder / "simulated"
    if not (house / "reports" / WEEK).exists():
        asked = ["report", WEEK, "--market", "simulated", "--data", str(house)]
        command = [sys.executable, "-m", "assets.command.app", *asked]
        subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    return house


def lines(market: Market, repeat: int, *, with_simulated: bool) -> list[Line]:
    """From Python's start to the last byte of the page. The made-up market's house has no answers."""
    houses = {"made-up market": market.folder}
    if with_simulated:
        houses["simulated market"] = simulated(market.folder)
    cases: dict[str, tuple[str, dict[str, object]]] = {}
    for name, folder in houses.items():
        given: dict[str, object] = {"folder": str(folder), "week": WEEK}
        cases[f"{name}, warehouse stands"] = ("bench.report:from_warehouse", given)
        if name == "simulated market":
            cases[f"{name}, warehouse built too"] = ("bench.report:from_lake", given)
    ran = in_turn(cases, repeat)
    return [
        of_value(f"Report, cold, s: {name}", one.whole, one, at_most=6) for name, one in ran.items()
    ]
