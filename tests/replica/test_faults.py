"""What can be made to go wrong goes wrong, as often as it was told to and no more."""

import json
import time
import zlib
from typing import Any

import pytest
import requests

COINGLASS = "open-api-v4.coinglass.com"
LIQUIDATION = "/api/futures/liquidation/aggregated-history"
BTC: dict[str, Any] = {
    "symbol": "BTC",
    "interval": "1h",
    "exchange_list": "Binance",
    "limit": 24,
}
MONDAY = 1794182400000


def _rule(kind: str, **more: object) -> dict[str, object]:
    return {"host": COINGLASS, "path": "aggregated-history", "kind": kind, **more}


def _ask(served: Any, **more: object) -> requests.Response:
    answer: requests.Response = served.get(COINGLASS, LIQUIDATION, **BTC, **more)
    return answer


def test_a_busy_source_says_when_to_come_back(faulty: Any) -> None:
    faulty.faults(_rule("429", times=2, retry_after="0.05"))
    statuses = [_ask(faulty).status_code for _ in range(3)]
    assert statuses == [429, 429, 200]
    faulty.faults(_rule("429", retry_after=3))
    assert _ask(faulty).headers["Retry-After"] == "3"


def test_a_fault_waits_for_its_turn_and_leaves_other_paths_alone(faulty: Any) -> None:
    faulty.faults(_rule("500", after=1, times=1))
    assert faulty.get(COINGLASS, "/api/futures/supported-coins").status_code == 200
    assert [_ask(faulty).status_code for _ in range(3)] == [200, 500, 200]


def test_a_slow_source_drips(faulty: Any) -> None:
    quick = len(_ask(faulty).content)
    faulty.faults(_rule("slow", bytes_per_second=quick * 5))
    before = time.perf_counter()
    assert len(_ask(faulty).content) == quick
    assert time.perf_counter() - before > 0.1


def test_a_stalled_source_goes_silent_half_way(faulty: Any) -> None:
    faulty.faults(_rule("stall", seconds=20))
    url = f"{faulty.base}/{COINGLASS}{LIQUIDATION}"
    with pytest.raises(requests.RequestException):
        requests.get(url, params=BTC, headers={"CG-API-KEY": "k"}, timeout=0.2)


def test_a_cut_body_with_its_length_is_noticed(faulty: Any) -> None:
    faulty.faults(_rule("cut"))
    with pytest.raises(requests.RequestException):
        _ask(faulty)


def test_a_cut_body_without_a_length_is_not(faulty: Any) -> None:
    faulty.faults(_rule("cut", length=False))
    answer = _ask(faulty)
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)


def test_half_a_gzip_body_comes_with_status_200(faulty: Any) -> None:
    whole = _ask(faulty).content
    faulty.faults(_rule("cut_gzip"))
    answer = _ask(faulty)
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) < len(whole)


def test_a_small_body_swells_a_thousandfold(faulty: Any) -> None:
    faulty.faults(_rule("gzip_bomb", megabytes=64))
    url = f"{faulty.base}/{COINGLASS}{LIQUIDATION}"
    with requests.get(
        url, params=BTC, headers={"CG-API-KEY": "k"}, stream=True, timeout=10
    ) as answer:
        packed = answer.raw.read(decode_content=False)
    assert len(packed) < 100_000
    swollen, rest = 0, packed
    while rest:
        inflater = zlib.decompressobj(31)
        swollen += len(inflater.decompress(rest))
        rest = inflater.unused_data
    assert swollen == 64 * 1024 * 1024


def test_an_html_page_comes_with_status_200(faulty: Any) -> None:
    faulty.faults(_rule("html200"))
    answer = _ask(faulty)
    assert answer.status_code == 200
    assert answer.text.startswith("<!DOCTYPE html>")


def test_an_error_body_comes_with_status_200(faulty: Any) -> None:
    body = '{"code":"400","msg":"Too Many Requests"}'
    faulty.faults(_rule("error200", body=body))
    answer = _ask(faulty)
    assert (answer.status_code, answer.text) == (200, body)


def test_a_redirect_leads_to_another_host_that_notes_the_keys(faulty: Any) -> None:
    faulty.faults(_rule("redirect"))
    answer = _ask(faulty)
    assert answer.status_code == 302
    to = answer.headers["Location"]
    assert to.startswith("http://localhost:")
    assert faulty.own("strays") == []
    requests.get(to, headers={"CG-API-KEY": "k"}, timeout=5)
    assert "cg-api-key" in faulty.own("strays")[-1]


def test_a_row_comes_on_two_pages(faulty: Any) -> None:
    faulty.faults(_rule("repeat_row"))
    first = _ask(faulty, start_time=MONDAY).json()["data"]
    after = first[-1]["time"] + 3_600_000
    second = _ask(faulty, start_time=after).json()["data"]
    assert second[0] == first[-1]
    assert second[1]["time"] == after


def test_an_hour_is_missing(faulty: Any) -> None:
    faulty.faults(_rule("missing_hour", hour="2026-11-09T03:00:00Z"))
    times = [row["time"] for row in _ask(faulty, start_time=MONDAY).json()["data"]]
    assert len(times) == 23
    assert MONDAY + 3 * 3_600_000 not in times


def test_a_bucket_is_restated_on_the_second_asking(faulty: Any) -> None:
    faulty.faults(_rule("restated"))
    first, second = (_ask(faulty, start_time=MONDAY).json()["data"] for _ in range(2))
    differing = [one for one, two in zip(first, second, strict=True) if one != two]
    assert len(differing) == 1


def test_a_key_comes_twice_in_a_row(faulty: Any) -> None:
    faulty.faults(_rule("duplicate_key"))
    text = _ask(faulty).text
    key = '"aggregated_short_liquidation_usd"'
    assert max(part.count(key) for part in text.split("}")) == 2


def test_a_value_is_not_a_number(faulty: Any) -> None:
    faulty.faults(_rule("nan"))
    text = _ask(faulty, start_time=MONDAY).text
    assert text.count("NaN") == 1


def test_nested_rows_can_be_malformed_too(faulty: Any) -> None:
    tape = "/api/history/v3/market/PF_XBTUSD/executions"
    for kind in ("duplicate_key", "nan"):
        faulty.faults({"host": "futures.kraken.com", "path": "executions", "kind": kind})
        text = faulty.get("futures.kraken.com", tape, count=3).text
        assert json.loads(text)["len"] == 3
    assert "NaN" in text


def test_a_rule_that_is_not_understood_is_refused(faulty: Any) -> None:
    for rule in (
        {"kind": "explode"},
        {"kind": "500", "path": "("},
        {"kind": "500", "times": "x"},
    ):
        answer = faulty.faults(rule)
        assert answer.status_code == 400
        assert "error" in answer.json()


def test_faults_can_be_given_at_the_start(start: Any, tmp_path: Any) -> None:
    file = tmp_path / "faults.json"
    file.write_text(json.dumps([{"host": "", "path": "coins", "kind": "500", "times": 1}]))
    words = ("--market", "simulated", "--size", "small", "--faults", str(file))
    with start(*words) as served:
        statuses = [
            served.get(COINGLASS, "/api/futures/supported-coins").status_code for _ in range(2)
        ]
    assert statuses == [500, 200]
