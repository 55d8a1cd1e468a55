"""One spelling for every coin."""

import pytest

from pipelines.normalise.coins import coin_of


@pytest.mark.parametrize(
    ("base", "coin", "many"),
    [
        ("BTC", "BTC", 1),
        ("XBT", "BTC", 1),
        ("XDG", "DOGE", 1),
        ("1000PEPE", "PEPE", 1000),
        ("kPEPE", "PEPE", 1000),
        ("1000000MOG", "MOG", 1_000_000),
        ("1MBABYDOGE", "BABYDOGE", 1_000_000),
        ("10000SATS", "SATS", 10_000),
        ("1000X", "1000X", 1),
        ("1INCH", "1INCH", 1),
        ("KAVA", "KAVA", 1),
        ("KSM", "KSM", 1),
        ("100", "100", 1),
    ],
)
def test_a_coin_has_one_name_and_a_multiple_says_how_many(base, coin, many):
    assert coin_of(base) == (coin, many)
