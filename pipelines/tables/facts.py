"""The canonical tables of facts."""

import polars as pl

from pipelines.tables.table import Column, Table
from pipelines.tables.vocabulary import (
    COIN,
    INSTRUMENT,
    INSTRUMENT_OR_NONE,
    INTERVAL,
    LINEAGE,
    POSITION,
    SCOPE,
    SOURCE,
    TIME,
    USD_BASIS,
    VENUE,
    amount,
)
from pipelines.tables.words import CandleKind, Origin, PriceKind, Unit, Who
from pipelines.units import Margin

UNKNOWN_TERMS = "The listing does not say."

INSTRUMENTS = Table(
    name="instruments",
    about="Every market that a source listed: what its symbol means and what one contract is.",
    key=("source", "source_symbol"),
    columns=(
        SOURCE,
        Column("source_symbol", pl.String(), "The symbol as the source is asked for it."),
        INSTRUMENT,
        VENUE,
        Column("symbol", pl.String(), "The symbol as the venue spells it."),
        COIN,
        amount("coins_per_base", "Coins in one unit of the base: 1000 for 1000PEPE."),
        Column("quote", pl.String(), "What prices are counted in.", null=UNKNOWN_TERMS),
        Column("margin", pl.Enum(Margin), "Linear or inverse.", null=UNKNOWN_TERMS),
        amount(
            "contract_size",
            "Base units (linear) or dollars (inverse) in a contract.",
            UNKNOWN_TERMS,
        ),
        Column("is_perpetual", pl.Boolean(), "Whether it never expires.", null=UNKNOWN_TERMS),
        Column(
            "status",
            pl.String(),
            "The source's word for whether it trades.",
            null=UNKNOWN_TERMS,
        ),
        Column("listed_on", pl.Date(), "First UTC day.", null=UNKNOWN_TERMS),
        Column("time", TIME.dtype, "The UTC day for which this listing was taken."),
        *LINEAGE,
    ),
)

LIQUIDATIONS = Table(
    name="liquidations",
    about="Positions closed by force: one row for each event that a venue published.",
    key=("source", "feed", "instrument_id", "time", "nth"),
    columns=(
        SOURCE,
        VENUE,
        COIN,
        INSTRUMENT,
        TIME,
        Column(
            "nth", pl.UInt32(), "Place among a feed's events of one instrument and instant, from 0."
        ),
        POSITION,
        amount("size", "Size as the venue printed it, in `size_unit`."),
        Column("size_unit", pl.Enum(Unit), "What `size` counts."),
        amount("size_coins", "Size in coins.", "No price to turn dollars into coins."),
        amount("price", "Price that the venue printed, in quote.", "The venue printed none."),
        Column("price_kind", pl.Enum(PriceKind), "Which price that is.", null="None printed."),
        amount("notional_quote", "Size times price, in the quote.", "No price."),
        amount("notional_usd", "The same in US dollars.", "No price, or no way to dollars."),
        USD_BASIS,
        *LINEAGE,
    ),
)

LIQUIDATION_TOTALS = Table(
    name="liquidation_totals",
    about="A publisher's sums of liquidations: one row for each bucket and side.",
    key=("source", "feed", "scope", "coin", "interval_s", "time", "position"),
    columns=(
        SOURCE,
        VENUE,
        COIN,
        INSTRUMENT_OR_NONE,
        SCOPE,
        TIME,
        INTERVAL,
        POSITION,
        amount(
            "size_coins",
            "Coins liquidated, where the source counts coins.",
            "It counts dollars.",
        ),
        amount(
            "price",
            "Close of the same market and bucket used for dollars.",
            "None used or held.",
        ),
        amount(
            "notional_usd",
            "US dollars liquidated.",
            "Coins without a price of that market and time.",
        ),
        USD_BASIS,
        Column("origin", pl.Enum(Origin), "Printed, or left out because empty."),
        *LINEAGE,
    ),
)

OPEN_INTEREST = Table(
    name="open_interest",
    about="Contracts open at an instant or at the close of a bucket.",
    key=("source", "feed", "scope", "coin", "interval_s", "time"),
    columns=(
        SOURCE,
        VENUE,
        COIN,
        INSTRUMENT_OR_NONE,
        SCOPE,
        TIME,
        INTERVAL,
        amount("open_interest_coins", "Open interest in coins, one side.", "Not given in coins."),
        amount(
            "open_interest_usd",
            "Open interest in dollars, as published.",
            "Not given in dollars.",
        ),
        USD_BASIS,
        *LINEAGE,
    ),
)

FUNDING = Table(
    name="funding",
    about="Funding rates: settlements of a market, or a publisher's weighted or daily figure.",
    key=("source", "feed", "scope", "coin", "time"),
    columns=(
        SOURCE,
        VENUE,
        COIN,
        INSTRUMENT_OR_NONE,
        SCOPE,
        TIME,
        Column("interval_s", pl.Int32(), "Seconds it stands for.", null="Not said."),
        Column("funding_rate", amount("", "").dtype, "Fraction of notional for one interval."),
        *LINEAGE,
    ),
)

CANDLES = Table(
    name="candles",
    about="Prices and volume of a market by bucket: last, mark or index.",
    key=("source", "feed", "instrument_id", "kind", "interval_s", "time"),
    columns=(
        SOURCE,
        VENUE,
        COIN,
        INSTRUMENT,
        Column("kind", pl.Enum(CandleKind), "Which price."),
        TIME,
        INTERVAL,
        amount("open", "First price, quote per base.", "Not published or not kept."),
        amount("high", "Highest price.", "Not published or not kept."),
        amount("low", "Lowest price.", "Not published or not kept."),
        amount("close", "Last price."),
        amount("volume_coins", "Volume in coins.", "Not published in coins."),
        amount("turnover_usd", "Volume in dollars (stable quote at par).", "Not published."),
        amount("taker_buy_coins", "Part of the volume bought by takers.", "Not published."),
        *LINEAGE,
    ),
)

LONG_SHORT_RATIOS = Table(
    name="long_short_ratios",
    about="Longs over shorts, of accounts or of positions.",
    key=("source", "feed", "instrument_id", "who", "interval_s", "time"),
    columns=(
        SOURCE,
        VENUE,
        COIN,
        INSTRUMENT,
        Column("who", pl.Enum(Who), "Whose positions are counted."),
        TIME,
        INTERVAL,
        amount("long_short_ratio", "Longs divided by shorts."),
        *LINEAGE,
    ),
)

TAKER_VOLUMES = Table(
    name="taker_volumes",
    about="Volume by the side of the taker: a publisher's sums over venues.",
    key=("source", "feed", "scope", "coin", "interval_s", "time"),
    columns=(
        SOURCE,
        VENUE,
        COIN,
        SCOPE,
        TIME,
        INTERVAL,
        amount("taker_buy_usd", "Bought by takers, US dollars."),
        amount("taker_sell_usd", "Sold by takers, US dollars."),
        *LINEAGE,
    ),
)

TICKERS = Table(
    name="tickers",
    about="What a live feed said of a market beside its liquidations: prices, open interest, funding.",
    key=("source", "feed", "instrument_id", "time", "nth"),
    columns=(
        SOURCE,
        VENUE,
        COIN,
        INSTRUMENT,
        TIME,
        Column("nth", pl.UInt32(), "Place among tickers of one instrument and instant, from 0."),
        amount("last_price", "Last price, quote per base.", "This message does not say."),
        amount("mark_price", "Mark price, quote per base.", "This message does not say."),
        amount("index_price", "Index price, quote per base.", "This message does not say."),
        amount("open_interest", "Open interest as printed.", "This message does not say."),
        Column("open_interest_unit", pl.Enum(Unit), "What that counts.", null="It is not said."),
        amount("open_interest_coins", "Open interest in coins, one side.", "Not in coins."),
        amount("open_interest_usd", "Open interest in dollars, one side.", "Not in dollars."),
        amount("funding_rate", "Fraction for one interval.", "This message does not say."),
        *LINEAGE,
    ),
)
