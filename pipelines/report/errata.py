"""Errata: editions that were found wrong, in ``reports/errata.toml`` beside them.

The file belongs to the data folder, because an edition does. An entry is added and never removed:
every later page of that week shows it, and the withdrawn page itself is marked.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import msgspec
from markupsafe import escape

from pipelines.files import write_bytes_whole
from pipelines.weeks import NotAWeekError, Week

LEDGER = "errata.toml"
HEAD = "# Editions that were withdrawn, by: liqledger withdraw. Entries are added, never removed.\n"


class ErrataError(ValueError):
    """The file of errata cannot be read, or an entry of it says what cannot be."""


class Erratum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``edition`` of ``week`` is withdrawn; pages from edition ``since`` on say so.

    ``keys`` are the numbers that were wrong; none means the whole page.
    """

    week: str
    edition: int
    since: int
    on: date
    why: str
    keys: tuple[str, ...] = ()


class _Ledger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    erratum: tuple[Erratum, ...] = ()


def read(folder: Path, week: Week | None = None) -> tuple[Erratum, ...]:
    """The errata beside the editions in ``folder``, of one week or of all, in their order.

    Raises ErrataError, which names the entry.
    """
    try:
        told = msgspec.toml.decode((folder / LEDGER).read_bytes(), type=_Ledger).erratum
    except FileNotFoundError:
        return ()
    except msgspec.MsgspecError as error:
        raise ErrataError(f"{folder / LEDGER} cannot be read: {error}") from None
    for place, one in enumerate(told, 1):
        if wrong := _wrong(one):
            raise ErrataError(f"{folder / LEDGER}, entry {place}: {wrong}")
    return tuple(one for one in told if week is None or one.week == week.name)


def _wrong(one: Erratum) -> str:
    try:
        Week.parse(one.week)
    except NotAWeekError as error:
        return str(error)
    if not 1 <= one.edition < one.since:
        return f"edition {one.edition} cannot be withdrawn from edition {one.since} on"
    return "" if one.why.strip() else "it does not say why"


def add(folder: Path, erratum: Erratum) -> None:
    """Write one more entry, whole or not at all. Raises ErrataError where it could not be read."""
    if wrong := _wrong(erratum):
        raise ErrataError(wrong)
    place = folder / LEDGER
    before = place.read_text("utf-8") if place.exists() else HEAD
    write_bytes_whole(place, f"{before.rstrip()}\n\n{_entry(erratum)}".encode())


def _entry(one: Erratum) -> str:
    """In TOML: its texts may be written as JSON writes them."""
    lines = ["[[erratum]]", f"week = {_text(one.week)}", f"edition = {one.edition}"]
    lines += [f"since = {one.since}", f"on = {one.on.isoformat()}", f"why = {_text(one.why)}"]
    lines += [f"keys = [{', '.join(map(_text, one.keys))}]"] if one.keys else []
    return "\n".join(lines) + "\n"


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def of_edition(errata: Iterable[Erratum], number: int) -> tuple[Erratum, ...]:
    """Those by which that edition itself is withdrawn."""
    return tuple(one for one in errata if one.edition == number)


def on_page(errata: Iterable[Erratum], number: int) -> tuple[Erratum, ...]:
    """Those that stand at the top of that edition: about earlier ones, entered before it."""
    return tuple(one for one in errata if one.since <= number)


BEGIN, END = "<!-- withdrawn -->", "<!-- end withdrawn -->"
_MARK = re.compile(rf"{BEGIN}.*?{END}\n".encode(), re.DOTALL)
_MARKED = ("index.html", "report.md")


def marked(files: Mapping[str, bytes], errata: Iterable[Erratum]) -> dict[str, bytes]:
    """The files of a withdrawn edition, its page marked at the top; of another, as they were."""
    made = {name: unmarked(data) if name in _MARKED else data for name, data in files.items()}
    told = tuple(errata)
    if not told:
        return made
    body = b"<body>\n"
    page, text = (made.get(name) for name in _MARKED)
    if page is not None:
        made["index.html"] = page.replace(body, body + _in_html(told).encode(), 1)
    if text is not None:
        made["report.md"] = _in_markdown(told).encode() + text
    return made


def unmarked(data: bytes) -> bytes:
    """The page as it was published."""
    return _MARK.sub(b"", data, count=1)


def _in_html(errata: tuple[Erratum, ...]) -> str:
    lines = "".join(f"<p><strong>{escape(words)}</strong></p>\n" for words in map(sentence, errata))
    later = f'<p>The page that stands: <a href="../{errata[0].week}/index.html">{errata[0].week}</a></p>'
    return f'{BEGIN}<aside class="erratum">\n{lines}{later}\n</aside>{END}\n'


def _in_markdown(errata: tuple[Erratum, ...]) -> str:
    lines = "".join(f"> **{escape(words)}**\n\n" for words in map(sentence, errata))
    return f"{BEGIN}\n{lines}{END}\n"


def sentence(one: Erratum) -> str:
    """``Edition 1 of 2022-W24 was withdrawn on 2022-07-01: …``"""
    what = f" Wrong: {', '.join(one.keys)}." if one.keys else ""
    why = one.why.strip()
    stop = "" if why.endswith((".", "!", "?")) else "."
    return f"Edition {one.edition} of {one.week} was withdrawn on {one.on}: {why}{stop}{what}"
