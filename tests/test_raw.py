"""Answers are kept whole, once by digest, and asking again keeps both."""

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.extract.asking import Answer
from pipelines.files import DamagedError, left_over
from pipelines.raw import ANSWERED, Asked, Raw

D = [date(2022, 6, 13) + timedelta(days=n) for n in range(5)]
T = [datetime(2022, 6, 20, 6, tzinfo=UTC) + timedelta(hours=n) for n in range(9)]
PLACE = ("coinglass", "funding")
BRIEF = settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def answer(body, subject="BTC", first=D[0], last=D[0], page=0, at=T[0], **params):
    return Answer(
        (subject,), first, last, page, "GET", "https://x/y", tuple(params.items()), 200, at, body
    )


def keep(raw, *answers, at=T[0], outcome=ANSWERED):
    raw.keep(*PLACE, at, [Asked(answers, outcome)], at)


def bodies(raw, first=D[0], last=D[-1], as_of=T[-1]):
    chosen = raw.chosen(*PLACE, first, last, as_of)
    pages = {p.number: p.body for p in raw.pages(*PLACE, chosen)}
    return {
        (subject, day): pages[number]
        for subject, day, number in chosen.select("subject", "day", "number").iter_rows()
    }


@pytest.fixture
def raw(tmp_path):
    return Raw(tmp_path)


def test_an_answer_comes_back_byte_for_byte_with_its_question(raw):
    body = bytes(range(256))
    keep(raw, answer(body, symbol="BTC", limit="9"))
    (page,) = raw.pages(*PLACE, raw.chosen(*PLACE, D[0], D[0], T[0]))
    assert (page.body, page.status, page.address) == (body, 200, "https://x/y")
    assert (page.params, page.subjects) == ({"symbol": "BTC", "limit": "9"}, ("BTC",))


def test_a_body_is_kept_once_however_often_it_comes(raw):
    for n in range(3):
        keep(raw, answer(b"same", subject=f"C{n}", at=T[n]), at=T[n])
    assert len(list(raw.root.rglob("bodies/*.parquet"))) == 1
    assert raw.index(*PLACE).height == 3
    assert set(bodies(raw).values()) == {b"same"}


def test_asking_again_keeps_both_answers_and_the_state_of_knowledge_chooses(raw):
    keep(raw, answer(b"first"), at=T[0])
    keep(raw, answer(b"second"), at=T[2])
    assert bodies(raw, as_of=T[0])["BTC", D[0]] == b"first"
    assert bodies(raw, as_of=T[1])["BTC", D[0]] == b"first"
    assert bodies(raw, as_of=T[2])["BTC", D[0]] == b"second"
    assert bodies(raw, as_of=T[0] - timedelta(seconds=1)) == {}


def test_the_latest_asking_is_chosen_for_each_subject_and_each_day(raw):
    keep(raw, answer(b"week", last=D[4]), answer(b"eth", subject="ETH", last=D[4]), at=T[0])
    keep(raw, answer(b"middle", first=D[1], last=D[2]), at=T[1])
    told = bodies(raw)
    assert [told["BTC", day] for day in D] == [b"week", b"middle", b"middle", b"week", b"week"]
    assert {told["ETH", day] for day in D} == {b"eth"}


def test_all_pages_of_an_asking_are_read_together(raw):
    keep(raw, answer(b"one"), answer(b"two", page=1), at=T[0])
    pages = raw.pages(*PLACE, raw.chosen(*PLACE, D[0], D[0], T[0]))
    assert sorted(p.body for p in pages) == [b"one", b"two"]


def test_an_asking_that_failed_is_kept_and_never_used(raw):
    keep(raw, answer(b"whole"), at=T[0])
    keep(raw, answer(b"part"), answer(b"", page=1), at=T[1], outcome="Unreachable")
    assert bodies(raw) == {("BTC", D[0]): b"whole"}
    assert raw.index(*PLACE)["outcome"].to_list().count("Unreachable") == 2


def test_a_question_without_answers_leaves_no_trace(raw):
    assert raw.keep(*PLACE, T[0], [Asked(())], T[0]) == 0
    assert list(raw.root.rglob("*")) == []


def test_a_pinned_archive_reads_nothing_that_was_not_pinned(raw):
    keep(raw, answer(b"first"), at=T[0])
    names = frozenset(raw.index(*PLACE)["index_file"])
    keep(raw, answer(b"second"), at=T[1])
    assert bodies(Raw(raw.root, names))["BTC", D[0]] == b"first"
    assert bodies(Raw(raw.root, frozenset())) == {}


@pytest.mark.parametrize("at", range(1, 7))
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_power_cut_at_any_step_leaves_the_old_state_or_the_new_one(raw, monkeypatch, call, at):
    keep(raw, answer(b"first"), at=T[0])
    true, calls = getattr(os, call), []

    def dies(*args, **more):
        calls.append(args)
        if len(calls) == at:
            raise KeyboardInterrupt
        return true(*args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(os, call, dies)
        patched.setattr(Path, "unlink", lambda *args, **more: None)  # nothing is tidied up
        try:
            keep(raw, answer(b"second"), at=T[1])
            assert len(calls) < at
        except KeyboardInterrupt:
            pass
    assert bodies(raw)["BTC", D[0]] in (b"first", b"second")
    assert list(raw.damaged()) == []
    keep(raw, answer(b"second"), at=T[2])
    assert bodies(raw)["BTC", D[0]] == b"second"
    assert list(raw.damaged()) == []


def test_a_killed_process_leaves_bodies_that_nothing_reads(raw):
    keep(raw, answer(b"first"), at=T[0])
    script = f"""
import os
from datetime import UTC, date, datetime
from pathlib import Path
from pipelines.extract.asking import Answer
from pipelines.raw import Asked, Raw
true, calls = os.replace, []
def dies(*args, **more):
    calls.append(args)
    os.kill(os.getpid(), 9) if len(calls) == 2 else true(*args, **more)
os.replace = dies
day, at = date(2022, 6, 13), datetime(2022, 6, 20, 7, tzinfo=UTC)
one = Answer(("BTC",), day, day, 0, "GET", "https://x/y", (), 200, at, b"second")
Raw(Path({str(raw.root)!r})).keep("coinglass", "funding", at, [Asked((one,))], at)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[1], check=False
    )
    assert ended.returncode == -signal.SIGKILL
    assert len(list(raw.root.rglob("bodies/*.parquet"))) == 2
    assert bodies(raw) == {("BTC", D[0]): b"first"}
    assert list(raw.damaged()) == []
    assert len(left_over(raw.root)) == 1


@pytest.mark.parametrize("kind", ["bodies", "index"])
def test_one_bit_anywhere_is_refused_and_found(tmp_path, kind, bent):
    raw = Raw(tmp_path)
    keep(raw, *(answer(os.urandom(300), subject=f"C{n}") for n in range(5)))
    (path,) = raw.root.rglob(f"{kind}/*.parquet")

    @BRIEF
    @given(st.integers(0, path.stat().st_size * 8 - 1))
    def refused(position):
        with bent(path, position):
            with pytest.raises(DamagedError):
                bodies(raw)
            assert len(list(raw.damaged())) == 1

    refused()
    assert list(raw.damaged()) == []


def test_an_older_file_put_back_under_the_name_of_a_newer_one_is_found(raw):
    keep(raw, answer(b"first"), at=T[0])
    before = {path.parent.name: path for path in raw.root.rglob("*.parquet")}
    keep(raw, answer(b"second"), at=T[1])
    for new in set(raw.root.rglob("*.parquet")) - set(before.values()):
        sound = new.read_bytes()
        new.write_bytes(before[new.parent.name].read_bytes())
        with pytest.raises(DamagedError):
            bodies(raw)
        assert any(new.name in line for line in raw.damaged())
        new.write_bytes(sound)
    assert bodies(raw)["BTC", D[0]] == b"second"


def test_bodies_that_were_dropped_are_found_and_never_passed_over(raw):
    keep(raw, answer(b"first"))
    next(raw.root.rglob("bodies/*.parquet")).unlink()
    assert ["is missing" in line for line in raw.damaged()] == [True]
    with pytest.raises(DamagedError):
        bodies(raw)


def test_a_body_in_another_file_than_the_index_says_is_not_taken(raw):
    keep(raw, answer(b"first"))
    keep(raw, answer(b"second"), at=T[1])
    chosen = raw.chosen(*PLACE, D[0], D[0], T[1])
    other = next(f for f in raw.index(*PLACE)["file"] if f != chosen["file"][0])
    with pytest.raises(DamagedError, match="is not in"):
        list(raw.pages(*PLACE, chosen.with_columns(file=pl.lit(other))))


def test_what_was_kept_is_listed_by_source_and_dataset(raw):
    keep(raw, answer(b"x"))
    raw.keep("binance", "candles", T[0], [Asked((answer(b"y"),))], T[0])
    assert raw.datasets() == [("binance", "candles"), ("coinglass", "funding")]
