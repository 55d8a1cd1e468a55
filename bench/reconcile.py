"""The layers of a whole market's week: bounds of every hour, guards, days, and the estimate."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench import child
from bench.lines import Line, of_value
from bench.market import Market
from bench.real_market import FOLDER
from pipelines.clock import iso
from pipelines.lake import Lake
from pipelines.reconcile.week import MAKERS
from pipelines.tables import ESTIMATES, LAYERS, REFUSALS, VOLUME_CHECKS
from pipelines.weeks import Week

TABLES: Final = (LAYERS, REFUSALS, ESTIMATES, VOLUME_CHECKS)


def ours(folder: str) -> dict[str, float]:
    """From the lake to the files that are written, into another place; rows of each table."""
    lake = Lake(Path(folder) / "lake")
    week = Week.of(Market(Path(folder)).days[0])
    with TemporaryDirectory() as place:
        return {
            maker.table.name: Lake(Path(place))
            .write(maker.table, week.monday, maker.rows(lake, week), as_of=iso(week.end))
            .rows
            for maker in MAKERS
            if maker.table in TABLES
        }


def lines(market: Market, repeat: int) -> list[Line]:
    """Time and memory of it: of what a real lake holds, and of minutes alone."""
    child.measure("bench.real_market:make_in", folder=str(market.folder), scale=market.scale)
    ran = child.in_turn(
        {
            "layers": ("bench.reconcile:ours", {"folder": str(market.folder / FOLDER)}),
            "worst": ("bench.reconcile:ours", {"folder": str(market.folder)}),
        },
        repeat,
    )
    return [*_of("", ran["layers"]), *_of(", worst case: minutes alone", ran["worst"])]


def _of(which: str, ran: child.Measured) -> list[Line]:
    return [
        of_value(f"all layers of a week, s{which}", ran.seconds, ran, at_most=20),
        of_value(f"their processor time, s{which}", ran.cpu_seconds, ran),
        of_value(f"their peak memory, MiB{which}", ran.peak_mib, ran, at_most=1024),
    ]
