"""report.json: every number of the page, with where it comes from, and the evidence."""

import json
from collections.abc import Mapping
from typing import Any

from pipelines.clock import iso
from pipelines.report.evidence import Evidence
from pipelines.report.issue import Issue
from pipelines.report.issue import as_entry as edition_entry
from pipelines.report.page import Page
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import Said, Words
from pipelines.report.trail import as_entry

SCHEMA_VERSION = 1


def document(
    rows: WeekRows, page: Page, evidence: Evidence, issue: Issue, digests: Mapping[str, str]
) -> bytes:
    """In the shape of docs/report.schema.json; ``digests`` are those of the other files."""
    body = {
        "schema_version": SCHEMA_VERSION,
        "week": page.week,
        "edition": edition_entry(issue),
        "window": {
            "from": f"{rows.week.monday.isoformat()}T00:00:00Z",
            "until": f"{rows.week.end:%Y-%m-%dT%H:%M:%SZ}",
            "is_half_open": True,
        },
        "label": page.label,
        "market": page.market,
        "sources": [
            {"id": v.id, "source": v.source, "scope": v.scope, "coverage": list(v.coverage)}
            for v in page.voices
        ],
        "numbers": [as_entry(number) for number in page.numbers()],
        "sentences": [_sentence(words) for words in (*page.sentences, *page.agreement_sentences)],
        "findings": [
            {key: row[key] for key in ("finding", "source", "subject", "sentence")}
            for row in rows.findings.iter_rows(named=True)
        ],
        "evidence": _evidence(evidence),
        "files": dict(digests),
    }
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def _sentence(words: Words) -> dict[str, Any]:
    return {
        "text": "".join(part.text if isinstance(part, Said) else part for part in words),
        "keys": [part.number.key for part in words if isinstance(part, Said)],
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "as_of": iso(evidence.as_of),
        "code_sha256": evidence.code_sha256,
        "lock_sha256": evidence.lock_sha256,
        "inputs_sha256": evidence.inputs_sha256,
        "versions": dict(evidence.versions),
        "inputs": [
            {
                "path": one.path,
                "sha256": one.sha256,
                "asked_at": None if one.asked_at is None else iso(one.asked_at),
            }
            for one in evidence.inputs
        ],
    }
