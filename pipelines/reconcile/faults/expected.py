"""What a telling would say if it were made of the reference's orders, under faults found so far."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.reconcile.tellings.reference import ANY_MARGIN, WHOLE, Flags, Floats, Reference
from pipelines.reconcile.tellings.telling import DAY_S, HOUR_S, SEVERAL, Telling
from pipelines.units import Margin

Whole = npt.NDArray[np.int64]
INVERSE: Final = Margin.INVERSE.value
# By how much prices of one coin part two tellings of it, and how near most buckets keep to that.
MOST_OFF: Final = 0.015
NEAR: Final = 0.004
MOST: Final = 0.6


class Kind(StrEnum):
    """How a telling's figures can come of the reference's."""

    LACKS = "lacks"
    TIMES = "times"  # so many times as much
    TURNED = "turned"  # longs are told as shorts
    LATE = "late"  # told so many hours later
    PAR = "par"  # stable coins at one dollar
    LARGEST = "largest"  # heard through a feed that shows the largest order of a second and market
    LATEST = "latest"  # or the latest


OF_SECOND: Final = (Kind.LARGEST, Kind.LATEST)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in hours ``[first, end)`` of the reference's clock; None is every venue, every coin.

    ``factor`` is what dollars are multiplied by, of LATE the hours, of OF_SECOND one (it differs by
    hour). ``gain`` is what it takes of
    the absolute residual, ``crisp`` that over what it moves.
    """

    kind: Kind
    venue: str | None
    coin: str | None
    margin: str | None
    first: int
    end: int
    factor: float
    gain: float = 0.0
    crisp: float = 0.0


@dataclass(frozen=True, slots=True)
class Expected:
    """Of the reference's series and hours that the telling would tell: how it tells them.

    ``base`` is what is there, ``weight`` how often it counts, ``turned`` whether for the other
    side, ``late`` (series) by how many hours later; ``group`` (series, 2) is the row of the
    telling's own figures ``told`` (groups, buckets), as they are or turned; ``held`` says whether
    it has a figure there. ``shown`` is the share that a feed of one order a second shows, by Kind.
    A bucket has ``width`` hours.
    """

    rows: pl.DataFrame  # SERIES of the reference, row for row
    groups: pl.DataFrame  # place, coin, kind, position
    base: Floats
    par: Floats
    known: Flags
    group: Whole
    told: Floats
    held: Flags
    width: int
    weight: Floats
    turned: Flags
    late: Whole
    shown: Mapping[str, Floats]
    at_par: bool = False

    def rows_of(
        self, venue: str | None, coin: str | None = None, margin: str | None = None
    ) -> Flags:
        found = np.ones(self.rows.height, bool)
        for name, value in (("venue", venue), ("coin", coin), ("margin", margin)):
            if value is not None:
                found &= (self.rows[name] == value).to_numpy()
        return found

    def cells_of(self, fault: Fault) -> Flags:
        """(series, hours) that a fault touches."""
        hours = np.zeros(self.base.shape[1], bool)
        hours[fault.first : fault.end] = True
        cells: Flags = self.rows_of(fault.venue, fault.coin, fault.margin)[:, None] & hours
        return cells

    def content(self) -> Floats:
        """Dollars, or coins at one price, by series and hour."""
        one: Floats = self.weight * (self.par if self.at_par else self.base)
        return one

    def left_of(self, fault: Fault) -> Floats | float:
        """What a fault leaves of the dollars that it touches, by series and hour where that differs."""
        return self.shown[fault.kind] if fault.kind in OF_SECOND else fault.factor

    def by_group(self, values: Floats, turned: Flags, late: Whole) -> Floats:
        """(series, hours) as (groups, buckets, hours of a bucket), by the hour of the telling."""
        series, hours = values.shape
        at = np.arange(hours)[None, :] + late[:, None]
        to = self.group[np.arange(series)[:, None], turned.astype(int)]
        inside = (at >= 0) & (at < hours)
        flat = (to * hours + at)[inside]
        added: Floats = np.bincount(
            flat, values[inside].astype(np.float64), minlength=len(self.told) * hours
        ).astype(np.float64)
        return added.reshape(len(self.told), hours // self.width, self.width)

    def expected(self) -> Floats:
        return self.by_group(self.content(), self.turned, self.late)

    def judged(self, late: Whole | None = None) -> Flags:
        """(groups, buckets): whether it is held, and every hour of it known."""
        late = self.late if late is None else late
        lacking = self.by_group((~self.known).astype(float), self.turned, late)
        hours = self.known.shape[1]
        for row in np.flatnonzero(late):
            outside = np.arange(hours)
            outside = outside[(outside < late[row]) | (outside >= hours + late[row])]
            for to in self.group[row]:
                lacking[to, outside // self.width, outside % self.width] += 1
        whole: Flags = (lacking.sum(axis=2) == 0) & self.held
        return whole

    def scaled(self, expected: Floats, judged: Flags) -> Floats:
        """The expected at the telling's prices: by a group's median ratio, if most buckets keep to it."""
        sums = np.where(judged, expected.sum(axis=2), 0.0)
        ratio = np.divide(self.told, sums, out=np.full_like(sums, np.nan), where=sums > 0)
        by = np.ones(len(sums))
        for row in np.flatnonzero((sums > 0).any(axis=1)):
            known = ratio[row][~np.isnan(ratio[row])]
            middle = float(np.median(known))
            alike = float((np.abs(known - middle) <= NEAR).mean())
            if abs(middle - 1) <= MOST_OFF and alike >= MOST:
                by[row] = middle
        scaled: Floats = expected * by[:, None, None]
        return scaled

    def under(self, fault: Fault) -> "Expected":
        """With one more fault."""
        cells = self.cells_of(fault)
        match fault.kind:
            case Kind.LACKS | Kind.TIMES | Kind.LARGEST | Kind.LATEST:
                return replace(self, weight=self.weight * np.where(cells, self.left_of(fault), 1.0))
            case Kind.TURNED:
                return replace(self, turned=self.turned ^ cells)
            case Kind.LATE:
                late = np.where(self.rows_of(fault.venue), int(fault.factor), self.late)
                return replace(self, late=late)
            case Kind.PAR:
                return replace(self, at_par=True)


def expected_of(telling: Telling, reference: Reference) -> Expected | None:
    """How the telling would be made of the reference; None where nothing meets, or their clocks
    do not.
    """
    rows, keys = _rows(telling, reference)
    width = telling.interval_s // HOUR_S
    if rows.is_empty() or telling.interval_s not in (HOUR_S, DAY_S):
        return None
    if telling.first != reference.first or reference.hours % width:
        return None
    groups = keys.unique().sort(keys.columns)
    own = keys.join(
        groups.with_row_index("group"), on=keys.columns, how="left", maintain_order="left"
    )
    group = own["group"].to_numpy().astype(np.int64)
    # The two sides of a market stand one after the other.
    partner = group.reshape(-1, 2)[:, ::-1].reshape(-1)
    base, par, told = _amounts(telling, reference, rows, groups)
    return Expected(
        rows.drop("row"),
        groups,
        base,
        par,
        reference.known[rows["row"].to_numpy()],
        np.column_stack([group, partner]),
        told,
        _held(telling, groups, reference),
        width,
        np.ones_like(base),
        np.zeros(base.shape, bool),
        np.zeros(len(base), np.int64),
        {kind: reference.shown[kind][rows["row"].to_numpy()] for kind in OF_SECOND},
    )


def _amounts(
    telling: Telling, reference: Reference, rows: pl.DataFrame, groups: pl.DataFrame
) -> tuple[Floats, Floats, Floats]:
    """Of the orders, with stable coins at their rate and at one, and of the telling: in dollars, or
    where the telling counts coins in these, at one price.
    """
    at = rows["row"].to_numpy()
    base, par, coins = reference.usd[at], reference.par_usd[at], reference.coins[at]
    told = _told(telling, groups, reference, "usd")
    # Contracts of an inverse market are dollars: coins of them rest on somebody's price.
    linear = (rows["margin"] != INVERSE).to_numpy()
    counted = telling.cells.filter(pl.col("margin").fill_null(ANY_MARGIN) != INVERSE)["coins"]
    if counted.is_empty() or counted.null_count() or np.isnan(coins[linear]).any():
        return base, par, told
    price = _prices(rows, base, coins)
    base = np.where(linear[:, None], coins * price[:, None], base)
    in_coins = _told(telling, groups, reference, "coins")
    priced = in_coins * _of_groups(groups, rows, price)[:, None]
    told = np.where((groups["kind"] != INVERSE).to_numpy()[:, None], priced, told)
    return base, base, told


def _rows(telling: Telling, reference: Reference) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The reference's series that the telling would tell, with their row, and the telling's key."""
    several = telling.is_several
    tells_margin = telling.markets["margin"].null_count() == 0
    place = ["coin"] if several else ["venue", "coin"]
    on = [*place, "margin"] if tells_margin else place
    told = telling.markets.select(on).unique()
    rows = (
        reference.series.with_row_index("row")
        .filter(pl.col("venue").is_in(list(telling.venues)))
        .join(told, on=on, how="semi")
        .sort("row")
    )
    keys = rows.select(
        place=pl.lit(SEVERAL) if several else pl.col("venue"),
        coin="coin",
        kind=pl.col("margin") if tells_margin else pl.lit(ANY_MARGIN),
        position="position",
    )
    return rows, keys


def _held(telling: Telling, groups: pl.DataFrame, reference: Reference) -> Flags:
    """Whether the telling has figures of a coin there, in all of a bucket."""
    width = telling.interval_s // HOUR_S
    held = np.ones((groups.height, reference.hours // width), bool)
    if telling.held is None:
        return held
    numbered = groups.select("place", "coin").with_row_index("group")
    said = telling.held.filter(pl.col("share") >= WHOLE).select(
        place=pl.lit(SEVERAL) if telling.is_several else pl.col("venue"),
        coin="coin",
        bucket=_bucket(reference, width),
    )
    met = numbered.join(said, on=["place", "coin"])
    inside = met.filter(pl.col("bucket").is_between(0, held.shape[1] - 1))
    held[:] = False
    held[inside["group"].to_numpy(), inside["bucket"].cast(pl.Int64).to_numpy()] = True
    return held


def _bucket(reference: Reference, width: int) -> pl.Expr:
    return (pl.col("time") - pl.lit(reference.first)).dt.total_hours() // width


def _told(telling: Telling, groups: pl.DataFrame, reference: Reference, measure: str) -> Floats:
    width = telling.interval_s // HOUR_S
    tells_margin = telling.markets["margin"].null_count() == 0
    cells = telling.cells.select(
        place=pl.lit(SEVERAL) if telling.is_several else pl.col("venue"),
        coin="coin",
        kind=pl.col("margin") if tells_margin else pl.lit(ANY_MARGIN),
        position="position",
        bucket=_bucket(reference, width),
        x=pl.col(measure).cast(pl.Float64),
    )
    placed = cells.join(groups.with_row_index("group"), on=groups.columns)
    found = np.zeros((groups.height, reference.hours // width))
    inside = placed.filter(pl.col("bucket").is_between(0, found.shape[1] - 1))
    at = (inside["group"].to_numpy(), inside["bucket"].cast(pl.Int64).to_numpy())
    np.add.at(found, at, inside["x"].to_numpy())
    return found


def _prices(rows: pl.DataFrame, usd: Floats, coins: Floats) -> Floats:
    """A coin's dollars over its coins, for each row."""
    sums = rows.select("coin").with_columns(
        usd=pl.Series(usd.sum(axis=1)), coins=pl.Series(coins.sum(axis=1))
    )
    price = pl.col("usd").sum().over("coin") / pl.col("coins").sum().over("coin")
    return sums.select(price.fill_nan(0.0))["usd"].to_numpy()


def _of_groups(groups: pl.DataFrame, rows: pl.DataFrame, price: Floats) -> Any:
    by_coin = dict(zip(rows["coin"], price.tolist(), strict=True))
    return np.array([by_coin[coin] for coin in groups["coin"]])
