"""Claims of our own ledger: as the lake holds them, or as the file stands now."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.normalise.eras import Known, Refused
from pipelines.normalise.readers.ledger import CLAIM, claims, read_claims
from pipelines.raw import Page
from pipelines.reconcile.claims.amounts import ranged
from pipelines.reconcile.claims.claim import Claim, Part, Told, Unread
from pipelines.reconcile.claims.reading import claim_of, dollars
from pipelines.reconcile.claims.scopes import coin_in, venue_in
from pipelines.reconcile.claims.spans import Days
from pipelines.tables import INSTRUMENTS

FILE = Path(__file__).parents[3] / "ledger" / "claims.toml"
_ANY = datetime(2000, 1, 1, tzinfo=UTC)


def ledger_now(file: Path = FILE) -> list[Told]:
    """Every claim of the ledger's file; an entry that would be refused is one that is not read."""
    day = _ANY.date()
    body = file.read_bytes()
    page = Page(0, "*", ("*",), day, day, "ledger/claims.toml", {}, 200, _ANY, "", body)
    told = list(claims(page))
    rows = [one for one in told if not isinstance(one, Refused)]
    schema = {f"said_{name}": pl.String for name in CLAIM}
    read = read_claims(pl.DataFrame(rows, schema, orient="row"), Known(INSTRUMENTS.empty()))
    refused = [
        Unread(f"entry {n}", one.reason)
        for n, one in enumerate((one for one in told if isinstance(one, Refused)), 1)
    ]
    return [*claims_of(read), *refused]


def claims_of(rows: pl.DataFrame) -> list[Claim]:
    """Claims of rows of ``lake.claims``, by their id."""
    return [_claim(row) for row in rows.sort("claim_id").iter_rows(named=True)]


def _claim(row: dict[str, Any]) -> Claim:
    told = json.loads(row["note"]) if row["note"] else {}
    about = date.fromisoformat(told["about"]) if "about" in told else None
    days = Days(about, about) if about else Days(row["first_day"], row["last_day"])
    figure = dollars(_digits(row["value_usd"]))
    if row["low_usd"] is not None:
        figure = ranged(row["low_usd"], row["high_usd"])
    return claim_of(
        row["claim_id"],
        days,
        figure,
        window=row["window_stated"],
        side=row["side"],
        scope=row["scope"],
        source=row["source_named"] or "",
        note=told.get("note", ""),
        parts=tuple(_part(part) for part in told.get("parts", ())),
        traders=row["traders"],
        address=row["address"],
    )


def _part(told: dict[str, str]) -> Part:
    what = told["what"]
    match told["by"]:
        case "venue":
            what = venue_in(what) or what
        case "coin":
            what = coin_in(what) or what
        case "side":
            return Part("side", what, dollars(told["value_usd"]), what)
    return Part(told["by"], what, dollars(told["value_usd"]), told.get("side"))


def _digits(value: Any) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
