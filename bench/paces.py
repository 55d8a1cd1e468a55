"""What the bench of rates found: each source's pace beside that of its own limit."""

import os
from dataclasses import dataclass, field
from threading import Lock

from pipelines.extract.budget import Budget

TARGET = 1.15


@dataclass(slots=True)
class Pace:
    """What one source, or two that share their limits, came to."""

    names: list[str]
    budget: Budget
    seconds: float = 0.0
    questions: int = 0
    answers: int = 0
    refused: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    @property
    def ideal_s(self) -> float:
        return max((window.least_s for window in self.budget.used().values()), default=0.0)

    @property
    def slowest_window(self) -> str:
        used = self.budget.used()
        return max(used, key=lambda name: used[name].least_s, default="–")

    def line(self) -> str:
        ratio = f"{self.seconds / self.ideal_s:.2f}" if self.ideal_s >= 1 else "–"
        counts = f"{self.questions:,} | {self.answers:,}"
        return (
            f"| {' + '.join(self.names)} | {counts} | {self.slowest_window} | {self.ideal_s:.1f} "
            f"| {self.seconds:.1f} | {ratio} | {self.refused} |"
        )


HEAD = (
    "| Source | Questions | Answers | Slowest window | Ideal, s | Taken, s | Ratio | Refused |\n"
    "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |"
)


@dataclass(slots=True)
class Run:
    """One asking of everything."""

    paces: list[Pace]
    wall_s: float
    client_cpu_s: float
    replica_cpu_s: float

    @property
    def slowest(self) -> Pace:
        return max(self.paces, key=lambda pace: pace.ideal_s)

    @property
    def ratio(self) -> float:
        return self.wall_s / self.slowest.ideal_s if self.slowest.ideal_s else 0.0

    @property
    def refused(self) -> int:
        return sum(pace.refused for pace in self.paces)

    def __str__(self) -> str:
        verdict = "met" if self.ratio <= TARGET and not self.refused else "**missed**"
        busy = self.client_cpu_s + self.replica_cpu_s
        lines = [HEAD, *(p.line() for p in sorted(self.paces, key=lambda p: -p.ideal_s)), ""]
        lines += [f"{p.names[0]}: {s}: {why}" for p in self.paces for s, why in p.failed.items()]
        lines += [
            f"Slowest: {self.slowest.names[0]}, ideal {self.slowest.ideal_s:.1f} s; all together "
            f"{self.wall_s:.1f} s; ratio {self.ratio:.3f}, target ≤ {TARGET:g}, "
            f"{self.refused} refused: {verdict}.",
            f"CPU: client {self.client_cpu_s:.1f} s, replica {self.replica_cpu_s:.1f} s, "
            f"{busy / self.wall_s:.2f} of {os.cpu_count()} cores.",
        ]
        return "\n".join(lines)
