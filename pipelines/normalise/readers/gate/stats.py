"""Gate's own hourly statistics of a contract: sums of liquidations, open interest, ratios.

One answer fills three tables, each by a reader of its own.
"""

from collections.abc import Iterator

import polars as pl

from pipelines.normalise.eras import FIELD, Era, Known, Reader, Refused, Shown
from pipelines.normalise.fields import first_reason, inexact, said, shown, told, word
from pipelines.normalise.readers.gate.rest import HOUR_S, SINCE, asked_for, of_market
from pipelines.raw import Page
from pipelines.statements import Grade, Statement
from pipelines.tables import LIQUIDATION_TOTALS, LONG_SHORT_RATIOS, OPEN_INTEREST
from pipelines.tables.words import Adl, Basis, Coverage, Origin, Position, SideNames, Unit, Who
from pipelines.units import Margin, base_of_contracts, coins_of, exact

POSITION = {"long": Position.LONG, "short": Position.SHORT}
WHO = {
    "lsr_account": Who.ALL_ACCOUNTS,
    "top_lsr_account": Who.TOP_ACCOUNTS,
    "top_lsr_size": Who.TOP_POSITIONS,
}
HEAD = ("subject", "time")


def hours(page: Page, names: tuple[str, ...]) -> Iterator[tuple[FIELD, ...] | Refused]:
    """Hours that were over when they were asked for."""
    over_s = int(page.asked_at.timestamp()) // HOUR_S * HOUR_S
    for row in asked_for(page, ("time", *names)):
        at = "" if isinstance(row, Refused) else row[1] or ""
        if at.isascii() and at.isdigit() and int(at[:20]) >= over_s:
            yield Refused("an hour that was not over when it was asked for", shown(row))
        else:
            yield row


def sides(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """A row for longs and one for shorts."""
    fields = [f"{side}_liq_{what}" for side in POSITION for what in ("amount", "usd")]
    for row in hours(page, tuple(fields)):
        if isinstance(row, Refused):
            yield row
        else:
            subject, time, *amounts = row
            yield (subject, time, "long", *amounts[:2])
            yield (subject, time, "short", *amounts[2:])


def read_totals(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The venue's own dollars; coins where the contract is made of them."""
    found = of_market(rows, known, "time")
    linear = pl.col("margin") == Margin.LINEAR.value
    base, usd = exact(said("amount")), exact(said("usd"))
    return found.with_columns(
        position=word(said("side"), POSITION, Position),
        size_coins=pl.when(linear).then(coins_of(base, pl.col("coins_per_base"))),
        notional_usd=usd,
        usd_basis=told(Basis.PUBLISHED),
        origin=told(Origin.PUBLISHED),
        reason=pl.coalesce(
            "reason",
            inexact(said("amount"), "amount"),
            first_reason(
                (usd.is_null(), "dollars that are no exact number"),
                (((usd < 0) | (base < 0)).fill_null(value=False), "a negative amount"),
            ),
        ),
    )


def interest(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    return hours(page, ("open_interest", "open_interest_usd"))


def read_interest(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    found = of_market(rows, known, "time")
    linear = pl.col("margin") == Margin.LINEAR.value
    contracts, usd = exact(said("open_interest")), exact(said("open_interest_usd"))
    base = base_of_contracts(contracts, pl.col("contract_size"))
    return found.with_columns(
        open_interest_coins=pl.when(linear).then(coins_of(base, pl.col("coins_per_base"))),
        open_interest_usd=usd,
        usd_basis=pl.when(usd.is_not_null()).then(told(Basis.PUBLISHED)),
        reason=pl.coalesce("reason", first_reason((contracts.is_null(), "no exact open interest"))),
    )


def ratios(page: Page) -> Iterator[tuple[FIELD, ...] | Refused]:
    """A row for each of those whose positions are counted."""
    for row in hours(page, tuple(WHO)):
        if isinstance(row, Refused):
            yield row
        else:
            subject, time, *counted = row
            for who, ratio in zip(WHO, counted, strict=True):
                yield (subject, time, who, ratio)


def read_ratios(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    return of_market(rows, known, "time").with_columns(
        who=word(said("who"), WHO, Who), long_short_ratio=exact(said("ratio"))
    )


READERS = (
    Reader(
        "gate",
        "contract_stats",
        LIQUIDATION_TOTALS,
        (
            Era(
                SINCE,
                Coverage.UNKNOWN,
                (*HEAD, "side", "amount", "usd"),
                sides,
                read_totals,
                evidence="Vendor's SDK names the fields of longs and shorts; what is summed in "
                "them is not said.",
                shown=Shown((), (Unit.COINS, Unit.USD), SideNames.BUCKET, Adl.UNKNOWN),
                grade=Grade.VENDOR,
            ),
        ),
    ),
    Reader(
        "gate",
        "contract_stats",
        OPEN_INTEREST,
        (
            Era(
                SINCE,
                Coverage.SAMPLED,
                (*HEAD, "open_interest", "open_interest_usd"),
                interest,
                read_interest,
                amounts=("open_interest_usd",),
            ),
        ),
    ),
    Reader(
        "gate",
        "contract_stats",
        LONG_SHORT_RATIOS,
        (Era(SINCE, Coverage.SAMPLED, (*HEAD, "who", "ratio"), ratios, read_ratios),),
    ),
)

STATEMENTS = (
    Statement(
        "`long_liq_amount` is base units, `long_liq_usd` the quote, which the venue calls dollars; "
        "the same of shorts.",
        "vendor's SDK 7.2.161",
        Grade.VENDOR,
    ),
    Statement(
        "`long_liq_usd` of contracts that settle in bitcoin is dollars.",
        "by its name",
        Grade.UNVERIFIED,
    ),
    Statement(
        "A bucket's `time` is its beginning; buckets without liquidations say zero.",
        "not documented",
        Grade.UNVERIFIED,
    ),
    Statement(
        "`open_interest` counts contracts, and one side of them; at which moment of the bucket is "
        "not said.",
        "vendor's SDK for the contracts; one side is assumed",
        Grade.UNVERIFIED,
    ),
    Statement(
        "`lsr_account` is accounts that are long over accounts that are short; `top_lsr_account` "
        "and `top_lsr_size` the same of the largest traders, by accounts and by size.",
        "vendor's SDK 7.2.161",
        Grade.VENDOR,
    ),
)
