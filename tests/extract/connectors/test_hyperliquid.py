"""Hyperliquid: posted questions and what they weigh, and hours of node fills that were fetched."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipelines.extract import hour_files
from pipelines.extract.catalogue import CATALOGUE
from pipelines.extract.connectors.hyperliquid import classify, listed
from pipelines.extract.errors import (
    NotAnAnswer,
    OurRequest,
    ServerFault,
    SourceError,
    TooManyRequests,
    Unreachable,
)

Make = Callable[..., Any]
HOUR_MS = 3_600_000
DAY = date(2026, 11, 10)
T0 = 1_794_268_800_000
FORCED = b'["0x1",{"coin":"BTC","liquidation":{"liquidatedUser":"0x1"}}]'
ORDINARY = b'["0x2",{"coin":"BTC"}]'


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (422, b"Failed to deserialize the JSON body into the target type", OurRequest),
        (429, b"null", TooManyRequests),
        (500, b"null", ServerFault),
        (200, b'{"status": "err", "response": "no"}', OurRequest),
        (200, b'{"universe": []}', NotAnAnswer),
    ],
)
def test_each_refusal_is_told_from_the_others(
    status: int, body: bytes, kind: type[SourceError]
) -> None:
    assert type(classify(status, {}, body)) is kind


def test_the_words_of_a_refusal_are_told_on() -> None:
    assert "deserialize" in str(classify(422, {}, b"Failed to deserialize"))


def test_every_market_is_listed_delisted_ones_too() -> None:
    body = json.dumps([{"universe": [{"name": "ETH"}, {"name": "kPEPE", "isDelisted": True}]}, []])
    assert listed([body.encode()]) == ("ETH", "kPEPE")


def test_markets_that_are_no_pair_of_lists_are_no_answer(asker: Make) -> None:
    with pytest.raises(NotAnAnswer):
        asker("hyperliquid")("instruments", lambda path, params: [[], []], DAY, DAY)


def _rates(path: str, params: Any) -> object:
    start, end = int(params["startTime"]), int(params["endTime"])
    first = -(-(start - 31) // HOUR_MS)
    times = [n * HOUR_MS + 31 for n in range(first, end // HOUR_MS + 1)]
    return [{"time": ms} for ms in times if start <= ms <= end][:500]


def test_rates_are_read_on_from_the_last_one(asker: Make) -> None:
    ask = asker("hyperliquid")
    answers = ask("funding", _rates, date(2026, 9, 1), date(2026, 9, 30), ["BTC"])
    assert [len(json.loads(one.body)) for one in answers] == [500, 220]
    assert ask.params[0]["type"] == "fundingHistory"
    assert ask.params[0]["coin"] == "BTC"
    assert {one.method for one in answers} == {"POST"}
    assert [cost["weight"] for cost in ask.door.costs] == [45, 45]


def test_rates_that_do_not_go_on_are_stopped(asker: Make) -> None:
    rows = [{"time": T0 + n} for n in range(500)]
    with pytest.raises(NotAnAnswer, match="a page came twice"):
        asker("hyperliquid")("funding", lambda path, params: rows, DAY, DAY, ["BTC"])


def test_candles_of_one_day_weigh_less_than_all_that_are_kept(asker: Make) -> None:
    ask = asker("hyperliquid")
    ask("candles", lambda path, params: [], DAY, DAY, ["BTC"])
    assert ask.params == [
        {"type": "candleSnapshot", "coin": "BTC", "interval": "1h"}
        | {"startTime": str(T0), "endTime": str(T0 + 24 * HOUR_MS - 1)}
    ]
    ask_all = asker("hyperliquid")
    ask_all("candles", lambda path, params: [], date(2026, 4, 25), DAY, ["BTC"])
    assert (ask.door.costs, ask_all.door.costs) == ([{"weight": 21}], [{"weight": 100}])


def test_candles_reach_back_five_thousand_hours() -> None:
    candles = CATALOGUE["hyperliquid/candles"]
    late = datetime(2026, 11, 10, 23, 59, tzinfo=UTC)
    assert candles.gives(date(2026, 4, 17), late)
    assert not candles.gives(date(2026, 4, 16), late)


def write(captures: Path, name: str, data: bytes, day: str = "20261110") -> Path:
    path = captures / "hyperliquid" / "node_fills" / "hourly" / day / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def lz4(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "lz4") as packed:
        packed.write(data)
    return bytes(sink.getvalue())


def told_of(answer: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.body.splitlines()]


def frames_of(answer: Any) -> list[str]:
    return [line["frame"] for line in told_of(answer) if "frame" in line]


def read(asker: Make, captures: Path, day: date = DAY) -> list[Any]:
    ask = asker("hyperliquid")
    return ask("node_fills", lambda path, params: None, day, day, captures=captures)


LINES = ORDINARY + b"\n" + FORCED + b"\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [("05", LINES), ("05.gz", gzip.compress(LINES, mtime=0)), ("5.lz4", lz4(LINES))],
)
def test_an_hour_is_read_in_any_packing_and_only_forced_fills_are_kept(
    asker: Make, tmp_path: Path, name: str, data: bytes
) -> None:
    write(tmp_path, name, data)
    (answer,) = read(asker, tmp_path)
    assert frames_of(answer) == [FORCED.decode()]
    assert (answer.page, answer.first_day, answer.last_day) == (5, DAY, DAY)
    assert answer.address == f"captures/hyperliquid/node_fills/hourly/20261110/{name}"


def test_an_hour_that_is_there_vouches_for_its_sixty_minutes(asker: Make, tmp_path: Path) -> None:
    write(tmp_path, "05", ORDINARY)
    (answer,) = read(asker, tmp_path)
    alive = [line["received_at"] for line in told_of(answer) if line.get("alive")]
    assert alive == [f"2026-11-10T05:{minute:02d}:00.000Z" for minute in range(60)]


def test_hours_that_were_not_fetched_are_not_answered(asker: Make, tmp_path: Path) -> None:
    write(tmp_path, "00.lz4", lz4(LINES))
    write(tmp_path, "23.lz4", lz4(LINES))
    assert [answer.page for answer in read(asker, tmp_path)] == [0, 23]
    assert read(asker, tmp_path, date(2026, 11, 11)) == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("05.lz4", lz4(LINES * 1000)[:-9]),
        ("05.lz4", b"no frame at all"),
        ("05.gz", gzip.compress(LINES, mtime=0)[:-9]),
        ("05.gz", b"no gzip"),
    ],
)
def test_a_file_that_was_cut_or_damaged_is_no_answer(
    asker: Make, tmp_path: Path, name: str, data: bytes
) -> None:
    write(tmp_path, name, data)
    with pytest.raises(Unreachable, match="cannot be read"):
        read(asker, tmp_path)


def test_two_files_of_one_hour_must_agree(asker: Make, tmp_path: Path) -> None:
    write(tmp_path, "05", LINES)
    write(tmp_path, "05.lz4", lz4(LINES))
    assert len(read(asker, tmp_path)) == 1
    write(tmp_path, "05.lz4", lz4(LINES + FORCED))
    with pytest.raises(NotAnAnswer, match="different lines"):
        read(asker, tmp_path)


def test_what_inflates_beyond_belief_is_not_read(asker: Make, tmp_path: Path) -> None:
    write(tmp_path, "05.gz", gzip.compress(b"\n" * (8 << 20)))
    with pytest.raises(NotAnAnswer, match="beyond belief"):
        read(asker, tmp_path)


def test_limits_hold_for_a_file_a_line_and_what_is_kept(
    asker: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "05", LINES)
    for name, words in (("HOUR_BYTES", "larger"), ("KEPT_BYTES", "interest")):
        with monkeypatch.context() as patched:
            patched.setattr(hour_files, name, 30)
            with pytest.raises(NotAnAnswer, match=words):
                read(asker, tmp_path)
    write(tmp_path, "05", b"x" * 100)
    monkeypatch.setattr(hour_files, "LINE_BYTES", 99)
    with pytest.raises(NotAnAnswer, match="a line is longer"):
        read(asker, tmp_path)


def test_bytes_that_are_no_text_are_kept_for_a_reader_to_refuse(
    asker: Make, tmp_path: Path
) -> None:
    write(tmp_path, "05", FORCED[:-1] + b"\xff]")
    (answer,) = read(asker, tmp_path)
    assert any("packed" in line for line in told_of(answer))
