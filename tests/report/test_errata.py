"""A page found wrong is withdrawn where everybody who opens it sees it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.files import digest_of
from pipelines.house import House
from pipelines.report import errata
from pipelines.report.errata import ErrataError, Erratum
from pipelines.report.issue import Backing
from pipelines.report.publish import read_edition
from pipelines.report.shelf import Shelf
from pipelines.report.weekly import render
from pipelines.standing import damages

ONE = Erratum("2022-W24", 1, 2, date(2022, 7, 1), "An <order> was counted twice")
WORDS = st.text(min_size=1, max_size=60).filter(lambda text: text.strip())


@settings(max_examples=60, deadline=None)
@given(WORDS, st.lists(WORDS, max_size=3))
def test_what_is_entered_is_what_is_read_whatever_the_words(tmp_path_factory, why, keys):
    folder = tmp_path_factory.mktemp("errata")
    other = replace_of(ONE, why=why, keys=tuple(keys))
    errata.add(folder, ONE)
    errata.add(folder, other)
    assert errata.read(folder) == (ONE, other)


def replace_of(one, **more):
    told = {name: getattr(one, name) for name in one.__struct_fields__}
    return Erratum(**(told | more))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[erratum]]\nweek = "2022-W24"\nedition = 1\nsince = 2\non = 2022-07-01\n', "why"),
        ('[[erratum]]\nweek = "2022-24"\nedition = 1\nsince = 2\non = 2022-07-01\nwhy = "x"\n', "entry 1"),
        ('[[erratum]]\nweek = "2022-W24"\nedition = 2\nsince = 2\non = 2022-07-01\nwhy = "x"\n', "entry 1"),
        ('[[erratum]]\nweek = "2022-W24"\nedition = 1\nsince = 2\non = 2022-07-01\nwhy = " "\n', "why"),
        ('[[eratum]]\nweek = "2022-W24"\n', "eratum"),
        ("[[erratum]\n", "cannot be read"),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_is_refused_by_name(tmp_path, text, words):
    (tmp_path / errata.LEDGER).write_text(text, "utf-8")
    with pytest.raises(ErrataError, match=words) as refused:
        errata.read(tmp_path)
    assert "\n" not in str(refused.value)


def test_no_file_is_no_erratum(tmp_path):
    assert errata.read(tmp_path) == ()


def test_the_later_edition_shows_it_first_and_every_one_after_it(edition, small_week):
    backing = Backing(2, edition["report.json"], (ONE,))
    second = render(small_week.week(), small_week.evidence(), backing)
    page = second["index.html"].decode()
    assert page.index("Edition 1 of 2022-W24 was withdrawn") < page.index('id="headline"')
    assert "An &lt;order&gt; was counted twice" in page
    assert "<order>" not in page
    assert "An &lt;order&gt; was counted twice" in second["report.md"].decode()
    third = render(
        small_week.week(), small_week.evidence(), Backing(3, second["report.json"], (ONE,))
    )
    assert "Edition 1 of 2022-W24 was withdrawn" in third["index.html"].decode()


def test_an_erratum_entered_later_changes_no_page_that_was_published_before_it(edition, small_week):
    backing = Backing(1, None, (ONE,))
    assert render(small_week.week(), small_week.evidence(), backing) == edition


def test_the_mark_is_on_the_withdrawn_page_and_comes_off_to_the_byte(edition):
    marked = errata.marked(edition, (ONE,))
    page = marked["index.html"].decode()
    assert page.index("was withdrawn on 2022-07-01") < page.index("<header>")
    assert "An &lt;order&gt; was counted twice" in page
    assert {name: errata.unmarked(data) for name, data in marked.items()} == edition
    assert errata.marked(marked, (ONE,)) == marked
    assert errata.marked(edition, ()) == edition


def test_withdrawing_marks_the_folder_and_is_no_damage_but_a_changed_page_is(
    tmp_path, edition, small_week
):
    house = House(tmp_path)
    shelf = Shelf(house.reports, small_week.WEEK)
    shelf.put(edition)
    errata.add(house.reports, ONE)
    assert shelf.has_news(edition["report.json"])
    backing = shelf.next_after(edition["report.json"])
    shelf.put(render(small_week.week(), small_week.evidence(), backing))
    assert "was withdrawn" in read_edition(shelf.earlier(1))["index.html"].decode()
    assert list(damages(house)) == []
    page = shelf.earlier(1) / "index.html"
    page.write_bytes(page.read_bytes().replace(b"CoinGlass", b"CoinGlas5", 1))
    (damage,) = damages(house)
    assert "2022-W24.1/index.html is not what was published" in damage


def test_an_erratum_of_another_week_marks_nothing(tmp_path, edition, small_week):
    shelf = Shelf(tmp_path, small_week.WEEK)
    shelf.put(edition)
    errata.add(tmp_path, replace_of(ONE, week="2022-W25"))
    assert not shelf.has_news(edition["report.json"])
    assert digest_of(read_edition(shelf.folder)["index.html"]) == digest_of(edition["index.html"])
