"""From a chart to an SVG that is the same bytes for the same rows: ids are renumbered, and the
font is one that vl-convert brings along.
"""

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import escape

if TYPE_CHECKING:
    import altair as alt

FONT = "Liberation Sans"
FALLBACK = "Liberation Sans, Arial, Helvetica, sans-serif"
INK, QUIET, LONG, SHORT = "#1c2430", "#56606d", "#1f5f99", "#b3541e"


@dataclass(frozen=True, slots=True)
class Chart:
    """``alt`` says in words what the picture shows; ``table`` is the CSV with its rows."""

    name: str
    title: str
    alt: str
    table: str
    svg: str

    @property
    def inline(self) -> str:
        """For the inside of an HTML page, where the namespaces are understood."""
        return re.sub(r' xmlns(:\w+)?="[^"]*"', "", self.svg, count=2)


def finished(
    name: str,
    title: str,
    alt_text: str,
    table: str,
    drawn: "alt.LayerChart | alt.FacetChart",
    subtitle: str,
) -> Chart:
    import altair as alt
    import vl_convert

    styled = (
        drawn.properties(
            title=alt.TitleParams(title, subtitle=_wrapped(subtitle), anchor="start", frame="group")
        )
        .configure(font=FONT, aria=False, background="#ffffff")
        .configure_view(stroke=None)
        .configure_title(
            fontSize=14,
            subtitleFontSize=11.5,
            color=INK,
            subtitleColor=QUIET,
            subtitlePadding=4,
        )
        .configure_axis(
            labelFontSize=11,
            labelColor=QUIET,
            domainColor="#c3c9d0",
            tickColor="#c3c9d0",
            gridColor="#e6e9ec",
        )
        .configure_legend(labelFontSize=11, labelColor=INK)
    )
    svg = vl_convert.vegalite_to_svg(styled.to_dict(validate=False))
    return Chart(name, title, alt_text, table, _told(_renumbered(svg, name), name, alt_text))


def _wrapped(text: str, width: int = 58) -> list[str]:
    return textwrap.wrap(text, width)


def _renumbered(svg: str, name: str) -> str:
    """vl-convert numbers ids through the life of a process: number them through this chart."""
    found = dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg))
    for place, old in enumerate(found):
        new = f"{name}-{place}"
        svg = re.sub(rf'(\bid="|url\(#|href="#){re.escape(old)}(?=["\)])', rf"\g<1>{new}", svg)
    return svg.replace(f'font-family="{FONT}"', f'font-family="{FALLBACK}"')


def _told(svg: str, name: str, alt_text: str) -> str:
    """The words for those who do not see it."""
    head, rest = svg.split(">", 1)
    return (
        f'{head} role="img" aria-labelledby="{name}-words">'
        f'<title id="{name}-words">{escape(alt_text)}</title>{rest}'
    )
