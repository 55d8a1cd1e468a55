"""Binance's archive: zipped CSV, with and without a header, whole and broken."""

import io
import zipfile
from decimal import Decimal

import polars as pl
import pytest

from pipelines.normalise.eras import Refused

METRICS = "2026-11-10 00:05:00,BTCUSDT,75375.617,3248828883.71,1.21,1.11,2.01,0.9"


def zipped(*members, **more):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **more) as archive:
        for name, text in members:
            archive.writestr(name, text)
    return buffer.getvalue()


def test_old_files_have_no_header_and_lose_no_row(bench):
    question = bench.payload("binance", "bulk_metrics")[0]
    without = bench.told("binance", "bulk_metrics", question.body[1:], table="open_interest")
    with_header = bench.of("binance", "bulk_metrics", table="open_interest")
    assert without.rows.drop("answer").equals(with_header.rows.drop("answer"))
    assert with_header.rows["open_interest_coins"].to_list() == [
        Decimal("75375.617"),
        Decimal("75376.001"),
    ]


def test_an_empty_cell_of_a_ratio_is_no_row(bench):
    rows = bench.of("binance", "bulk_metrics", table="long_short_ratios").rows
    assert rows.group_by("who").len().sort("who").rows() == [
        ("all_accounts", 2),
        ("top_accounts", 2),
        ("top_positions", 1),
    ]


def test_a_file_that_is_not_there_has_no_rows_and_is_no_fault(bench):
    for body in (b"", b"<Error><Code>NoSuchKey</Code></Error>"):
        told = bench.told("binance", "bulk_metrics", body, status=404)
        assert told.rows.is_empty()
        assert told.refused.is_empty()


def test_a_check_sum_is_evidence_and_has_no_rows(bench):
    address = bench.payload("binance", "bulk_metrics")[0].address + ".CHECKSUM"
    told = bench.told("binance", "bulk_metrics", b"ab  x.zip\n", address=address)
    assert told.rows.is_empty()
    assert told.refused.is_empty()


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"",
        zipped(),
        zipped(("a.csv", METRICS), ("b.csv", METRICS)),
        zipped(("a.csv", b"\xff\xfe")),
        zipped(("a.csv", METRICS))[:-30],
    ],
)
def test_what_is_no_archive_of_one_csv_is_one_refused_row(bench, body):
    told = bench.told("binance", "bulk_metrics", body, table="open_interest")
    assert told.rows.is_empty()
    assert told.refused.height == 1


def test_a_line_that_is_cut_off_is_refused_and_the_others_stand(bench, reasons):
    told = bench.told("binance", "bulk_metrics", [METRICS, METRICS[:50]], table="open_interest")
    assert told.rows.height == 1
    assert reasons(told) == ["a line of fewer than 7 cells"]


def test_a_line_with_a_cell_too_many_is_refused_since_its_cells_stand_under_other_names(
    bench, reasons
):
    told = bench.told("binance", "bulk_metrics", [METRICS, "1," + METRICS], table="open_interest")
    assert told.rows.height == 1
    assert reasons(told) == [f"a line that has not {METRICS.count(',') + 1} cells"]


def test_a_bent_archive_is_refused_or_gives_what_it_held(bench):
    """Every bit of a small archive, one at a time: its own CRC finds what is in the data."""
    era = bench.reader("binance", "bulk_metrics", "open_interest").eras[0]
    page = bench.pages([bench.payload("binance", "bulk_metrics")[0]])[0]
    sound = list(era.unpack(page))
    for at in range(len(page.body) * 8):
        bent = bytearray(page.body)
        bent[at // 8] ^= 1 << at % 8
        told = list(era.unpack(type(page)(**fields(page) | {"body": bytes(bent)})))
        assert told == sound or any(isinstance(row, Refused) for row in told)


def fields(page):
    return {name: getattr(page, name) for name in type(page).__slots__}


def test_funding_says_its_own_interval(bench):
    rows = bench.of("binance", "bulk_funding").rows.sort("time")
    assert rows["interval_s"].to_list() == [28_800, 28_800]
    assert rows["funding_rate"].to_list() == [Decimal("0.0001"), Decimal("-0.00002")]
    assert rows["time"].dt.strftime("%H:%M:%S.%3f").to_list() == ["00:00:00.000", "08:00:00.000"]


def test_microseconds_are_no_time_of_the_futures_archive(bench, reasons):
    line = bench.payload("binance", "bulk_klines")[0].body[0]
    micro = line.replace("1794268800000,", "1794268800000000,")
    told = bench.told("binance", "bulk_klines", [line, micro])
    assert told.rows.height == 1
    assert reasons(told) == ["no time that can be read"]


def test_the_symbol_of_a_candle_file_is_in_its_name(bench):
    rows = bench.of("binance", "bulk_klines").rows
    assert set(rows["instrument_id"]) == {"binance:BTCUSDT"}
    assert rows.select(pl.col("turnover_usd")).row(0) == (Decimal("1125000.25"),)


def test_a_file_of_minutes_is_read_as_minutes_and_one_of_days_refused(bench):
    first = bench.payload("binance", "bulk_klines")[0]
    line = first.body[0]
    minutes = first.address.replace("/1h/", "/1m/")
    told = bench.told("binance", "bulk_klines", [line], address=minutes)
    assert told.rows["interval_s"].to_list() == [60]
    days = bench.told(
        "binance", "bulk_klines", [line], address=first.address.replace("/1h/", "/1d/")
    )
    assert days.rows.is_empty()
    assert days.refused["reason"].to_list() == ["unknown interval '1d'"]
