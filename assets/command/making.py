"""Commands that make things: ``report``, ``backfill``, ``reproduce``."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from typing import Annotated

import typer
from pipelines.edition import days_of
from pipelines.house import House
from pipelines.lake import days_between
from pipelines.settings import Settings
from pipelines.sources import SOURCES
from pipelines.web import Web
from pipelines.weeks import Week

from assets.command import options as opt
from assets.command.failing import RefusedError
from assets.command.headline import headline
from assets.command.progress import asking, say

DATASETS = Annotated[
    list[str] | None,
    typer.Option("--dataset", help="Only this dataset, e.g. binance/funding; may be repeated."),
]
OFFLINE = Annotated[bool, typer.Option("--offline", help="Ask nobody; use what is kept.")]


def report(
    week: Annotated[
        str | None, typer.Argument(help="ISO week; default: the last one that is over.")
    ] = None,
    market: opt.MARKET = None,
    data: opt.DATA = None,
    now: opt.NOW = None,
    as_of: opt.AS_OF = None,
    coins: opt.COINS = None,
    sources: opt.SOURCES = None,
    size: opt.SIZE = None,
    offline: OFFLINE = False,
    debug: opt.DEBUG = False,
) -> None:
    """Make the page of a week: ask for what is missing, build, and print the headline.

    Example: liqledger report 2022-W24 --market recorded:../shared/recorded --data data/recorded
    """
    settings = opt.settings_of(
        market=market, data=data, now=now, as_of=as_of, coins=coins, sources=sources, size=size
    )
    named = Week.parse(week) if week else None
    _make_week(settings, named, offline=offline, loud=debug)


def _make_week(settings: Settings, named: Week | None, *, offline: bool, loud: bool) -> None:
    from assets.command.flow import Flow

    with asking() as bars, ExitStack() as stack:
        web = stack.enter_context(
            Web(settings, House(settings.data.resolve()), bars, offline=offline)
        )
        now = web.clock.now()
        week = named or Week.last_complete(now)
        if not week.is_over(now):
            raise RefusedError(f"{week.name} is not over: it ends {week.end:%Y-%m-%d} 00:00 UTC")
        flow, days = Flow(web, stack, loud=loud), _begun(days_of(week))
        incomplete = [] if offline else flow.extract(days)
        say(f"{week.name}: normalising, comparing, loading, printing")
        failed = flow.normalise(days) or flow.finish(week)
    say_what_lacks(incomplete)
    if failed:
        raise RefusedError(f"{failed[0]} ({len(failed)} steps failed); earlier editions stand")
    headline(web.house, week)


def say_what_lacks(failed: Sequence[str]) -> None:
    """One line for each reason, with all steps that have it."""
    steps: dict[str, list[str]] = {}
    for line in failed:
        step, _, reason = line.partition(": ")
        steps.setdefault(reason, []).append(step.replace("raw__", "").replace("__", "/"))
    for reason, named in steps.items():
        say(f"incomplete: {', '.join(named)}: {reason}")


def backfill(
    first: Annotated[str, typer.Argument(metavar="FROM", help="First UTC day, e.g. 2022-01-01.")],
    last: Annotated[str, typer.Argument(metavar="TO", help="Last UTC day, included.")],
    dataset: DATASETS = None,
    market: opt.MARKET = None,
    data: opt.DATA = None,
    now: opt.NOW = None,
    as_of: opt.AS_OF = None,
    coins: opt.COINS = None,
    sources: opt.SOURCES = None,
    size: opt.SIZE = None,
    debug: opt.DEBUG = False,
) -> None:
    """Ask for all days of a range, month by month, and build the tables and the warehouse.

    Example: liqledger backfill 2022-01-01 2022-12-31 --dataset binance/funding
    """
    settings = opt.settings_of(
        market=market, data=data, now=now, as_of=as_of, coins=coins, sources=sources, size=size
    )
    _backfill(settings, opt.day_of(first), opt.day_of(last), dataset or [], loud=debug)


def _backfill(settings: Settings, first: date, last: date, names: list[str], *, loud: bool) -> None:
    from assets.command.flow import Flow

    if first > last:
        raise RefusedError(f"{first} is after {last}; give the earlier day first")
    _begun([first])
    failed: list[str] = []
    with asking() as bars, ExitStack() as stack:
        web = stack.enter_context(Web(settings, House(settings.data.resolve()), bars))
        flow = Flow(web, stack, loud=loud)
        for days in _months(first, min(last, web.clock.now().date() - timedelta(days=1))):
            say(f"{days[0]} to {days[-1]}")
            failed += flow.extract(days, _known(names)) + flow.normalise(days)
        failed += flow.load()
    say_what_lacks(failed)
    say(f"{first} to {last}: done, {len(failed)} steps incomplete")
    if failed:
        raise typer.Exit(1)


def reproduce(week: opt.WEEK, data: opt.DATA = None, debug: opt.DEBUG = False) -> None:
    """Make a week again from the answers that it pinned, and compare the bytes.

    Example: liqledger reproduce 2022-W24
    """
    from pipelines import edition

    made = edition.reproduce(opt.house_of(data), Week.parse(week))
    found = made.comparison
    if found.is_other_code:
        say("the code has changed since this edition was made")
    if found.is_other_environment:
        say("the lock has changed since this edition was made")
    for moved in found.moved:
        say(f"moved: {moved.key}: {moved.before} -> {moved.after}")
    if found.is_identical:
        say(f"{week}: the same bytes, {made.files} files")
        return
    names = ", ".join((*found.changed, *found.only_before, *found.only_after))
    say(f"{week}: {len(found.moved)} numbers moved; files that differ: {names}")
    raise typer.Exit(1)


def _begun(days: list[date]) -> list[date]:
    first = min(source.since for source in SOURCES.values())
    if days[0] < first:
        raise RefusedError(f"{days[0]} is before {first}, the first day of any source")
    return days


def _known(names: list[str]) -> list[str]:
    from pipelines.extract.catalogue import CATALOGUE

    for name in names:
        if name not in CATALOGUE:
            raise RefusedError(f"no dataset {name!r}; see: liqledger sources")
    return names


def _months(first: date, last: date) -> list[list[date]]:
    days = days_between(first, last)
    return [days[at : at + 31] for at in range(0, len(days), 31)]
