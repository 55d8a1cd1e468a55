"""All layers of a whole market's week: bounds of every hour, guards, days, and the estimate."""

from pathlib import Path

from bench.child import in_turn
from bench.lines import Line, of_value
from bench.market import Market
from pipelines.lake import Lake
from pipelines.reconcile.estimate.estimates import estimates
from pipelines.reconcile.estimate.spread import learned
from pipelines.reconcile.layers.cells import cells_in
from pipelines.reconcile.layers.days import totals, venue_days
from pipelines.reconcile.layers.parts import held_in
from pipelines.weeks import Week


def ours(folder: str) -> dict[str, float]:
    """From the lake to the frames that are written."""
    week = Week.of(Market(Path(folder)).days[0])
    held = held_in(Lake(Path(folder) / "lake"), week.monday, week.sunday)
    found = cells_in(held)
    days = venue_days(held.told.totals, found)
    told = estimates(found, learned())
    return {
        "cells": found.bounds.height,
        "days": days.height + totals(held.told.totals, days).height,
        "estimates": told.height,
    }


def lines(market: Market, repeat: int) -> list[Line]:
    """Time and memory of it."""
    given = {"folder": str(market.folder)}
    ran = in_turn({"layers": ("bench.reconcile:ours", given)}, repeat)["layers"]
    return [
        of_value("all layers of a week, s", ran.seconds, ran, at_most=20),
        of_value("peak memory of the layers, MiB", ran.peak_mib, ran, at_most=1024),
    ]
