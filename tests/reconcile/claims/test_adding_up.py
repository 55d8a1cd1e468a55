"""A claim's own figures: those that add up are let be, and those that cannot are named."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reconcile.claims.adding_up import faults

SOUND = [
    ("500M", "$300 million in longs and $200 million in shorts", {}),
    ("500M", "$299.6M long, $200.1M short", {}),
    ("500M", "longs made up 70%, or 350M", {}),
    ("500M", "Bitcoin traders lost $200 million, Ethereum $150 million", {}),
    ("450M", "Binance 200M OKX 150M Bybit 100M", {"scope": "3 venues"}),
    ("500M", "shorts another 90M; total 590M", {"side": "long"}),
    ("500M", "Bybit 4.6B Binance 2.4B", {"scope": "Hyperliquid"}),
    ("2.3B", "about 330M a day", {"window": "7d"}),
    ("500M", "largest order 12M BTC on OKX; OI fell 3B; 12,345 traders; BTC market cap 400B", {}),
    ("500M", "vs 900M on 2023-01-12; yesterday 700M; other copies 600M", {}),
    ("940000000", "long ~600M (64%) short 346M", {}),
    ("9890000000", "long 8.30B short 1.60B", {}),
    ("1.2B", "they hit $1.2 billion (longs $1.05 billion, shorts $150 million)", {}),
    ("500M", "wholly unreadable: ((( 12 ??? 900%", {}),
]
UNSOUND = [
    ("500M", "longs $350M, shorts $250M", {}, "come to 600 million"),
    ("500M", "$410.2M long, $160.4M short", {}, "come to 570.6 million"),
    ("500M", "long/short 350M/250M", {}, "come to 600 million"),
    ("500M", "long positions: 520M", {}, "more than both sides"),
    ("500M", "70% long; short 300M", {}, "shorts of 300 million USD are 60 %"),
    ("500M", "longs accounted for 88% ($300M)", {}, "longs of 300 million USD are 60 %"),
    ("500M", "62% long 45% short", {}, "shares of longs and shorts"),
    ("500M", "BTC 300M, ETH 250M", {}, "2 coins alone come to 550 million"),
    ("500M", "Of that, 560 million was BTC", {}, "the part BTC"),
    ("500M", "Binance accounted for $320M, OKX $150M and Bybit $80M", {}, "3 venues alone"),
    ("500M", "Binance 200M OKX 150M Bybit 100M", {"scope": "3 venues"}, "its 3 venues come to"),
    ("500M", "market total 400M", {"scope": "Binance"}, "less than the 500 million"),
    ("500M", "total 400M", {"side": "long"}, "less than the 500 million"),
    ("500M", "Binance 300M = 100M + 150M", {}, "its parts come to 250 million"),
    ("500M", "in the last hour alone 700M", {}, "more than the whole"),
    ("2.3B", "about 500M per day", {"window": "7d"}, "a day over 7 days"),
]


@pytest.mark.parametrize(("value", "note", "more"), SOUND)
def test_what_fits_or_cannot_be_read_is_no_fault(claim, value, note, more):
    assert faults(claim(value, note, **more)) == []


@pytest.mark.parametrize(("value", "note", "more", "why"), UNSOUND)
def test_figures_that_cannot_stand_beside_each_other_are_named(claim, value, note, more, why):
    assert any(why in one for one in faults(claim(value, note, **more)))


def test_columns_in_which_the_figures_would_add_up_are_told(claim):
    *_, shifted = faults(claim("3B", "long 5B short 8B"))
    assert "in other columns they do: total 8 billion USD, long 3 billion USD" in shifted
    (tail,) = faults(claim("1239000000", "long 1.037B short 798M"))
    assert "total 1.037 billion USD, long 798 million USD, short 239 million USD" in tail


CENTS = st.integers(1, 10**13)


@settings(max_examples=150)
@given(CENTS, CENTS, st.integers(0, 2), st.lists(st.integers(0, 100), min_size=2, max_size=4))
def test_a_claim_whose_parts_add_up_is_never_called_inconsistent(
    claim, long, short, places, weights
):
    long, short = Decimal(long) / 100, Decimal(short) / 100
    total = long + short

    def said(value):
        return f"{value.scaleb(-6):.{places}f}M"

    shares = [total * weight / (sum(weights) + 1) for weight in weights]
    venues = zip(("Binance", "OKX", "Bybit", "HTX"), shares, strict=False)
    listed = " ".join(f"{name} {said(share)}" for name, share in venues)
    percent = f"{long / total * 100:.2f}"
    if Decimal(said(total)[:-1]):
        told = claim(
            said(total), f"long {said(long)} short {said(short)}; {listed}; {percent}% long"
        )
        assert faults(told) == []
