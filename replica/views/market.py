"""The simulated market: one world, shown to each source through its own view."""

import polars as pl

from replica.market import Asked
from replica.simulated.world import World
from replica.venues.coinalyze import VENUE_CODES
from replica.venues.coinglass_words import VENUE_NAMES
from replica.views.coinalyze import CoinalyzeView
from replica.views.coinglass import CoinGlassView
from replica.views.forced import forced
from replica.views.instruments import instruments, listing
from replica.views.kraken_tape import Executions
from replica.views.liquidated import Tallies
from replica.views.stables import stables
from replica.views.tape import Tape
from replica.views.venue import venue_series

SAME_VENUE = {"binance_bulk": "binance", "binance_coin_m": "binance"}
FORCED = ("forced_shown", "forced_all")
EVERYTHING = "*"


class SimulatedMarket:
    kind = "simulated"
    remembers_askings = False

    def __init__(self, world: World) -> None:
        self.world = world
        self.now_ms = world.now_ms
        self._instruments = {(one.venue, one.symbol): one for one in instruments(world)}
        tallies = Tallies(world)
        self._coinglass = CoinGlassView(world, tallies)
        self._coinalyze = CoinalyzeView(world, tallies)

    def listing(self, source: str) -> pl.DataFrame:
        return listing(self.world, source)

    def venue_names(self, source: str) -> list[str]:
        if source == "coinglass":
            return [VENUE_NAMES[venue] for venue in self.world.venues]
        return [VENUE_CODES[venue][0] for venue in self.world.venues]

    def series(self, asked: Asked) -> pl.DataFrame | None:
        match asked.source:
            case "coinglass":
                return self._coinglass.series(asked)
            case "coinalyze":
                return self._coinalyze.series(asked)
            case "kraken_spot":
                return stables(self.world, asked)
        venue = SAME_VENUE.get(asked.source, asked.source)
        one = self._instruments.get((venue, asked.symbol))
        if asked.dataset in FORCED and (one or asked.symbol == EVERYTHING):
            return forced(self.world, venue, one, throttled=asked.dataset == "forced_shown")
        if one is None:
            return None
        match asked.dataset:
            case "executions":
                return Executions(self.world, one).rows()
            case "tape":
                return Tape(self.world, one).rows()
        return venue_series(self.world, one, asked)

    def truth(self) -> pl.DataFrame | None:
        return self.world.truth()
