"""From a host and a path to the source that answers, counting what is asked and refused."""

import threading
from collections import defaultdict
from dataclasses import replace

from replica import venues
from replica.answer import Answer, Request, json_answer
from replica.faults import FaultBook, Rule
from replica.tampering import tampered
from replica.venues.desk import Desk, Source
from replica.wire import HTML

ROW_FAULTS = frozenset({"repeat_row", "missing_hour", "restated", "duplicate_key", "nan"})


class Counts:
    """Asked and refused, by host and endpoint."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[str, dict[str, int]]] = defaultdict(
            lambda: defaultdict(lambda: {"asked": 0, "refused": 0})
        )
        self._lock = threading.Lock()

    def add(self, host: str, endpoint: str, refused: bool) -> None:
        with self._lock:
            row = self._counts[host][endpoint]
            row["asked"] += 1
            row["refused"] += refused

    def table(self) -> dict[str, dict[str, dict[str, int]]]:
        with self._lock:
            return {
                host: {name: dict(row) for name, row in rows.items()}
                for host, rows in self._counts.items()
            }


class Router:
    """Answers for every host of the replica."""

    def __init__(self, desk: Desk, faults: FaultBook) -> None:
        self.counts = Counts()
        self._desk = desk
        self._faults = faults
        self._sources: dict[str, Source] = {}
        for make in venues.found():
            source = make(desk)
            self._sources |= dict.fromkeys(source.hosts, source)

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(self._sources)

    def answer(self, request: Request, elsewhere: str) -> tuple[Answer, Rule | None]:
        """The answer, and the rule that says how it is sent badly, if any."""
        source = self._sources.get(request.host)
        if source is None:
            return json_answer({"error": f"no such host here: {request.host}"}, 404), None
        target = f"{request.path}?{request.query}" if request.query else request.path
        rule = self._faults.pick(request.host, target)
        answer = self._instead(source, rule, elsewhere) if rule else None
        if request.posted is not None and not getattr(source, "takes_posts", False):
            return Answer(405, b"Method Not Allowed", content_type="text/plain"), None
        if answer is None:
            answer = source.answer(request)
        if rule and rule.kind in ROW_FAULTS:
            answer = tampered(answer, rule, request)
        self.counts.add(request.host, source.endpoint(request.path), source.refused(answer))
        return answer, rule

    def _instead(self, source: Source, rule: Rule, elsewhere: str) -> Answer | None:
        """An answer that the source does not compute at all."""
        match rule.kind:
            case "429":
                wait = rule.text("retry_after", "1")
                return replace(source.too_many(), status=429).with_headers(("Retry-After", wait))
            case "500":
                return Answer(500, b"Internal Server Error", content_type="text/plain")
            case "html200":
                return Answer(200, HTML, content_type="text/html; charset=utf-8")
            case "error200":
                default = '{"code":"500","msg":"Server Error"}'
                return Answer(200, rule.text("body", default).encode())
            case "redirect":
                to = rule.text("to", elsewhere)
                return Answer(302, b"", headers=(("Location", to),), content_type="text/html")
        return None
