"""The weekly edition: same rows and evidence, same bytes. No clock, network or chance."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.clock import iso
from pipelines.report import allowed, csv_files, errata, figures, names
from pipelines.report.document import document
from pipelines.report.evidence import Evidence
from pipelines.report.gaps import FINDINGS_SHOWN
from pipelines.report.issue import FIRST, Backing, issue_of
from pipelines.report.page import Page, compose
from pipelines.report.rows import WeekRows
from pipelines.report.voices import counted

if TYPE_CHECKING:
    from jinja2 import Environment

    from pipelines.report.drawing import Chart

SHOWN_OF_EDITION = 12  # lines on the page of what moved, and of why; report.json has all
TEMPLATES = Path(__file__).parent / "templates"


def render(rows: WeekRows, evidence: Evidence, backing: Backing = FIRST) -> dict[str, bytes]:
    """Every file of ``data/reports/<week>/``, by its name in that folder."""
    rows = allowed.shown(rows, evidence.market)
    page = compose(rows, evidence)
    issue = issue_of(rows, page.numbers(), evidence, backing)
    by_day, by_coin, falls = _charts(page)
    by_level = _season_charts(rows, page)
    files = csv_files.csv_files(rows, page, evidence)
    files |= {
        f"charts/{chart.name}.svg": chart.svg.encode()
        for chart in (*by_day, *by_coin, *falls, *by_level)
    }
    said = {
        "page": page,
        "issue": issue,
        "erratum": errata.sentence,
        "shown_of_edition": SHOWN_OF_EDITION,
        "evidence": evidence,
        "as_of": iso(evidence.as_of),
        "asked": [iso(one.asked_at) if one.asked_at else "" for one in evidence.inputs],
        "day_charts": by_day,
        "coin_charts": by_coin,
        "falls": falls,
        "agreement_charts": by_level,
        "tables": sorted(name for name in files if name.endswith(".csv")),
        "coverage_words": {word.value: about for word, about in names.COVERAGE.items()},
        "rounding": figures.ROUNDING,
        "findings_shown": FINDINGS_SHOWN,
        "credits": allowed.credits(rows, evidence.market),
    }
    files["index.html"] = _html(said)
    files["report.md"] = _markdown(said)
    files["report.json"] = document(rows, page, evidence, issue, csv_files.digests(files))
    return {name: files[name] for name in sorted(files)}


def _charts(page: Page) -> tuple[tuple["Chart", ...], ...]:
    from pipelines.report.charts import coin_chart, day_chart
    from pipelines.report.waterfall import waterfall

    stamp = ", ".join(part for part in (page.week, page.label) if part)
    by_day = tuple(
        day_chart(sheet, voice.name, f"{stamp}, n = {voice.series} series")
        for voice, sheet in zip(page.voices, page.days, strict=True)
    )
    spoken = [(voice.name, sheet) for voice, sheet in zip(page.voices, page.coins, strict=True)]
    by_coin = (
        coin_chart(spoken, side, position, f"{stamp}, UTC week, n = {len(spoken)} sources")
        for side, position in enumerate(("long", "short"))
    )
    falls = tuple(waterfall(sheet, f"{stamp}, UTC week") for sheet in page.causes)
    return by_day, tuple(chart for chart in by_coin if chart), falls


def _season_charts(rows: WeekRows, page: Page) -> tuple["Chart", ...]:
    from pipelines.report.scatter import agreement_charts

    stamp = ", ".join(part for part in (f"to the end of {page.week}", page.label) if part)
    return agreement_charts(rows, stamp)


def _html(said: dict[str, Any]) -> bytes:
    from markupsafe import Markup

    from pipelines.report import marked

    environment = _environment(autoescape=True)
    environment.filters |= {
        "number": marked.number,
        "words": marked.words,
        "sheet": marked.table,
    }
    style = Markup((TEMPLATES / "page.css").read_text("utf-8"))
    return environment.get_template("page.html").render(said, style=style).encode()


def _markdown(said: dict[str, Any]) -> bytes:
    from pipelines.report import marked_down

    environment = _environment(autoescape=False)
    environment.filters |= {
        "number": marked_down.number,
        "words": marked_down.sentence,
        "sheet": marked_down.table,
        "text": marked_down.text,
    }
    return environment.get_template("report.md").render(said).encode()


def _environment(*, autoescape: bool) -> "Environment":
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=autoescape,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"millions": figures.millions, "counted": counted}
    return environment
