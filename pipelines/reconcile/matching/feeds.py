"""The feeds of each source that tell the same events, matched day by day over a week."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.lake import Lake, days_between
from pipelines.normalise.registry import READERS
from pipelines.reconcile.matching.match import DEFAULT, matched
from pipelines.reconcile.matching.overlap import LEAST_COMMON, chapman
from pipelines.reconcile.told import READS, Told, told_of
from pipelines.reconcile.views import rival_feeds
from pipelines.regimes import regimes
from pipelines.tables import LIQUIDATIONS, MATCHES, UNMATCHED
from pipelines.tables.words import Coverage
from pipelines.weeks import Week

PLACES: Final = 6  # estimates and percentages are rounded here and nowhere else
PAIR: Final = ["source", "dataset_a", "dataset_b"]
PLACE: Final = ["instrument_id", "day"]
USED: Final = (
    "source", "venue", "coin", "instrument_id", "time", "nth", "position", "size_coins", "price",
    "notional_usd", "feed", "answer",
)  # fmt: skip
COUNTS: Final = (
    "matched_exactly", "matched_scored", "only_a", "only_b", "unheard_a", "unheard_b",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matched:
    """MATCHES and UNMATCHED of a week."""

    matches: pl.DataFrame
    unmatched: pl.DataFrame


def matched_week(lake: Lake, week: Week) -> Matched:
    """Of what the lake holds now; the two tables of one week are worked out once."""
    made = [lake.made(t, d) for t in READS for d in days_between(week.monday, week.sunday)]
    held = tuple("" if one is None else one.sha256 for one in made)
    return _matched_week(lake.root, week, held)


@lru_cache(maxsize=1)
def _matched_week(root: Path, week: Week, _held: tuple[str, ...]) -> Matched:
    lake = Lake(root)
    return matched_feeds(told_of(lake, week.monday, week.sunday), week.monday)


def matched_feeds(told: Told, monday: date) -> Matched:
    """Every two feeds of a source that tell the same events, for each market and day that both
    were held. Nothing else is ever set side by side here: which feeds tell the same events is
    declared by their readers.
    """
    held = pairs_held(told)
    counts, alone = [], [UNMATCHED.empty()]
    for (source, one, other), places in held.group_by(PAIR, maintain_order=True):
        days = places.select(PLACE)
        sides = [_events(told, str(source), str(name), days) for name in (one, other)]
        pairs = matched(sides[0], sides[1], DEFAULT)
        left = _left_over(told, sides, pairs, str(source), (str(one), str(other)))
        counts.append(_counted(places, sides[0], pairs, left))
        alone += [_finished(rows, monday) for rows in left]
    return Matched(_estimated(_joined(counts, told), monday), pl.concat(alone))


def pairs_held(told: Told) -> pl.DataFrame:
    """Columns ``source, dataset_a, dataset_b, instrument_id, day``: whatever can be compared.

    A list that was asked for before its day was over is no match for anything. Where a source has
    several streams, each is compared about the kinds of market (by quote and margin) of which it
    told any event in the week, since each is for other ones.
    """
    live = told.listening.select("source", "dataset").unique()
    rivals = rival_feeds(told)
    listed = rivals.join(live, on=["source", "dataset"], how="anti").filter("is_whole")
    heard = _of_kinds_told(told, rivals.join(live, on=["source", "dataset"], how="semi"))
    held = pl.concat([listed, heard]).with_columns(
        rank=(pl.col("dataset") != pl.col("first_dataset")).cast(pl.Int8)
    )
    place = ["source", "first_dataset", *PLACE]
    both = held.join(held, on=place, suffix="_b").rename({"dataset": "dataset_a"})
    comes_first = (pl.col("rank") < pl.col("rank_b")) | (
        (pl.col("rank") == pl.col("rank_b")) & (pl.col("dataset_a") < pl.col("dataset_b"))
    )
    return both.filter(comes_first).select(*PAIR, *PLACE).unique().sort(*PAIR, *PLACE)


def _of_kinds_told(told: Told, heard: pl.DataFrame) -> pl.DataFrame:
    """Markets and days of live feeds, of the kinds of market that each of them spoke of."""
    kinds = told.instruments.select("source", "instrument_id", "quote", "margin").unique(
        ["source", "instrument_id"], maintain_order=True
    )
    kind = ["source", "dataset", "quote", "margin"]
    market = ["source", "instrument_id"]
    spoken = told.spoken.join(kinds, on=market).select(kind).unique()
    parted = pl.DataFrame(_one_of_several(), schema=["source", "dataset"], orient="row")
    alone = heard.join(parted, on=["source", "dataset"], how="anti")
    of_kind = (
        heard.join(parted, on=["source", "dataset"], how="semi")
        .join(kinds, on=market)
        .join(spoken, on=kind, how="semi", nulls_equal=True)
    )
    return pl.concat([alone, of_kind.select(heard.columns)])


def _one_of_several() -> list[tuple[str, str]]:
    """The streams of sources that tell the events of one list over several streams."""
    streams: dict[tuple[str, str], list[str]] = defaultdict(list)
    for reader in READERS:
        if reader.table is LIQUIDATIONS and reader.is_captured:
            first = reader.told_first_by or reader.dataset
            streams[reader.source, first].append(reader.dataset)
    return sorted(
        (source, name) for (source, _), names in streams.items() if len(names) > 1 for name in names
    )


def _events(told: Told, source: str, dataset: str, days: pl.DataFrame) -> pl.DataFrame:
    """What one feed told on the days that are compared, in a fixed order; a digest of 64 letters a
    row is kept once.
    """
    mine = pl.col("feed").str.starts_with(f"{source}/{dataset}@")
    return (
        told.events.filter(pl.col("source") == source, mine)
        .select(USED)
        .with_columns(pl.col("answer").cast(pl.Categorical))
        .collect()
        .with_columns(day=pl.col("time").dt.date())
        .join(days, on=PLACE, how="semi")
        .sort("instrument_id", "time", "nth", "feed")
    )


def _left_over(
    told: Told,
    sides: list[pl.DataFrame],
    pairs: pl.DataFrame,
    source: str,
    names: tuple[str, str],
) -> list[pl.DataFrame]:
    """The events of each side without a match, and whether the other was listening then."""
    rows = []
    for nth, at in enumerate(("a", "b")):
        alone = (
            sides[nth]
            .with_row_index("_at")
            .join(
                pairs.select(_at=pl.col(at).cast(pl.UInt32)),
                on="_at",
                how="anti",
                maintain_order="left",
            )
        )
        other = names[1 - nth]
        rows.append(
            _with_listening(alone.drop("_at"), told, source, other).with_columns(
                told_by=pl.lit(names[nth]), not_told_by=pl.lit(other)
            )
        )
    return rows


def _with_listening(rows: pl.DataFrame, told: Told, source: str, dataset: str) -> pl.DataFrame:
    """``was_listening``: a list that was asked for whole always was."""
    ours = told.listening.filter(pl.col("source") == source, pl.col("dataset") == dataset)
    if ours.is_empty():
        return rows.with_columns(was_listening=pl.lit(value=True))
    heard = ours.select(hour="time", mask="minutes_mask")
    minute = pl.lit(2, pl.Int64).pow(pl.col("time").dt.minute().cast(pl.Int64))
    return (
        rows.with_columns(hour=pl.col("time").dt.truncate("1h"))
        .join(heard, on="hour", how="left", maintain_order="left")
        .with_columns(was_listening=(pl.col("mask").fill_null(0) // minute) % 2 == 1)
        .drop("hour", "mask")
    )


def _counted(
    places: pl.DataFrame, first: pl.DataFrame, pairs: pl.DataFrame, left: list[pl.DataFrame]
) -> pl.DataFrame:
    """The counts of each market and day; a match counts on the day on which the first told it."""
    met = (
        first.select(PLACE)
        .with_row_index("a")
        .with_columns(pl.col("a").cast(pl.Int64))
        .join(pairs, on="a")
    )
    parts = [
        met.group_by(PLACE).agg(
            pl.col("is_exact").sum().alias("matched_exactly"),
            pl.col("is_exact").not_().sum().alias("matched_scored"),
        )
    ]
    for rows, alone, unheard in (
        (left[0], "only_a", "unheard_b"),
        (left[1], "only_b", "unheard_a"),
    ):
        heard = pl.col("was_listening")
        parts.append(
            rows.group_by(PLACE).agg(heard.sum().alias(alone), heard.not_().sum().alias(unheard))
        )
    made = places
    for part in parts:
        made = made.join(part, on=PLACE, how="left")
    return made.with_columns(pl.col(COUNTS).fill_null(0).cast(pl.UInt32))


def _joined(counts: list[pl.DataFrame], told: Told) -> pl.DataFrame:
    """All pairs with venue and coin of the market and the rules by which the feeds show."""
    schema = {**dict.fromkeys(PAIR, pl.String()), "instrument_id": pl.String(), "day": pl.Date()}
    empty = pl.DataFrame(schema={**schema, **dict.fromkeys(COUNTS, pl.UInt32())})
    markets = told.spoken.select("source", "instrument_id", "venue", "coin").unique(
        ["source", "instrument_id"], maintain_order=True
    )
    rules = regimes().filter(pl.col("canonical") == LIQUIDATIONS.name)
    made = pl.concat([empty, *(one.select(empty.columns) for one in counts)]).join(
        markets, on=["source", "instrument_id"], how="left"
    )
    for side in ("a", "b"):
        name = f"dataset_{side}"
        shown = (
            made.select("source", name, "day")
            .unique()
            .join(rules, left_on=["source", name], right_on=["source", "dataset"])
        )
        then = shown.filter(
            pl.col("first_day") <= pl.col("day"),
            pl.col("last_day").is_null() | (pl.col("last_day") >= pl.col("day")),
        )
        coverage = pl.col("coverage").cast(pl.Enum(Coverage)).alias(f"coverage_{side}")
        then = then.select("source", name, "day", coverage).unique()
        made = made.join(then, on=["source", name, "day"], how="left")
    return made


def _estimated(counts: pl.DataFrame, monday: date) -> pl.DataFrame:
    """With Chapman's estimate, where it means anything, and what each side lacks of it."""
    both = (pl.col("matched_exactly") + pl.col("matched_scored")).cast(pl.Float64)
    n1, n2 = both + pl.col("only_a"), both + pl.col("only_b")
    by_one_rule = (pl.col("coverage_a") == pl.col("coverage_b")) & (
        pl.col("coverage_a") != Coverage.UNKNOWN.value
    )
    fits = (both >= LEAST_COMMON) & by_one_rule
    events, variance = chapman(n1, n2, both)
    figures = {
        "events_estimated": events,
        "events_estimated_se": variance.sqrt(),
        "lost_a_pct": (events - n1) / events * 100,
        "lost_b_pct": (events - n2) / events * 100,
    }
    return (
        counts.with_columns(
            pl.when(fits).then(figure.round(PLACES)).alias(name) for name, figure in figures.items()
        )
        .with_columns(time=_monday(monday))
        .select(MATCHES.schema.names())
        .cast(MATCHES.schema)
    )


def _finished(rows: pl.DataFrame, monday: date) -> pl.DataFrame:
    return (
        rows.rename({"time": "happened_at"})
        .with_columns(time=_monday(monday))
        .select(UNMATCHED.schema.names())
        .cast(UNMATCHED.schema)
    )


def _monday(monday: date) -> pl.Expr:
    return pl.lit(monday).cast(pl.Datetime("ms")).dt.replace_time_zone("UTC")
