"""Ask one dataset for days and subjects, many at once, and keep whatever comes, as it comes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from pipelines.clock import Clock
from pipelines.extract.asking import EVERYTHING, Answer, Dataset, Kept, Scope
from pipelines.extract.door import Door
from pipelines.extract.errors import OurRequest, SourceError
from pipelines.raw import Asked, Raw

THREADS = 8
SIDE_BY_SIDE = 2  # datasets of one source that are asked at once
FLUSH_BYTES = 16 * 1024 * 1024
FLUSH_QUESTIONS = 500


@dataclass(frozen=True, slots=True)
class Want:
    """Subjects of a dataset that are asked about the same days, both included."""

    first_day: date
    last_day: date
    subjects: tuple[str, ...]


@dataclass(slots=True)
class Outcome:
    """What came of asking one dataset."""

    dataset: str
    asked: int = 0
    answers: int = 0
    bytes: int = 0
    failed: dict[str, str] = field(default_factory=dict)  # subject: why, in one line


def gather(
    raw: Raw,
    door: Door,
    dataset: Dataset,
    wants: Sequence[Want],
    clock: Clock,
    *,
    captures: Path | None = None,
    settings: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> Outcome:
    """Ask for everything wanted; answers are kept in batches, so that a kill loses one batch.

    A subject that fails is kept as incomplete and named in the outcome; the others go on.
    """
    asking = clock.now()
    outcome = Outcome(dataset.id)
    scopes = [
        Scope(want.first_day, want.last_day, chunk, asking, captures, dict(settings or {}))
        for want in wants
        for chunk in _chunks(dataset, want.subjects)
    ]
    batch: list[Asked] = []
    size = 0
    for done, asked in enumerate(_all_asked(door, dataset, scopes, clock), 1):
        _count(outcome, asked)
        batch.append(asked)
        size += sum(len(answer.body) for answer in asked.answers)
        if size >= FLUSH_BYTES or len(batch) >= FLUSH_QUESTIONS:
            raw.keep(dataset.source, dataset.name, asking, batch, clock.now())
            batch, size = [], 0
        progress(done, len(scopes))
    raw.keep(dataset.source, dataset.name, asking, batch, clock.now())
    return outcome


def in_turns(datasets: Sequence[Dataset], ask: Callable[[int], None]) -> None:
    """Ask for each of one source's datasets, by its place; ``ask`` keeps its errors to itself.

    Listings go first, since they name what the others are asked about. Of the others a few go side
    by side: where a source has a limit for each path, none of them waits for another's.
    """
    is_listing = [dataset.kept is Kept.LISTING for dataset in datasets]
    for place in range(len(datasets)):
        if is_listing[place]:
            ask(place)
    with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="dataset") as pool:
        for place in range(len(datasets)):
            if not is_listing[place]:
                pool.submit(ask, place)


def _chunks(dataset: Dataset, subjects: Sequence[str]) -> Iterator[tuple[str, ...]]:
    if dataset.kept is not Kept.HISTORY:
        yield (EVERYTHING,)
        return
    step = dataset.subjects_a_call
    yield from (tuple(subjects[at : at + step]) for at in range(0, len(subjects), step))


def _all_asked(
    door: Door, dataset: Dataset, scopes: Sequence[Scope], clock: Clock
) -> Iterator[Asked]:
    if len(scopes) == 1:
        yield from _asked(door, dataset, scopes[0], clock)
        return
    with ThreadPoolExecutor(THREADS, thread_name_prefix=dataset.source) as pool:
        futures: list[Future[list[Asked]]] = [
            pool.submit(_asked_whole, door, dataset, scope, clock) for scope in scopes
        ]
        try:
            for future in as_completed(futures):
                yield from future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _asked_whole(door: Door, dataset: Dataset, scope: Scope, clock: Clock) -> list[Asked]:
    return list(_asked(door, dataset, scope, clock))


def _asked(door: Door, dataset: Dataset, scope: Scope, clock: Clock) -> Iterator[Asked]:
    """One question; a chunk that is refused for one of its subjects is asked one by one."""
    answers: list[Answer] = []
    try:
        for answer in dataset.ask(door, scope):
            answers.append(answer)
        yield Asked(tuple(answers))
    except OurRequest as error:
        if len(scope.subjects) == 1:
            yield _failed(dataset, scope, answers, error, clock.now())
            return
        for subject in scope.subjects:
            alone = Scope(
                scope.first_day,
                scope.last_day,
                (subject,),
                scope.now,
                scope.captures,
                scope.settings,
            )
            yield from _asked(door, dataset, alone, clock)
    except SourceError as error:
        yield _failed(dataset, scope, answers, error, clock.now())


def _failed(
    dataset: Dataset, scope: Scope, answers: Sequence[Answer], error: SourceError, now: datetime
) -> Asked:
    """What had come, and last the error, so that the archive says that it was asked in vain."""
    vain = Answer(
        subjects=scope.subjects,
        first_day=scope.first_day,
        last_day=scope.last_day,
        page=len(answers),
        method="GET",
        address=dataset.id,
        params=(("error", str(error)),),
        status=0,
        asked_at=now,
        body=error.body,
    )
    return Asked((*answers, vain), type(error).__name__)


def _count(outcome: Outcome, asked: Asked) -> None:
    outcome.asked += 1
    outcome.answers += len(asked.answers)
    outcome.bytes += sum(len(answer.body) for answer in asked.answers)
    if asked.outcome != "answered":
        last = asked.answers[-1]
        why = dict(last.params)["error"]
        outcome.failed |= dict.fromkeys(last.subjects, why)
