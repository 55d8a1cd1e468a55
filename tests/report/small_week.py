"""A week by hand: three sources, a missing day, a refused row, a finding, a hostile name.

Run as a program it prints the digest of every file of the edition, for comparing processes.
"""

import hashlib
import json
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl

from pipelines.report.evidence import Evidence, Input
from pipelines.report.rows import TABLES, WeekRows, week_rows
from pipelines.weeks import Week

WEEK = Week(date(2022, 6, 13))
DAYS = [WEEK.monday + timedelta(days=n) for n in range(7)]
MISSING = date(2022, 6, 15)
HOSTILE = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("evil")'
LISTS = "Binance, Bybit,OKX"

# source, venue, coin, series, scope, coverage, usd_basis, days that are missing
SERIES = (
    ("coinglass", "several", "BTC", "daily", LISTS, "collected", "published", ()),
    ("coinglass", "several", "ETH", "daily", LISTS, "collected", "published", ()),
    ("coinalyze", "binance", "BTC", "daily", "binance:BTCUSDT", "collected", "par", (MISSING,)),
    ("coinalyze", "binance", "ETH", "daily", "binance:ETHUSDT", "collected", "par", ()),
    ("kraken", "kraken", "BTC", "events", "kraken:PF_XBTUSD", "all", "dollars", tuple(DAYS)),
    ("kraken", "kraken", HOSTILE, "events", FORMULA, "all", "dollars", ()),
)
LONGS = {
    ("coinglass", "BTC"): Decimal("479648123.450000000000000001"),
    ("coinglass", "ETH"): Decimal("467500000.005"),
    ("coinalyze", "BTC"): Decimal("91772345.67"),
    ("coinalyze", "ETH"): Decimal("44240000"),
    ("kraken", HOSTILE): Decimal("0.07"),
}


def week() -> WeekRows:
    # Bitcoin with a slope, Ether with a break and two zeros, and a coin of nine days
    season = json.loads(
        (Path(__file__).parent / "small_season.json").read_text("utf-8"), object_hook=_typed
    )
    frames = {
        "liquidations": _frame("liquidations", _weekly()),
        "totals": _frame("totals", _totals()),
        "daily": _frame("daily", _daily()),
        "variance": _frame("variance", _variance()),
        "causes": _frame("causes", _causes()),
        "layers": _frame("layers", _layers()),
        "estimates": _frame("estimates", _estimates()),
        "refused": _frame("refused", _refused()),
        "agreement": _frame("agreement", season["agreement"]),
        "agreement_days": _frame("agreement_days", season["agreement_days"]),
        "market": _frame("market", _market()),
        "coverage": _frame("coverage", _coverage()),
        "missing_hours": _frame("missing_hours", _missing_hours()),
        "unasked": _frame("unasked", _unasked()),
        "quarantined": _frame("quarantined", _quarantined()),
        "revisions": _frame("revisions", _revisions()),
        "revised": _frame("revised", _revised()),
        "overlap": _frame("overlap", _overlap()),
        "findings": _frame("findings", _findings()),
    }
    return week_rows(WEEK, frames)


def evidence(market: str = "simulated:7") -> Evidence:
    asked = datetime(2022, 6, 20, 6, 30, tzinfo=UTC)
    return Evidence(
        market=market,
        week=WEEK,
        as_of=datetime(2022, 6, 21, tzinfo=UTC),
        inputs=(
            Input("raw/coinglass/liquidations/index.parquet", "a" * 64, asked),
            Input("raw/kraken/executions/index.parquet", "b" * 64),
        ),
        code_sha256="c" * 64,
        lock_sha256="d" * 64,
        versions=(("python", "3.11"), ("polars", "2.1.0")),
    )


def _frame(field: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(TABLES[field][1]), orient="row")


def _typed(row: dict[str, object]) -> dict[str, object]:
    """A row of the season's JSON, with its days and amounts as such."""
    read = {"day": date.fromisoformat, "usd": Decimal}
    return {
        name: read[kind](value) if isinstance(value, str) and (kind := name[-3:]) in read else value
        for name, value in row.items()
    }


def _amount(source: str, coin: str, position: str) -> Decimal | None:
    long = LONGS.get((source, coin))
    return long if long is None or position == "long" else long / 2


def _weekly() -> list[dict[str, object]]:
    return [
        {
            "week": WEEK.name, "first_day": WEEK.monday, "last_day": WEEK.sunday,
            "source": source, "venue": venue, "coin": coin, "position": position,
            "series": series, "scope": scope, "coverage": coverage, "usd_basis": basis,
            "notional_usd": _amount(source, coin, position),
            "size_coins": None,
            "days_held": 7 - len(missing),
            "missing_days": ",".join(day.isoformat() for day in missing),
            "rows_without_usd": 0,
            "is_complete": not missing,
        }
        for source, venue, coin, series, scope, coverage, basis, missing in SERIES
        for position in ("long", "short")
    ]  # fmt: skip


def _totals() -> list[dict[str, object]]:
    made = {}
    for row in _weekly():
        made.setdefault((row["source"], row["venue"], row["position"]), []).append(row)
    return [
        {
            "week": WEEK.name,
            "source": source,
            "venue": venue,
            "position": position,
            "notional_usd": sum(r["notional_usd"] for r in rows if r["notional_usd"] is not None),
            "coins": len(rows),
            "days_held": min(row["days_held"] for row in rows),
            "coins_incomplete": sum(not row["is_complete"] for row in rows),
            "missing_days": ",".join(
                sorted({d for r in rows for d in r["missing_days"].split(",")})
            ),
            "usd_basis": rows[0]["usd_basis"],
        }
        for (source, venue, position), rows in made.items()
    ]


def _daily() -> list[dict[str, object]]:
    return [
        {
            "week": WEEK.name,
            "day": day,
            "source": source,
            "venue": venue,
            "coin": coin,
            "position": position,
            "notional_usd": None
            if day in missing
            else _amount(source, coin, position) / 8 * (n + 1),
            "is_held": day not in missing,
        }
        for source, venue, coin, *_, missing in SERIES
        for position in ("long", "short")
        for n, day in enumerate(DAYS)
    ]


def _variance() -> list[dict[str, object]]:
    return [
        {
            "week": WEEK.name, "coin": coin, "position": "long",
            "source_a": "coinglass", "venue_a": "several", "scope_a": LISTS,
            "source_b": "coinalyze", "venue_b": "binance", "scope_b": f"binance:{coin}USDT",
            "days_compared": days, "days_only_a": 7 - days, "days_only_b": 0,
            "a_usd": LONGS["coinglass", coin], "b_usd": LONGS["coinalyze", coin],
            "gap_usd": LONGS["coinglass", coin] - LONGS["coinalyze", coin],
            "ratio": ratio, "rank_correlation": rank,
        }
        for coin, days, ratio, rank in (
            ("BTC", 6, 5.226499, 0.964286), ("ETH", 7, 10.567360, None),
        )
    ]  # fmt: skip


def _layers() -> list[dict[str, object]]:
    """Kraken by itself, and CoinGlass's sum, which nothing bounds from above."""
    cells = [
        ("kraken", "kraken", "BTC", Decimal(4), Decimal(9), "busy_minutes", ""),
        ("several", "kraken", "BTC", Decimal(4), Decimal(9), "busy_minutes", ""),
        ("several", f"coinglass: {LISTS}", "BTC", Decimal(479), None, None, "unbounded"),
    ]
    return [
        {
            "week": WEEK.name,
            "venue": venue,
            "scope": scope,
            "coin": coin,
            "position": position,
            "at_least_usd": least,
            "at_least_by": venue,
            "at_most_usd": most,
            "at_most_by": by,
            "days_held": 7,
            "flags": flags,
        }
        for venue, scope, coin, least, most, by, flags in cells
        for position in ("long", "short")
    ]


def _estimates() -> list[dict[str, object]]:
    return [
        {
            "week": WEEK.name,
            "level": level,
            "venue": venue,
            "scope": "kraken",
            "sides": "both",
            "shown_usd": Decimal(8),
            "estimate_usd": Decimal("11.5"),
            "low_usd": Decimal(9),
            "high_usd": Decimal(16),
            "as_taught_usd": Decimal(11),
            "as_own_feeds_usd": Decimal("13.5"),
            "learned_from": "bybit",
            "reason": None,
        }
        for level, venue in (("total", "several"), ("venue", "kraken"))
    ]


def _refused() -> list[dict[str, object]]:
    return [
        {
            "week": WEEK.name,
            "source": "coinalyze",
            "venue": "okx",
            "coin": "BTC",
            "guard": "exceeds_volume",
            "hours": 3,
        }
    ]


def _causes() -> list[dict[str, object]]:
    a, b = Decimal("947148123.46"), Decimal("136012345.67")
    return [
        {
            "week": WEEK.name,
            "coin": "all",
            "sides": "both",
            "source_a": "coinglass",
            "venue_a": "several",
            "source_b": "coinalyze",
            "venue_b": "binance",
            "cause": cause,
            "part_usd": part,
            "is_estimated": cause == "throttle",
            "evidence": evidence,
            "a_usd": a,
            "b_usd": b,
            "gap_usd": a - b,
        }
        for cause, part, evidence in (
            ("venues", Decimal("800000000.00"), HOSTILE),
            ("throttle", Decimal("-5000000.01"), "a rate | of capture"),
            ("unexplained", Decimal("16135777.80"), "nothing"),
        )
    ]


def _market() -> list[dict[str, object]]:
    return [
        {
            "week": WEEK.name,
            "coin": "BTC",
            "source": "binance",
            "venue": "binance",
            "instrument_id": "binance:BTCUSDT",
            "price_open": Decimal("26574.5"),
            "price_close": Decimal("20574.0"),
            "price_change_pct": -22.579917,
            "price_before": Decimal("26574.5"),
            "open_interest_usd": Decimal("2911234567.125"),
            "open_interest_before_usd": None,
            "open_interest_change_pct": None,
            "funding_mean": Decimal("0.000012"),
            "funding_before": Decimal("-0.000034"),
            "funding_sum": Decimal("0.000252"),
            "days_held": 7,
            "days_held_before": 5,
        }
    ]


def _coverage() -> list[dict[str, object]]:
    asked = datetime(2022, 6, 20, 6, tzinfo=UTC)
    common = {"week": WEEK.name, "days_expected": 7, "subjects": 2, "asked_first": asked}
    return [
        {
            **common,
            "source": "coinalyze",
            "dataset": "liquidations",
            "days_held": 6,
            "missing_days": MISSING.isoformat(),
            "subjects_incomplete": 1,
            "hours_expected": None,
            "hours_held": None,
            "asked_last": asked,
        },
        {
            **common,
            "source": "bybit",
            "dataset": "all_liquidation",
            "days_held": 7,
            "missing_days": "",
            "subjects_incomplete": 0,
            "hours_expected": 168,
            "hours_held": 165,
            "asked_last": asked + timedelta(hours=2),
        },
    ]


def _missing_hours() -> list[dict[str, object]]:
    first = datetime(2022, 6, 14, 3, tzinfo=UTC)
    return [
        {
            "week": WEEK.name,
            "source": "bybit",
            "dataset": "all_liquidation",
            "first_hour": first,
            "last_hour": first + timedelta(hours=2),
            "hours": 3,
            "is_whole": True,
        }
    ]


def _unasked() -> list[dict[str, object]]:
    return [
        {
            "week": WEEK.name,
            "source": "binance",
            "instruments_listed": 140,
            "instruments_asked": 66,
            "instruments_unweighed": 0,
            "open_interest_listed_usd": Decimal("10000000000"),
            "open_interest_asked_usd": Decimal("8750000000"),
            "not_asked_pct": 12.5,
        }
    ]


def _quarantined() -> list[dict[str, object]]:
    return [
        {
            "week": WEEK.name,
            "canonical": "liquidations",
            "source": "kraken",
            "dataset": "executions",
            "reason": "side 'sideways' is not a side <b>",
            "rows": 1,
        }
    ]


def _revisions() -> list[dict[str, object]]:
    """T+1 was not asked for; by T+8 an hour was restated and another withdrawn."""
    common = {"week": WEEK.name, "source": "coinglass", "dataset": "liquidations_hourly"}
    none = dict.fromkeys(("equal", "restated", "appeared", "withdrawn", "asked_again"), 0)
    again = none | {"equal": 332, "restated": 2, "withdrawn": 2, "asked_again": 336}
    return [
        {
            **common,
            "interval_s": 3600,
            "release": release,
            "cells": 336,
            **{f"cells_{what}": count for what, count in counts.items()},
            "mean_revision_usd": usd,
            "mean_absolute_revision_usd": usd,
            "mean_revision_log": log,
            "mean_absolute_revision_log": log,
        }
        for release, counts, usd, log in (
            ("T+1", none, None, None),
            ("T+8", again, 4219.51, 0.000123),
            ("latest", again, 4219.51, 0.000123),
        )
    ]


def _revised() -> list[dict[str, object]]:
    hour, asked = datetime(2022, 6, 18, 23, tzinfo=UTC), datetime(2022, 6, 20, 6, tzinfo=UTC)
    return [
        {
            "week": WEEK.name,
            "source": "coinglass",
            "dataset": "liquidations_hourly",
            "scope": LISTS,
            "coin": "BTC",
            "interval_s": 3600,
            "bucket": hour,
            "position": position,
            "change": change,
            "askings": 2,
            "first_asked_at": asked,
            "first_usd": Decimal("534225.60874"),
            "latest_asked_at": asked + timedelta(days=9),
            "latest_usd": latest,
            "revision_usd": None if latest is None else latest - Decimal("534225.60874"),
        }
        for position, change, latest in (
            ("long", "withdrawn", None),
            ("short", "restated", Decimal("600000")),
        )
    ]


def _overlap() -> list[dict[str, object]]:
    return [
        {
            "week": WEEK.name,
            "source": "kraken",
            "dataset_a": "executions",
            "dataset_b": "trade",
            "market_days": 19,
            "matched_exactly": 240,
            "matched_scored": 7,
            "only_a": 12,
            "only_b": 0,
            "unheard_a": 0,
            "unheard_b": 31,
            "market_days_estimated": 12,
            "events_estimated": 259.0,
            "events_estimated_se": 0.0,
            "lost_a_pct": 0.0,
            "lost_b_pct": 4.6332,
        }
    ]


def _findings() -> list[dict[str, object]]:
    return [
        {
            "week": WEEK.name,
            "finding": "stable_open_interest_unit",
            "source": "coinglass",
            "subject": "BTC",
            "sentence": "CoinGlass labels BTC's stable-coin open interest usd; it is <coins>.",
        }
    ]


if __name__ == "__main__":
    from pipelines.report.weekly import render

    for name, data in render(week(), evidence()).items():
        print(hashlib.sha256(data).hexdigest(), name)
    if len(sys.argv) > 1:
        for name, data in render(week(), evidence()).items():
            place = Path(sys.argv[1]) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
