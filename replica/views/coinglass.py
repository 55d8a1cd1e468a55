"""CoinGlass's view: USD sums over the venues asked for, zeros where there was nothing."""

import polars as pl

from replica.digits import fixed, trimmed
from replica.market import Asked
from replica.rows import TIME
from replica.simulated.world import World
from replica.venues.coinglass_words import VENUE_NAMES
from replica.views.buckets import FIVE_MINUTES_MS, HOUR_MS, merged, ohlc, span_of
from replica.views.coinglass_lists import reported, rolling
from replica.views.instruments import Instrument, instruments, named
from replica.views.liquidated import Tallies, by_side, padded
from replica.views.venue import leanings, prices

USD = 5
BY_WORD = {word: venue for venue, word in VENUE_NAMES.items()}


class CoinGlassView:
    def __init__(self, world: World, tallies: Tallies) -> None:
        self._world, self._tallies = world, tallies
        self._all = instruments(world)
        self._named = named(world, "coinglass")

    def series(self, asked: Asked) -> pl.DataFrame | None:
        match asked.dataset:
            case "rolling_by_coin" | "rolling_by_venue":
                return rolling(self._world, self._tallies, asked)
            case "orders":
                return reported(self._world, asked)
        span = span_of(asked.interval)
        if span is None or span < FIVE_MINUTES_MS:
            return None
        match asked.dataset:
            case "liquidation":
                return self._liquidated(asked, span)
            case "open_interest" | "open_interest_stable" | "open_interest_coin":
                return self._open_interest(asked, span)
            case "funding":
                return self._funding(asked, span)
            case "taker":
                return self._taker(asked, span)
        one = self._named.get((asked.param("exchange"), asked.symbol))
        return self._of_pair(asked, one, span) if one else None

    def _of_pair(self, asked: Asked, one: Instrument, span: int) -> pl.DataFrame | None:
        match asked.dataset:
            case "pair_liquidation":
                tally = self._tallies.of(one.venue).filter(pl.col("symbol") == one.symbol)
                return self._printed(by_side(tally, "notional_usd", span), span)
            case "pair_open_interest":
                return self._summed([one], asked.param("unit") == "coin", span)
            case "pair_funding":
                rates = self._world.funding(one.venue, one.symbol)
                percent = rates.with_columns(pl.col("rate") * 100)
                return _in_text(ohlc(percent, "rate", span), 6)
            case "price" if span >= HOUR_MS:
                bars = merged(self._world.candles(one.venue, one.symbol), span)
                volume = trimmed(pl.col("turnover_quote"), 4).alias("turnover")
                return bars.select(TIME, *prices(one.price_decimals), volume)
            case "ratio_global" | "ratio_top_accounts" | "ratio_top_positions":
                return leanings(self._world, one, asked.dataset, span).select(
                    TIME,
                    trimmed(pl.col("ratio"), 2).alias("ratio"),
                    trimmed(pl.col("long") * 100, 2).alias("long"),
                    trimmed(pl.col("short") * 100, 2).alias("short"),
                )
        return None

    def _venues(self, asked: Asked) -> list[str]:
        """The venues of the list that are known; all of them where no list is taken."""
        words = asked.param("exchange_list")
        return [BY_WORD[word] for word in words.split(",") if word in BY_WORD]

    def _liquidated(self, asked: Asked, span: int) -> pl.DataFrame | None:
        venues = self._venues(asked)
        if asked.symbol not in self._world.coins or not venues:
            return None
        tallies = pl.concat([self._tallies.of(venue) for venue in venues])
        tally = tallies.filter(pl.col("coin") == asked.symbol)
        return self._printed(by_side(tally, "notional_usd", span), span)

    def _printed(self, sums: pl.DataFrame, span: int) -> pl.DataFrame:
        whole = padded(sums, self._world.first_ms, self._world.now_ms, span)
        return whole.select(
            TIME, *[trimmed(pl.col(side), USD).alias(side) for side in ("long", "short")]
        )

    def _held(self, asked: Asked) -> list[Instrument]:
        """The coin's contracts; the margin kinds take a list of venues, the total does not."""
        kinds = {"open_interest_stable": (False,), "open_interest_coin": (True,)}
        allowed = kinds.get(asked.dataset, (False, True))
        venues = self._venues(asked) if asked.dataset in kinds else list(self._world.venues)
        return [
            one
            for one in self._all
            if one.coin == asked.symbol and one.inverse in allowed and one.venue in venues
        ]

    def _open_interest(self, asked: Asked, span: int) -> pl.DataFrame | None:
        held = self._held(asked)
        if not held:
            return None
        return self._summed(held, asked.param("unit") == "coin", span)

    def _summed(self, held: list[Instrument], in_coins: bool, span: int) -> pl.DataFrame:
        frames = []
        for one in held:
            frame = self._world.open_interest(one.venue, one.symbol)
            value = pl.col("oi_base") * one.multiplier if in_coins else pl.col("oi_usd")
            frames.append(frame.select(TIME, value.alias("held")))
        total = pl.concat(frames).group_by(TIME).agg(pl.col("held").sum()).sort(TIME)
        return _in_text(ohlc(total, "held", span), 4)

    def _funding(self, asked: Asked, span: int) -> pl.DataFrame | None:
        """Percent for eight hours, each venue's rate weighted by its open interest."""
        frames = [self._weighted(one) for one in self._all if one.coin == asked.symbol]
        if not frames or span < HOUR_MS:
            return None
        rate = pl.col("paid").sum() / pl.col("weight").sum()
        hourly = pl.concat(frames).group_by(TIME).agg(rate.alias("rate")).sort(TIME)
        return _in_text(ohlc(hourly, "rate", span), 6)

    def _weighted(self, one: Instrument) -> pl.DataFrame:
        held = self._world.open_interest(one.venue, one.symbol).filter(pl.col(TIME) % HOUR_MS == 0)
        rates = self._world.funding(one.venue, one.symbol)
        joined = held.join_asof(rates, on=TIME).drop_nulls("rate")
        percent = pl.col("rate") * 100 * 8 / one.funding_hours
        return joined.select(TIME, paid=percent * pl.col("oi_usd"), weight=pl.col("oi_usd"))

    def _taker(self, asked: Asked, span: int) -> pl.DataFrame | None:
        venues = self._venues(asked)
        held = [one for one in self._all if one.coin == asked.symbol and one.venue in venues]
        if not held or span < HOUR_MS:
            return None
        in_coins = asked.param("unit") == "coin"
        frames = []
        for one in held:
            bars = merged(self._world.candles(one.venue, one.symbol), span)
            total, bought = (
                (
                    pl.col("volume_base") * one.multiplier,
                    pl.col("taker_buy_base") * one.multiplier,
                )
                if in_coins
                else (pl.col("turnover_quote"), pl.col("taker_buy_quote"))
            )
            frames.append(bars.select(TIME, bought=bought, sold=total - bought))
        sums = pl.concat(frames).group_by(TIME).agg(pl.col("bought", "sold").sum()).sort(TIME)
        return sums.select(
            TIME,
            trimmed(pl.col("bought"), 4).alias("buy_turnover"),
            trimmed(pl.col("sold"), 4).alias("sell_turnover"),
        )


def _in_text(bars: pl.DataFrame, decimals: int) -> pl.DataFrame:
    names = ("open", "high", "low", "close")
    return bars.select(TIME, *[fixed(pl.col(name), decimals).alias(name) for name in names])
