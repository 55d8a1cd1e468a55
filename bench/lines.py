"""Lines of the bench's table: what was measured, beside what, and whether the target is met."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.child import Measured


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. Without a target it is there to be known."""

    what: str
    value: float
    seconds: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def target(self) -> str:
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return f"≥ {self.at_least:g}" if self.at_least is not None else "–"

    @property
    def is_met(self) -> bool:
        low, high = self.at_least, self.at_most
        return (high is None or self.value <= high) and (low is None or self.value >= low)

    @property
    def verdict(self) -> str:
        if self.at_most is None and self.at_least is None:
            return "–"
        return "met" if self.is_met else "**missed**"

    def __str__(self) -> str:
        figure = f"{self.value:.0f}" if self.value >= 100 else f"{self.value:.2f}"
        return f"| {self.what} | {figure} | {self.target} | {self.verdict} | {self.seconds} |"


def of_ratio(
    what: str,
    one: Measured,
    other: Measured,
    *,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Line:
    """Seconds of ``one`` over seconds of ``other``. The processor's own say how far others slowed it."""
    of_cpu = f"{one.cpu_seconds:.1f} / {other.cpu_seconds:.1f}"
    seconds = f"{one.seconds:.2f} / {other.seconds:.2f} s, CPU {of_cpu}"
    return Line(what, one.seconds / other.seconds, seconds, at_most, at_least)


def of_value(what: str, value: float, ran: Measured, *, at_most: float | None = None) -> Line:
    return Line(what, value, f"{ran.seconds:.2f} s", at_most)


def table(lines: Sequence[Line]) -> str:
    """The lines as a table of Markdown."""
    head = ("| What | Measured | Target | | Seconds |", "| --- | ---: | ---: | --- | --- |")
    return "\n".join((*head, *map(str, lines)))
