"""A gap as a fall from one figure to the other, cause by cause; signs tell, not colours alone."""

from decimal import Decimal
from typing import Any

from pipelines.report import figures
from pipelines.report.charts import POWERS, inline
from pipelines.report.drawing import INK, LONG, QUIET, SHORT, Chart, finished
from pipelines.report.names import CAUSES
from pipelines.report.sheets import Line, Sheet
from pipelines.report.trail import Number
from pipelines.tables.words import Cause

ROW_HEIGHT = 26
KINDS = ("figure", "less", "more", "unexplained")


def waterfall(sheet: Sheet, about: str) -> Chart:
    """Bars from the first figure down (or up) to the second; the last step is unexplained."""
    import altair as alt

    steps = _steps(sheet)
    base = alt.Chart(inline(steps)).encode(
        y=alt.Y(
            "step:N",
            sort=None,
            title=None,
            scale=alt.Scale(domain=[one["step"] for one in steps]),
            axis=alt.Axis(tickSize=0, labelLimit=150),
        )
    )
    bars = base.mark_bar(height=15).encode(
        x=alt.X("start:Q", title=None, axis=alt.Axis(labelExpr=POWERS, tickCount=3)),
        x2="end:Q",
        color=alt.Color(
            "kind:N",
            legend=None,
            scale=alt.Scale(domain=list(KINDS), range=[INK, LONG, SHORT, "#9aa3ad"]),
        ),
    )
    words = base.mark_text(align="left", dx=5, fontSize=11, color=QUIET).encode(
        x="right:Q", text="said:N"
    )
    drawn = alt.layer(bars, words).properties(width=260, height=ROW_HEIGHT * len(steps))
    said = "; ".join(f"{one['step']} {one['said']}" for one in steps)
    name = sheet.name.replace(".", "-")
    return finished(
        name, sheet.title, f"{sheet.title}. {said}. US dollars.", sheet.csv, drawn, f"USD; {about}"
    )


def _steps(sheet: Sheet) -> list[dict[str, Any]]:
    first, *middle, last = sheet.lines
    running = _value(first)
    steps = [_step(first.head, Decimal(0), running, "figure", figures.millions(running))]
    for line in middle:
        part = _value(line)
        head = f"{line.head} (est.)" if line.notes else line.head
        steps.append(_step(head, running, running - part, _kind(line, part), _signed(-part)))
        running -= part
    end = _value(last)
    return [*steps, _step(last.head, Decimal(0), end, "figure", figures.millions(end))]


def _step(head: str, start: Decimal, end: Decimal, kind: str, said: str) -> dict[str, Any]:
    return {
        "step": head,
        "start": float(start),
        "end": float(end),
        "right": float(max(start, end)),
        "kind": kind,
        "said": said,
    }


def _value(line: Line) -> Decimal:
    main = line.cells[0].main
    assert isinstance(main, Number)
    assert main.value is not None
    return main.value


def _kind(line: Line, part: Decimal) -> str:
    if line.head == CAUSES[Cause.UNEXPLAINED]:
        return "unexplained"
    return "less" if part >= 0 else "more"


def _signed(change: Decimal) -> str:
    return f"{'+' if change > 0 else ''}{figures.millions(change)}"
