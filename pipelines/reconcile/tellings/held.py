"""Which hours of which coins an event feed was there for, and which markets it would tell of."""

from datetime import timedelta

import polars as pl

from pipelines.reconcile.tellings.telling import HELD, MARKET
from pipelines.reconcile.told import Told

EVERYTHING = "*"
HOUR_MINUTES = 60
PLACE = ("source", "venue", "coin")


def held_hours(told: Told) -> pl.DataFrame:
    """Columns ``source, venue, coin, time, share``: of each hour, the part that was covered.

    A day that was asked about and answered whole counts whole; an hour that was heard counts by
    its minutes; where two feeds tell the same events, the fuller counts.
    """
    by_feed = pl.concat([_asked(told), _heard(told)])
    return by_feed.group_by(*PLACE, "time").agg(pl.col("share").max()).sort(*PLACE, "time")


def markets(told: Told) -> pl.DataFrame:
    """Columns ``source`` and MARKET: what the event feeds that were asked or heard tell of."""
    feeds = _feeds(told)
    subjects = _answered(told).select("source", "dataset", "subject").unique()
    live = told.listening.select("source", "dataset", subject=pl.lit(EVERYTHING)).unique()
    spoken = pl.concat([subjects, live]).unique().join(feeds, on=["source", "dataset"], how="semi")
    return (
        _listed(told)
        .join(spoken, on="source")
        .filter((pl.col("subject") == EVERYTHING) | (pl.col("subject") == pl.col("source_symbol")))
        .select("source", *MARKET)
        .unique()
        .sort("source", *MARKET, nulls_last=False)
    )


def _feeds(told: Told) -> pl.DataFrame:
    return told.spoken.select("source", "dataset").unique()


def _listed(told: Told) -> pl.DataFrame:
    return told.instruments.select(
        "source", "source_symbol", "venue", "coin", pl.col("margin").cast(pl.String)
    ).unique()


def _answered(told: Told) -> pl.DataFrame:
    """Complete askings of feeds that are not live: a live one is heard, whatever was asked."""
    live = told.listening.select("source", "dataset").unique()
    return told.askings.filter("is_complete").join(live, on=["source", "dataset"], how="anti")


def _asked(told: Told) -> pl.DataFrame:
    asked = _answered(told).join(_feeds(told), on=["source", "dataset"], how="semi")
    hours = pl.DataFrame({"hour": [timedelta(hours=n) for n in range(24)]}).cast(
        {"hour": pl.Duration("ms")}
    )
    symbols = _listed(told).select(*PLACE, "source_symbol").unique()
    single = asked.filter(pl.col("subject") != EVERYTHING).join(
        symbols, left_on=["source", "subject"], right_on=["source", "source_symbol"]
    )
    whole = asked.filter(pl.col("subject") == EVERYTHING).join(
        symbols.select(PLACE).unique(), on="source"
    )
    days = pl.concat([rows.select(*PLACE, "time").unique() for rows in (single, whole)])
    return days.join(hours, how="cross").select(
        *PLACE, time=pl.col("time") + pl.col("hour"), share=pl.lit(1.0)
    )


def _heard(told: Told) -> pl.DataFrame:
    """Hours of live feeds of everything, for each coin of their source's listing or of their own."""
    named = told.spoken.select(PLACE).unique()
    listed = _listed(told).select(*PLACE).unique()
    coins = pl.concat([named, listed]).unique()
    return (
        told.listening.join(_feeds(told), on=["source", "dataset"], how="semi")
        .filter(pl.col("minutes_heard") > 0)
        .select("source", "time", share=pl.col("minutes_heard") / HOUR_MINUTES)
        .join(coins, on="source")
        .select(*PLACE, "time", "share")
        .cast({"share": HELD["share"]})
    )
