"""The collector against real sockets: heard whole, found dead, killed, starved, doubled."""

import asyncio
import json
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.clock import Clock, instant
from pipelines.extract.catalogue import STREAMS
from pipelines.extract.listening.collector import BadNameError, Collector, Place
from pipelines.extract.listening.feed import Feed

BINANCE = "binance/force_orders"


def events(folder: Path) -> pl.DataFrame:
    rows = pl.concat([pl.read_parquet(path) for path in sorted(folder.rglob("*.parquet"))])
    return rows.filter(pl.col("kind") == "event")


def written(folder: Path) -> int:
    """Bytes of the journals, none of one that is closed while it is looked at."""
    found = 0
    for path in folder.rglob("*.journal"):
        with suppress(FileNotFoundError):
            found += path.stat().st_size
    return found


def test_everything_that_was_sent_is_kept_and_closed_when_it_is_told_to_stop(
    flooded: Any, listen: Any, wait: Any
) -> None:
    before = flooded.sent()
    listener = listen(flooded)
    wait(lambda: flooded.sent() - before > 400)
    flooded.manners(deaf=["binance"])
    sent = flooded.sent() - before
    time.sleep(0.3)  # what is on its way arrives
    listener.process.send_signal(signal.SIGTERM)
    assert listener.process.wait(20) == 0
    flooded.manners(deaf=[])
    assert listener.kinds()["event"] == sent
    assert not list(listener.folder.rglob("*.journal"))


def test_a_kill_loses_less_than_a_second_of_frames(flooded: Any, listen: Any, wait: Any) -> None:
    before = flooded.sent()
    listener = listen(flooded)
    wait(lambda: flooded.sent() - before > 600)
    sent = flooded.sent() - before
    listener.process.kill()
    listener.process.wait(10)
    kept = listener.kinds()["event"]
    assert sent - kept <= 300
    again = listen(flooded, folder=listener.folder)
    held = written(listener.folder)  # what is sent to nobody counts as sent: look at the disk
    wait(lambda: written(listener.folder) > held + 10_000)
    again.process.send_signal(signal.SIGINT)
    assert again.process.wait(20) == 0
    assert again.kinds()["event"] > kept  # nothing of the old hour, nothing of the new is lost


def test_a_full_disk_stops_it_with_one_line_and_the_archive_is_whole(
    flooded: Any, listen: Any
) -> None:
    listener = listen(flooded, most_bytes=100_000)
    _, told = listener.process.communicate(timeout=30)
    assert listener.process.returncode == 1
    assert told.splitlines() == [told.strip()]
    assert "NotWrittenError" in told
    assert "too large" in told.lower() or "no space" in told.lower()
    (journal,) = listener.folder.rglob("*.journal")
    body = journal.read_bytes()
    assert body.endswith(b"\n")
    assert all(json.loads(line) for line in body.splitlines())


def test_two_collectors_keep_archives_that_can_stand_in_one_folder(
    flooded: Any, listen: Any, wait: Any, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    both = [listen(flooded, name, shared) for name in ("one", "two")]
    before = flooded.sent()
    wait(lambda: flooded.sent() - before > 300)
    for listener in both:
        listener.process.send_signal(signal.SIGTERM)
    assert [listener.process.wait(20) for listener in both] == [0, 0]
    names = {path.name.split(".")[1] for path in shared.rglob("*.parquet")}
    assert names == {"one", "two"}
    sessions = events(shared)["session"].unique().sort().to_list()
    assert [session.split(".")[0] for session in sessions] == ["one", "two"]


def collected(
    sockets: Any, folder: Path, seconds: float, path: str, **more: Any
) -> tuple[Feed, list[str]]:
    """What a collector in this process heard of Binance in so long, and what it told."""
    told: list[str] = []
    place = Place(STREAMS[BINANCE], sockets.base("fstream.binance.com") + path)
    clock = Clock(instant(sockets.ready["now"]))
    made = Collector(folder, "one", [place], clock, told.append, first_pause_s=0.05, **more)

    async def run() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(seconds, stop.set)
        await made.collect(stop)

    asyncio.run(run())
    return made.feeds[BINANCE], told


def test_a_path_that_acknowledges_and_delivers_nothing_is_found_dead(
    flooded: Any, tmp_path: Path
) -> None:
    feed, told = collected(flooded, tmp_path, 1.5, "/ws/!forceOrder@arr", quiet_s=0.4)
    assert any("no sign of life" in line for line in told)
    assert (feed.told.events, feed.told.minutes) == (0, 0)
    assert feed.told.openings >= 2


def test_a_usual_silence_of_two_minutes_is_never_waited_for() -> None:
    assert all(stream.quiet_s * 1.25 <= 120 for stream in STREAMS.values())


def test_a_connection_that_breaks_off_is_opened_and_subscribed_again(
    speak: Any, tmp_path: Path
) -> None:
    with speak() as sockets:
        sockets.manners(drop=["binance"])
        feed, told = collected(sockets, tmp_path, 3.5, STREAMS[BINANCE].path)
        assert feed.told.openings == 2
        assert any("opening again" in line for line in told)
        rows = pl.concat([pl.read_parquet(path) for path in tmp_path.rglob("*.parquet")])
        assert rows.filter(pl.col("kind") == "life")["session"].n_unique() == 1


@pytest.mark.parametrize("name", ["", "a b", "../up", "a" * 50, "-x"])
def test_a_name_that_cannot_be_part_of_a_file_s_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadNameError, match="letters, digits and hyphens"):
        Collector(tmp_path, name, [], Clock())
