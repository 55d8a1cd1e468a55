"""Bytes of a stranger, gathered up to a limit; gzip undone in small steps, to its very end."""

import zlib
from collections.abc import Iterable
from io import BytesIO
from typing import Final

from pipelines.extract.errors import NotAnAnswer

_GZIP: Final = 31  # window bits of zlib: a gzip header and trailer are demanded
_STEP: Final = 1 << 20
_FRAME_BYTES: Final = 16 << 20
_MAGIC: Final = b"\x1f\x8b"  # how whatever is packed by gzip begins
_RATIO_FROM: Final = 1 << 20  # below this much output a high ratio harms nobody


def gathered(chunks: Iterable[bytes], limit: int) -> bytes:
    """All chunks. Raises NotAnAnswer beyond ``limit`` bytes."""
    kept = BytesIO()
    for chunk in chunks:
        kept.write(chunk)
        _check(kept.tell(), limit)
    return kept.getvalue()


def gunzipped(chunks: Iterable[bytes], limit: int, ratio: int) -> bytes:
    """All members inflated. Raises NotAnAnswer for a bomb, a cut body or a wrong check sum."""
    try:
        return _gunzipped(chunks, limit, ratio)
    except zlib.error:
        raise NotAnAnswer("its gzip body is damaged", retry=True) from None


def _gunzipped(chunks: Iterable[bytes], limit: int, ratio: int) -> bytes:
    kept, taken = BytesIO(), 0
    engine = zlib.decompressobj(_GZIP)
    for chunk in chunks:
        taken += len(chunk)
        while chunk:
            if engine.eof:
                engine = zlib.decompressobj(_GZIP)  # a gzip body may have several members
            kept.write(engine.decompress(chunk, _STEP))
            _check(kept.tell(), limit, taken * ratio)
            chunk = engine.unused_data if engine.eof else engine.unconsumed_tail
    while not engine.eof and (rest := engine.decompress(b"", _STEP)):
        kept.write(rest)
        _check(kept.tell(), limit, taken * ratio)
    if not engine.eof:
        raise NotAnAnswer("its gzip body is cut short", retry=True)
    return kept.getvalue()


def _check(size: int, limit: int, believable: int | None = None) -> None:
    if size > limit:
        raise NotAnAnswer(f"it is larger than {limit:,} bytes")
    if believable is not None and size > max(believable, _RATIO_FROM):
        raise NotAnAnswer("it inflates beyond belief")


def frame_undone(frame: bytes) -> bytes:
    """A frame of a socket, undone from gzip where it is packed. Raises ValueError, also for one
    that is larger than any frame should be.
    """
    if not frame.startswith(_MAGIC):
        return frame
    engine = zlib.decompressobj(_GZIP)
    try:
        undone = engine.decompress(frame, _FRAME_BYTES)
    except zlib.error:
        raise ValueError("its gzip is damaged") from None
    if not engine.eof or engine.unused_data:
        raise ValueError(
            "its gzip is cut short, goes on behind its end, or is larger than any frame"
        )
    return undone
