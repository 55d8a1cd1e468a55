import re
from decimal import Decimal
from html.parser import HTMLParser
from types import ModuleType

import pytest

from pipelines.report.rows import week_rows
from pipelines.report.weekly import render


class Reader(HTMLParser):
    """Ids, links and the text of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"href", "src", "xlink:href"}:
                self.links.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="session")
def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


@pytest.fixture(scope="session")
def words(read: Reader) -> str:
    return " ".join(" ".join(read.text).split())


def test_the_sections_stand_in_the_promised_order(html: str) -> None:
    places = [
        html.index(f'<section id="{name}">')
        for name in (
            "headline",
            "by-coin",
            "by-venue",
            "by-day",
            "differences",
            "causes",
            "market",
            "claims",
            "gaps",
            "findings",
            "legend",
            "evidence",
        )
    ]
    assert places == sorted(places)


def test_the_exact_window_is_printed(words: str) -> None:
    assert "2022-06-13 00:00:00Z <= t < 2022-06-20 00:00:00Z" in words


def test_a_simulated_market_says_so_in_the_title_and_beside_the_headline(
    html: str, words: str
) -> None:
    assert "<title>SIMULATED: " in html
    assert "SIMULATED How much was liquidated" in words


def test_a_live_market_carries_no_label_and_a_recorded_one_carries_its_own(
    small_week: ModuleType,
) -> None:
    rows = small_week.week()
    live = render(rows, small_week.evidence("live"))["index.html"].decode()
    recorded = render(rows, small_week.evidence("recorded:/srv/kept"))
    assert "SIMULATED" not in live
    assert "RECORDED" not in live
    assert "<title>RECORDED: " in recorded["index.html"].decode()
    assert not any(b"/srv/kept" in data for data in recorded.values())


def test_each_source_has_its_own_headline_with_its_scope(words: str) -> None:
    assert "CoinGlass all venues asked: Binance, Bybit, OKX Longs 947.15 M USD" in words
    assert "947,148,123.46 USD" in words
    assert "136.01 M USD" in words


def test_sources_are_never_added_up(edition: dict[str, bytes]) -> None:
    everything = Decimal("947148123.455") + Decimal("136012345.67") + Decimal("0.07")
    text = edition["report.json"].decode() + edition["report.md"].decode()
    assert f"{everything:,.2f}" not in text
    assert str(everything)[:12] not in text


def test_a_number_on_missing_days_says_so_beside_it(html: str) -> None:
    row = re.search(
        r'<tr>\s*<th[^>]*>BTC<span class="note">([^<]*)</span>.*?</tr>', html, re.DOTALL
    )
    assert row is not None
    assert "6 of 7 days; missing 2022-06-15" in html
    assert "1 of 2 series lacks days, at worst 6 of 7 held; missing 2022-06-15" in html


def test_a_missing_number_is_a_word_and_never_zero(html: str) -> None:
    for key in ("coin.kraken.BTC.long", "coin.kraken.BTC.short"):
        found = re.search(rf'<(\w+) class="missing" id="{re.escape(key)}"[^>]*>([^<]*)<', html)
        assert found is not None
        assert found[2] == "missing"


def test_a_day_that_nobody_held_is_a_gap_with_the_word(small_week: ModuleType) -> None:
    rows = small_week.week()
    frames = {name: getattr(rows, name) for name in ("liquidations", "totals", "daily")}
    frames["daily"] = frames["daily"].filter(
        (frames["daily"]["coin"] == "BTC") & (frames["daily"]["source"] == "coinalyze")
    )
    files = render(week_rows(small_week.WEEK, frames), small_week.evidence())
    svg = files["charts/days-coinalyze.svg"].decode()
    assert re.search(r"<text[^>]*>missing</text>", svg)
    assert "Wed 2022-06-15: longs missing, shorts missing" in svg
    page = files["index.html"].decode()
    assert 'class="missing" id="day.coinalyze.2022-06-15.long"' in page
    assert "<text" in svg.split("missing</text>")[0]


def test_dollars_at_par_are_flagged_and_others_are_not(html: str) -> None:
    flagged = r'id="{}"[^>]*>[^<]*</data> <abbr class="par"'
    assert re.search(flagged.format(re.escape("coin.coinalyze.ETH.long")), html)
    assert not re.search(flagged.format(re.escape("coin.coinglass.ETH.long")), html)


def test_the_ratio_is_said_with_both_scopes(words: str) -> None:
    assert (
        "CoinGlass (all venues asked: Binance, Bybit, OKX) says 5.23 times what "
        "Coinalyze (Binance BTCUSDT) says for BTC longs: 479.65 M against 91.77 M USD, "
        "a gap of 387.88 M , over 6 of 7 days ; rank correlation 0.96"
    ) in words


def test_prices_and_open_interest_stand_beside_the_week_before(words: str) -> None:
    assert "20,574 before 26,574.5 change \N{MINUS SIGN}22.58 %" in words
    assert "2,911.23 M before not held change not held" in words
    assert "0.0012 % before \N{MINUS SIGN}0.0034 %" in words


def test_what_is_missing_is_listed(words: str) -> None:
    assert "nothing held 2022-06-14 03:00Z 2022-06-14 05:00Z 3" in words
    assert "Missing, which is not zero: liquidations by Bybit." in words
    assert "12.50 %" in words
    assert "side 'sideways' is not a side <b> 1" in words


def test_findings_are_printed_and_block_nothing(words: str) -> None:
    assert "nothing is blocked by this" in words
    assert "CoinGlass labels BTC's stable-coin open interest usd" in words


def test_the_evidence_names_every_digest_and_the_way_to_rebuild(words: str) -> None:
    for digest in ("a" * 64, "b" * 64, "c" * 64, "d" * 64):
        assert digest in words
    assert "2022-06-21T00:00:00.000000Z" in words
    assert "liqledger reproduce 2022-W24" in words
    assert "liqledger trace 2022-W24 KEY" in words


def test_a_hostile_name_is_text_everywhere(
    edition: dict[str, bytes], read: Reader, words: str
) -> None:
    assert "script" not in read.tags
    assert "b" not in read.tags
    assert "<script>alert(1)</script>" in words
    for name, data in edition.items():
        if name.endswith((".html", ".md", ".svg")):
            assert b"<script" not in data, name


def test_the_page_asks_nobody_for_anything(html: str, read: Reader) -> None:
    assert "default-src 'none'" in html
    assert "://" not in html
    assert "@import" not in html
    assert not read.tags & {"script", "img", "iframe", "object", "embed", "form"}
    assert not re.search(r"<link|url\((?!#)", html)


def test_every_link_leads_somewhere(edition: dict[str, bytes], read: Reader) -> None:
    for link in read.links:
        if link.startswith("#"):
            assert link[1:] in read.ids, link
        else:
            assert link in edition, link


def test_no_id_is_given_twice(read: Reader) -> None:
    assert len(read.ids) == len(set(read.ids))


def test_pictures_say_in_words_what_they_show(edition: dict[str, bytes]) -> None:
    pictures = [data.decode() for name, data in edition.items() if name.endswith(".svg")]
    assert len(pictures) == 8
    for svg in pictures:
        assert 'role="img" aria-labelledby="' in svg
        assert "US dollars.</title>" in svg
        assert "SIMULATED" in svg


def test_a_week_without_any_rows_is_still_a_page(small_week: ModuleType) -> None:
    files = render(week_rows(small_week.WEEK, {}), small_week.evidence("live"))
    page = files["index.html"].decode()
    assert "missing, which is not zero" in page
    assert not re.search(r"<data[^>]*>0", page)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_ink_stands_out_from_the_paper(html: str) -> None:
    inks = re.findall(r"--(?:ink|quiet|link|warn): (#[0-9a-f]{6})", html)
    assert len(inks) == 4
    for ink in inks:
        for paper in ("#ffffff", "#fff1c2"):
            assert (_luminance(paper) + 0.05) / (_luminance(ink) + 0.05) >= 4.5, (ink, paper)


def test_what_was_restated_is_told_apart_from_what_was_withdrawn(words: str) -> None:
    assert "CoinGlass · liquidations_hourly · T+8" in words
    assert "CoinGlass · liquidations_hourly · T+1" not in words  # nobody had asked again by then
    assert "2022-06-18 23:00 to 24:00" in words
    assert "withdrawn 534,225.61 asked 2022-06-20 06:00:00Z not told asked 2022-06-29" in words
    assert "restated 534,225.61 asked 2022-06-20 06:00:00Z 600,000.00" in words


def test_two_feeds_of_a_source_stand_side_by_side_with_what_each_lost(words: str) -> None:
    assert "Kraken Futures · executions · trade" in words
    assert (
        "240 by score 7 12 other deaf 31 0 other deaf 0 259 standard error 0 0.00 % 4.63 %" in words
    )


def test_the_page_says_which_edition_it_is_and_how_firm(words: str) -> None:
    assert "Edition 1, provisional" in words
    assert "asked again on 2022-06-28 or later, it is firmer" in words
