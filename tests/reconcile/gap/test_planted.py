"""A fault is planted in one of two tellings that are alike, and is found again with its size."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import polars as pl
import pytest

from pipelines.reconcile.faults.partly import partly
from pipelines.reconcile.gap.explain import explain
from pipelines.reconcile.tellings.telling import KEY
from pipelines.tables.words import Cause
from tests.reconcile.gap.conftest import END, FIRST

MONEY = ("usd", "coins", "par_usd", "twin_usd")
WEEK = (pl.col("time") >= FIRST) & (pl.col("time") < END)


def told(a, b, **more):
    frame = explain(a, b, **more)
    parts = dict(frame.select("cause", "part_usd").iter_rows())
    gap = sum(parts.values())
    return {cause: float(part) for cause, part in parts.items()}, float(gap)


def scaled(cells, where, factor):
    by = pl.when(where).then(pl.lit(Decimal(factor))).otherwise(pl.lit(Decimal(1)))
    return cells.with_columns((pl.col(name) * by).cast(cells.schema[name]) for name in MONEY)


def dollars(cells, where=True):
    return float(cells.filter(WEEK, where)["usd"].sum())


@pytest.fixture(params=[False, True], ids=["there", "back"])
def is_back(request):
    return request.param


@pytest.fixture
def found(tell, market, is_back):
    """What is found between the market as it is and another telling, and the sign to expect."""

    def between(other, **more):
        one = tell("whole", market)
        pair = (other, one) if is_back else (one, other)
        parts, gap = told(*pair, **more)
        return parts, gap, (-1 if is_back else 1)

    return between


def only(parts, cause):
    """That cause has a part, and no other has one of a cent or more."""
    others = {c: p for c, p in parts.items() if c != cause and abs(p) > 0.011}
    assert others == {}
    return parts[cause]


def test_alike_tellings_leave_nothing_to_explain(found, tell, market):
    parts, gap, _ = found(tell("same", market))
    assert gap == 0
    assert set(parts.values()) == {0}


def test_a_venue_that_one_lacks_is_its_dollars(found, tell, market):
    lacking = pl.col("venue") == "okx"
    parts, _, sign = found(tell("less", market.filter(~lacking)))
    assert only(parts, Cause.VENUES) == pytest.approx(sign * dollars(market, lacking))


def test_a_coin_that_one_lacks_is_its_dollars(found, tell, market):
    lacking = pl.col("coin") == "SOL"
    parts, _, sign = found(tell("less", market.filter(~lacking)))
    assert only(parts, Cause.COINS) == pytest.approx(sign * dollars(market, lacking))


def test_contracts_of_a_margin_that_one_lacks_are_their_dollars(found, tell, market):
    lacking = pl.col("margin") == "inverse"
    parts, _, sign = found(tell("less", market.filter(~lacking)))
    assert only(parts, Cause.MARGIN) == pytest.approx(sign * dollars(market, lacking))


@pytest.mark.parametrize("factor", ["100", "0.01", "10", "0.1"])
def test_a_contract_size_that_was_forgotten_is_a_unit(found, tell, market, factor):
    wrong = (pl.col("venue") == "okx") & (pl.col("coin") == "BTC")
    parts, gap, _ = found(tell("wrong", scaled(market, wrong, factor)))
    assert only(parts, Cause.UNIT) == pytest.approx(gap, rel=0.02)


def test_rows_that_count_twice_are_duplicates(found, tell, market):
    twice = pl.col("venue") == "bybit"
    parts, _, sign = found(tell("twice", scaled(market, twice, "2")))
    assert only(parts, Cause.DUPLICATES) == pytest.approx(-sign * dollars(market, twice))


def test_rows_that_count_twice_for_two_days_alone_are_found_there_alone(found, tell, market):
    twice = (pl.col("venue") == "bybit") & (pl.col("time") >= FIRST + timedelta(days=5))
    parts, _, sign = found(tell("twice", scaled(market, twice, "2")))
    assert only(parts, Cause.DUPLICATES) == pytest.approx(-sign * dollars(market, twice))


def test_a_contract_size_that_was_wrong_for_a_day_is_a_unit_of_that_day(found, tell, market):
    day = pl.col("time").is_between(FIRST, FIRST + timedelta(hours=23))
    wrong = day & (pl.col("venue") == "okx") & (pl.col("coin") == "ETH")
    parts, gap, _ = found(tell("wrong", scaled(market, wrong, "10")))
    assert only(parts, Cause.UNIT) == pytest.approx(gap)


def test_some_rows_that_repeat_others_are_left_out_though_no_ratio_shows_them(found, tell, market):
    some = (pl.col("venue") == "okx") & (pl.col("time").dt.hour() == 7)
    tenth = (pl.col("usd") * Decimal("0.1")).cast(market.schema["usd"])
    more = pl.when(some).then(tenth).otherwise(pl.lit(0).cast(market.schema["usd"]))
    repeated = market.with_columns(pl.col("usd", "par_usd") + more, twin_usd=more, coins=None)
    parts, gap, _ = found(tell("repeated", repeated))
    assert only(parts, Cause.DUPLICATES) == pytest.approx(gap)


@pytest.mark.parametrize("hours", [-8, 8, 24, -24, 0])
def test_days_that_begin_at_another_hour_are_found_against_hours(tell, market, is_back, hours):
    began = (pl.col("time") - timedelta(hours=hours)).dt.truncate("1d")
    sums = [pl.col(name).sum() for name in ("usd", "coins", "par_usd")]
    days = market.with_columns(time=began).group_by(KEY).agg(sums)
    pair = (tell("hours", market), tell("days", days, interval_s=86_400))
    parts, gap = told(*(pair[::-1] if is_back else pair))
    assert parts.get(Cause.WINDOW, 0) == pytest.approx(gap, rel=0.02, abs=0.01)


def test_noise_is_put_down_to_nothing(found, tell, market):
    """Another telling that is half or double by chance, hour by hour, has no fault to be named."""
    random = Random(3)
    factors = pl.Series(
        [Decimal(str(round(random.lognormvariate(0, 0.5), 6))) for _ in range(market.height)]
    )
    noisy = market.with_columns(
        (pl.col(name) * factors).cast(market.schema[name]) for name in MONEY
    )
    parts, gap, _ = found(tell("noisy", noisy))
    assert only(parts, Cause.UNEXPLAINED) == pytest.approx(gap)


@pytest.mark.parametrize("hours", [24, -24, 8, -8])
def test_a_telling_that_is_late_is_its_edges(found, tell, market, hours):
    late = market.with_columns(pl.col("time") + timedelta(hours=hours))
    parts, gap, _ = found(tell("late", late))
    assert only(parts, Cause.WINDOW) == pytest.approx(gap, rel=0.02)


def test_longs_that_are_shorts_are_seen_on_each_side_and_cancel_on_both(found, tell, market):
    other = pl.col("position").replace({"long": "short", "short": "long"})
    turned = tell("turned", market.with_columns(other))
    parts, gap, sign = found(turned, position="long")
    longs, shorts = (dollars(market, pl.col("position") == p) for p in ("long", "short"))
    assert gap == pytest.approx(sign * (longs - shorts))
    assert only(parts, Cause.SIDES) == pytest.approx(gap)
    parts, gap, _ = found(turned)
    assert only(parts, Cause.SIDES) == gap == 0


def test_hours_that_one_slept_through_are_an_outage(found, tell, market):
    asleep = pl.col("time").is_between(FIRST + timedelta(hours=30), FIRST + timedelta(hours=41))
    asleep &= pl.col("venue") == "binance"
    parts, _, sign = found(tell("slept", market.filter(~asleep)))
    assert only(parts, Cause.OUTAGE) == pytest.approx(sign * dollars(market, asleep), rel=0.02)


def test_a_stable_coin_off_par_is_told_apart_from_the_price(found, tell, market):
    rated = market.with_columns(
        usd=pl.when(pl.col("margin") == "linear")
        .then((pl.col("usd") * Decimal("0.97")).cast(market.schema["usd"]))
        .otherwise(pl.col("usd"))
    )
    parts, gap, _ = found(tell("rated", rated))
    assert only(parts, Cause.STABLE) == pytest.approx(gap)


def test_the_same_coins_at_another_price_are_the_price(found, tell, market):
    dear = [
        (pl.col(n) * Decimal("1.004")).cast(market.schema[n]).alias(n) for n in ("usd", "par_usd")
    ]
    parts, gap, _ = found(tell("dear", market.with_columns(dear)))
    assert only(parts, Cause.PRICE) == pytest.approx(gap)


def test_several_causes_at_once_are_each_found(found, tell, market):
    """Of a publisher, beside the orders themselves."""
    wrong = (pl.col("venue") == "okx") & (pl.col("coin") == "BTC")
    cells = scaled(market, wrong, "100").filter(pl.col("coin") != "SOL")
    twice = scaled(cells, pl.col("venue") == "binance", "2").with_columns(
        pl.col("time") + timedelta(hours=24)
    )
    parts, gap, sign = found(tell("faulty", twice.drop("twin_usd", "rows")))
    assert parts[Cause.COINS] * sign > 0
    assert parts[Cause.UNIT] * sign < 0
    assert parts[Cause.DUPLICATES] * sign < 0
    assert Cause.WINDOW in parts
    assert abs(parts[Cause.UNEXPLAINED]) < 0.005 * abs(gap)


def in_days(cells, **more):
    sums = [pl.col(name).sum() for name in ("usd", "coins", "par_usd")]
    keys = [name for name in KEY if name not in more]
    days = cells.with_columns(pl.col("time").dt.truncate("1d")).group_by(keys).agg(sums)
    return days.with_columns(**more)


def test_hours_that_one_lacks_in_a_table_of_days_are_an_outage_and_an_estimate(tell, market):
    asleep = pl.col("time").is_between(FIRST + timedelta(hours=37), FIRST + timedelta(hours=60))
    asleep &= pl.col("venue") == "okx"
    a = tell("whole", in_days(market), interval_s=86_400)
    b = tell("slept", in_days(market.filter(~asleep)), interval_s=86_400)
    row = explain(a, b).row(by_predicate=pl.col("cause") == Cause.OUTAGE, named=True)
    assert float(row["part_usd"]) == pytest.approx(dollars(market, asleep), rel=0.02)
    assert row["is_estimated"]


def test_rows_twice_for_hours_of_two_days_are_told_from_an_outage_by_thin_markets(tell, market):
    hours = pl.col("time").is_between(FIRST + timedelta(hours=36), FIRST + timedelta(hours=59))
    twice = hours & (pl.col("venue") == "okx")
    thin = market.filter(pl.col("time").dt.hour().is_in([3, 14]) | (pl.col("coin") == "BTC"))
    a = tell("whole", in_days(thin), interval_s=86_400)
    b = tell("twice", in_days(scaled(thin, twice, "2")), interval_s=86_400)
    parts, gap = told(a, b)
    assert parts[Cause.DUPLICATES] == pytest.approx(gap, rel=0.02)


def test_venues_inside_a_sum_are_taken_from_a_third_telling_and_marked_as_estimated(tell, market):
    several = pl.lit("several")
    added = in_days(market, venue=several, margin=pl.lit(None, pl.String))
    names = ("binance", "bybit", "okx")
    whole = tell("sum", added, interval_s=86_400, venues=names)
    one = tell("one", market.filter(pl.col("venue") == "binance"))
    alone = explain(whole, one)
    assert alone["cause"].to_list() == [Cause.UNEXPLAINED]
    assert "their part of sum is not held" in alone["evidence"].item()
    frame = explain(whole, one, beside=[tell("third", market)])
    row = frame.row(by_predicate=pl.col("cause") == Cause.VENUES, named=True)
    assert row["is_estimated"]
    others = dollars(market, pl.col("venue") != "binance")
    assert float(row["part_usd"]) == pytest.approx(others, rel=0.001)


@pytest.mark.parametrize("smaller", ["a", "b"])
def test_four_markets_of_five_are_one_way_whoever_is_named_first(smaller):
    larger = "b" if smaller == "a" else "a"
    rows = [
        {
            "place": "okx", "coin": f"C{coin}", "kind": "linear", "position": "long",
            "at": FIRST + timedelta(days=day), larger: 100.0,
            smaller: (60.0 if coin < 4 else 170.0) if day == 3 else 100.0,
        }
        for day in range(7)
        for coin in range(5)
    ]  # fmt: skip
    cells = pl.DataFrame(rows).with_columns(pl.col("at").cast(pl.Datetime("ms", "UTC")))
    found = partly(cells, cells.clear())
    assert set(found["side"]) == {larger}
    assert found.height == 4
