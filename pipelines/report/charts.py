"""Rows to SVG, narrow enough for a phone. Side is told by place and source by shape, never by
colour alone.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.report import figures
from pipelines.report.days import amounts
from pipelines.report.drawing import INK, LONG, SHORT, Chart, finished
from pipelines.report.sheets import Sheet
from pipelines.report.trail import Number

if TYPE_CHECKING:
    import altair as alt

COLOURS = (LONG, SHORT, "#2f6b3a", "#6d3a8c", "#5c5c5c", "#8a1c3b", "#00697a", "#7a5c00")
SHAPES = (
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "cross",
    "triangle-down",
    "stroke",
    "wedge",
)
COINS = 10


def day_chart(sheet: Sheet, speaker: str, about: str) -> Chart:
    """Longs up and shorts down, by day; a day that is not held carries the word."""
    import altair as alt

    days = amounts(sheet)
    unit, scale = _unit(days)
    title = f"{speaker}: {_claim(days)}"
    data = [_bar(day, number, sign, scale) for day, pair in days for number, sign in _signed(pair)]
    gaps = [gap for day, pair in days if (gap := _gap(day, pair, scale))]
    x = alt.X("day:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelExpr=_TWO_LINES))
    order = alt.Scale(domain=[day for day, _ in days])
    x = x.scale(order)
    bars = (
        alt.Chart(inline(data))
        .mark_bar(size=22)
        .encode(
            x=x,
            y=alt.Y("amount:Q", title=None, axis=alt.Axis(labelExpr=_ABSOLUTE, tickCount=5)),
            color=alt.Color("position:N", legend=None, scale=_sides()),
        )
    )
    words = (
        alt.Chart(inline(gaps))
        .mark_text(dy=-7, fontSize=10.5, fontStyle="italic", color=INK)
        .encode(x=x, y=alt.Y("amount:Q", title=None), text="word:N")
    )
    zero = alt.Chart(inline([{}])).mark_rule(color=INK).encode(y=alt.datum(0))
    subtitle = f"{unit} by UTC day, longs up, shorts down; {about}"
    layers = (bars, zero, words) if gaps else (bars, zero)
    drawn = alt.layer(*layers).properties(width=300, height=170)
    return finished(
        sheet.name.replace(".", "-"), title, _days_alt(title, days), sheet.csv, drawn, subtitle
    )


def coin_chart(
    sheets: Sequence[tuple[str, Sheet]], side: int, position: str, about: str
) -> Chart | None:
    """What each source says of each coin, on a logarithmic scale; None without a figure."""
    import altair as alt

    coins, points = _points(sheets, side)
    if not coins:
        return None
    speakers = [speaker for speaker, _ in sheets]
    base = alt.Chart(inline(points)).encode(
        y=alt.Y("coin:N", sort=coins, title=None, axis=alt.Axis(grid=True, tickSize=0))
    )
    x = alt.X(
        "usd:Q",
        title=None,
        scale=alt.Scale(type="log", nice=True),
        axis=alt.Axis(labelExpr=POWERS, tickCount=5, grid=False),
    )
    spread = base.mark_rule(color="#9aa3ad", strokeWidth=1.5).encode(
        x=alt.X("min(usd):Q", title=None), x2="max(usd):Q"
    )
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=x,
        color=alt.Color("source:N", scale=_palette(speakers), legend=_legend()),
        shape=alt.Shape("source:N", scale=_shapes(speakers)),
    )
    drawn = alt.layer(spread, dots).properties(width=290, height=22 * len(coins))
    title = f"{position.capitalize()}s by coin, as each source says"
    alt_text = f"{title}. {_points_alt(coins, points)}"
    return finished(
        f"sources-{position}", title, alt_text, "by_coin.csv", drawn, f"USD, log scale; {about}"
    )


def _points(
    sheets: Sequence[tuple[str, Sheet]], side: int
) -> tuple[list[str], list[dict[str, Any]]]:
    """The coins with the largest figures, and what each source says of them, zeros left out."""
    points: list[dict[str, Any]] = [
        {"coin": line.head, "source": speaker, "usd": float(value)}
        for speaker, sheet in sheets
        for line in sheet.lines
        if isinstance(number := line.cells[side].main, Number) and (value := number.value)
    ]
    largest: dict[str, float] = {}
    for point in points:
        largest[point["coin"]] = max(largest.get(point["coin"], 0.0), point["usd"])
    coins = sorted(largest, key=lambda coin: (-largest[coin], coin))[:COINS]
    return coins, [point for point in points if point["coin"] in coins]


_TWO_LINES = "[slice(datum.value, 0, 3), slice(datum.value, 12)]"
_ABSOLUTE = "format(abs(datum.value), ',.4~f')"
POWERS = (
    "datum.value >= 1e6 ? format(datum.value / 1e6, ',~f') + ' M' : "
    "datum.value >= 1e3 ? format(datum.value / 1e3, ',~f') + ' K' : format(datum.value, ',~f')"
)

_Pair = tuple[Number, Number]


def _unit(days: Sequence[tuple[str, _Pair]]) -> tuple[str, Decimal]:
    most = max(
        (n.value for _, pair in days for n in pair if n.value is not None), default=Decimal(0)
    )
    if most >= figures.MILLION:
        return "USD M", figures.MILLION
    return ("USD K", Decimal(1000)) if most >= 1000 else ("USD", Decimal(1))


def _claim(days: Sequence[tuple[str, _Pair]]) -> str:
    sums = [(figures.total(n.value for n in pair), day) for day, pair in days]
    held = [(value, day) for value, day in sums if value]
    if not held:
        return "nothing to show"
    most = max(held, key=lambda pair: pair[0])
    return f"most on {most[1]}"


def _signed(pair: _Pair) -> tuple[tuple[Number, int], tuple[Number, int]]:
    return (pair[0], 1), (pair[1], -1)


def _bar(day: str, number: Number, sign: int, scale: Decimal) -> dict[str, Any]:
    value = None if number.value is None else sign * float(number.value / scale)
    return {"day": day, "amount": value, "position": "long" if sign > 0 else "short"}


def _gap(day: str, pair: _Pair, scale: Decimal) -> dict[str, Any] | None:
    """The word over a day that is missing, or held in part."""
    if all(number.value is None for number in pair):
        return {"day": day, "word": pair[0].printed, "amount": 0}
    top = float((pair[0].value or Decimal(0)) / scale)
    return {"day": day, "word": "partly", "amount": top} if any(n.notes for n in pair) else None


def _days_alt(title: str, days: Sequence[tuple[str, _Pair]]) -> str:
    said = [f"{day}: longs {_short(long)}, shorts {_short(short)}" for day, (long, short) in days]
    return f"{title}. {'; '.join(said)}. US dollars."


def _points_alt(coins: Sequence[str], points: Sequence[dict[str, Any]]) -> str:
    said = []
    for coin in coins:
        each = [
            f"{point['source']} {figures.millions(figures.decimal(point['usd']) or Decimal(0))}"
            for point in points
            if point["coin"] == coin
        ]
        said.append(f"{coin}: {', '.join(each)}")
    return f"{'; '.join(said)}. US dollars."


def _short(number: Number) -> str:
    return number.printed if number.value is None else figures.millions(number.value)


def inline(rows: Sequence[Mapping[str, Any]]) -> "alt.InlineData":
    import altair as alt

    return alt.InlineData(values=[dict(row) for row in rows])


def _sides() -> "alt.Scale":
    import altair as alt

    return alt.Scale(domain=["long", "short"], range=[LONG, SHORT])


def _palette(speakers: Sequence[str]) -> "alt.Scale":
    import altair as alt

    return alt.Scale(domain=list(speakers), range=_cycled(COLOURS, len(speakers)))


def _shapes(speakers: Sequence[str]) -> "alt.Scale":
    import altair as alt

    return alt.Scale(domain=list(speakers), range=_cycled(SHAPES, len(speakers)))


def _legend() -> "alt.Legend":
    import altair as alt

    return alt.Legend(title=None, orient="bottom", columns=3, symbolSize=70, labelLimit=160)


def _cycled(values: Sequence[str], count: int) -> list[str]:
    return [values[n % len(values)] for n in range(count)]
