"""A venue's share of the market as it was printed, and between which days it broke."""

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

import polars as pl

MARKET = "market"
TOTAL = "total"
LEAST_FACTOR = 1.5  # between the nearest ends of the two shares

SHARES: Final = {
    "venue": pl.String(),
    "part_claim": pl.String(),
    "whole_claim": pl.String(),
    "side": pl.String(),
    "source_named": pl.String(),
    "first_day": pl.Date(),
    "last_day": pl.Date(),
    "low": pl.Float64(),
    "share": pl.Float64(),
    "high": pl.Float64(),
}
BREAKS: Final = {
    "venue": pl.String(),
    "source_named": pl.String(),
    "last_before": pl.Date(),
    "first_after": pl.Date(),
    "shares_before": pl.Int32(),
    "shares_after": pl.Int32(),
    "share_before": pl.Float64(),
    "low_before": pl.Float64(),
    "high_before": pl.Float64(),
    "share_after": pl.Float64(),
    "low_after": pl.Float64(),
    "high_after": pl.Float64(),
    "least_factor": pl.Float64(),
    "threshold": pl.Float64(),
    "claims_before": pl.String(),
    "claims_after": pl.String(),
}


def published_shares(claims: pl.DataFrame) -> pl.DataFrame:
    """Of rows of CLAIMS: each venue's part over a whole of the market, in the columns of SHARES.

    A part is a figure printed beside the whole, or a claim about the venue alone by the same maker,
    side and days. ``low`` and ``high`` are the ends that the rounding of both figures allows; the
    digits of a figure are those before its last zeros, so that 5,000,000,000 is 4.5 to 5.5.
    """
    # the ledger is taken anew every day: the latest taking of each claim counts
    latest = claims.sort("claim_id", "time").unique("claim_id", keep="last", maintain_order=True)
    rows = list(latest.iter_rows(named=True))
    wholes = [row for row in rows if row["scope"] == MARKET]
    found = [*_beside(wholes), *_alone(rows, wholes)]
    return pl.DataFrame(found, schema=SHARES, orient="row").sort(
        "venue", "first_day", "part_claim", "whole_claim"
    )


def share_breaks(shares: pl.DataFrame) -> pl.DataFrame:
    """Where all shares before a day and all after it lie apart, in the columns of BREAKS.

    Two days next to each other in print, a venue and a maker each: the nearest ends are
    LEAST_FACTOR apart or more, whatever the rounding. Nothing is said of when in between. ``low``
    and ``high`` are the outmost ends of all shares of a time, and ``claims`` their ids.
    """
    found: list[tuple[object, ...]] = []
    for (venue, maker), rows in shares.group_by("venue", "source_named", maintain_order=True):
        for before, after in pairwise(_times(rows)):
            factor = _least_factor(before, after)
            if factor >= LEAST_FACTOR:
                days = (before["last_day"].max(), after["first_day"].min())
                counted = (before.height, after.height)
                ends = (*_ends(before), *_ends(after), round(factor, 6), LEAST_FACTOR)
                found.append((venue, maker, *days, *counted, *ends, _ids(before), _ids(after)))
    return pl.DataFrame(found, schema=BREAKS, orient="row")


def _least_factor(before: pl.DataFrame, after: pl.DataFrame) -> float:
    """The least that the two can lie apart by, as a factor; below 1 where they meet."""
    low, high = sorted((before, after), key=_mean)
    top, bottom = max(low["high"].to_list()), min(high["low"].to_list())
    return float(bottom / top) if top > 0 else 0.0


def _ends(shares: pl.DataFrame) -> tuple[float, float, float]:
    """The mean share of a time, and the outmost ends that rounding leaves."""
    return _mean(shares), min(shares["low"].to_list()), max(shares["high"].to_list())


def _ids(shares: pl.DataFrame) -> str:
    told = {*shares["part_claim"].to_list(), *shares["whole_claim"].to_list()}
    return ", ".join(sorted(told))


def _mean(shares: pl.DataFrame) -> float:
    values: list[float] = shares["share"].to_list()
    return round(sum(values) / len(values), 6)


def rounding(value: Decimal) -> Decimal:
    """Half a unit of the last digit that is not a closing zero: 50,000,000 for 10.1 billion."""
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(5).scaleb(exponent - 1)


def _beside(wholes: list[dict[str, Any]]) -> Iterator[tuple[object, ...]]:
    for whole in wholes:
        for part in _parts(whole):
            side = part.get("side", whole["side"])
            if part["by"] == "venue" and side == whole["side"]:
                yield _share(part["what"], Decimal(part["value_usd"]), whole, whole)


def _alone(
    rows: list[dict[str, Any]], wholes: list[dict[str, Any]]
) -> Iterator[tuple[object, ...]]:
    venues = {part["what"] for whole in wholes for part in _parts(whole) if part["by"] == "venue"}
    for row in rows:
        for whole in wholes:
            same = all(row[name] == whole[name] for name in ("side", "source_named"))
            meet = row["first_day"] <= whole["last_day"] and whole["first_day"] <= row["last_day"]
            if row["scope"] in venues and same and meet:
                yield _share(row["scope"], row["value_usd"], row, whole)


def _parts(row: dict[str, Any]) -> list[dict[str, str]]:
    note = json.loads(row["note"]) if row["note"] else {}
    return list(note.get("parts", []))


def _share(
    venue: str, part: Decimal, row: dict[str, Any], whole: dict[str, Any]
) -> tuple[object, ...]:
    total = whole["value_usd"]
    low = (part - rounding(part)) / (total + rounding(total))
    high = (part + rounding(part)) / (total - rounding(total))
    days = (
        max(row["first_day"], whole["first_day"]),
        min(row["last_day"], whole["last_day"]),
    )
    return (
        venue, row["claim_id"], whole["claim_id"], whole["side"], whole["source_named"], *days,
        *(round(float(value), 6) for value in (low, part / total, high)),
    )  # fmt: skip


def _times(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Shares of one time together: those whose days meet."""
    ordered = rows.sort("first_day", "last_day")
    latest = ordered["last_day"].cum_max().shift()
    marked = ordered.with_columns(begins=(pl.col("first_day") > latest).fill_null(value=False))
    return marked.with_columns(turn=pl.col("begins").cum_sum()).partition_by(
        "turn", maintain_order=True
    )
