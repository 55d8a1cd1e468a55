"""What differs from the venues' orders without a fault of the listed kinds: nothing is made of it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reconcile.gap.explain import explain
from pipelines.reconcile.gap.orders import Orders
from pipelines.reconcile.tellings.reference import reference_of
from pipelines.reconcile.tellings.telling import DAY_S, HOUR_S, KEY, SEVERAL, telling
from pipelines.tables.words import Cause
from tests.reconcile.gap.conftest import END, FIRST, cells_of

VENUES = ("binance", "okx", "bybit")
MARKET = cells_of()
MONEY = ("usd", "coins", "par_usd")
OKX = pl.col("venue") == "okx"
FAULTS = {Cause.UNIT, Cause.DUPLICATES, Cause.OUTAGE, Cause.SIDES, Cause.WINDOW, Cause.STABLE}


def tell(name, cells, **more):
    return telling(name, cells, FIRST, END, **more)


FEEDS = tell("feeds", MARKET)
PUBLISHED = MARKET.drop("twin_usd", "rows")


def by_factor(cells, factors):
    return cells.with_columns((pl.col(n) * factors).cast(cells.schema[n]) for n in MONEY)


def noisy(cells, spread, level=1.0, seed=5):
    random = Random(seed)
    drawn = [
        Decimal(str(round(level * random.lognormvariate(0, spread), 6)))
        for _ in range(cells.height)
    ]
    return by_factor(cells, pl.Series(drawn))


def summed(cells, name="sums", interval_s=DAY_S, venues=VENUES):
    whole = (
        cells.with_columns(
            pl.col("time").dt.truncate(f"{interval_s}s"),
            venue=pl.lit(SEVERAL),
            margin=pl.lit(None, pl.String),
        )
        .group_by(KEY)
        .agg(pl.col("usd").sum())
    )
    return tell(name, whole, interval_s=interval_s, venues=venues)


def days(cells, name="days"):
    whole = cells.with_columns(pl.col("time").dt.truncate("1d")).group_by(KEY)
    return tell(name, whole.agg(pl.col(*MONEY).sum()), interval_s=DAY_S)


def parts_of(*tellings, **more):
    frame = explain(*tellings, **more)
    return {cause: float(part) for cause, part in frame.select("cause", "part_usd").iter_rows()}


def within(cells, where=True):
    inside = (pl.col("time") >= FIRST) & (pl.col("time") < END)
    return float(cells.filter(inside, where)["usd"].sum())


def faults_named(parts, least=0.01):
    return {cause for cause in FAULTS if abs(parts.get(cause, 0)) > least * within(MARKET)}


@pytest.mark.parametrize("spread", [0.3, 0.6, 1.0])
@pytest.mark.parametrize("telling_of", [days, summed])
@pytest.mark.parametrize("seed", range(3))
def test_noise_is_no_fault(spread, telling_of, seed):
    other = telling_of(noisy(PUBLISHED, spread, seed=seed))
    assert Orders.of([FEEDS]).traced(other).faults == ()


@pytest.mark.parametrize("times", ["1.3", "1.5", "1.7", "2.5", "3", "4", "5"])
@pytest.mark.parametrize("telling_of", [days, summed])
def test_a_publisher_that_hears_more_everywhere_has_no_fault(times, telling_of):
    """As where our feed is throttled and the publisher's is not: no factor of ours explains that."""
    more = by_factor(PUBLISHED, pl.lit(Decimal(times)))
    trace = Orders.of([FEEDS]).traced(telling_of(more))
    assert trace is None or trace.faults == ()


def test_a_venue_that_is_told_three_times_is_not_said_to_be_told_twice():
    more = by_factor(PUBLISHED, pl.when(OKX).then(Decimal(3)).otherwise(Decimal(1)))
    assert Orders.of([FEEDS]).traced(days(more)).faults == ()


def test_hours_that_a_publisher_does_not_hold_are_no_fault_of_its_days():
    hourly = summed(PUBLISHED, interval_s=3_600)
    lacking = pl.col("time").is_between(FIRST, FIRST + timedelta(hours=9))
    cells = hourly.cells.filter(~lacking)
    held = cells.select("venue", "coin", "time", share=pl.lit(1.0)).unique()
    finer = replace(hourly, cells=cells, held=held)
    daily = replace(summed(PUBLISHED), finer=finer)
    assert parts_of(FEEDS, daily) == pytest.approx({"unexplained": 0}, abs=0.02)


def test_what_is_wrong_in_hours_alone_is_no_fault_of_the_days():
    okx_lost = OKX & pl.col("time").is_between(FIRST, FIRST + timedelta(hours=59))
    finer = summed(PUBLISHED.filter(~okx_lost), interval_s=3_600)
    alone = Orders.of([FEEDS]).traced(finer)
    both = Orders.of([FEEDS]).traced(replace(summed(PUBLISHED), finer=finer))
    assert len(alone.faults) == 1
    assert both.faults == ()


def test_a_sum_is_not_opened_by_the_orders_of_one_day():
    day = FIRST + timedelta(days=1)
    hours = pl.datetime_range(FIRST, day, "1h", closed="left", eager=True, time_unit="ms")
    heard = PUBLISHED.select("venue", "coin").unique()
    held = heard.join(hours.alias("time").to_frame(), how="cross").with_columns(share=1.0)
    monday = tell("feeds", MARKET.filter(pl.col("time") < day), held=held)
    assert Orders.of([monday]).traced(summed(PUBLISHED)) is None


def test_a_coin_that_a_sum_leaves_out_at_one_venue_is_scope_and_no_unit():
    left_out = OKX & (pl.col("coin") == "SOL")
    parts = parts_of(FEEDS, summed(PUBLISHED.filter(~left_out)))
    assert parts[Cause.COINS] == pytest.approx(within(MARKET, left_out), rel=0.02)
    assert faults_named(parts) == set()


def test_contracts_of_one_margin_that_a_sum_leaves_out_are_scope():
    inverse = pl.col("margin") == "inverse"
    parts = parts_of(FEEDS, summed(PUBLISHED.filter(~inverse)))
    assert parts[Cause.MARGIN] == pytest.approx(within(MARKET, inverse), rel=0.02)
    assert faults_named(parts) == set()


def test_a_coin_that_no_order_tells_of_is_compared_as_a_sum():
    feeds = tell("feeds", MARKET.filter(pl.col("coin") != "SOL"))
    alone = summed(PUBLISHED.filter(pl.col("coin") == "SOL"))
    less = pl.when(pl.col("coin") == "SOL").then(Decimal("0.9")).otherwise(Decimal(1))
    one, other = summed(PUBLISHED, "one"), summed(by_factor(PUBLISHED, less), "other")
    parts = parts_of(one, other, beside=[feeds])
    assert Cause.COINS not in parts
    assert parts[Cause.UNEXPLAINED] == pytest.approx(0.1 * float(alone.usd.sum()), rel=0.01)


def test_a_day_of_a_coin_without_an_order_is_laid_out_as_the_week_is():
    quiet = (pl.col("coin") == "SOL") & (pl.col("time").dt.date() == FIRST.date())
    feeds = tell("feeds", MARKET.filter(~quiet))
    parts = parts_of(summed(PUBLISHED), days(PUBLISHED), beside=[feeds])
    assert faults_named(parts) == set()
    assert Cause.COINS not in parts


def test_equal_orders_of_an_hour_here_and_there_are_no_doubled_rows():
    random = Random(11)
    twins = [Decimal("0.5") if random.random() < 0.05 else Decimal(0) for _ in range(MARKET.height)]
    chance = MARKET.with_columns(
        twin_usd=(pl.col("usd") * pl.Series(twins)).cast(MARKET.schema["usd"])
    )
    parts = parts_of(tell("feeds", chance), tell("other", PUBLISHED))
    assert parts == pytest.approx({"unexplained": 0}, abs=0.02)


def test_doubled_rows_are_taken_out_once_also_beside_a_lower_telling():
    hour = pl.col("time").is_between(FIRST, FIRST + timedelta(hours=9))
    double = by_factor(MARKET, pl.when(hour).then(Decimal(2)).otherwise(Decimal(1))).with_columns(
        twin_usd=pl.when(hour).then(pl.col("usd") / 2).otherwise(Decimal(0))
    )
    lower = by_factor(PUBLISHED, pl.lit(Decimal("0.6")))
    parts = parts_of(tell("feeds", double), tell("lower", lower))
    assert parts[Cause.DUPLICATES] == pytest.approx(within(MARKET, hour), rel=0.01)


def test_the_feed_that_was_there_for_most_hours_speaks_for_a_venue():
    large = by_factor(MARKET, pl.lit(Decimal(100)))
    held = large.select("venue", "coin", "time", share=pl.lit(1.0)).unique().head(50)
    found = reference_of([tell("in_contracts", large, held=held), FEEDS])
    assert set(found.speakers.values()) == {"feeds"}


def test_tellings_of_other_clocks_are_left_to_the_rules_of_two():
    late = telling("feeds", MARKET, FIRST + timedelta(hours=6), END)
    frame = explain(late, days(PUBLISHED))
    assert frame["part_usd"].sum() == late.usd.sum().quantize(Decimal("0.01")) - days(
        PUBLISHED
    ).usd.sum().quantize(Decimal("0.01"))


@settings(deadline=None, max_examples=12)
@given(
    st.sampled_from(VENUES),
    st.integers(0, 167),
    st.integers(1, 168),
    st.sampled_from(["0", "0.1", "0.5", "1.3", "2", "10"]),
    st.sampled_from([None, "BTC", "SOL"]),
    st.sampled_from([days, summed]),
)
def test_parts_add_up_and_turn_their_signs_whatever_was_done(
    venue, first, length, factor, coin, told_as
):
    hours = (pl.col("time") - pl.lit(FIRST)).dt.total_hours()
    hit = (pl.col("venue") == venue) & hours.is_between(first, first + length - 1)
    hit &= pl.lit(True) if coin is None else pl.col("coin") == coin
    done = by_factor(PUBLISHED, pl.when(hit).then(Decimal(factor)).otherwise(Decimal(1)))
    other = told_as(done)
    there, back = explain(FEEDS, other), explain(other, FEEDS)
    gap = FEEDS.usd.sum().quantize(Decimal("0.01")) - other.usd.sum().quantize(Decimal("0.01"))
    assert there["part_usd"].sum() == gap
    turned = dict(back.select("cause", "part_usd").iter_rows())
    assert {cause: -part for cause, part in turned.items()} == dict(
        there.select("cause", "part_usd").iter_rows()
    )


def unheard(hour_of_okx):
    """Our feed, which did not hear one hour of OKX a day."""
    gap = OKX & (pl.col("time").dt.hour() == hour_of_okx)
    hours = pl.datetime_range(FIRST, END, "1h", closed="left", eager=True, time_unit="ms")
    listed = MARKET.select("venue", "coin").unique()
    held = listed.join(hours.alias("time").to_frame(), how="cross").filter(~gap)
    return gap, tell("feeds", MARKET.filter(~gap), held=held.with_columns(share=1.0))


@pytest.mark.parametrize("times", ["1", "1.1", "1.3", "2"])
def test_what_a_publisher_has_more_everywhere_does_not_lie_in_the_hours_that_we_did_not_hear(times):
    gap, feeds = unheard(5)
    other = days(by_factor(PUBLISHED, pl.lit(Decimal(times))))
    outage = -parts_of(feeds, other).get(Cause.OUTAGE, 0)
    # At most what the hour is as a share of the day, of all that is told of it.
    assert 0 <= outage <= 1.1 * float(times) * max(within(MARKET, gap), within(MARKET, OKX) / 24)


@pytest.mark.parametrize("level", ["0.6", "0.7", "0.8"])
@pytest.mark.parametrize("venue", ["okx", "bybit"])
def test_one_venue_that_is_told_lower_all_along_has_no_list_of_faults(level, venue):
    lower = pl.when(pl.col("venue") == venue).then(Decimal(level)).otherwise(Decimal(1))
    other = days(noisy(by_factor(PUBLISHED, lower), 0.03))
    assert Orders.of([FEEDS]).traced(other).faults == ()


@pytest.mark.parametrize("interval_s", [HOUR_S, DAY_S])
def test_one_level_of_a_venue_is_no_throttle(interval_s):
    random = Random(3)
    drawn = pl.Series([random.uniform(0.8, 0.98) for _ in range(MARKET.height)])
    usd = pl.col("usd").cast(pl.Float64)
    shown = [(usd * drawn).alias("largest_usd"), (usd * drawn * 0.8).alias("latest_usd")]
    feeds = tell("feeds", MARKET.with_columns(shown))
    lower = pl.when(pl.col("venue") == "bybit").then(Decimal("0.7")).otherwise(Decimal(1))
    told = noisy(by_factor(PUBLISHED, lower), 0.03)
    other = days(told) if interval_s == DAY_S else tell("hours", told)
    assert Cause.THROTTLE not in parts_of(feeds, other)


def test_of_several_feeds_only_the_one_that_speaks_for_a_venue_is_asked_what_it_did_not_hear():
    _, feeds = unheard(5)
    binance = pl.col("venue") == "binance"
    second = tell("second", MARKET.filter(binance))
    orders = Orders.of([replace(feeds, cells=feeds.cells.filter(~binance)), second])
    pair = orders.pair(second, days(PUBLISHED))
    assert pair.reckoned == {("b", "binance")}
