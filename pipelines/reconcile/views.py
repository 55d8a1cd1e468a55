"""Each source's daily dollars by venue, coin and side: the figures that can be set side by side."""

from dataclasses import dataclass

import polars as pl

from pipelines.tables.words import Position
from pipelines.units import AMOUNT

SEVERAL = "several"
CELL = ("source", "venue", "coin", "position", "day")
VIEW = (*CELL, "scope", "usd")
DAY_S = 86_400
EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Told:
    """What the lake holds of a week: events and totals, and what was asked and heard of them."""

    events: pl.DataFrame
    totals: pl.DataFrame
    askings: pl.DataFrame
    listening: pl.DataFrame
    instruments: pl.DataFrame


def daily_views(told: Told) -> pl.DataFrame:
    """Columns ``source, venue, coin, position, day, scope, usd``.

    A source that speaks of several single venues gets their sum as a view of its own, venue
    ``several``. A day on which some dollars are unknown is left out. A feed of single events that
    was asked or heard, and had none, says zero.
    """
    daily = told.totals.filter(pl.col("interval_s") == DAY_S)
    whole = daily.filter(pl.col("venue") == SEVERAL)
    single = daily.filter(pl.col("venue") != SEVERAL).with_columns(scope=pl.col("venue"))
    by_event = _with_silence(_summed(told.events.with_columns(scope=pl.col("venue"))), told)
    views = [by_event, _summed(whole), _summed(single), *_added_up(single)]
    return pl.concat(views).sort(VIEW)


def _summed(rows: pl.DataFrame) -> pl.DataFrame:
    cells = rows.with_columns(
        pl.col("position").cast(pl.String), day=pl.col("time").dt.date()
    ).group_by(CELL)
    return (
        cells.agg(
            pl.col("scope").unique().sort().str.join("; "),
            pl.col("notional_usd").sum().cast(AMOUNT).alias("usd"),
            pl.col("notional_usd").is_null().any().alias("unknown"),
        )
        .filter(~pl.col("unknown"))
        .select(VIEW)
    )


def _added_up(single: pl.DataFrame) -> list[pl.DataFrame]:
    """For each source of several venues, all its venues as one view."""
    made = []
    for _, rows in single.group_by("source", maintain_order=True):
        venues = rows["venue"].unique().sort().to_list()
        if len(venues) > 1:
            named = pl.lit(", ".join(venues))
            made.append(_summed(rows.with_columns(venue=pl.lit(SEVERAL), scope=named)))
    return made


def _with_silence(by_event: pl.DataFrame, told: Told) -> pl.DataFrame:
    """Zero for the days that an event feed covers without an event of that coin and side."""
    sides = pl.DataFrame({"position": [side.value for side in Position]})
    covered = pl.concat([_asked(told), _heard(told)]).unique().join(sides, how="cross")
    counted = told.events.select(
        "source",
        "venue",
        "coin",
        pl.col("position").cast(pl.String),
        pl.col("time").dt.date().alias("day"),
    ).unique()
    silent = covered.join(counted, on=list(CELL), how="anti").with_columns(
        scope=pl.col("venue"), usd=pl.lit(0).cast(AMOUNT)
    )
    return pl.concat([by_event, silent.select(VIEW)])


def _asked(told: Told) -> pl.DataFrame:
    """Coins of a venue whose markets were asked for events, by day."""
    feeds = _event_feeds(told.events)
    asked = told.askings.filter(pl.col("is_complete"), pl.col("subject") != EVERYTHING)
    markets = told.instruments.select("source", "source_symbol", "venue", "coin").unique()
    return (
        asked.join(feeds, on=["source", "dataset"], how="semi")
        .join(markets, left_on=["source", "subject"], right_on=["source", "source_symbol"])
        .select("source", "venue", "coin", pl.col("time").dt.date().alias("day"))
        .unique()
    )


def _heard(told: Told) -> pl.DataFrame:
    """Coins that a capture named in the week, on the days that it heard anything at all."""
    heard = told.listening.filter(pl.col("minutes_heard") > 0).select(
        "source", "dataset", pl.col("time").dt.date().alias("day")
    )
    named = told.events.select("source", _dataset(), "venue", "coin").unique()
    return (
        heard.unique()
        .join(named, on=["source", "dataset"])
        .select("source", "venue", "coin", "day")
    )


def _event_feeds(events: pl.DataFrame) -> pl.DataFrame:
    return events.select("source", _dataset()).unique()


def _dataset() -> pl.Expr:
    """The dataset in ``<source>/<dataset>@<era>``."""
    return pl.col("feed").str.extract(r"/(.+)@", 1).alias("dataset")
