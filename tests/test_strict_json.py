"""What careful readers disagree about is refused; what they agree on keeps its digits."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.strict_json import NotStrictJsonError, read


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"side":"SELL","side":"BUY"}', id="a key twice"),
        pytest.param(b'{"side":1,"\\u0073ide":2}', id="a key twice, once escaped"),
        pytest.param(b'[{"a":[{"b":1,"b":1}]}]', id="a key twice, deep inside"),
        pytest.param(b"NaN", id="not a number"),
        pytest.param(b'{"a":Infinity}', id="infinity"),
        pytest.param(b"[-Infinity]", id="minus infinity"),
        pytest.param(b"[" * 100_000, id="a hundred thousand brackets"),
        pytest.param(b'{"a":' * 50_000 + b"1" + b"}" * 50_000, id="deep objects"),
        pytest.param(b'"\xff"', id="no UTF-8"),
        pytest.param(b'"\xed\xa0\x80"', id="half a pair as bytes"),
        pytest.param(b'{"a":"\\ud800"}', id="half a pair as an escape"),
        pytest.param(b'{"\\uDFFF":1}', id="half a pair as a key"),
        pytest.param(b"\xef\xbb\xbf{}", id="a byte order mark"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"  ", id="blanks"),
        pytest.param(b"{}{}", id="two answers"),
        pytest.param(b'{"a":1', id="cut off"),
        pytest.param(b"{'a':1}", id="single quotes"),
        pytest.param(b"[1,]", id="a comma too many"),
        pytest.param(b"[01]", id="a leading zero"),
        pytest.param(b"[.5]", id="no digit before the point"),
        pytest.param(b"[0x10]", id="hexadecimal"),
        pytest.param(b'"a\nb"', id="a bare line break in text"),
        pytest.param(b"<html></html>", id="a page"),
    ],
)
def test_what_readers_disagree_about_is_refused(body):
    with pytest.raises(NotStrictJsonError):
        read(body)


@pytest.mark.parametrize("number", ["1e999", "-0", "-0.0", "99999999999999999999", "1E-7", "1.10"])
def test_a_number_is_handed_on_as_it_was_written(number):
    assert read(f'{{"v":{number}}}'.encode()) == {"v": number}


def test_a_whole_pair_of_surrogates_is_one_character():
    assert read(b'"\\ud83d\\ude00"') == "\N{GRINNING FACE}"


DIGITS = st.text("0123456789", min_size=1, max_size=40)


@given(st.sampled_from(["", "-"]), st.integers(0, 10**40), DIGITS, st.integers(-999, 999))
def test_numbers_keep_every_digit(sign, whole, places, exponent):
    for text in (f"{sign}{whole}", f"{sign}{whole}.{places}", f"{sign}{whole}.{places}e{exponent}"):
        assert read(f"[{text}]".encode()) == [text]


LEAVES = st.none() | st.booleans() | st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text("abcé"), inner), max_leaves=20
)


@given(VALUES, st.booleans())
def test_what_is_no_number_comes_back_as_it_was(value, ascii_only):
    assert read(json.dumps(value, ensure_ascii=ascii_only).encode()) == value
