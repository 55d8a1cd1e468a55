"""All benches, or those named: one table of ratios from one run.

``python -m bench.run [load normalise reconcile report dagster] [--scale 1] [--repeat 3] [--data bench/data]``
"""

import argparse
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import child, dagster_overhead, load, normalise, reconcile, report
from bench.lines import Line, table
from bench.market import DAYS, Market

BENCHES = ("load", "normalise", "reconcile", "report", "dagster")
DAYS_OF_RUN = 2 * DAYS


def bench(name: str, market: Market, repeat: int) -> list[Line]:
    """The lines of one bench."""
    match name:
        case "load":
            return load.lines(market, repeat)
        case "normalise":
            return normalise.lines(market.scale, repeat)
        case "reconcile":
            return reconcile.lines(market, repeat)
        case "report":
            _build(market)
            return report.lines(market, repeat, with_simulated=market.scale >= 1)
        case "dagster":
            return dagster_overhead.lines(max(1, round(DAYS_OF_RUN * market.scale)), repeat)
    raise ValueError(f"no bench {name!r}; there are {', '.join(BENCHES)}")


def _build(market: Market) -> None:
    """All models over the made-up market; a load may have left the warehouse with three."""
    child.measure("bench.load:ours_whole", folder=str(market.folder))


def main(arguments: Sequence[str]) -> None:
    asked = _asked(arguments)
    market = Market(asked.data.resolve() / f"market-{asked.scale:g}", asked.scale)
    child.measure("bench.market:make_in", folder=str(market.folder), scale=market.scale)
    lines = [line for name in asked.names or BENCHES for line in bench(name, market, asked.repeat)]
    print(f"Scale {asked.scale:g}, medians of {asked.repeat}, Python {platform.python_version()}\n")
    print(table(lines))


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.run", description="Measure speed and memory."
    )
    parser.add_argument(
        "names", nargs="*", metavar="BENCH", help=f"of {', '.join(BENCHES)}; default: all"
    )
    parser.add_argument(
        "--scale", type=float, default=1.0, help="part of the whole market, such as 0.02"
    )
    parser.add_argument(
        "--repeat", type=int, default=3, help="runs of each case, of which the median counts"
    )
    parser.add_argument(
        "--data", type=Path, default=Path("bench/data"), help="where the market is kept"
    )
    asked = parser.parse_args(arguments)
    if unknown := sorted(set(asked.names) - set(BENCHES)):
        parser.error(f"no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    return asked


if __name__ == "__main__":
    main(sys.argv[1:])
