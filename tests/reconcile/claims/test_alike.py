"""What claims say of each other: figures under another date, and rivals of one day."""

from pipelines.reconcile.claims.alike import original_of, rivals

PARTS = "ETH 448M, BTC 278M, Hyperliquid 281M"


def row(name, day, note=PARTS, **more):
    value = {"value_usd": "1.19B", "window": "24h", "note": note}
    return {"claim_id": name, "event_date_utc": day} | value | more


def test_the_same_total_and_parts_under_a_later_date_belong_to_the_earlier(read):
    first, later = told = read(row("A", "2025-09-26"), row("B", "2025-10-10"))
    assert original_of(later, told).claim is first
    assert original_of(first, told) is None


def test_a_total_alone_or_one_part_may_come_again_by_chance(read):
    told = read(row("A", "2025-09-26"), row("B", "2025-10-10", "ETH 448M, BTC 300M"))
    assert original_of(told[1], told) is None


def test_a_copy_of_the_same_day_is_no_figure_of_another_date(read):
    told = read(row("A", "2025-09-26"), row("B", "2025-09-26"), row("C", "2025-09-27"))
    assert [original_of(one, told) for one in told] == [None, None, None]


def test_the_count_of_traders_to_the_last_is_as_good_as_parts(read):
    told = read(
        row("A", "2025-09-26", "", traders="260317"), row("B", "2025-10-10", "", traders="260317")
    )
    assert "260317 traders" in original_of(told[1], told).shared


def test_rivals_of_one_day_are_told_with_their_ratio_and_their_parts(read):
    a, b, other = told = read(
        row("A", "2025-09-22", "BTC 287.01M", value_usd="1.68B"),
        row("B", "2025-09-22", "BTC 650M", value_usd="3.62B"),
        row("C", "2025-09-23", "BTC 10M", value_usd="9B"),
    )
    assert rivals(a, told) == [
        "of BTC it has 287.01 million USD, and B has 650 million USD",
        "B has 3.62 billion USD for it, 2.2 times as much",
    ]
    assert rivals(other, told) == []
    assert len(rivals(b, told)) == 2
