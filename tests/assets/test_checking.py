"""``liqledger check``: verdicts on a terminal and for programs."""

import json

import pytest
from typer.testing import CliRunner

from assets.command.app import app
from assets.command.failing import RefusedError
from pipelines.tables.words import Verdict

RUN = CliRunner()
FIELDS = {
    "claim_id", "verdict", "reason", "error", "first_day", "last_day", "window_stated", "side",
    "scope", "value_usd", "low_usd", "high_usd", "cells_searched", "cells_fitting",
    "dates_permuted", "chance_of_fit", "best_cell", "base_rate", "base_reached", "base_windows",
    "base_series",
}  # fmt: skip


def checked(*words, data):
    answer = RUN.invoke(app, ["check", *words, "--data", str(data)], catch_exceptions=False)
    assert answer.exit_code == 0
    return answer.stdout


def test_one_claim_is_judged_on_an_empty_folder(tmp_path):
    text = checked("2.3B longs 7d 2025-11-07", data=tmp_path / "none")
    assert text.startswith("claim: not checkable. No window of 7 days")
    assert not (tmp_path / "none").exists()


def test_the_ledger_is_what_is_meant_without_a_claim(tmp_path):
    told = json.loads(checked("--json", data=tmp_path))
    assert len(told) == 40
    assert all(set(one) == FIELDS for one in told)
    assert {one["verdict"] for one in told} <= set(Verdict)
    by_id = {one["claim_id"]: one for one in told}
    assert by_id["H021"]["verdict"] == "internally inconsistent"
    assert (by_id["H045"]["low_usd"], by_id["H045"]["high_usd"]) == ("2250000000", "2350000000")


def test_a_file_is_compared_with_the_ledger_and_a_bad_row_has_a_line_of_its_own(tmp_path):
    file = tmp_path / "claims.csv"
    note = '"ETH 448M, BTC 278M"'
    file.write_text(
        "claim_id,event_date_utc,window,value_usd,note\n"
        f"A,2025-12-01,24h,1.19B,{note}\nB,never,24h,5B,\n"
    )
    again, bad = json.loads(checked("--file", str(file), "--json", data=tmp_path))
    assert again["verdict"] == "belongs to another date"
    assert "H054" in again["reason"]
    assert bad["verdict"] == "not checkable"
    assert bad["error"].startswith("'never' is no day")
    assert bad["value_usd"] is None


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["nonsense"], "names no date"),
        (["5B 24h 2025-11-07", "--file", "x.csv"], "not both"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(words, why):
    answer = RUN.invoke(app, ["check", *words])
    assert isinstance(answer.exception, RefusedError)
    assert why in str(answer.exception)
    assert "\n" not in str(answer.exception)


def test_a_file_without_its_columns_is_refused(tmp_path):
    file = tmp_path / "claims.csv"
    file.write_text("a,b\n1,2\n")
    answer = RUN.invoke(app, ["check", "--file", str(file)])
    assert isinstance(answer.exception, RefusedError)
    assert "event_date_utc" in str(answer.exception)
