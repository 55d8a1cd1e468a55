"""What the terms of the sources allow an edition to show, and to pass on as tables.

An invented market belongs to nobody: its figures are shown and passed on whatever the terms of the
sources say that it imitates. Where terms are not stated or were not read, nothing is held back, and
the page says so beside the address.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from pipelines.report import names
from pipelines.report.rows import TABLES, WeekRows
from pipelines.sources import SOURCES, Permission, Terms

FLOOR = "at_least_by"
OF_SOURCES = ("source", "source_a", "source_b")
QUOTED = ("best_source", "base_source")
UNQUOTED = "It quotes figures of a source whose rows are not passed on."
UNKNOWN = Terms("", "Not a source of the registry.")


@dataclass(frozen=True, slots=True)
class Credit:
    """A source of the page, the terms that it gives its answers on, and where they stand."""

    source: str
    name: str
    terms: Terms
    is_passed_on: bool


def terms_of(source: str) -> Terms:
    return SOURCES[source].terms if source in SOURCES else UNKNOWN


def may_show(source: str, market: str) -> bool:
    return _is_invented(market) or terms_of(source).show is not Permission.NO


def may_pass_on(source: str, market: str) -> bool:
    allowed = terms_of(source).pass_on is not Permission.NO
    return _is_invented(market) or (allowed and may_show(source, market))


def shown(rows: WeekRows, market: str) -> WeekRows:
    """The rows without those of sources that may not be shown."""
    held_back = _forbidden(market, may_show)
    frames: dict[str, Any] = {name: without(getattr(rows, name), held_back) for name in TABLES}
    return replace(rows, **frames)


def passed_on(frame: pl.DataFrame, market: str) -> pl.DataFrame:
    """A table's rows without those of sources that may not be passed on."""
    return without(frame, _forbidden(market, may_pass_on))


def _unquoted(frame: pl.DataFrame, sources: Iterable[str]) -> pl.DataFrame:
    """Verdicts on claims stay; what they quote of these sources does not."""
    held_back = list(sources)
    quoted = pl.any_horizontal(pl.col(name).is_in(held_back) for name in QUOTED)
    best = pl.col("best_source").is_in(held_back)
    return frame.with_columns(
        reason=pl.when(quoted).then(pl.lit(UNQUOTED)).otherwise("reason"),
        best_usd=pl.when(best).then(None).otherwise("best_usd"),
    )


def without(frame: pl.DataFrame, sources: Iterable[str]) -> pl.DataFrame:
    """``frame`` without what these sources said: rows of theirs, and floors that are their figures."""
    held_back = list(sources)
    if all(name in frame.columns for name in QUOTED):
        return _unquoted(frame, held_back)
    named = [~pl.col(name).is_in(held_back) for name in OF_SOURCES if name in frame.columns]
    if FLOOR in frame.columns:
        told = pl.concat_str("scope", pl.col(FLOOR).fill_null(""), separator=" ")
        named += [~told.str.contains(rf"\b{source}\b") for source in held_back]
    return frame.filter(named) if named else frame


def credits(rows: WeekRows, market: str) -> tuple[Credit, ...]:
    """Every source that was asked in the week or that says something, in the page's order."""
    spoken = {*rows.coverage["source"], *rows.liquidations["source"]}
    return tuple(
        Credit(source, names.brand(source), terms_of(source), may_pass_on(source, market))
        for source in sorted(spoken, key=names.source_order)
    )


def _forbidden(market: str, may: Callable[[str, str], bool]) -> list[str]:
    return [source for source in SOURCES if not may(source, market)]


def _is_invented(market: str) -> bool:
    return market.partition(":")[0] == "simulated"
