"""All layers of a whole market's week: bounds of every hour, guards, days, and the estimate."""

from pathlib import Path

from bench import child
from bench.lines import Line, of_value
from bench.market import Market
from bench.real_market import FOLDER
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
    """Time and memory of it: of what a real lake holds, and of minutes alone."""
    child.measure("bench.real_market:make_in", folder=str(market.folder), scale=market.scale)
    ran = child.in_turn(
        {
            "layers": ("bench.reconcile:ours", {"folder": str(market.folder / FOLDER)}),
            "worst": ("bench.reconcile:ours", {"folder": str(market.folder)}),
        },
        repeat,
    )
    return [*_of("", ran["layers"]), *_of(", worst case: minutes alone", ran["worst"])]


def _of(which: str, ran: child.Measured) -> list[Line]:
    return [
        of_value(f"all layers of a week, s{which}", ran.seconds, ran, at_most=20),
        of_value(f"their processor time, s{which}", ran.cpu_seconds, ran),
        of_value(f"their peak memory, MiB{which}", ran.peak_mib, ran, at_most=1024),
    ]
