"""What is taken apart at once is what is taken apart row by row, to the letter, or it is not."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from pipelines.normalise.eras import Era, Refused
from pipelines.normalise.registry import READERS
from pipelines.raw import Page

CANDLES = (
    b"1779062400000,154.20,154.29,154.19,154.28,247.78,1779062459999,38,100,1.5,0,0\n"
    b"1779062460000,154.28,154.30,154.19,154.28,,1779062519999,38,100,1.5,0,0\n"
)
PUT = (b"", b'"', b"\\", b" ", b"0", b",", b"}", b"\n", b"\r", b"\x85", "é".encode(), b"\x1c")


def era_of(feed: str) -> Era:
    return next(r for r in READERS if f"{r.source}/{r.dataset}" == feed).eras[-1]


def page(body: bytes) -> Page:
    address = "https://data.binance.vision/data/futures/um/daily/klines/SOLUSDT/1m/SOLUSDT-1m.zip"
    day = date(2026, 5, 18)
    at = datetime(2026, 5, 19, tzinfo=UTC)
    return Page(0, "*", ("*",), day, day, address, {}, 200, at, "", body)


def zipped(text: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("SOLUSDT-1m.csv", text)
    return packed.getvalue()


def bent(text: bytes) -> Iterator[bytes]:
    """Each byte left out, doubled, or with another in its place."""
    for at in range(len(text)):
        yield text[:at] + text[at : at + 1] + text[at:]
        yield from (text[:at] + put + text[at + 1 :] for put in PUT)


def same_or_not_at_once(era: Era, one: Page) -> bool:
    """Whether it was taken apart at once; if so, as row by row."""
    assert era.at_once is not None
    if (whole := era.at_once(one)) is None:
        return False
    rows = list(era.unpack(one))
    assert not any(isinstance(row, Refused) for row in rows)
    assert whole.columns == list(era.columns)
    assert whole.rows() == rows
    return True


@pytest.mark.parametrize("header", [b"", b"open_time,o,h,l,c,v,close_time,q,n,t,u,i\n"])
def test_candles_of_a_file_are_taken_apart_at_once(header):
    assert same_or_not_at_once(era_of("binance/bulk_klines"), page(zipped(header + CANDLES)))


def test_a_file_with_a_bent_byte_is_read_alike_or_line_by_line():
    era = era_of("binance/bulk_klines")
    told = {same_or_not_at_once(era, page(zipped(one))) for one in bent(CANDLES)}
    assert told == {True, False}
