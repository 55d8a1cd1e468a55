"""A week's edition: made from the house, made again from the answers that it pinned, and traced."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import polars as pl

from pipelines.clock import instant
from pipelines.files import DamagedError, verified
from pipelines.house import House
from pipelines.lake import days_between
from pipelines.load.models import read_all
from pipelines.load.warehouse import build
from pipelines.normalise.days import MADE_HERE, write_each
from pipelines.raw import Raw
from pipelines.reconcile.seasons import season_of
from pipelines.reconcile.week import write_week
from pipelines.report.compare import Comparison, compare
from pipelines.report.errata import ErrataError, Erratum, add, of_edition
from pipelines.report.evidence import Evidence, Input, gather
from pipelines.report.issue import FIRST, REPORT, Backing, number_of
from pipelines.report.publish import read_edition
from pipelines.report.rows import read
from pipelines.report.shelf import Shelf
from pipelines.report.trail import find
from pipelines.report.weekly import render
from pipelines.tables import RECONCILED, Table
from pipelines.weeks import Week

PROJECT = Path(__file__).parents[1]
MODELS = PROJECT / "sql"


class NotMadeError(Exception):
    """The week has no edition, or an edition that cannot be read."""


@dataclass(frozen=True, slots=True)
class Reproduced:
    """What came of making an edition again."""

    week: Week
    comparison: Comparison
    files: int


def days_of(week: Week) -> list[date]:
    """The days that are made for an edition: its week and the one before."""
    return days_between(week.before.monday, week.sunday)


def rests_on(house: House, week: Week) -> list[date]:
    """The days that an edition rests on: those, and what is held of the season before."""
    first, last = season_of(week)
    held = {day for table in MADE_HERE for day in house.lake.days(table) if first <= day <= last}
    return sorted(held | set(days_of(week)))


def make(house: House, week: Week, backing: Backing = FIRST) -> dict[str, bytes]:
    """The files of the edition, from the warehouse that stands in the house."""
    return render(read(house.warehouse, week), evidence(house, week), backing)


def write(house: House, week: Week) -> Path:
    """Make the edition and publish it; the old one or the new one stands there, never half.

    What is made of the same rows, evidence and errata is the edition that stands already. Anything
    else is the next one, which says what moved; the one before is kept under its number.
    """
    shelf = Shelf(house.reports, week)
    held = shelf.standing()
    report = None if held is None else held[REPORT]
    if report is not None and not shelf.has_news(report):
        again = _made_again(house, shelf, report)
        if again is not None and again[REPORT] == report:
            return shelf.put(again)
    return shelf.put(make(house, week, shelf.next_after(report)))


def _made_again(house: House, shelf: Shelf, report: bytes) -> dict[str, bytes] | None:
    """The edition that stands, made anew on what it was made on; None where that is gone."""
    try:
        backing = shelf.backing_of(report)
    except DamagedError:
        return None
    return make(house, shelf.week, backing)


def withdraw(
    house: House,
    week: Week,
    why: str,
    on: date,
    keys: Sequence[str] = (),
    number: int | None = None,
) -> tuple[Erratum, Path]:
    """Enter an erratum about an edition, without a number the one that stands, and publish the
    next one, which shows it.

    Raises NotMadeError, UnknownKeyError or ErrataError before anything is written.
    """
    shelf = Shelf(house.reports, week)
    held = shelf.standing()
    if held is None or not house.warehouse.exists():
        raise NotMadeError(f"no edition {week.name} to withdraw; make it with: liqledger report")
    stands = number_of(held[REPORT])
    wrong = number or stands
    if wrong not in (*shelf.numbers, stands):
        raise NotMadeError(f"{week.name} has no edition {wrong}; it has editions 1 to {stands}")
    if of_edition(shelf.errata, wrong):
        raise ErrataError(f"edition {wrong} of {week.name} is withdrawn already")
    report = held if wrong == stands else read_edition(shelf.earlier(wrong))
    for key in keys:
        find(report[REPORT], key)
    erratum = Erratum(week.name, wrong, stands + 1, on, why, tuple(keys))
    add(house.reports, erratum)
    return erratum, write(house, week)


def evidence(house: House, week: Week) -> Evidence:
    """Every raw file that the week rests on, and the instant by which all of them were kept."""
    days = rests_on(house, week)
    made = [house.lake.made(table, day) for table in MADE_HERE for day in days]
    paths = sorted({path for one in made if one is not None for path in one.inputs})
    asked = _asked_at(house.raw, paths)
    inputs = tuple(Input(f"raw/{path}", _named_digest(path), asked.get(path)) for path in paths)
    kept = [_kept_at(house.raw, path) for path in paths if "/index/" in path]
    as_of = max(kept, default=datetime(1970, 1, 1, tzinfo=UTC))
    return gather(PROJECT, house.market, week, as_of, inputs)


def reproduce(house: House, week: Week) -> Reproduced:
    """Make the edition again from the answers that it pinned, elsewhere, and compare the bytes.

    Raises NotMadeError without an edition and DamagedError when a pinned answer is not there.
    """
    shelf = Shelf(house.reports, week)
    before = read_edition(shelf.folder)
    try:
        backing = shelf.backing_of(before[REPORT])
        said = msgspec.json.decode(before["report.json"])["evidence"]
        as_of, inputs = instant(said["as_of"]), said["inputs"]
        pinned = {one["path"]: one["sha256"] for one in inputs}
    except (KeyError, TypeError, ValueError) as error:
        raise NotMadeError(f"report.json of {week.name} cannot be read: {error}") from None
    for path, sha256 in pinned.items():
        verified(house.root / path, sha256)
    raw = Raw(
        house.root / "raw", frozenset(Path(path).name for path in pinned if "/index/" in path)
    )
    with tempfile.TemporaryDirectory(prefix="liqledger-") as folder:
        again = House(Path(folder), archive=raw)
        again.settle(house.market)
        rebuild(again, week, rests_on(house, week), as_of)
        after = make(again, week, backing)
    return Reproduced(week, compare(before, after), len(after))


def rebuild(house: House, week: Week, days: Sequence[date], as_of: datetime) -> None:
    """Normalise, reconcile and load everything that the week's edition rests on: these days."""
    for table in MADE_HERE:
        _, failed = write_each(house, table, days, as_of)
        if failed:
            raise DamagedError(next(iter(failed.values())))
    write_week(house.lake, week, as_of)
    build(house.warehouse, house.lake, read_all(MODELS))


def tables_of(name: str) -> Table | None:
    """The canonical table of that name, with or without its schema."""
    named = {table.name: table for table in (*MADE_HERE, *RECONCILED)}
    return named.get(name.removeprefix("lake."))


def _asked_at(raw: Raw, paths: list[str]) -> dict[str, datetime]:
    """The latest asking that each index file tells of."""
    found = {}
    for path in (p for p in paths if "/index/" in p):
        rows = pl.read_parquet(raw.root / path, columns=["asked_at"])
        found[path] = rows["asked_at"].max()
    return found  # type: ignore[return-value]


def _kept_at(raw: Raw, path: str) -> datetime:
    latest = pl.read_parquet(raw.root / path, columns=["kept_at"])["kept_at"].max()
    assert isinstance(latest, datetime)
    return latest


def _named_digest(path: str) -> str:
    return Path(path).name.removesuffix(".parquet").rpartition(".")[2]
