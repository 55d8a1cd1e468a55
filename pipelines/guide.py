"""``docs/sources.md``, written from the registry, the regimes and the evidence of each source.

python -m pipelines.guide          write it
python -m pipelines.guide --check  say whether it differs, and fail if it does
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from pipelines.extract import catalogue
from pipelines.extract.asking import Dataset, Kept
from pipelines.extract.streams import Stream
from pipelines.normalise import registry
from pipelines.regimes import regimes
from pipelines.sources import SOURCES, Source
from pipelines.statements import Grade, Statement

PAGE = Path(__file__).parents[1] / "docs" / "sources.md"

KEPT = {
    Kept.HISTORY: "asked by range",
    Kept.LISTING: "listing, as of the asking",
    Kept.SNAPSHOT: "state at the asking",
    Kept.CAPTURE: "files of a live feed",
    Kept.LEDGER: "file that people edit",
}
GRADES = {
    Grade.VENDOR: "the source's own document or code",
    Grade.OBSERVED: "real payloads that were looked at",
    Grade.THIRD_PARTY: "another project's notes or measurements",
    Grade.DERIVED: "arithmetic on the others",
    Grade.UNVERIFIED: "**unverified**: from memory or by analogy, to be checked against the source",
}
LIQUIDATED = ("liquidations", "liquidation_totals", "rolling_totals", "reported_orders")


def page() -> str:
    """``docs/sources.md``."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from ("# Sources", "")
    yield "Made by `python -m pipelines.guide` from the registry (`pipelines/sources`), the readers"
    yield "(`pipelines/normalise/readers`) and what each of them rests on. No endpoint was asked live"
    yield "while this was written. What the words mean: [semantics](semantics.md). The same feeds as a"
    yield "table: `mart.feed_regimes`; on one day: `liqledger sources --on 2023-01-01`."
    yield from (
        "",
        "| source | what it is | key | liquidations today | since |",
        f"|{' --- |' * 5}",
    )
    for source in SOURCES.values():
        yield _overview(source)
    yield from ("", "A ground is one of:", "")
    yield from (f"- `{grade.value}`: {words}" for grade, words in GRADES.items())
    for source in SOURCES.values():
        yield from _section(source)


def _overview(source: Source) -> str:
    anchor = source.name.lower().replace(".", "").replace(" ", "-")
    return _row(
        f"[{source.name}](#{anchor})", source.kind, _key(source), _today(source), str(source.since)
    )


def _today(source: Source) -> str:
    """How much its feeds of liquidations show now; of feeds that ended, until when they showed."""
    told = regimes().filter(pl.col("source") == source.id, pl.col("canonical").is_in(LIQUIDATED))
    now = told.filter(pl.col("last_day").is_null())
    if told.is_empty():
        return "none"
    if now.is_empty():
        return f"none after {told.select(pl.col('last_day').max()).item()}"
    return ", ".join(sorted(set(now["coverage"])))


def _key(source: Source) -> str:
    if not source.key_variable:
        return "none"
    return f"`{source.key_variable}`" + (", optional" if source.key_is_optional else "")


def _section(source: Source) -> Iterator[str]:
    terms = source.terms
    yield from ("", f"## {source.name}", "")
    yield f"`{source.id}`, {source.kind}; asked at {', '.join(source.hosts) or 'no host'}."
    limits = [
        f"{w.amount} {w.name} in {w.seconds:g} s" for w in catalogue.MANNERS[source.id].windows
    ]
    shared = catalogue.MANNERS[source.id].shared_with
    with_other = f" (shared with {SOURCES[shared].name})" if shared else ""
    yield f"Limits kept: {'; '.join(limits) or 'none needed'}{with_other}."
    yield ""
    yield f"Terms ([address]({_link(terms.address)})): {terms.words}"
    yield f"Keep: {terms.keep.value}; show: {terms.show.value}; pass on: {terms.pass_on.value}."
    if source.lacks:
        yield from ("", "What it does not give:", "")
        yield from (f"- {line}" for line in source.lacks)
    datasets = [one for one in catalogue.CATALOGUE.values() if one.source == source.id]
    yield from _datasets(datasets)
    yield from _feeds(source)
    yield from _streams([one for one in catalogue.STREAMS.values() if one.source == source.id])
    yield from _evidence((*catalogue.STATEMENTS[source.id], *registry.STATEMENTS[source.id]))


def _link(address: str) -> str:
    """An address as the page can follow it: a path of the project is one level up."""
    return address if "://" in address else f"../{address}"


def _datasets(datasets: Sequence[Dataset]) -> Iterator[str]:
    yield from ("", "| dataset | what | how | since | read into |", f"|{' --- |' * 5}")
    for one in datasets:
        tables = ", ".join(
            dict.fromkeys(f"`{r.table.name}`" for r in registry.reader_of(one.source, one.name))
        )
        how = KEPT[one.kept] + ("" if one.routine else "; by name only")
        yield _row(f"`{one.name}`", one.about, how, str(one.since), tables or "kept, not read")


def _feeds(source: Source) -> Iterator[str]:
    told = regimes().filter(pl.col("source") == source.id, pl.col("canonical").is_in(LIQUIDATED))
    if told.is_empty():
        return
    heads = "feed of liquidations | from | to | shows | price | size | side names | ADL | ground"
    yield from ("", f"| {heads} |", f"|{' --- |' * 9}")
    for row in told.sort("dataset", "canonical", "first_day").iter_rows(named=True):
        yield _row(
            f"`{row['dataset']}`",
            str(row["first_day"]),
            str(row["last_day"] or "now"),
            f"`{row['coverage']}`",
            row["price_kinds"] or "",
            row["size_units"] or "",
            row["side_names"] or "",
            row["adl"] or "",
            f"{row['evidence'] or 'none written down'} ({row['grade']})",
        )
    for row in told.filter(pl.col("told_first_by").is_not_null()).iter_rows(named=True):
        yield from ("", f"`{row['dataset']}` tells the same events as `{row['told_first_by']}`;")
        yield "what both tell is counted once, from the first of them that is whole."
        return


def _streams(streams: Sequence[Stream]) -> Iterator[str]:
    for one in streams:
        whole = f"at most {one.subjects_a_connection} symbols a connection"
        about = whole if one.subjects_a_connection else "everything on one connection"
        port = "" if one.port == 443 else f":{one.port}"
        yield from (
            "",
            f"Heard by `liqledger collect`: `wss://{one.host}{port}{one.path}`, {about},",
        )
        yield f"into `{one.name}`; dead after {one.quiet_s:g} s without a sign of life."


def _evidence(statements: Sequence[Statement]) -> Iterator[str]:
    if not statements:
        return
    yield from ("", "| what is taken to be so | ground | grade |", f"|{' --- |' * 3}")
    for one in sorted(statements, key=lambda one: not one.is_verified):
        grade = one.grade.value if one.is_verified else f"**{one.grade.value}**"
        yield _row(one.says, one.ground, grade)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m pipelines.guide")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    if not parser.parse_args().check:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    same = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
    print("docs/sources.md is as declared" if same else "docs/sources.md differs; make it again")
    return not same


if __name__ == "__main__":
    raise SystemExit(main())
