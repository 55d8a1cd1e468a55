"""A whole market's week reconciled: its layers (bounds, guards, days, the estimate), and every table."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench import child
from bench.lines import Line, of_value
from bench.market import Market
from bench.real_market import FOLDER
from pipelines.clock import iso
from pipelines.lake import Lake
from pipelines.reconcile.maker import Maker
from pipelines.reconcile.week import MAKERS
from pipelines.tables import ESTIMATES, LAYERS, REFUSALS, VOLUME_CHECKS
from pipelines.weeks import Week

LAYERED: Final = (LAYERS, REFUSALS, ESTIMATES, VOLUME_CHECKS)


def layers(folder: str) -> dict[str, float]:
    """The tables that layers are printed from; rows of each."""
    return _made(folder, [maker for maker in MAKERS if maker.table in LAYERED])


def every_table(folder: str) -> dict[str, float]:
    """All that is reconciled of a week."""
    return _made(folder, MAKERS)


def _made(folder: str, makers: Sequence[Maker]) -> dict[str, float]:
    """From the lake to the files that are written, into another place."""
    lake = Lake(Path(folder) / "lake")
    week = Week.of(Market(Path(folder)).days[0])
    with TemporaryDirectory() as place:
        into = Lake(Path(place))
        return {
            one.table.name: into.write(
                one.table, week.monday, one.rows(lake, week), as_of=iso(week.end)
            ).rows
            for one in makers
        }


def lines(market: Market, repeat: int) -> list[Line]:
    """Time and memory of it: of what a real lake holds, and of minutes alone."""
    child.measure("bench.real_market:make_in", folder=str(market.folder), scale=market.scale)
    minutes = {"folder": str(market.folder)}
    real = {"folder": str(market.folder / FOLDER)}
    ran = child.in_turn(
        {
            "layers": ("bench.reconcile:layers", real),
            "worst": ("bench.reconcile:layers", minutes),
            "every": ("bench.reconcile:every_table", real),
        },
        repeat,
    )
    return [
        *_of("all layers of a week", ran["layers"]),
        *_of("all layers, worst case: minutes alone", ran["worst"]),
        *_of("every table of a week", ran["every"]),
    ]


def _of(what: str, ran: child.Measured) -> list[Line]:
    return [
        of_value(f"{what}, s", ran.seconds, ran, at_most=20),
        of_value(f"{what}, processor time, s", ran.cpu_seconds, ran),
        of_value(f"{what}, peak memory, MiB", ran.peak_mib, ran, at_most=1024),
    ]
