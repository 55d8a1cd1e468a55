"""The collector over a cascade that does not end: frames lost, memory, processor.

    python -m bench.soak [--minutes 60] [--rate 2000]

The replica sends so many frames a second on Binance's socket; the collector listens in this
process, over a turn of the hour, so that half of what it heard is closed while it goes on. Printed
are frames sent and kept, memory at the beginning and the end, and the share of one core.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import psutil

from pipelines.clock import Clock, instant
from pipelines.extract.catalogue import STREAMS
from pipelines.extract.listening.collector import Collector, Place
from pipelines.extract.streams import Sound

STREAM = "binance/force_orders"
SAMPLE_S = 10.0
WARM_SHARE = 0.1  # of the run, before memory is compared
MIB = 1 << 20


@dataclass(slots=True)
class Memory:
    """Resident memory of this process over time: (seconds, MiB)."""

    samples: list[tuple[float, float]] = field(default_factory=list)

    def take(self, begun: float) -> None:
        self.samples.append((time.monotonic() - begun, psutil.Process().memory_info().rss / MIB))

    def slope_mib_an_hour(self) -> float:
        """Of the straight line through the samples after the warm-up, by least squares."""
        held = self.samples[int(len(self.samples) * WARM_SHARE) :]
        frame = pl.DataFrame(held, schema=["s", "mib"], orient="row")
        slope = frame.select(pl.cov("s", "mib") / pl.col("s").var()).item()
        return float(slope or 0.0) * 3600


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=2000.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liqledger-soak-") as folder:
        return _soak(given.minutes * 60, given.rate, Path(folder))


def _soak(seconds: float, rate: float, folder: Path) -> int:
    words = ("--market", "simulated:7", "--size", "small", "--until-stdin-closes")
    # the hour turns when half of the time is over
    start = f"2026-11-18T05:{max(59 - int(seconds / 120), 0):02}:00Z"
    command = (sys.executable, "-m", "replica", *words, "--flood", f"{rate:g}", "--now", start)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        ready = json.loads(process.stdout.readline())
        try:
            told = asyncio.run(_listened(ready, folder, seconds))
        finally:
            process.stdin.close()
    print(told)
    return 0


async def _listened(ready: dict[str, object], folder: Path, seconds: float) -> str:
    stream, own = STREAMS[STREAM], f"http://127.0.0.1:{ready['port']}/_replica/sockets"
    sockets = ready["sockets"]
    assert isinstance(sockets, dict)
    place = Place(stream, sockets[stream.host] + stream.path)
    clock = Clock(instant(str(ready["now"])))
    collector = Collector(folder, "soak", [place], clock, print)
    stop, memory, begun = asyncio.Event(), Memory(), time.monotonic()
    task = asyncio.create_task(collector.collect(stop))
    while time.monotonic() - begun < seconds and not task.done():
        await asyncio.sleep(min(SAMPLE_S, seconds / 20))
        memory.take(begun)
    took_s = time.monotonic() - begun
    used_s = sum(psutil.Process().cpu_times()[:2])
    await asyncio.to_thread(_quiet, own, stream.source)
    await asyncio.sleep(2.0)  # what is on its way arrives
    stop.set()
    await task
    sent = json.loads(urllib.request.urlopen(own).read())
    closing_s = sum(psutil.Process().cpu_times()[2:4])
    return _told(memory, folder, sum(sent.values()), took_s, used_s, closing_s)


def _quiet(own: str, source: str) -> None:
    """Let the replica send nothing more, so that what it sent can be counted."""
    body = json.dumps({"deaf": [source]}).encode()
    urllib.request.urlopen(urllib.request.Request(own, body, method="POST")).read()


def _told(
    memory: Memory, folder: Path, sent: int, took_s: float, used_s: float, closing_s: float
) -> str:
    files = sorted(folder.rglob("*.parquet"))
    kept = sum(
        pl.scan_parquet(path)
        .filter(pl.col("kind") == Sound.EVENT.value)
        .select(pl.len())
        .collect()
        .item()
        for path in files
    )
    first, last = memory.samples[int(len(memory.samples) * WARM_SHARE)][1], memory.samples[-1][1]
    lines = (
        f"{took_s / 60:.1f} minutes, {sent:,} frames sent ({sent / took_s:,.0f} a second)",
        f"kept {kept:,}, lost {sent - kept:,}, in {len(files)} segments "
        f"of {sum(path.stat().st_size for path in files) / MIB:,.0f} MiB",
        f"memory {first:.0f} MiB after the warm-up, {last:.0f} MiB at the end, "
        f"slope {memory.slope_mib_an_hour():+.1f} MiB an hour",
        f"processor {used_s / took_s:.0%} of one core listening; "
        f"{closing_s:.0f} s more in processes that closed segments",
    )
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
