"""How much one source may still be asked: shared by all threads that ask it."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pipelines.extract.manners import Heard, Window

_LOOK_AGAIN_S = 0.02  # while room is held by questions whose answers are still on their way
_WORTH_TELLING_S = 1.0


@dataclass(slots=True)
class _Meter:
    """One window, filled and drained. What is spent comes back ``seconds`` after its answer.

    Counting from the answer rather than from the question is what keeps the promise on the
    source's side of the network: the question arrived there at some moment in between, so two
    questions that are ``seconds`` apart here are at least that far apart there.
    """

    window: Window
    seconds: float
    amount: int
    asking: int = 0
    spent: int = 0
    ever: int = 0  # all that was taken or noticed since the beginning
    returns: deque[tuple[float, int]] = field(default_factory=deque)

    def drain(self, now: float) -> None:
        while self.returns and self.returns[0][0] <= now:
            self.spent -= self.returns.popleft()[1]

    def wait_s(self, wanted: int, now: float) -> float:
        """Seconds until there is room for ``wanted``; 0 if there is. Drain first."""
        over = self.asking + self.spent + wanted - self.amount
        if over <= 0:
            return 0.0
        for at, cost in self.returns:
            over -= cost
            if over <= 0:
                return max(at - now, 0.0)
        return _LOOK_AGAIN_S

    def hold(self, cost: int) -> None:
        self.asking += cost
        self.ever += cost

    def spend(self, cost: int, now: float) -> None:
        self.spent += cost
        self.returns.append((now + self.seconds, cost))


@dataclass(frozen=True, slots=True)
class Used:
    """What a window allows, and what was taken of it since the beginning."""

    amount: int
    seconds: float
    ever: int

    @property
    def least_s(self) -> float:
        """The shortest time in which that can be asked: the first ``amount`` goes at once."""
        return max(self.ever - self.amount, 0) * self.seconds / self.amount


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """What one question took, and what each window held and had ever held just before."""

    cost: Mapping[str, int]
    before: Mapping[str, tuple[int, int]]


class Budget:
    """Several windows at once. Take before asking, settle when the answer is there.

    ``rate_scale`` multiplies every rate by making its window shorter, as a replica does whose
    clock runs faster.
    """

    def __init__(
        self,
        windows: Iterable[Window],
        *,
        rate_scale: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        progress: Callable[[str], None] | None = None,
    ) -> None:
        self._meters = {w.name: _Meter(w, w.seconds / rate_scale, w.amount) for w in windows}
        self._monotonic, self._sleep, self._progress = monotonic, sleep, progress
        self._lock = threading.Lock()
        self._on_the_way: set[Taken] = set()
        self._paused_until = float("-inf")
        self._told_until = float("-inf")

    def take(self, cost: Mapping[str, int] | None = None) -> Taken:
        """Wait until ``cost`` fits into all windows that it names (default: 1 of the first)."""
        if cost is None:
            cost = dict.fromkeys(list(self._meters)[:1], 1)
        while True:
            with self._lock:
                now = self._monotonic()
                taken, wait_s, why = self._try(cost, now)
                telling = wait_s >= _WORTH_TELLING_S and now >= self._told_until
                if telling:
                    self._told_until = now + wait_s
                if taken is not None:
                    self._on_the_way.add(taken)
            if taken is not None:
                return taken
            if telling and self._progress is not None:
                self._progress(f"waiting {wait_s:.0f} s: {why}")
            self._sleep(wait_s)

    def settle(self, taken: Taken) -> None:
        """An answer begins (or will never come): what was taken returns a window later.

        Only the first time counts.
        """
        with self._lock:
            if taken not in self._on_the_way:
                return
            self._on_the_way.remove(taken)
            now = self._monotonic()
            for name, cost in taken.cost.items():
                self._meters[name].asking -= cost
                self._meters[name].spend(cost, now)

    def pause(self, seconds: float) -> None:
        """Nobody asks for this long, whatever the windows say."""
        with self._lock:
            self._paused_until = max(self._paused_until, self._monotonic() + seconds)

    def learn(self, heard: Iterable[Heard], taken: Taken) -> None:
        """Believe what the answer to this question says, if it leaves less than we thought."""
        for told in heard:
            meter = self._meters.get(told.window)
            if meter is None:
                continue
            with self._lock:
                meter.amount = told.amount or meter.amount
                others = (told.used or 0) - self._ours(meter, taken)
                # Others ask from the same address, or we did before we were started again.
                if others > 0:
                    meter.ever += others
                    meter.spend(others, self._monotonic())

    def used(self) -> dict[str, Used]:
        """Each window by its name, with the amount that the source told last."""
        with self._lock:
            return {
                name: Used(meter.amount, meter.seconds, meter.ever)
                for name, meter in self._meters.items()
            }

    def _ours(self, meter: _Meter, taken: Taken) -> int:
        """The most of ours that the source can have counted when it answered.

        What has come back since the question was asked may still have been in its window.
        """
        held, ever = taken.before.get(meter.window.name, (meter.asking + meter.spent, meter.ever))
        return held + meter.ever - ever

    def _try(self, cost: Mapping[str, int], now: float) -> tuple[Taken | None, float, str]:
        waits = [(self._paused_until - now, "the source asked for a pause")]
        fitting: dict[str, int] = {}
        for name, wanted in cost.items():
            meter = self._meters[name]
            meter.drain(now)
            fitting[name] = min(wanted, meter.amount)
            limit = f"the limit of {meter.amount} {name} in {meter.seconds:g} s is used up"
            waits.append((meter.wait_s(fitting[name], now), limit))
        wait_s, why = max(waits)
        if wait_s > 0:
            return None, wait_s, why
        before: dict[str, tuple[int, int]] = {}
        for name, wanted in fitting.items():
            meter = self._meters[name]
            before[name] = (meter.asking + meter.spent, meter.ever)
            meter.hold(wanted)
        return Taken(fitting, before), 0.0, ""
