"""Ratio against level, as Bland and Altman draw it, on logarithms: one picture a coin and side."""

from collections.abc import Sequence
from datetime import date
from math import ceil, exp, floor, log, log10
from typing import TYPE_CHECKING, Any

from pipelines.report import figures, names
from pipelines.report.agreement import PLACES
from pipelines.report.drawing import INK, LONG, QUIET, SHORT, Chart, finished
from pipelines.report.rows import WeekRows
from pipelines.report.voices import Row, counted

if TYPE_CHECKING:
    import altair as alt

COINS = 2
TURNS = ["since", "before"]
SHAPES = ["circle", "cross"]
POSITIONS = {"long": LONG, "short": SHORT}

_POWERS = (
    "datum.value >= 1e6 ? format(datum.value / 1e6, ',~f') + ' M' : "
    "datum.value >= 1e3 ? format(datum.value / 1e3, ',~f') + ' K' : format(datum.value, ',~f')"
)


def agreement_charts(rows: WeekRows, stamp: str) -> tuple[Chart, ...]:
    """Of the coins with most dollars of the pair that is held most, longs and shorts each."""
    days = list(rows.agreement_days.iter_rows(named=True))
    dollars: dict[str, float] = {}
    for day in days:
        dollars[day["coin"]] = dollars.get(day["coin"], 0.0) + float(day["a_usd"])
    coins = sorted(dollars, key=lambda coin: (-dollars[coin], coin))[:COINS]
    stated = {tuple(row[n] for n in PLACES): row for row in rows.agreement.iter_rows(named=True)}
    made = []
    for coin in coins:
        for position in POSITIONS:
            drawn = [day for day in days if (day["coin"], day["position"]) == (coin, position)]
            row = stated.get(tuple(drawn[0][name] for name in PLACES)) if drawn else None
            if row is not None and row["ratio"] is not None:
                made.append(_chart(row, drawn, stamp))
    return tuple(made)


def _chart(row: Row, days: Sequence[Row], stamp: str) -> Chart:
    import altair as alt

    a, b = (names.brand(row[f"source_{side}"]) for side in "ab")
    points = [_point(day, row["level_break_day"]) for day in days]
    title = f"{row['coin']} {row['position']}s: {_claim(row, a)}"
    x = _level(points)
    ratio = alt.Scale(type="log", nice=False, padding=8)
    dots = (
        alt.Chart(alt.InlineData(values=points))
        .mark_point(filled=True, size=26, opacity=0.65, color=POSITIONS[row["position"]])
        .encode(
            x=x,
            y=alt.Y("ratio:Q", title=None, scale=ratio, axis=alt.Axis(tickCount=5, format="~g")),
            shape=alt.Shape("turn:N", legend=None, scale=alt.Scale(domain=TURNS, range=SHAPES)),
        )
    )
    layers: list[alt.Chart] = [*_rules(row), dots, *_leaning(row, points)]
    drawn = alt.layer(*layers).properties(width=290, height=170)
    marks = "crosses: before it; " if row["level_break_day"] else ""
    subtitle = (
        f"{a} over {b} by height of the day (mean of the two in USD), logarithmic; {marks}"
        f"line: middle, dashed: limits; {stamp}, n = {counted(len(points), 'day')}"
    )
    name = _safe(f"agreement-{row['coin']}-{row['position']}")
    return finished(name, title, _alt(title, row), "agreement_days.csv", drawn, subtitle)


def _level(points: Sequence[dict[str, Any]]) -> "alt.X":
    import altair as alt

    levels = [point["level"] for point in points]
    powers = range(floor(log10(min(levels))), ceil(log10(max(levels))) + 1)
    ticks = [times * 10.0**power for power in powers for times in (1, 3)]
    axis = alt.Axis(labelExpr=_POWERS, values=ticks, grid=False)
    scale = alt.Scale(type="log", nice=False, padding=8)
    return alt.X("level:Q", title=None, scale=scale, axis=axis)


def _rules(row: Row) -> "list[alt.Chart]":
    import altair as alt

    lines = [(row["ratio"], [1, 0]), (row["ratio_low"], [4, 3]), (row["ratio_high"], [4, 3])]
    return [
        alt.Chart(alt.InlineData(values=[{"ratio": value}]))
        .mark_rule(color=QUIET, strokeDash=dash, strokeWidth=1.2)
        .encode(y=alt.Y("ratio:Q", title=None))
        for value, dash in lines
    ]


def _point(day: Row, break_day: date | None) -> dict[str, Any]:
    a, b = float(day["a_usd"]), float(day["b_usd"])
    is_before = break_day is not None and day["day"] < break_day
    return {"level": (a * b) ** 0.5, "ratio": a / b, "turn": TURNS[is_before]}


def _leaning(row: Row, points: Sequence[dict[str, Any]]) -> "list[alt.Chart]":
    """The ratio that the slope gives each height, where a slope is beyond doubt and one level."""
    import altair as alt

    if not row["has_slope"] or row["level_break_day"] is not None:
        return []
    levels = [log(point["level"]) for point in points]
    middle = sum(levels) / len(levels)
    ends = [
        {"level": exp(level), "ratio": row["ratio"] * exp(row["slope"] * (level - middle))}
        for level in (min(levels), max(levels))
    ]
    return [
        alt.Chart(alt.InlineData(values=ends))
        .mark_line(color=INK, strokeWidth=2)
        .encode(x=alt.X("level:Q", title=None), y=alt.Y("ratio:Q", title=None))
    ]


def _claim(row: Row, a: str) -> str:
    if row["level_break_day"] is not None:
        return f"another ratio from {row['level_break_day']}"
    if not row["has_slope"]:
        return "no slope that is certain"
    return f"{a} says {'more' if row['slope'] > 0 else 'less'} on higher days"


def _alt(title: str, row: Row) -> str:
    middle, low, high, slope, error = (
        figures.printed(value, "correlation")
        for name in ("ratio", "ratio_low", "ratio_high", "slope", "slope_se")
        if (value := figures.decimal(row[name])) is not None
    )
    days = counted(row["days_compared"], "day")
    return (
        f"{title}, by height of the day. Over {days}, middle ratio {middle}, limits {low} and "
        f"{high}, slope {slope} with an error of {error}. Height in US dollars."
    )


def _safe(name: str) -> str:
    return "".join(part if part.isalnum() or part == "-" else "-" for part in name)
