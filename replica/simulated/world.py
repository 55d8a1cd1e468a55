"""The whole simulated market, and what each venue's public feed shows of it."""

from functools import partial
from typing import Final

import polars as pl

from replica.simulated import activity, cascades, listings, positions, timeline
from replica.simulated.draws import Draws
from replica.simulated.listings import Listing
from replica.simulated.orders import NOTIONAL_DECIMALS, Orders, forced_orders, intensity
from replica.simulated.prices import CoinPath, VenuePath, coin_path, market, venue_path
from replica.simulated.processes import PROCESSES, Intensity
from replica.simulated.shelf import Shelf
from replica.simulated.sizes import size_of
from replica.simulated.stables import PATHS, stable_candles
from replica.simulated.throttles import published

USUAL_PROCESS: Final = next(iter(PROCESSES))
AMOUNT: Final = pl.Decimal(38, NOTIONAL_DECIMALS)
COLUMNS: Final = (
    "time_ms", "symbol", "coin", "position", "size", "base",
    "fill_price", "order_price", "bankruptcy_price", "notional_usd",
)  # fmt: skip
# Five-minute frames are large; a server asks for one instrument's pages in a row.
PAGED_ROOM: Final = 128

Name = tuple[str, str]


class World:
    """One market for each seed, size and process; every part is made when it is first asked."""

    def __init__(self, seed: int, size: str, *, process: str = USUAL_PROCESS) -> None:
        if process not in PROCESSES:
            raise ValueError(f"process is one of {', '.join(PROCESSES)}, not {process!r}")
        of_size = size_of(size)
        coins = of_size.coins
        self.first_ms = timeline.FIRST_MS
        self.now_ms = timeline.NOW_MS
        self.coins = tuple(coin.name for coin in coins)
        self.venues = tuple(venue.name for venue in listings.VENUES)
        self._draws = Draws(seed)
        self._process = process
        self._coins = {coin.name: coin for coin in coins}
        rows = listings.listings(self._draws, coins, of_size.share)
        self._listings = {row.key: row for row in rows}
        self.instruments = listings.frame(rows)
        self._plan = cascades.plan(self._draws)
        # From the first fall to the end of the rebound.
        self.cascade_ms = (self._plan.start_ms, self._plan.end_ms)
        self._market = market(self._draws, self._plan)
        every = len(rows)
        self._paths = Shelf(self._make_path, len(coins))
        self._rates = Shelf(self._make_rates, len(coins))
        self._venue_paths = Shelf(self._make_venue_path, PAGED_ROOM)
        self._orders = Shelf(self._make_orders, every)
        self._candles = Shelf(self._make_candles, every)
        self._funding = Shelf(self._make_funding, every)
        self._interest = Shelf(self._make_interest, PAGED_ROOM)
        self._leanings = Shelf(self._make_leanings, PAGED_ROOM)
        self._stables = Shelf(partial(stable_candles, self._draws), len(PATHS))
        self._forced = Shelf(self._make_forced, len(self.venues))
        self._shown = Shelf(self._make_shown, len(self.venues))

    def candles(self, venue: str, symbol: str) -> pl.DataFrame:
        return self._candles[venue, symbol]

    def open_interest(self, venue: str, symbol: str) -> pl.DataFrame:
        return self._interest[venue, symbol]

    def funding(self, venue: str, symbol: str) -> pl.DataFrame:
        return self._funding[venue, symbol]

    def long_short(self, venue: str, symbol: str) -> pl.DataFrame:
        return self._leanings[venue, symbol]

    def usual_interest(self, venue: str) -> dict[str, float]:
        """Each symbol's open interest in dollars, about which it moves."""
        rows = self._listings.values()
        return {one.symbol: one.interest_usd for one in rows if one.venue == venue}

    def stable(self, coin: str) -> pl.DataFrame:
        """A stable coin in dollars, hour by hour."""
        return self._stables[coin]

    def liquidations(self, venue: str) -> pl.DataFrame:
        """Every forced order, whether or not a feed published it."""
        return self._forced[venue]

    def shown(self, venue: str) -> pl.DataFrame:
        """What the public feed published of them, in the same columns.

        Hyperliquid has no such feed: all of its orders stand for what its nodes record.
        """
        return self._shown[venue]

    def truth(self) -> pl.DataFrame:
        """True totals by day, venue, coin and side; summed exactly, in any order."""
        return pl.concat([self._totals(venue) for venue in self.venues])

    def _totals(self, venue: str) -> pl.DataFrame:
        keys = ("day", "venue", "coin", "position")
        return (
            self.liquidations(venue)
            .lazy()
            .with_columns(
                day=pl.from_epoch("time_ms", time_unit="ms").dt.date(), venue=pl.lit(venue)
            )
            .group_by(keys)
            .agg(
                pl.col("notional_usd").cast(AMOUNT).sum().cast(pl.Float64),
                events=pl.len().cast(pl.Int64),
            )
            .sort(keys)
            .collect()
        )

    def _listing(self, name: Name) -> Listing:
        if name not in self._listings:
            raise KeyError(f"{name[0]} does not list {name[1]}")
        return self._listings[name]

    def _make_path(self, coin: str) -> CoinPath:
        return coin_path(self._draws, self._market, self._coins[coin])

    def _make_rates(self, coin: str) -> Intensity:
        # A coin is new on all venues at once, so any of its listings tells when.
        launched = next(one for one in self._listings.values() if one.coin == coin).launched_ms
        return intensity(self._plan, self._paths[coin], launched)

    def _make_venue_path(self, name: Name) -> VenuePath:
        return venue_path(self._draws, self._plan, *name)

    def _make_orders(self, name: Name) -> Orders:
        listing = self._listing(name)
        return forced_orders(
            self._draws.of("orders", self._process, *name),
            PROCESSES[self._process],
            listing,
            self._rates[listing.coin],
            self._plan,
            self._paths[listing.coin],
            self._venue_paths[name],
        )

    def _make_candles(self, name: Name) -> pl.DataFrame:
        listing = self._listing(name)
        return activity.candles(
            self._draws.of("candles", *name),
            listing,
            self._plan,
            self._paths[listing.coin],
            self._venue_paths[name],
            self._orders[name],
        )

    def _make_interest(self, name: Name) -> pl.DataFrame:
        listing = self._listing(name)
        return positions.open_interest(
            self._draws.of("open interest", *name),
            listing,
            self._paths[listing.coin],
            self._venue_paths[name],
            self._orders[name],
        )

    def _make_funding(self, name: Name) -> pl.DataFrame:
        listing = self._listing(name)
        return positions.funding(
            self._draws.of("funding", *name),
            listing,
            self._paths[listing.coin],
            self._venue_paths[name],
        )

    def _make_leanings(self, name: Name) -> pl.DataFrame:
        listing = self._listing(name)
        return positions.long_short(
            self._draws.of("long short", *name),
            listing,
            self._paths[listing.coin],
            self._candles[name],
        )

    def _make_forced(self, venue: str) -> pl.DataFrame:
        names = [name for name in self._listings if name[0] == venue]
        if not names:
            raise KeyError(f"no venue {venue}")
        frames = [self._orders[name].frame(self._listings[name]) for name in names]
        side = pl.when("is_long").then(pl.lit("long")).otherwise(pl.lit("short"))
        return (
            pl.concat(frames)
            .with_columns(position=side)
            .select(COLUMNS)
            .sort("time_ms", "symbol", maintain_order=True)
        )

    def _make_shown(self, venue: str) -> pl.DataFrame:
        return published(venue, self.liquidations(venue))
