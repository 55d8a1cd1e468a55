"""Which requests are made to go wrong: rules that match a host and a path, so many times."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS = frozenset(
    {
        "429",
        "500",
        "slow",
        "stall",
        "cut",
        "cut_gzip",
        "gzip_bomb",
        "html200",
        "error200",
        "redirect",
        "repeat_row",
        "missing_hour",
        "restated",
        "duplicate_key",
        "nan",
    }
)


@dataclass(slots=True)
class Rule:
    """It lets `after` matching requests pass, then acts `times` times or for ever."""

    host: str
    path: re.Pattern[str]
    kind: str
    times: int | None
    after: int
    settings: Mapping[str, object]
    seen: int = 0
    memory: dict[str, bytes] = field(default_factory=dict)

    def number(self, name: str, default: float) -> float:
        value = self.settings.get(name, default)
        return float(value) if isinstance(value, int | float) else default

    def text(self, name: str, default: str = "") -> str:
        return str(self.settings.get(name, default))

    def acts(self) -> bool:
        """Counts a matching request and says whether it is this rule's turn."""
        self.seen += 1
        turn = self.seen - self.after
        return turn > 0 and (self.times is None or turn <= self.times)


class FaultError(ValueError):
    """A rule that is not understood: a fault that never acts would prove nothing."""


def read_rule(entry: object) -> Rule:
    if not isinstance(entry, dict):
        raise FaultError("a fault is an object with host, path and kind")
    kind = str(entry.get("kind", ""))
    if kind not in KINDS:
        raise FaultError(f"unknown kind of fault: {kind!r}; known: {', '.join(sorted(KINDS))}")
    times, after = entry.get("times"), entry.get("after", 0)
    if not (times is None or isinstance(times, int)) or not isinstance(after, int):
        raise FaultError("times and after are whole numbers")
    try:
        path = re.compile(str(entry.get("path", "")))
    except re.error as problem:
        raise FaultError(f"path is not a pattern: {problem}") from None
    return Rule(str(entry.get("host", "")), path, kind, times, after, dict(entry))


class FaultBook:
    """All rules in force; the first one whose turn it is acts, alone."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._lock = threading.Lock()

    def replace(self, entries: object) -> int:
        if not isinstance(entries, list):
            raise FaultError("faults are a list of rules")
        rules = [read_rule(entry) for entry in entries]
        with self._lock:
            self._rules = rules
        return len(rules)

    def pick(self, host: str, target: str) -> Rule | None:
        if not self._rules:
            return None
        with self._lock:
            for rule in self._rules:
                matches = rule.host in ("", host) and rule.path.search(target)
                if matches and rule.acts():
                    return rule
        return None
