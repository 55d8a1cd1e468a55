"""The one way out to one source: every question passes here, within budget and limits."""

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from http.client import HTTPException
from itertools import count
from typing import Any, Final, Self
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from pipelines.clock import Clock
from pipelines.extract import inflate, transport
from pipelines.extract.addresses import Place, places
from pipelines.extract.budget import Budget, Taken
from pipelines.extract.errors import (
    Headers,
    KeyMissing,
    NotAnAnswer,
    OurRequest,
    Redirected,
    SourceError,
    TooManyRequests,
    retry_after_s,
)
from pipelines.extract.manners import Manners
from pipelines.extract.question import Limits, Question, Reply
from pipelines.extract.received import read, unreachable, wire
from pipelines.sources import Source

_REFUSAL_BYTES: Final = 1 << 20
_LONGEST_SHUT_S: Final = 86_400.0


class Door:
    """Asks one source; may be shared by threads.

    ``at`` maps a host of the source to the address that stands in for it. ``rate_scale``
    multiplies the source's documented rates, which ``manners`` name beside its refusals.
    ``budget`` is given where the source shares its limits with another.
    """

    def __init__(
        self,
        source: Source,
        *,
        clock: Clock,
        key: str = "",
        at: Mapping[str, str] | None = None,
        rate_scale: float = 1.0,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        progress: Callable[[str], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        manners: Manners | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.source, self.clock = source, clock
        secret = key if source.key_header else ""
        self._key = transport.Key(source.key_header, secret, source.key_prefix)
        self._places = places(source, at)
        self._limits, self._progress, self._sleep = limits, progress, sleep
        self._manners = manners or Manners()
        self._session = transport.session(len(source.hosts))
        self._random = random.Random()
        self._shut: dict[str, tuple[float, SourceError]] = {}
        windows = self._manners.windows
        self._refill_s = windows[0].seconds / rate_scale if windows else limits.backoff_s
        self.budget = budget or Budget(
            windows,
            rate_scale=rate_scale,
            monotonic=clock.monotonic,
            sleep=sleep,
            progress=self._tell,
        )

    def __repr__(self) -> str:
        return f"Door({self.source.id})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def get(
        self,
        path: str,
        params: Mapping[str, str | int] | None = None,
        *,
        host: str | None = None,
        cost: Mapping[str, int] | None = None,
        missing_is_data: bool = False,
        archive: bool = False,
    ) -> Reply:
        """Ask until there is an answer, or a SourceError that says why there is none.

        ``cost`` names what is taken from each window of the budget (default: 1 of the first).
        With ``missing_is_data`` a 404 is an answer; an ``archive`` is not read as JSON.
        """
        said = tuple((name, str(value)) for name, value in (params or {}).items())
        place = self._place(host, path)
        return self._answered(Question(place, path, said, None, cost, missing_is_data, archive))

    def post(
        self,
        path: str,
        told: Mapping[str, Any],
        *,
        host: str | None = None,
        cost: Mapping[str, int] | None = None,
    ) -> Reply:
        """Ask with a JSON object instead of parameters; otherwise like ``get``."""
        said = tuple(_flat(told))
        posted = json.dumps(told, separators=(",", ":")).encode()
        return self._answered(Question(self._place(host, path), path, said, posted, cost))

    def _place(self, host: str | None, path: str) -> Place:
        place = self._places.get(host or self.source.hosts[0])
        if place is None:
            raise OurRequest(f"{host!r} is not one of its hosts").about(self.source.name, path)
        return place

    def _answered(self, asked: Question) -> Reply:
        waited_s = 0.0
        for turn in count(1):
            outcome = self._ask(asked)
            if isinstance(outcome, Reply):
                return outcome
            pause_s = self._pause_s(outcome, turn, waited_s)
            if pause_s is None:
                raise outcome
            self._wait(outcome, pause_s)
            waited_s += pause_s
        raise AssertionError  # count() has no end

    def _ask(self, asked: Question) -> Reply | SourceError:
        """One question, sent at most once. Errors are returned, so none carries another."""
        outcome = self._refused_beforehand(asked) or self._in_turn(asked)
        if isinstance(outcome, SourceError):
            outcome.reason = self._key.hide(outcome.reason)
            outcome.body = self._key.hide_in(outcome.body)
            outcome.about(self.source.name, self._key.hide(str(asked)))
        return outcome

    def _in_turn(self, asked: Question) -> Reply | SourceError:
        taken = self.budget.take(asked.cost)
        try:
            return self._refused_beforehand(asked) or self._exchange(asked, taken)
        finally:
            self.budget.settle(taken)

    def _refused_beforehand(self, asked: Question) -> SourceError | None:
        if self.source.key_variable and not self._key and not self.source.key_is_optional:
            return KeyMissing(f"{self.source.key_variable} is not set")
        until, error = self._shut.get(asked.place.host, (0.0, None))
        left_s = until - self.clock.monotonic()
        if error is None or left_s <= 0:
            return None
        return type(error)(f"{error.reason} (asked nothing more for {left_s:.0f} s)", shuts_s=0)

    def _exchange(self, asked: Question, taken: Taken) -> Reply | SourceError:
        asked_at = self.clock.now()
        try:
            status, headers, body = self._send(asked, taken)
        except SourceError as error:
            return error
        except (requests.RequestException, HTTPError, HTTPException, OSError) as error:
            return unreachable(error)
        self.budget.learn(self._manners.hears(headers), taken)
        reply = Reply(asked.method, asked.address, asked.params, status, asked_at, body)
        if status == 404 and asked.missing_is_data:
            return reply
        outcome = self._judged(reply, headers, asked.archive)
        if isinstance(outcome, SourceError):
            self._remember(asked.place.host, outcome, headers)
        return outcome

    def _send(self, asked: Question, taken: Taken) -> tuple[int, Headers, bytes]:
        url = asked.place.base + asked.path
        headers = {} if asked.posted is None else {"Content-Type": "application/json"}
        question = self._session.prepare_request(
            requests.Request(
                asked.method,
                url,
                headers=headers,
                params=asked.params if asked.posted is None else None,
                data=asked.posted,
                auth=self._key,
            )
        )
        if not asked.path.startswith("/") or not asked.place.holds(question.url or ""):
            raise OurRequest("that address leads out of the source")
        limits = self._limits
        with transport.send(
            self._session,
            question,
            connect_s=limits.connect_s,
            read_s=limits.read_s,
            total_s=limits.total_s,
        ) as response:
            self.budget.settle(taken)  # it was counted before it was answered
            if 300 <= response.status_code < 400:
                target = urlsplit(response.headers.get("Location", "")).netloc or "itself"
                raise Redirected(f"it points to {target!r} (status {response.status_code})")
            return response.status_code, response.headers, self._body(response, asked.archive)

    def _body(self, response: requests.Response, archive: bool) -> bytes:
        limit = self._limits.archive_bytes if archive else self._limits.json_bytes
        if response.status_code != 200:
            limit = min(limit, _REFUSAL_BYTES)
        chunks = wire(response)
        match response.headers.get("Content-Encoding", "identity").strip().lower():
            case "" | "identity":
                return inflate.gathered(chunks, limit)
            case "gzip" | "x-gzip":
                return inflate.gunzipped(chunks, limit, self._limits.ratio)
            case coding:
                raise NotAnAnswer(f"it is packed as {coding!r}, which nobody asked for")

    def _judged(self, reply: Reply, headers: Headers, archive: bool) -> Reply | SourceError:
        if self._key.is_in(reply.body) and reply.status == 200:
            return NotAnAnswer("it repeats our key")
        if archive and reply.status == 200:
            return reply
        told, broken = read(reply.body)
        refused = self._manners.judge(reply.status, headers, told, reply.body)
        return refused or broken or replace(reply, told=told)

    def _remember(self, host: str, error: SourceError, headers: Headers) -> None:
        """When to ask again, and whether to leave this host alone until then."""
        if error.wait_s is None:
            error.wait_s = retry_after_s(headers, self.clock.now())
        if error.shuts_s:
            shut_s = min(max(error.wait_s or 0.0, error.shuts_s), _LONGEST_SHUT_S)
            self._shut[host] = (self.clock.monotonic() + shut_s, error)

    def _pause_s(self, error: SourceError, turn: int, waited_s: float) -> float | None:
        limits = self._limits
        if not error.retry or turn >= limits.tries:
            return None
        busy = isinstance(error, TooManyRequests)
        base_s = max(limits.backoff_s, self._refill_s) if busy else limits.backoff_s
        pause_s = self._random.uniform(0, min(base_s * 2 ** (turn - 1), limits.longest_wait_s))
        if error.wait_s is not None:
            # A little more than asked for, so that threads told the same do not come at once.
            spread_s = self._random.uniform(0, min(limits.backoff_s, error.wait_s / 4))
            pause_s = min(error.wait_s, limits.longest_wait_s) + spread_s
        return pause_s if waited_s + pause_s <= limits.waiting_s else None

    def _wait(self, error: SourceError, pause_s: float) -> None:
        self._tell(f"{error.reason}; asking again in {pause_s:.1f} s")
        if isinstance(error, TooManyRequests):
            self.budget.pause(pause_s)  # and with this thread, all others
        else:
            self._sleep(pause_s)

    def _tell(self, text: str) -> None:
        if self._progress is not None:
            self._progress(f"{self.source.name}: {text}")


def _flat(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields of a posted object as parameters; those of an object inside stand beside them."""
    for name, value in told.items():
        if isinstance(value, Mapping):
            yield from _flat(value)
        else:
            yield name, str(value)
