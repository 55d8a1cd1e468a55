"""From a source's symbol to the market it means: instrument, venue, coin and contract terms."""

import polars as pl

from pipelines.normalise.coins import coin_of
from pipelines.normalise.eras import Known
from pipelines.normalise.fields import told
from pipelines.tables.words import Basis
from pipelines.units import Margin, exact

# Quotes that are the dollar, and stable coins that are taken at par and flagged.
DOLLARS = frozenset({"USD"})
AT_PAR = frozenset(
    {"USDT", "USDC", "USDE", "FDUSD", "BUSD", "TUSD", "DAI", "PYUSD", "RLUSD", "USD1"}
)

TERMS = ("instrument_id", "venue", "coin", "coins_per_base", "margin", "contract_size", "quote")


def with_market(rows: pl.DataFrame, known: Known, symbol: pl.Expr) -> pl.DataFrame:
    """Add ``subject`` (the symbol) and the terms of its market; null for one not in the listing."""
    terms = known.instruments.select(pl.col("source_symbol").alias("subject"), *TERMS)
    return rows.with_columns(subject=symbol).join(
        terms, on="subject", how="left", maintain_order="left"
    )


def not_listed(symbol: pl.Expr | None = None) -> pl.Expr:
    """The reason for a symbol (else the subject) that the source's listing does not have."""
    named = pl.col("subject") if symbol is None else symbol
    return pl.when(pl.col("instrument_id").is_null()).then(
        pl.concat_str(
            pl.lit("symbol '"),
            named.fill_null("null"),
            pl.lit("' is not in the listing"),
        )
    )


def usd_basis() -> pl.Expr:
    """How an amount of the quote is dollars; null for a quote that is neither."""
    return (
        pl.when(pl.col("quote").is_in(list(DOLLARS)))
        .then(told(Basis.DOLLARS))
        .when(pl.col("quote").is_in(list(AT_PAR)))
        .then(told(Basis.PAR))
    )


def coin_terms(base: pl.Expr) -> dict[str, pl.Expr]:
    """``coin`` and ``coins_per_base`` of a base asset."""
    coin = base.map_elements(lambda text: coin_of(text)[0], return_dtype=pl.String)
    many = base.map_elements(lambda text: str(coin_of(text)[1]), return_dtype=pl.String)
    return {"coin": coin, "coins_per_base": exact(many)}


def listed(rows: pl.DataFrame, **terms: pl.Expr) -> pl.DataFrame:
    """A listing's rows with the columns that a venue leaves out, ``time`` being the day asked."""
    defaults = {
        "margin": pl.lit(None, dtype=pl.Enum(Margin)),
        "contract_size": exact(pl.lit("1")),
        "reason": pl.lit(None, dtype=pl.String),
        "subject": pl.lit("*"),
        "time": pl.col("asked_day").cast(pl.Datetime("ms")).dt.replace_time_zone("UTC"),
    }
    return rows.with_columns(**(defaults | terms))
