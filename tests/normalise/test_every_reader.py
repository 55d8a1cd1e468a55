"""What holds for every reader, whatever a source writes."""

import pytest

from fuzz.laws import Trial
from fuzz.shards import Failure, Shard, name_of, run
from pipelines.normalise.registry import READERS

SPOILED = 500
NAMES = [name_of(reader) for reader in READERS]


@pytest.mark.parametrize("reader", READERS, ids=NAMES)
def test_the_payload_is_read_without_a_refusal(bench, reader, count_rows):
    questions = bench.payload_of(reader)
    rows = bench.read(reader, questions)
    assert rows.refused.is_empty()
    assert reader.table.conform(rows.rows).height >= count_rows(reader, bench.pages(questions)) > 0


@pytest.mark.parametrize("reader", READERS, ids=NAMES)
def test_however_an_answer_is_spoiled_rows_are_kept_or_refused_and_no_side_is_guessed(reader):
    outcome = run(Trial(reader), Shard(name_of(reader), 0, SPOILED))
    assert not isinstance(outcome, Failure), outcome
    assert outcome.answers == SPOILED
    assert outcome.told > 0
    assert outcome.refused > 0
