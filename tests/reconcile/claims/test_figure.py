"""A sentence with several numbers: which one is the claim, and what the others are about."""

import pytest

from pipelines.reconcile.claims.adding_up import faults
from pipelines.reconcile.claims.sentence import read_sentence

MILLION = 10**6
READ = [
    # a price, a count or an order beside the sum
    ("Bitcoin drops to $98,000 as $1.2B longs liquidated", 1_200, "long", None, None),
    ("Bitcoin falls 5% to $98,500, liquidating $1.1B longs", 1_100, "long", None, None),
    ("BTC at $98,000: $1.2B longs liquidated", 1_200, "long", None, None),
    ("BTC falls below $100K, $1.1B in long liquidations", 1_100, "long", None, None),
    ("$1.1B longs liquidated as BTC falls to $98,000", 1_100, "long", None, None),
    ("Over 1.6 million traders were liquidated for $19 billion", 19_000, "total", None, None),
    ("1.6M leveraged traders liquidated, 19.1B total", 19_100, "total", None, None),
    ("$1.1B liquidated, largest single order $17.6M on OKX ETHUSDT", 1_100, "total", None, None),
    ("Largest single order was $10.5M on Binance, total liquidations $350M",
     350, "total", None, None),
    ("A whale lost $25M as $350M was liquidated", 350, "total", None, None),
    ("Open interest fell $4B as $350M longs liquidated", 350, "long", None, None),
    ("350,000,000 USDT longs, largest order $5M", 350, "long", None, None),
    # positions are no count
    ("$350M in long positions liquidated", 350, "long", None, None),
    ("Over $1B in leveraged positions wiped out", 1_000, "total", None, None),
    ("$350M from traders", 350, "total", None, None),
    # sides, coins and venues of other sums
    ("1.2B total, 800M longs", 1_200, "total", None, None),
    ("1.2B (longs 1.05B, shorts 150M)", 1_200, "total", None, None),
    ("Liquidations $350M Long $300M Short $50M", 350, "total", None, None),
    ("$1.05B of long positions and $150M of shorts liquidated", 1_050, "long", None, None),
    ("$19B liquidated, BTC 5B, ETH 4B", 19_000, "total", None, None),
    ("Total crypto liquidations: $1.7B. ETH: $500M. BTC: $280M.", 1_700, "total", None, None),
    ("3.2B total: Hyperliquid 1.2B, Bybit 0.9B", 3_200, "total", None, None),
    ("Binance longs lost $1.2B and Bybit longs $300M", 1_200, "long", "binance", None),
    ("$500M liquidated on Binance, $400M on Bybit", 500, "total", "binance", None),
    ("Bybit saw $350M of longs liquidated, and $50M of shorts", 350, "long", "bybit", None),
    ("$10.3B longs on Hyperliquid; $19.1B all", 10_300, "long", "hyperliquid", None),
    ("longs: 2.3B; shorts: 0.4B", 2_300, "long", None, None),
    ("$300M in ETH shorts", 300, "short", None, "ETH"),
    ("eth long liquidations hit 200m", 200, "long", None, "ETH"),
    # shares and what is only mostly so
    ("$1.2B liquidated, 87% longs", 1_200, "total", None, None),
    ("$350M longs, 40% on Binance", 350, "long", None, None),
    ("$350M liquidated, mostly longs", 350, "total", None, None),
    # one range
    ("$1.1B-$1.3B in longs liquidated", 1_200, "long", None, None),
    ("between 2 and 3 billion longs", 2_500, "long", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "millions", "side", "venue", "coin"), READ)
def test_the_first_sum_is_the_claim_and_words_beside_others_are_not_its_own(
    text, millions, side, venue, coin
):
    told = read_sentence(f"{text} 24h 2025-11-04")
    assert (told.amount.value_usd, told.side) == (millions * MILLION, side)
    assert told.scope.cell == (venue, coin)
    assert faults(told) == []


@pytest.mark.parametrize(
    "text",
    [
        "$1.1B to $1.3B in longs",
        "$1.05B of $1.2B liquidations were longs",
        "Binance accounts for $200M of $350M longs",
        "Up from $280M, longs hit $350M",
        "Nearly all longs: $300M of $350M liquidated",
        "Longs bear the brunt as $350M liquidated, shorts only $50M",
        "1.6 million were liquidated for $19.16B",
        "long 300M short 50M long",
    ],
)
def test_where_it_is_not_plain_what_several_sums_are_of_none_is_judged(text):
    with pytest.raises(ValueError, match=r"it is not plain what each of .* is of") as caught:
        read_sentence(f"{text} 24h 2025-11-04")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "10 billion yen",
        "50B Japanese yen",
        "€2.3B longs",
        "EUR 2.3B longs",
        "2.3B euros of longs",
        "350M in euros",
        "350M Canadian dollars",
        "A$300M shorts",
        "AU$350M longs",
        "R$350M longs",
        "between 300 and 350 million euros",
        "45M DOGE",
        "450K ETH",
        "3,200,000 BTC of longs",
    ],
)
def test_other_money_and_coins_are_not_taken_for_dollars(text):
    with pytest.raises(ValueError, match="dollars, which alone are judged") as caught:
        read_sentence(f"{text} 24h 2025-11-04")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "A $350M long liquidation 24h 2025-11-03",
        "Crypto bulls won $350M 24h 2025-11-03",
        "US$350M longs 24h 2025-11-03",
        "350M$ longs 24h 2025-11-03",
        "350M USDT longs 24h 2025-11-03",
    ],
)
def test_plain_english_and_other_spellings_of_dollars_are_dollars(text):
    assert read_sentence(text).amount.value_usd == 350 * MILLION


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("$200M in one hour, $350M in 24h 2025-11-03", "names 2 windows"),
        ("$350M longs in 15 minutes 2025-11-03", "nothing under an hour"),
        ("$350M in longs, the most since 2025-10-10, 24h 2025-11-03", "names 2 days"),
        ("$350M across Binance, Bybit and OKX 24h 2025-11-03", "names two venues"),
        ("$350M BTC and ETH longs 24h 2025-11-03", "names two coins"),
        ("1.2e9 longs 24h 2025-11-03", "names no figure"),
        ("3,200 BTC of longs 24h 2022-06-13", "names no figure"),
        ("0 longs 24h 2022-06-13", "names no figure"),
    ],
)
def test_what_cannot_be_judged_as_one_claim_is_told_in_one_line(text, why):
    with pytest.raises(ValueError, match=why) as caught:
        read_sentence(text)
    assert "\n" not in str(caught.value)


def test_an_hour_in_words_is_a_window():
    assert read_sentence("$350M longs in the past hour 2025-11-03").span.length_s == 3_600


def test_a_sentence_whose_own_numbers_do_not_add_up_is_told_so():
    told = read_sentence("$1.05B total, 800M longs 150M shorts 24h 2025-01-08")
    (fault,) = faults(told)
    assert "come to 950 million USD, not to 1.05 billion USD" in fault
    right = read_sentence("$19.1B liquidated in 24h 2025-10-10, 16.7B longs and 2.4B shorts")
    assert faults(right) == []
    assert {part.what for part in right.noted.parts} == {"long", "short"}
    (share,) = read_sentence("$1.2B liquidated, 87% longs 24h 2025-11-03").noted.shares
    assert share.side == "long"
