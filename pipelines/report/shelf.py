"""The editions of a week: ``reports/2022-W24/`` stands, ``reports/2022-W24.1/`` stood before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipelines.files import DamagedError, digest_of
from pipelines.report.errata import Erratum, marked, of_edition, read
from pipelines.report.issue import REPORT, Backing, number_of, previous_digest
from pipelines.report.publish import publish, read_edition
from pipelines.weeks import Week


@dataclass(frozen=True, slots=True)
class Shelf:
    """The editions of one week below the folder of reports."""

    reports: Path
    week: Week

    @property
    def folder(self) -> Path:
        """Where the edition that stands is."""
        return self.reports / self.week.name

    def earlier(self, number: int) -> Path:
        """Where an edition is that another one has followed."""
        return self.reports / f"{self.week.name}.{number}"

    @property
    def numbers(self) -> list[int]:
        """Numbers of the editions that stood before, ascending."""
        ends = (path.name.rpartition(".")[2] for path in self.reports.glob(f"{self.week.name}.*"))
        return sorted(int(end) for end in ends if end.isdecimal())

    @property
    def errata(self) -> tuple[Erratum, ...]:
        return read(self.reports, self.week)

    def standing(self) -> Mapping[str, bytes] | None:
        """The files of the edition that stands; None where none does, or its number is lost."""
        try:
            files = read_edition(self.folder)
            number_of(files[REPORT])
        except (FileNotFoundError, KeyError, msgspec.MsgspecError):
            return None
        return files

    def backing_of(self, report: bytes) -> Backing:
        """What an edition was made on top of. Raises DamagedError where that is not here."""
        number, digest = number_of(report), previous_digest(report)
        if not digest:
            return Backing(number, None, self.errata)
        place = self.earlier(number - 1) / REPORT
        previous = place.read_bytes() if place.exists() else b""
        if digest_of(previous) != digest:
            raise DamagedError(f"{place} is not the edition that was followed; put it back")
        return Backing(number, previous, self.errata)

    def next_after(self, report: bytes | None) -> Backing:
        """What the edition is made on top of that follows ``report``, or what was kept last."""
        if report is None and self.numbers:
            report = (self.earlier(self.numbers[-1]) / REPORT).read_bytes()
        if report is None:
            return Backing(errata=self.errata)
        return Backing(number_of(report) + 1, report, self.errata)

    def has_news(self, report: bytes) -> bool:
        """Whether an erratum waits for the edition after this one."""
        return any(one.since > number_of(report) for one in self.errata)

    def put(self, files: Mapping[str, bytes]) -> Path:
        """Publish an edition; the one that stood is kept under its number, marked if withdrawn."""
        held = self.standing()
        if held is not None and number_of(held[REPORT]) < number_of(files[REPORT]):
            publish(self.earlier(number_of(held[REPORT])), held)
        folder = publish(self.folder, files)
        for number in self.numbers:
            self._mark(number)
        return folder

    def _mark(self, number: int) -> None:
        kept = read_edition(self.earlier(number))
        told = marked(kept, of_edition(self.errata, number))
        if told != kept:
            publish(self.earlier(number), told)
