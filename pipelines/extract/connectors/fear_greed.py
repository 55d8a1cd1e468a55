"""alternative.me is asked for one thing: its daily index of fear and greed, newest day first."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date
from typing import TYPE_CHECKING, Any, Final

from pipelines.extract.asking import EVERYTHING, Answer, Dataset, Scope
from pipelines.extract.errors import Headers, NotAnAnswer, OurRequest, SourceError, by_status
from pipelines.extract.manners import Manners, Window, classifier, text_of
from pipelines.extract.ranges import ALL_AT_ONCE, answer
from pipelines.statements import Grade, Statement

if TYPE_CHECKING:
    from pipelines.extract.door import Door

SOURCE: Final = "fear_greed"
SINCE: Final = date(2019, 9, 1)


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """An answer has a list of days; a word about an error may stand beside it."""
    error = by_status(status, body)
    if error is not None or told is None:
        return error
    about = told.get("metadata") if isinstance(told, dict) else None
    words = text_of(about, "error") if isinstance(about, dict) else ""
    if words:
        return OurRequest(f"it said {words!r}", body=body)
    if not isinstance(told, dict) or not isinstance(told.get("data"), list):
        return NotAnAnswer("it has no list of days", retry=True, body=body)
    return None


classify = classifier(judge)

# No limit is documented; this one is ours.
MANNERS: Final = Manners((Window("requests", 10, 60.0),), judge)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """Nothing: the index is of no instrument."""
    return ()


def _ask(door: "Door", scope: Scope) -> Iterator[Answer]:
    """As many days, counted back from the present one, as reach the first day asked for."""
    days_back = (scope.now.astimezone(UTC).date() - scope.first_day).days + 1
    reply = door.get("/fng/", {"limit": max(days_back, 1)})
    yield answer(reply, (EVERYTHING,), scope.first_day, scope.last_day)


DATASETS: Final = (
    Dataset(
        SOURCE,
        "fear_greed",
        "The index of fear and greed, by day.",
        SINCE,
        _ask,
        subjects_a_call=ALL_AT_ONCE,
        subjects_from="",
    ),
)

STATEMENTS: Final = (
    Statement(
        "`limit` is the number of days, newest first, the present day among them.",
        "another project's use; that 0 means all is from memory, and is not relied on",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "An error stands in `metadata.error`, which is null else.", "from memory", Grade.UNVERIFIED
    ),
    Statement("No limit of requests is known.", "no document was read", Grade.UNVERIFIED),
)
