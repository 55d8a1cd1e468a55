import re

import altair as alt

from pipelines.report.drawing import Chart, finished


def _clipped() -> Chart:
    """A picture for which vl-convert has to number ids: one clip, one gradient."""
    fade = alt.Gradient(
        gradient="linear",
        stops=[
            alt.GradientStop(color="white", offset=0),
            alt.GradientStop(color="black", offset=1),
        ],
    )
    rows = alt.InlineData(values=[{"x": 1, "y": 2}])
    bar = alt.Chart(rows).mark_bar(clip=True, color=fade).encode(x="x:Q", y="y:Q")
    return finished("demo", "A title", "<alt>", "a.csv", alt.layer(bar), "words")


def test_ids_are_numbered_through_the_picture_and_not_through_the_process() -> None:
    first, second = _clipped(), _clipped()
    assert first.svg == second.svg
    ids = re.findall(r'\bid="([^"]+)"', first.svg)
    assert len(ids) >= 3
    assert all(one.startswith("demo-") for one in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", first.svg)) <= set(ids)


def test_the_words_for_those_who_do_not_see_it_are_escaped() -> None:
    assert "&lt;alt&gt;</title>" in _clipped().svg


def test_the_inline_picture_names_no_address() -> None:
    chart = _clipped()
    assert "http" in chart.svg
    assert "http" not in chart.inline
