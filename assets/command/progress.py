"""Progress on long work: a live display on a terminal, a line now and then elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

OUT = Console(highlight=False, soft_wrap=True)


class Asking:
    """What is being asked of each source; called from several threads."""

    def __init__(self, bars: Progress | None) -> None:
        self._bars, self._tasks = bars, dict[str, TaskID]()

    def __call__(self, what: str, done: int, of: int) -> None:
        """``done`` of ``of`` questions of a dataset are answered."""
        if self._bars is None:
            return
        source = what.partition("/")[0]
        if source not in self._tasks:
            self._tasks[source] = self._bars.add_task(source, total=of)
        self._bars.update(self._tasks[source], description=what, completed=done, total=of)


@contextmanager
def asking() -> Iterator[Asking]:
    """One bar a source while it is asked."""
    if not OUT.is_terminal:
        yield Asking(None)
        return
    columns = (
        TextColumn("{task.description:32}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=OUT, transient=True) as bars:
        yield Asking(bars)


def say(text: str) -> None:
    """A line for a person."""
    OUT.print(text, markup=False)
