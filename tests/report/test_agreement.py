"""How the page tells that two sources disagree over a season."""

import json
from typing import Any

import pytest


@pytest.fixture(scope="module")
def report(edition: dict[str, bytes]) -> dict[str, Any]:
    return json.loads(edition["report.json"])


@pytest.fixture(scope="module")
def told(report: dict[str, Any]) -> dict[str, str]:
    """Sentences about a season by their coin and side."""
    sentences = [one["text"] for one in report["sentences"]]
    return {text.partition(",")[0]: text for text in sentences if "days from 2022-03-22" in text}


def test_a_slope_is_said_in_words_with_both_scopes_and_what_is_left(told: dict[str, str]) -> None:
    said = told["BTC longs"]
    assert "CoinGlass (all venues asked: Binance, Bybit, OKX) says 4.40 times what" in said
    assert "Coinalyze (Binance) says" in said
    assert "They do not count the same venues" in said
    assert "The higher the day, the more CoinGlass says than Coinalyze" in said
    assert "20.58 % where the day is twice as high" in said
    assert said.endswith("Left unexplained: a factor of 1.37.")


def test_a_break_is_said_and_no_slope_is_claimed_that_is_not_certain(told: dict[str, str]) -> None:
    said = told["ETH longs"]
    assert "From 2022-05-18 on the ratio has another level" in said
    assert "the height of the day is not certain" in said
    assert "The higher the day" not in said


def test_what_was_refused_is_counted_and_has_no_line(
    edition: dict[str, bytes], report: dict[str, Any]
) -> None:
    assert "1 pair with fewer than ten days" in edition["report.md"].decode()
    keys = [one["key"] for one in report["numbers"] if one["key"].startswith("agreement.")]
    assert {key.split(".")[1] for key in keys} == {"BTC", "ETH"}


def test_days_with_a_zero_stand_beside_the_figures_that_lack_them(
    edition: dict[str, bytes],
) -> None:
    assert "2022-03-22 to 2022-06-19; 2 days with a zero" in edition["report.md"].decode()


def test_every_number_of_a_season_leads_to_its_row_and_to_the_days_behind_it(
    report: dict[str, Any],
) -> None:
    (one,) = [
        n for n in report["numbers"]
        if n["key"] == "agreement.BTC.long.coinglass.several.coinalyze.binance.slope"
    ]  # fmt: skip
    assert one["source"]["table"] == "mart.source_agreement"
    assert [step["table"] for step in one["trail"]] == [
        "lake.agreements", "lake.liquidation_totals", "lake.liquidation_totals",
    ]  # fmt: skip
    assert {step["first_day"] for step in one["trail"][1:]} == {"2022-03-22"}


def test_two_pictures_are_drawn_with_their_claim_their_days_and_what_was_before(
    edition: dict[str, bytes],
) -> None:
    btc = edition["charts/agreement-BTC-long.svg"].decode()
    assert "BTC longs: CoinGlass says more on higher days" in btc
    assert "n = 30 days" in btc
    assert "Over 90 days, middle ratio 4.40" in btc
    eth = edition["charts/agreement-ETH-long.svg"].decode()
    assert "ETH longs: another ratio from 2022-05-18" in eth
    assert "crosses: before it" in eth
    assert "crosses" not in btc
    pictures = [name for name in edition if name.startswith("charts/agreement")]
    assert len(pictures) == 2
