"""A minute counts as heard when all connections were heard in all of it."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.listening.watch import LONGEST_BREAK_US, MINUTE_US, Watch

SECOND_US = 1_000_000
T = 1_794_268_800_000_000  # a minute begins


def spoken(watch: Watch, connection: str, first_s: int, last_s: int) -> None:
    for second in range(first_s, last_s + 1):
        watch.heard(connection, T + second * SECOND_US)


def test_a_minute_in_which_it_spoke_all_along_was_heard() -> None:
    watch = Watch()
    watch.opened("a", T)
    spoken(watch, "a", 0, 125)
    assert watch.whole_minutes(1, T + 125 * SECOND_US) == [T, T + MINUTE_US]
    assert watch.whole_minutes(1, T + 126 * SECOND_US) == []


def test_the_minute_in_which_it_was_opened_was_not_heard_whole() -> None:
    watch = Watch()
    watch.opened("a", T + SECOND_US)
    spoken(watch, "a", 1, 121)
    assert watch.whole_minutes(1, T + 121 * SECOND_US) == [T + MINUTE_US]


def test_a_break_spoils_its_minute_and_no_other() -> None:
    watch = Watch()
    watch.opened("a", T)
    spoken(watch, "a", 0, 70)
    assert watch.whole_minutes(1, T + 70 * SECOND_US) == [T]
    spoken(watch, "a", 70 + LONGEST_BREAK_US // SECOND_US + 1, 185)
    assert watch.whole_minutes(1, T + 185 * SECOND_US) == [T + 2 * MINUTE_US]


def test_a_connection_that_was_closed_and_opened_again_leaves_its_minute_unheard() -> None:
    watch = Watch()
    watch.opened("a", T)
    spoken(watch, "a", 0, 61)
    assert watch.whole_minutes(1, T + 61 * SECOND_US) == [T]
    watch.closed("a")
    watch.opened("b", T + 62 * SECOND_US)
    spoken(watch, "b", 62, 182)
    assert watch.whole_minutes(1, T + 182 * SECOND_US) == [T + 2 * MINUTE_US]


def test_of_two_connections_both_must_have_spoken() -> None:
    watch = Watch()
    watch.opened("a", T)
    spoken(watch, "a", 0, 61)
    assert watch.whole_minutes(2, T + 61 * SECOND_US) == []
    watch.opened("b", T + 61 * SECOND_US)
    for second in range(61, 182):
        watch.heard("a", T + second * SECOND_US)
        watch.heard("b", T + second * SECOND_US)
    assert watch.whole_minutes(2, T + 181 * SECOND_US) == [T + 2 * MINUTE_US]


@given(st.lists(st.integers(0, 600), min_size=1, max_size=60).map(sorted))
def test_no_minute_with_a_longer_silence_is_ever_vouched_for(seconds: list[int]) -> None:
    watch, told = Watch(), []
    watch.opened("a", T + seconds[0] * SECOND_US)
    for second in seconds:
        told += watch.whole_minutes(1, T + second * SECOND_US)
        watch.heard("a", T + second * SECOND_US)
    assert len(told) == len(set(told))
    for minute in told:
        begin, end = (minute - T) // SECOND_US, (minute + MINUTE_US - T) // SECOND_US
        inside = [s for s in seconds if begin <= s <= end]
        around = [max((s for s in seconds if s <= begin), default=-(10**6)), *inside]
        gaps = [
            b - a for a, b in zip(around, [*around[1:], min(around[-1] + 10, end)], strict=True)
        ]
        assert max(gaps) * SECOND_US <= LONGEST_BREAK_US
