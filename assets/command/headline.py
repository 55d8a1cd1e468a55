"""The headline of an edition on a terminal, and where its page stands."""

from collections.abc import Iterator
from typing import Any

import msgspec
from pipelines.house import House
from pipelines.sources import SOURCES
from pipelines.weeks import Week
from rich.table import Table

from assets.command.progress import OUT, say


def headline(house: House, week: Week) -> None:
    """Each source's longs and shorts, as the page prints them; never a sum over sources."""
    folder = house.reports / week.name
    told = msgspec.json.decode((folder / "report.json").read_bytes())
    title = f"{told['label']} {week.name}".strip()
    table = Table("source", "scope", "longs", "shorts", title=title)
    beside: dict[str, None] = {}
    for source, sides in totals(told):
        printed = [side.get("printed", "missing") for side in sides]
        name = SOURCES[source["source"]].name
        table.add_row(name, source["scope"], *printed)
        for side in sides:
            beside |= {f"{name}: {note}": None for note in side.get("notes", ())}
    OUT.print(table)
    for line in beside:  # what stands beside a number on the page stands here too
        say(line)
    say(f"page: {folder / 'index.html'}")


def totals(told: dict[str, Any]) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each source of an edition with its total of longs and of shorts."""
    by_key = {number["key"]: number for number in told["numbers"]}
    for source in told["sources"]:
        keys = [f"total.{source['id']}.{side}" for side in ("long", "short")]
        yield source, [by_key.get(key, {}) for key in keys]
