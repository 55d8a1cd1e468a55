"""A data folder belongs to one market, and says so."""

from pathlib import Path

import pytest

from pipelines.house import AnotherMarketError, House
from pipelines.market import NoMarketError, named, opened
from pipelines.raw import Raw


def test_an_empty_folder_holds_no_market_and_takes_the_first(tmp_path):
    house = House(tmp_path / "new")
    assert house.market == ""
    house.settle("simulated:1")
    assert House(tmp_path / "new").market == "simulated:1"
    house.settle("simulated:1")


@pytest.mark.parametrize("other", ["live", "recorded", "simulated:2", "simulated:1:small"])
def test_a_folder_refuses_a_second_market_and_keeps_its_own(tmp_path, other):
    house = House(tmp_path)
    house.settle("simulated:1")
    with pytest.raises(AnotherMarketError, match="--data"):
        house.settle(other)
    assert house.market == "simulated:1"


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"rust"])
def test_a_mark_that_cannot_be_read_is_not_taken_for_an_empty_folder(tmp_path, text):
    (tmp_path / "market.json").write_bytes(text)
    with pytest.raises(AnotherMarketError, match="cannot be read"):
        House(tmp_path).settle("live")


def test_answers_may_be_kept_in_another_house(tmp_path):
    elsewhere = Raw(tmp_path / "elsewhere")
    assert House(tmp_path, archive=elsewhere).raw is elsewhere
    assert House(tmp_path).raw.root == tmp_path / "raw"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("live", "live"),
        ("simulated", "simulated:1"),
        ("simulated:", "simulated:1"),
        ("simulated:007", "simulated:7"),
        ("simulated:3:small", "simulated:3:small"),
    ],
)
def test_a_market_has_one_name_however_it_is_written_and_its_name_names_it(text, name):
    assert named(text) == name == named(name)


@pytest.mark.parametrize(
    "text",
    ["", "Live", "live:x", "recorded", "recorded:", "recorded:/nowhere", "simulated:x",
     "simulated:-1", "simulated:²", "simulated:1:big", "http://x"],
)  # fmt: skip
def test_what_is_no_market_is_refused_in_words(text):
    with pytest.raises(NoMarketError):
        named(text)


def test_a_recorded_market_is_named_alike_wherever_it_stands(tmp_path):
    (tmp_path / "manifest.json").write_text("{}")
    assert named(f"recorded:{tmp_path}") == "recorded"


def test_a_folder_of_a_small_market_can_be_filled_further(tmp_path):
    house = House(tmp_path)
    for text in ("simulated:1", house.market or "simulated:1:small"):
        with opened(text, size="small" if text.endswith("1") else "full") as market:
            house.settle(market.name)
    assert house.market == "simulated:1:small"


def test_the_live_market_needs_no_process(tmp_path):
    with opened("live") as market:
        assert (market.name, market.at, market.now) == ("live", {}, None)
    assert list(Path(tmp_path).iterdir()) == []
