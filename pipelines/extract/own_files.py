"""Files of the project itself, which people edit, read as if a source had answered."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipelines.extract.asking import EVERYTHING, Answer, Ask, Scope
from pipelines.extract.errors import OurRequest

if TYPE_CHECKING:
    from pipelines.extract.door import Door

ROOT: Final = Path(__file__).parents[2]


def file(address: str, root: Path = ROOT) -> Ask:
    """Reads the file at ``address``, which is counted from the project's folder."""

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        try:
            body = (root / address).read_bytes()
        except OSError as error:
            reason = f"the project's own file cannot be read: {error.strerror}"
            raise OurRequest(reason).about(door.source.name, address) from None
        yield Answer(
            subjects=(EVERYTHING,),
            first_day=scope.first_day,
            last_day=scope.last_day,
            page=0,
            method="FILE",
            address=address,
            params=(),
            status=200,
            asked_at=scope.now,
            body=body,
        )

    return ask
