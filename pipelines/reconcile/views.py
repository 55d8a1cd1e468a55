"""Each source's daily dollars by venue, coin and side: the figures that can be set side by side."""

from functools import cache

import polars as pl

from pipelines.reconcile.told import Told
from pipelines.regimes import regimes
from pipelines.tables import LIQUIDATIONS
from pipelines.tables.words import Position
from pipelines.units import AMOUNT

SEVERAL = "several"
CELL = ("source", "venue", "coin", "position", "day")
VIEW = (*CELL, "scope", "usd")
DAY_S = 86_400
DAY_MINUTES = 1_440
EVERYTHING = "*"
MARKET_DAY = ["day", "source", "instrument_id"]


def daily_views(told: Told) -> pl.DataFrame:
    """Columns ``source, venue, coin, position, day, scope, usd``.

    A source that speaks of several single venues gets their sum as a view of its own, venue
    ``several``. A day on which some dollars are unknown is left out. A feed of single events that
    was asked or heard, and had none, says zero.
    """
    daily = told.totals.filter(pl.col("interval_s") == DAY_S)
    whole = daily.filter(pl.col("venue") == SEVERAL)
    single = daily.filter(pl.col("venue") != SEVERAL).with_columns(scope=pl.col("venue"))
    views = [_of_events(told), _summed(whole), _summed(single), *_added_up(single)]
    return pl.concat(views).sort(VIEW)


def _of_events(told: Told) -> pl.DataFrame:
    venue = pl.col("venue").alias("scope")
    spoken = _cells(counted(told), venue.first()).collect(engine="streaming")
    return pl.concat([_known(spoken), _silent(told, spoken)])


def _summed(rows: pl.DataFrame) -> pl.DataFrame:
    return _known(_cells(rows.lazy(), pl.col("scope").unique().sort().str.join("; ")).collect())


def _cells(rows: pl.LazyFrame, scope: pl.Expr) -> pl.LazyFrame:
    cells = rows.with_columns(
        pl.col("position").cast(pl.String), day=pl.col("time").dt.date()
    ).group_by(CELL)
    return cells.agg(
        scope,
        pl.col("notional_usd").sum().cast(AMOUNT).alias("usd"),
        pl.col("notional_usd").is_null().any().alias("unknown"),
    )


def _known(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.filter(~pl.col("unknown")).select(VIEW)


def _added_up(single: pl.DataFrame) -> list[pl.DataFrame]:
    """For each source of several venues, all its venues as one view."""
    made = []
    for _, rows in single.group_by("source", maintain_order=True):
        venues = rows["venue"].unique().sort().to_list()
        if len(venues) > 1:
            named = pl.lit(", ".join(venues))
            made.append(_summed(rows.with_columns(venue=pl.lit(SEVERAL), scope=named)))
    return made


def _silent(told: Told, spoken: pl.DataFrame) -> pl.DataFrame:
    """Zero for the days that an event feed covers without an event of that coin and side."""
    sides = pl.DataFrame({"position": [side.value for side in Position]})
    covered = pl.concat([_asked(told), _heard(told)]).unique().join(sides, how="cross")
    silent = covered.join(spoken, on=list(CELL), how="anti").with_columns(
        scope=pl.col("venue"), usd=pl.lit(0).cast(AMOUNT)
    )
    return silent.select(VIEW)


def counted(told: Told) -> pl.LazyFrame:
    """The events without those that another feed of their source tells as well.

    Of feeds that tell the same events the first that is whole counts, else the first that is held:
    the same rule as in ``core.feeds_passed_over``, by the other engine.
    """
    named = _named(told)
    tellings = _tellings(named)
    held = _candidates(told, tellings)
    first = held.filter(pl.col("dataset") == pl.col("first_dataset")).select(tellings.columns)
    choices = pl.concat([tellings, first]).unique().join(held, on=tellings.columns, how="left")
    place = [*MARKET_DAY, "first_dataset"]
    best = choices.sort(
        *place,
        pl.col("is_whole").fill_null(value=False).not_(),
        pl.col("dataset") != pl.col("first_dataset"),
        "dataset",
    ).unique(place, keep="first", maintain_order=True)
    passed_over = tellings.join(best, on=tellings.columns, how="anti")
    if passed_over.is_empty():
        return told.events
    feed = [*MARKET_DAY, "feed"]
    of_feeds = named.join(passed_over, on=[*MARKET_DAY, "dataset"], how="semi").select(feed)
    days = told.events.with_columns(day=pl.col("time").dt.date())
    return days.join(of_feeds.lazy(), on=feed, how="anti", maintain_order="left").drop("day")


def rival_feeds(told: Told) -> pl.DataFrame:
    """Feeds of a source that tell the same events, wherever any of them told one and each was held.

    Columns ``day, source, instrument_id, dataset, first_dataset, is_whole``.
    """
    return _candidates(told, _tellings(_named(told)))


def _named(told: Told) -> pl.DataFrame:
    """MARKET_DAY, ``feed`` and ``dataset`` of the events that another feed may tell as well."""
    sources = rivals().select("source").unique()
    days = told.spoken.join(sources, on="source", how="semi")
    return days.select(*MARKET_DAY, "feed", "dataset").unique()


def _tellings(named: pl.DataFrame) -> pl.DataFrame:
    """Which of the rivals told an event of which market on which day."""
    told = named.select(*MARKET_DAY, "dataset").unique()
    return told.join(rivals(), on=["source", "dataset"])


@cache
def rivals() -> pl.DataFrame:
    """Datasets of a source that tell the same events, each with the first of them."""
    feeds = regimes().filter(pl.col("canonical") == LIQUIDATIONS.name)
    members = feeds.select(
        "source", "dataset", first_dataset=pl.coalesce("told_first_by", "dataset")
    ).unique()
    return members.filter(pl.col("dataset").n_unique().over("source", "first_dataset") > 1)


def _candidates(told: Told, tellings: pl.DataFrame) -> pl.DataFrame:
    """Each feed of a market's events that is held, whether or not it tells any."""
    symbols = told.instruments.select("source", "instrument_id", "source_symbol").unique()
    markets = (
        tellings.drop("dataset").unique().join(symbols, on=["source", "instrument_id"], how="left")
    )
    held = _held_days(told).join(rivals(), on=["source", "dataset"])
    found = markets.join(held, on=["source", "day", "first_dataset"]).filter(
        (pl.col("subject") == EVERYTHING) | (pl.col("subject") == pl.col("source_symbol"))
    )
    return found.group_by(tellings.columns).agg(pl.col("is_whole").all())


def _held_days(told: Told) -> pl.DataFrame:
    """Days on which a dataset answered about a subject or was heard, and whether whole."""
    day = pl.col("time").dt.date().alias("day")
    heard = (
        told.listening.group_by("source", "dataset", day)
        .agg(pl.col("minutes_heard").cast(pl.Int64).sum().alias("minutes"))
        .filter(pl.col("minutes") > 0)
        .select(
            "source",
            "dataset",
            "day",
            subject=pl.lit(EVERYTHING),
            is_whole=pl.col("minutes") == DAY_MINUTES,
        )
    )
    live = told.listening.select("source", "dataset").unique()
    asked = (
        told.askings.filter("is_complete")
        .join(live, on=["source", "dataset"], how="anti")
        .select(
            "source",
            "dataset",
            day,
            "subject",
            is_whole=pl.col("asked_at") >= pl.col("time").dt.offset_by("1d"),
        )
    )
    return pl.concat([heard, asked])


def _asked(told: Told) -> pl.DataFrame:
    """Coins of a venue whose markets were asked for events, by day."""
    feeds = told.spoken.select("source", "dataset").unique()
    asked = told.askings.filter(pl.col("is_complete"), pl.col("subject") != EVERYTHING)
    markets = told.instruments.select("source", "source_symbol", "venue", "coin").unique()
    return (
        asked.join(feeds, on=["source", "dataset"], how="semi")
        .join(markets, left_on=["source", "subject"], right_on=["source", "source_symbol"])
        .select("source", "venue", "coin", pl.col("time").dt.date().alias("day"))
        .unique()
    )


def _heard(told: Told) -> pl.DataFrame:
    """Coins that a feed of everything named in the week, on the days it was heard or asked at all."""
    day = pl.col("time").dt.date().alias("day")
    heard = told.listening.filter(pl.col("minutes_heard") > 0).select("source", "dataset", day)
    live = told.listening.select("source", "dataset").unique()
    at_once = (
        told.askings.filter(pl.col("is_complete"), pl.col("subject") == EVERYTHING)
        .join(live, on=["source", "dataset"], how="anti")
        .select("source", "dataset", day)
    )
    named = told.spoken.select("source", "dataset", "venue", "coin").unique()
    return (
        pl.concat([heard, at_once])
        .unique()
        .join(named, on=["source", "dataset"])
        .select("source", "venue", "coin", "day")
    )
