"""A market too large for memory, in parts: nothing of a venue's coin is judged by another's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from pipelines.lake import Lake
from pipelines.reconcile.layers.heard import venues_with_a_feed
from pipelines.reconcile.layers.seen import Seen, of_trades
from pipelines.reconcile.told import READS, Told
from pipelines.reconcile.views import SEVERAL
from pipelines.tables import CANDLES, LIQUIDATIONS, OPEN_INTEREST

PLACE: Final = ["venue", "coin"]
# What layers read of an event: the rest is lineage, and would be most of the memory.
OF_EVENTS: Final = (
    "source", "venue", "coin", "instrument_id", "time", "position", "size", "size_coins", "price",
    "notional_quote", "notional_usd", "feed", "coverage",
)  # fmt: skip
PART_ROWS: Final = 200_000  # events and hours: some hundred MiB while two are worked on
HOURS_OF_PLACE: Final = 2 * 7 * 24  # both sides of a week; weighs places without an event


@dataclass(frozen=True, slots=True)
class Held:
    """What the lake holds of the UTC days from ``first`` to ``last``, read part by part.

    ``told`` is without events, which are in ``events``.
    """

    told: Told
    events: pl.LazyFrame
    candles: pl.LazyFrame
    open_interest: pl.LazyFrame
    first: date
    last: date

    def parts(self, most: int = PART_ROWS) -> Iterator[Seen]:
        """Each of some venues and coins, with about ``most`` events and hours; all of them once,
        in the order of venues and coins.
        """
        yield from map(self.seen, self.cuts(most))

    def cuts(self, most: int = PART_ROWS) -> Iterator[pl.Expr]:
        """What each of the parts has in common, for ``seen``."""
        return _parts(self._places(), most)

    def _places(self) -> pl.DataFrame:
        """PLACE of all markets and tellings, with ``rows`` to come."""
        listed = [
            pl.DataFrame({"venue": venues_with_a_feed(), "coin": ""}),
            self.told.instruments.select(PLACE),
            self.told.totals.filter(pl.col("venue") != SEVERAL).select(PLACE),
        ]
        events = self.events.group_by(PLACE).len("events").collect(engine="streaming")
        places = pl.concat([*listed, events.select(PLACE)]).unique()
        rows = pl.col("events").fill_null(0).cast(pl.Int64) + HOURS_OF_PLACE
        return places.join(events, on=PLACE, how="left").select(*PLACE, rows=rows).sort(PLACE)

    def seen(self, of_part: pl.Expr) -> Seen:
        """One part."""
        told = Told(
            self.events.filter(of_part).collect(engine="streaming").lazy(),
            self.told.totals.filter(of_part),
            self.told.askings,
            self.told.listening,
            self.told.instruments.filter(of_part),
        )
        candles, interest = self.candles.filter(of_part), self.open_interest.filter(of_part)
        return Seen(told, candles, interest, self.first, self.last)


def held_in(lake: Lake, first: date, last: date) -> Held:
    """From the lake. Raises DamagedError."""
    few = {table: lake.read(table, first, last) for table in READS if table is not LIQUIDATIONS}
    return Held(
        Told(LIQUIDATIONS.empty().lazy(), *few.values()),
        lake.scan(LIQUIDATIONS, first, last).select(OF_EVENTS),
        of_trades(lake.scan(CANDLES, first, last)),
        lake.scan(OPEN_INTEREST, first, last),
        first,
        last,
    )


def _parts(places: pl.DataFrame, most: int) -> Iterator[pl.Expr]:
    """For each part what its rows have in common.

    In the order of files, and in words that can be compared with the bounds of row groups, so that
    those of other parts are not read. A venue's first part begins before all coins and its last one
    ends after all, so that what is not among ``places`` is in one of them too.
    """
    starts = (
        places.with_columns(part=pl.col("rows").cum_sum() // most)
        .group_by("part", "venue")
        .agg(pl.col("coin").min().alias("first"))
        .sort("part", "venue")
        .with_columns(
            since=pl.when(pl.col("first").shift(1).over("venue").is_not_null()).then("first"),
            until=pl.col("first").shift(-1).over("venue"),
        )
    )
    for _, part in starts.group_by("part", maintain_order=True):
        yield pl.any_horizontal(
            _between(*row) for row in part.select("venue", "since", "until").iter_rows()
        )


def _between(venue: str, since: str | None, until: str | None) -> pl.Expr:
    found = pl.col("venue") == venue
    if since is not None:
        found &= pl.col("coin") >= since
    return found if until is None else found & (pl.col("coin") < until)
