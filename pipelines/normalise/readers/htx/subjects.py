"""Which of HTX's markets an answer or a frame speaks of: the path tells linear from inverse."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from pipelines.normalise.eras import FIELD, Refused
from pipelines.normalise.fields import objects, said
from pipelines.raw import Page

SOURCE = "htx"
SINCE = date(2020, 10, 21)
COIN_FEED_SINCE = date(2020, 4, 9)
LINEAR, INVERSE = "linear", "inverse"
_LINEAR_PATHS = ("/linear-swap-", "/linear_swap_", "/v5/")


def margin_of(page: Page) -> str:
    """The margin of everything that the question was about."""
    return LINEAR if any(part in page.address for part in _LINEAR_PATHS) else INVERSE


def led(
    margin: str, rows: object, names: tuple[str, ...], *lead: FIELD
) -> Iterator[tuple[FIELD, ...] | Refused]:
    """The named fields of each row, behind the margin and what else holds for all of them."""
    for row in objects(rows, names):
        yield row if isinstance(row, Refused) else (margin, *lead, *row)


def subject() -> pl.Expr:
    """The subject as it is asked for."""
    return pl.concat_str(said("margin"), pl.lit(":"), said("contract_code"))
