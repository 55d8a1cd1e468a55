"""The headline of an edition on a terminal, and where its page stands."""

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
    table = Table(
        "source", "scope", "longs", "shorts", title=f"{told['label']} {week.name}".strip()
    )
    by_key = {number["key"]: number for number in told["numbers"]}
    for source in told["sources"]:
        longs, shorts = (
            by_key.get(f"total.{source['id']}.{side}", {}) for side in ("long", "short")
        )
        table.add_row(
            SOURCES[source["source"]].name,
            source["scope"],
            longs.get("printed", "missing"),
            shorts.get("printed", "missing"),
        )
    OUT.print(table)
    say(f"page: {folder / 'index.html'}")
