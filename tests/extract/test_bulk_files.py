"""Binance's archive: which file is asked for when, and what its check sum must say."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote

import pytest

from pipelines.extract.bulk_files import a_day_is_out, a_month_is_out
from pipelines.extract.errors import NotAnAnswer

Make = Callable[..., Any]
FOLDER = "/data/futures/um"


def _sum_of(body: bytes, path: str) -> bytes:
    name = unquote(path.rpartition("/")[2].removesuffix(".CHECKSUM"))
    return f"{hashlib.sha256(body).hexdigest()}  {name}\n".encode()


def _files(path: str, params: Any) -> object:
    body = path.removesuffix(".CHECKSUM").encode()
    return _sum_of(body, path) if path.endswith(".CHECKSUM") else body


def test_a_file_and_its_check_sum_are_two_answers_of_one_day(asker: Make) -> None:
    ask = asker("binance")
    answers = ask("bulk_metrics", _files, date(2025, 11, 2), date(2025, 11, 3), ["BTCUSDT"])
    name = f"{FOLDER}/daily/metrics/BTCUSDT/BTCUSDT-metrics-2025-11-02.zip"
    assert [path for path, _ in ask.door.asked[:2]] == [name, f"{name}.CHECKSUM"]
    assert [(a.first_day, a.last_day) for a in answers] == [
        (date(2025, 11, day),) * 2 for day in (2, 2, 3, 3)
    ]
    assert answers[0].address == f"https://data.binance.vision{name}"


def test_a_missing_file_is_an_answer(asker: Make) -> None:
    ask, day = asker("binance"), date(2025, 11, 2)
    (answer,) = ask("bulk_metrics", lambda path, params: None, day, day, ["BTCUSDT"])
    assert answer.status == 404
    assert len(ask.door.asked) == 1


def test_a_file_that_was_replaced_meanwhile_is_asked_for_again(asker: Make) -> None:
    bodies = iter([b"old", b"new"])
    asked_day = date(2025, 11, 2)

    def files(path: str, params: Any) -> object:
        return _sum_of(b"new", path) if path.endswith(".CHECKSUM") else next(bodies)

    answers = asker("binance")("bulk_metrics", files, asked_day, asked_day, ["BTCUSDT"])
    assert answers[0].body == b"new"


@pytest.mark.parametrize(
    "check",
    [b"", b"0" * 64, b"0" * 64 + b"  BTCUSDT-metrics-2025-11-03.zip", b"\xff\xfe", None],
)
def test_a_check_sum_that_does_not_vouch_leaves_the_other_days(
    asker: Make, check: bytes | None
) -> None:
    def files(path: str, params: Any) -> object:
        return check if "2025-11-03.zip.CHECKSUM" in path else _files(path, params)

    answers = asker("binance").lazily(
        "bulk_metrics", files, date(2025, 11, 2), date(2025, 11, 4), ["BTCUSDT"]
    )
    kept: list[int] = []
    with pytest.raises(NotAnAnswer, match=r"check sum .*BTCUSDT-metrics-2025-11-03\.zip"):
        kept.extend(answer.first_day.day for answer in answers)
    assert kept == [2, 2, 4, 4]


def test_the_right_sum_of_another_file_does_not_vouch(asker: Make) -> None:
    def files(path: str, params: Any) -> object:
        body = b"the same"
        return _sum_of(body, "other.zip") if path.endswith(".CHECKSUM") else body

    day = date(2025, 11, 2)
    with pytest.raises(NotAnAnswer):
        asker("binance")("bulk_metrics", files, day, day, ["BTCUSDT"])


def test_funding_comes_by_the_month(asker: Make) -> None:
    ask = asker("binance")
    answers = ask("bulk_funding", _files, date(2025, 9, 28), date(2025, 10, 3), ["BTCUSDT"])
    assert [path for path, _ in ask.door.asked][::2] == [
        f"{FOLDER}/monthly/fundingRate/BTCUSDT/BTCUSDT-fundingRate-2025-{month}.zip"
        for month in ("09", "10")
    ]
    assert (answers[0].first_day, answers[0].last_day) == (date(2025, 9, 1), date(2025, 9, 30))


def test_candles_come_by_the_month_where_it_is_whole_and_by_the_day_elsewhere(
    asker: Make,
) -> None:
    ask = asker("binance")
    ask("bulk_klines", _files, date(2025, 1, 31), date(2025, 3, 2), ["BTCUSDT"])
    assert [path.removeprefix(FOLDER) for path, _ in ask.door.asked][::2] == [
        "/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2025-02.zip",
        "/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2025-01-31.zip",
        "/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2025-03-01.zip",
        "/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2025-03-02.zip",
    ]


def test_what_is_not_out_yet_is_not_asked_for(asker: Make) -> None:
    ask = asker("binance")
    now = datetime(2026, 11, 18, 6, tzinfo=UTC)
    ask("bulk_metrics", _files, date(2026, 11, 15), date(2026, 11, 18), ["BTCUSDT"], now=now)
    assert [path[-14:-4] for path, _ in ask.door.asked][::2] == ["2026-11-15", "2026-11-16"]


def test_files_are_out_when_the_archive_says() -> None:
    noon = datetime(2026, 11, 3, 12, tzinfo=UTC)
    assert a_day_is_out(date(2026, 11, 1), noon)
    assert not a_day_is_out(date(2026, 11, 2), noon)
    assert a_month_is_out(date(2026, 10, 5), noon)  # 2026-11-02 was the first Monday
    assert not a_month_is_out(date(2026, 10, 5), datetime(2026, 11, 2, 12, tzinfo=UTC))
    assert not a_month_is_out(date(2026, 11, 1), noon)


def test_a_symbol_in_any_script_is_one_step_of_the_path(asker: Make) -> None:
    ask, day = asker("binance"), date(2025, 11, 2)
    ask("bulk_metrics", _files, day, day, ["币安USDT", "../evil"])
    paths = [path for path, _ in ask.door.asked][::2]
    assert paths[0].count("/") == paths[1].count("/") == 7
    assert "%E5%B8%81" in paths[0]
