"""``replica``: the local stand-in for the sources, as a process of its own."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from pipelines.market import named

from assets.command import options as opt

PORT = Annotated[int, typer.Option("--port", help="0 takes a free one.")]
SCALE = Annotated[float, typer.Option("--scale", help="How many times faster limits refill.")]
FAULTS = Annotated[Path | None, typer.Option("--faults", help="JSON list of misbehaviours.")]


def replica(
    market: Annotated[
        str, typer.Option("--market", help="recorded:DIR or simulated[:SEED].")
    ] = "simulated",
    size: opt.SIZE = None,
    port: PORT = 0,
    now: opt.NOW = None,
    scale: SCALE = 1.0,
    faults: FAULTS = None,
    debug: opt.DEBUG = False,
) -> None:
    """Serve a market on loopback as the sources would; prints where each host is answered.

    Example: liqledger replica --market simulated:7 --size small --port 8080
    """
    named(market)
    command = [sys.executable, "-m", "replica", "--market", market, "--port", str(port)]
    command += ["--size", size or "full", "--scale", f"{scale:g}"]
    command += ["--now", now.isoformat()] if now else []
    command += ["--faults", str(faults)] if faults else []
    raise typer.Exit(subprocess.run(command, check=False).returncode)
