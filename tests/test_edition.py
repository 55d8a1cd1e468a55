"""A week whose sums were restated: its first page, the one that followed, and one withdrawn."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines import edition
from pipelines.edition import NotMadeError, rebuild, reproduce, rests_on, withdraw, write
from pipelines.extract.catalogue import CATALOGUE
from pipelines.extract.gather import Want, gather
from pipelines.files import DamagedError
from pipelines.house import House
from pipelines.lake import days_between
from pipelines.report.errata import ErrataError
from pipelines.report.publish import read_edition
from pipelines.report.trail import UnknownKeyError
from pipelines.settings import Settings
from pipelines.trace import trace
from pipelines.web import Web
from pipelines.weeks import Week

RECORDED = Path(__file__).parents[2] / "shared" / "recorded"
pytestmark = pytest.mark.skipif(
    not (RECORDED / "manifest.json").exists(), reason="no recorded market beside the project"
)
WEEK = Week.parse("2026-W06")  # in which the second asking lacks an hour
FIRST, LAST = WEEK.before.monday, WEEK.sunday
HOURLY = CATALOGUE["coinglass/liquidations_hourly"]
VENUES = "Binance,Bybit,OKX"
TOTAL = "total.coinglass.long"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A house with the page of the week, made when CoinGlass had been asked once."""
    house = House(tmp_path_factory.mktemp("editions"))
    with asking(house) as web:
        web.ask(CATALOGUE["coinglass/instruments"], days_between(FIRST, LAST))
        web.ask(HOURLY, days_between(FIRST, LAST))
        made_of_now(house, web)
    return house


def asking(house):
    now = datetime(2026, 2, 9, 6, tzinfo=UTC)
    settings = Settings(
        market=f"recorded:{RECORDED}", data=house.root, now=now, coins="BTC", exchange_list=VENUES
    )
    return Web(settings, house)


def made_of_now(house, web):
    """Everything as known now, and its page."""
    rebuild(house, WEEK, rests_on(house, WEEK), web.clock.now())
    return write(house, WEEK)


@pytest.fixture(scope="module")
def restated(house):
    """The same house after CoinGlass was asked a second time."""
    with asking(house) as web:
        settings = {"exchange_list": VENUES}
        for _ in range(2):  # the replica answers otherwise from the second time on
            gather(
                house.raw,
                web._door("coinglass"),
                HOURLY,
                [Want(FIRST, LAST, ("BTC",))],
                web.clock,
                settings=settings,
            )
        made_of_now(house, web)
    return house


def told(house, number=None):
    name = WEEK.name if number is None else f"{WEEK.name}.{number}"
    return json.loads(read_edition(house.reports / name)["report.json"])


def test_made_again_of_the_same_answers_it_is_the_same_edition(house):
    before = read_edition(house.reports / WEEK.name)
    write(house, WEEK)
    assert read_edition(house.reports / WEEK.name) == before
    assert not list(house.reports.glob(f"{WEEK.name}.*"))
    assert told(house)["edition"]["number"] == 1


def test_a_restatement_makes_a_second_edition_that_says_what_moved_and_why(restated):
    now, before = told(restated), told(restated, 1)
    said = now["edition"]
    assert said["number"] == 2
    moved = {one["key"]: (one["before"], one["after"]) for one in said["moved"]}
    # 19:00 of Friday 2026-02-06 had 534,225.60874 dollars of longs and is no longer told
    before_value, after_value = (
        next(n["value"] for n in t["numbers"] if n["key"] == TOTAL) for t in (before, now)
    )
    assert moved[TOTAL] == (before_value, after_value)
    (why,) = (line for line in said["because"] if "liquidations_hourly asked again" in line)
    index = [one for one in said["inputs_added"] if "liquidations_hourly/index" in one["path"]]
    assert index
    assert all(one["sha256"][:12] in why for one in index)
    page = read_edition(restated.reports / WEEK.name)["index.html"].decode()
    assert "withdrawn" in page
    assert "534,225.61" in page


def test_each_edition_is_made_again_to_the_byte(restated):
    assert reproduce(restated, WEEK).comparison.is_identical


def test_the_hour_that_is_gone_is_walked_back_to_both_answers(restated):
    key = next(
        n["key"]
        for n in told(restated)["numbers"]
        if n["key"].startswith("revised.") and n["key"].endswith(".first")
    )
    trail = trace(restated, WEEK, key)
    assert trail.rows["releases"].height >= 2
    assert {True, False} == set(trail.rows["releases"]["is_told"])
    assert all(origin.is_intact for origin in trail.origins)
    assert len(trail.origins) >= 2


def test_without_the_edition_before_it_a_page_cannot_be_made_again(restated):
    place = restated.reports / f"{WEEK.name}.1" / "report.json"
    kept = place.read_bytes()
    place.write_bytes(kept + b" ")
    with pytest.raises(DamagedError, match="is not the edition that was followed"):
        reproduce(restated, WEEK)
    place.write_bytes(kept)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"keys": ("total.coinglas.long",)}, UnknownKeyError),
        ({"number": 9}, NotMadeError),
        ({"why": "  "}, ErrataError),
    ],
)
def test_what_cannot_be_withdrawn_leaves_everything_as_it_was(restated, given, error):
    before = sorted(path.name for path in restated.reports.iterdir())
    with pytest.raises(error):
        withdraw(restated, WEEK, given.pop("why", "wrong"), date(2026, 3, 1), **given)
    assert sorted(path.name for path in restated.reports.iterdir()) == before


def test_a_withdrawn_edition_is_followed_by_one_that_says_so_and_can_be_made_again(restated):
    stood = told(restated)["edition"]["number"]
    erratum, _ = withdraw(restated, WEEK, "An hour was lacking", date(2026, 3, 1), (TOTAL,))
    assert (erratum.edition, erratum.since) == (stood, stood + 1)
    now = told(restated)["edition"]
    assert [one["why"] for one in now["errata"]] == ["An hour was lacking"]
    assert now["moved"] == []
    gone = read_edition(restated.reports / f"{WEEK.name}.{stood}")["index.html"].decode()
    assert "An hour was lacking" in gone
    assert reproduce(restated, WEEK).comparison.is_identical
    with pytest.raises(ErrataError, match="withdrawn already"):
        withdraw(restated, WEEK, "again", date(2026, 3, 2), number=stood)
    write(restated, WEEK)
    assert told(restated)["edition"]["number"] == stood + 1


def test_a_week_without_a_page_has_nothing_to_withdraw(tmp_path):
    with pytest.raises(NotMadeError, match="no edition"):
        edition.withdraw(House(tmp_path), WEEK, "wrong", date(2026, 3, 1))
