"""A sentence with several numbers: which one is the claim, and what the others are about."""

from decimal import Decimal

import pytest

from pipelines.reconcile.claims.adding_up import faults
from pipelines.reconcile.claims.sentence import read_sentence

MILLION = 10**6


@pytest.mark.parametrize(
    ("text", "millions", "side", "cell"),
    [
        ("Over 1.6 million traders were liquidated for $19 billion in 24 hours, 2025-10-11",
         19_000, "total", (None, None)),
        ("1.6M leveraged traders liquidated, 19.1B total, 24h 2025-10-11",
         19_100, "total", (None, None)),
        ("1.2B total, 800M longs 24h 2025-01-08", 1_200, "total", (None, None)),
        ("1.2B (longs 1.05B, shorts 150M) 24h 2025-09-22", 1_200, "total", (None, None)),
        ("$19B liquidated, BTC 5B, ETH 4B 24h 2025-10-11", 19_000, "total", (None, None)),
        ("3.2B total: Hyperliquid 1.2B, Bybit 0.9B, 24h 2025-10-11",
         3_200, "total", (None, None)),
        ("$1.1B liquidated 24h 2025-01-08, largest single order $17.6M on OKX ETHUSDT",
         1_100, "total", (None, None)),
        ("Binance longs lost $1.2B and Bybit longs $300M in 24h, 2025-10-11",
         1_200, "long", ("binance", None)),
        ("$300M in ETH shorts last 4 hours 2024-12-05", 300, "short", (None, "ETH")),
        ("$3,200 BTC longs 24h 2022-06-13", Decimal("0.0032"), "long", (None, "BTC")),
    ],
)  # fmt: skip
def test_the_first_number_of_dollars_is_the_claim_and_words_beside_others_are_not_its_own(
    text, millions, side, cell
):
    told = read_sentence(text)
    assert (told.amount.value_usd, told.side, told.scope.cell) == (millions * MILLION, side, cell)


@pytest.mark.parametrize(
    "text",
    [
        "10 billion yen 24h 2021-05-19",
        "€2.3B longs 7d 2025-11-07",
        "EUR 2.3B longs 7d 2025-11-07",
        "2.3B euros of longs 7d 2025-11-07",
        "A$300M shorts 24h 2024-12-05",
        "3,200 BTC of longs 24h 2022-06-13",
        "45K ETH 24h 2022-06-13",
    ],
)
def test_other_money_and_coins_are_not_taken_for_dollars(text):
    with pytest.raises(ValueError, match="dollars, which alone are judged") as caught:
        read_sentence(text)
    assert "\n" not in str(caught.value)


def test_a_sentence_whose_own_numbers_do_not_add_up_is_told_so():
    told = read_sentence("$1.05B total, 800M longs 150M shorts 24h 2025-01-08")
    (fault,) = faults(told)
    assert "come to 950 million USD, not to 1.05 billion USD" in fault
    right = read_sentence("$19.1B liquidated in 24h 2025-10-10, 16.7B longs and 2.4B shorts")
    assert faults(right) == []
    assert {part.what for part in right.noted.parts} == {"long", "short"}
