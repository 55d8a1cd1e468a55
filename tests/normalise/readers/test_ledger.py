"""Our ledgers: what stands in the files as shipped, and what becomes of a bad entry."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import jsonschema
import polars as pl
import pytest

from pipelines.lake import days_between
from pipelines.normalise.readers.ledger.__main__ import FILES, SCHEMAS, faults, main, schema

ROOT = Path(__file__).parents[3]
CLAIM = [
    "[[claim]]",
    'id = "A"',
    "first_day = 2026-11-10",
    "last_day = 2026-11-11",
    'window = "rolling 24h"',
    'side = "total"',
    'scope = "market"',
    'value_usd = "5"',
    'address = "https://nowhere.test/a"',
    'graded = "press"',
]
EVENT = [
    "[[event]]",
    'id = "a"',
    'kind = "feed"',
    "on = 2026-11-10",
    'title = "A feed changed"',
    'address = "https://nowhere.test/a"',
]
OTHER = {
    "claims": [*CLAIM[:1], 'id = "B"', *CLAIM[2:]],
    "events": [*EVENT[:1], 'id = "b"', *EVENT[2:]],
}
WHOLE = {"claims": CLAIM, "events": EVENT}


def told(bench, name, lines):
    """Asked about one day: the ledger of claims stands for each day that it was asked about."""
    return bench.on(date(2026, 11, 10)).told("ledger", name, lines)


def changed(lines, field, line):
    """The entry with another line for a field, or with the line at its end."""
    rest = [one for one in lines if not one.startswith(f"{field} =")]
    return [*rest, line] if line else rest


@pytest.fixture(scope="module")
def shipped():
    """The rows of a ledger as it is shipped, whatever the day."""

    def read(bench, name):
        first, last = date(2019, 9, 1), date(2026, 12, 31)
        long = bench.on(last) if name == "claims" else replace(bench, day=first, last_day=last)
        assert len(days_between(first, last)) > 2000
        question = replace(
            bench.payload("ledger", name)[0],
            kind="bytes",
            body=(ROOT / "ledger" / f"{name}.toml").read_bytes(),
        )
        rows = long.read(bench.reader("ledger", name), [question])
        assert rows.refused.is_empty()
        return bench.reader("ledger", name).table.conform(rows.rows)

    return read


@pytest.mark.parametrize("name", FILES)
def test_no_entry_of_the_shipped_files_is_refused(name):
    assert faults(f"ledger/{name}.toml") == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_in_the_documents_is_what_the_declarations_say_now(name):
    kept = (ROOT / "docs" / f"{name}.schema.json").read_text("utf-8")
    assert kept == schema(name)
    jsonschema.Draft202012Validator.check_schema(json.loads(kept))


def test_every_published_claim_is_there_with_its_figure_to_the_cent(bench, shipped):
    rows = shipped(bench, "claims")
    assert rows.height == 40
    of = {row["claim_id"]: row for row in rows.iter_rows(named=True)}
    assert of["H053"]["value_usd"] == Decimal("122942934.42")
    assert of["H036"]["graded"] == "maker"
    assert of["H033"]["traders"] == 1618240
    assert (of["H039"]["low_usd"], of["H039"]["high_usd"]) == (30 * 10**9, 40 * 10**9)
    assert of["H043"]["source_named"] is None
    assert Counter(rows["graded"]) == {"press": 36, "maker": 4}


def test_a_window_whose_hour_is_told_begins_at_its_own_day(bench, shipped):
    of = {row["claim_id"]: row for row in shipped(bench, "claims").iter_rows(named=True)}
    ends = {name: (of[name]["first_day"], of[name]["last_day"]) for name in of}
    assert ends["H028"] == (date(2025, 9, 21), date(2025, 9, 22))  # to 08:30 UTC
    assert ends["H029"] == (date(2025, 9, 21), date(2025, 9, 23))  # nobody says to when
    assert ends["H038"] == (date(2025, 10, 10), date(2025, 10, 10))
    assert ends["H042"] == (date(2025, 1, 1), date(2025, 12, 31))


def test_parts_are_kept_with_their_digits_for_whoever_adds_them_up(bench, shipped):
    of = {row["claim_id"]: row for row in shipped(bench, "claims").iter_rows(named=True)}
    parts = json.loads(of["H022"]["note"])["parts"]
    whole = [p for p in parts if "side" not in p]
    by_venue = [Decimal(p["value_usd"]) for p in whole if p["by"] == "venue"]
    by_side = [Decimal(p["value_usd"]) for p in whole if p["by"] == "side"]
    assert sum(by_venue) == sum(by_side) == of["H022"]["value_usd"]
    misprint = json.loads(of["H021"]["note"])
    assert sum(Decimal(p["value_usd"]) for p in misprint["parts"]) != of["H021"]["value_usd"]
    assert misprint["about"] == "2024-08-06"


def test_events_are_dated_and_each_says_where_it_can_be_read(bench, shipped):
    rows = shipped(bench, "events")
    assert rows.height >= 20
    assert rows["address"].null_count() == 0
    closes = rows.filter(pl.col("event_id") == "bitmex-closes").row(0, named=True)
    assert closes["time"] == datetime(2026, 9, 23, 4, tzinfo=UTC)
    assert closes["is_time_exact"]
    assert not rows.filter(pl.col("event_id") == "bitmex-reduce-only")["is_time_exact"].item()


def test_an_instant_of_another_zone_becomes_utc(bench):
    rows = bench.of("ledger", "events").rows.sort("time")
    assert rows["time"].to_list()[1] == datetime(2026, 11, 11, 13, 30, tzinfo=UTC)
    assert rows["published"].to_list() == [None, "2.6%"]


@pytest.mark.parametrize(
    ("name", "field", "line", "why"),
    [
        ("claims", "value_usd", "value_usd = 5", "Expected `str`, got `int` - at `$.value_usd`"),
        ("claims", "value_usd", 'value_usd = "5e9"', "at `$.value_usd`"),
        ("claims", "value_usd", "", "missing required field `value_usd`"),
        ("claims", "side", 'side = "both"', "Invalid enum value 'both' - at `$.side`"),
        ("claims", "grade", 'grade = "press"', "unknown field `grade`"),
        ("claims", "last_day", "last_day = 2026-11-09", "last_day is before first_day"),
        ("claims", "last_day", 'last_day = "2026-11-11"', "at `$.last_day`"),
        ("claims", "low_usd", 'low_usd = "4"', "low_usd and high_usd go together"),
        ("claims", "published_first", "published_first = 2026-11-10", "go together"),
        ("claims", "address", 'address = "somewhere"', "at `$.address`"),
        ("claims", "part", 'part = [{by = "mood", what = "x", value_usd = "1"}]', "$.part[0].by"),
        ("events", "kind", 'kind = "rumour"', "Invalid enum value 'rumour' - at `$.kind`"),
        ("events", "on", "", "one of on and at must be given"),
        ("events", "at", "at = 2026-11-10T00:00:00Z", "one of on and at must be given"),
        ("events", "title", 'title = " "', "at `$.title`"),
        ("events", "importance", "importance = 4", "at `$.importance`"),
    ],
)
def test_a_bad_entry_is_refused_in_a_line_with_its_name_and_field_and_the_others_are_kept(
    bench, reasons, name, field, line, why
):
    entry = changed(WHOLE[name], field, line)
    rows = told(bench, name, [*entry, *OTHER[name]])
    (reason,) = reasons(rows)
    assert reason.lower().startswith((f"{name[:-1]} 'a': ",))
    assert why in reason
    assert "\n" not in reason
    assert rows.rows.height == 1


def test_an_instant_without_a_zone_is_nobodys_instant(bench, reasons):
    rows = told(bench, "events", changed(EVENT[:3] + EVENT[4:], "at", "at = 2026-11-10T00:00:00"))
    assert reasons(rows) == ["event 'a': Expected `datetime` with a timezone component - at `$.at`"]


def test_an_id_that_is_given_twice_counts_once(bench, reasons):
    rows = told(bench, "claims", [*CLAIM, *CLAIM])
    assert reasons(rows) == ["claim 'A': this id is given twice"]
    assert rows.rows.height == 1


def test_an_entry_without_a_name_is_named_by_its_place(bench, reasons):
    rows = told(bench, "claims", [*OTHER["claims"], *changed(CLAIM, "id", "")])
    assert reasons(rows) == ["claim number 2: Object missing required field `id`"]


def test_of_a_file_that_is_no_toml_nothing_is_kept_and_another_heading_is_refused(bench, reasons):
    (reason,) = reasons(told(bench, "claims", [*CLAIM, "[[claim"]))
    assert reason.startswith("ledger/claims.toml is not TOML")
    rows = told(bench, "claims", [*CLAIM, "[[claims]]", 'id = "C"'])
    assert reasons(rows) == ["ledger/claims.toml: only [[claim]] may stand here, not 'claims'"]
    assert rows.rows.height == 1
    assert reasons(told(bench, "claims", ["[claim]", *CLAIM[1:]])) == [
        "ledger/claims.toml: [[claim]] needs two brackets"
    ]


def test_whoever_edits_is_told_what_is_wrong(tmp_path, capsys):
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "claims.toml").write_text("\n".join(changed(CLAIM, "side", "")))
    assert faults("ledger/claims.toml", tmp_path) == [
        "claim 'A': Object missing required field `side`"
    ]
    assert main([]) == 0
    assert capsys.readouterr().out == "every entry of the ledgers is as it should be\n"
