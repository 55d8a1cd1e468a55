"""The command for a page that was found wrong: ``withdraw``."""

from typing import Annotated

import typer
from pipelines.clock import Clock
from pipelines.report.errata import sentence
from pipelines.weeks import Week

from assets.command import options as opt
from assets.command.progress import say

BECAUSE = Annotated[str, typer.Option("--because", help="Why it is wrong, in a sentence.")]
KEY = Annotated[
    list[str] | None,
    typer.Option("--key", help="A number that is wrong; may be repeated. Default: the whole page."),
]
EDITION = Annotated[
    int | None,
    typer.Option("--edition", min=1, help="Which edition. Default: the one that stands."),
]


def withdraw(
    week: opt.WEEK,
    because: BECAUSE,
    key: KEY = None,
    edition: EDITION = None,
    data: opt.DATA = None,
    now: opt.NOW = None,
    debug: opt.DEBUG = False,
) -> None:
    """Withdraw an edition: it is marked, and the page of the week carries the erratum from now on.

    Example: liqledger withdraw 2022-W24 --because "OKX was added up without its contract sizes"
    """
    from pipelines import edition as made

    on, house = Clock(now).now().date(), opt.house_of(data)
    told, folder = made.withdraw(house, Week.parse(week), because, on, key or (), edition)
    say(sentence(told))
    say(f"edition {told.since}: {folder / 'index.html'}")
