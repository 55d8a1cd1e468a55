"""For whoever edits a ledger.

python -m pipelines.normalise.readers.ledger            say what is wrong in ledger/*.toml
python -m pipelines.normalise.readers.ledger --schemas  write docs/{claims,events}.schema.json
"""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pipelines.normalise.entries import Entry, entries
from pipelines.normalise.eras import Refused
from pipelines.normalise.readers.bitmex import Contract
from pipelines.normalise.readers.ledger.kinds import Claim, Event
from pipelines.raw import Page

ROOT = Path(__file__).parents[4]
FILES: dict[str, tuple[str, type[Entry]]] = {
    "claims": ("claim", Claim),
    "events": ("event", Event),
    "bitmex": ("contract", Contract),
}
SCHEMAS = ("claims", "events")
_ANY = datetime(2000, 1, 1, tzinfo=UTC)


def schema(name: str) -> str:
    """The JSON Schema of a ledger, as its file in ``docs`` holds it."""
    table, kind = FILES[name]
    of_entry = msgspec.json.schema(kind)
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"ledger/{name}.toml",
        "type": "object",
        "properties": {table: {"type": "array", "items": {"$ref": of_entry["$ref"]}}},
        "additionalProperties": False,
        "$defs": of_entry["$defs"],
    }
    return json.dumps(whole, indent=1) + "\n"


def faults(address: str, root: Path = ROOT) -> list[str]:
    """One line for each entry of a ledger that will be refused."""
    table, kind = FILES[Path(address).stem]
    body = (root / address).read_bytes()
    page = Page(0, "*", ("*",), _ANY.date(), _ANY.date(), address, {}, 200, _ANY, "", body)
    return [one.reason for one in entries(page, table, kind) if isinstance(one, Refused)]


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m pipelines.normalise.readers.ledger")
    parser.add_argument("--schemas", action="store_true", help="write the schemas in docs/")
    if parser.parse_args(words).schemas:
        for name in SCHEMAS:
            (ROOT / "docs" / f"{name}.schema.json").write_text(schema(name), encoding="utf-8")
        return 0
    found = [line for name in FILES for line in faults(f"ledger/{name}.toml")]
    print("\n".join(found) or "every entry of the ledgers is as it should be")
    return bool(found)


if __name__ == "__main__":
    raise SystemExit(main())
