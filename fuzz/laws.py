"""What must hold for each spoiled answer, however it was spoiled. Many go through the engine at once.

Nothing is raised. Rows in are rows out plus rows refused, but for rows of other days than those asked
about. A side is the one that the words beside its amount name. No answer changes what another gives.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from fuzz.amounts import Words, words_of
from fuzz.mutation import Recipe, spoiled
from fuzz.payloads import ASKED_AT, DAY, LAST_DAY, Bench, Question, unpacked
from pipelines.normalise.engine import Rows
from pipelines.normalise.eras import Era, Known, Reader
from pipelines.raw import Page
from pipelines.tables import INSTRUMENTS, LIQUIDATIONS

# Answers that explain each other: one names the venues of the markets in another.
READ_TOGETHER = frozenset({("coinalyze", "instruments")})
OF_OTHERS = ("nth", "answer", "asked_at")  # depend on what else is read, or on the bench


@dataclass(frozen=True, slots=True)
class Broken:
    """A law that did not hold, for which recipe."""

    law: str
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many answers were read, what came of their rows, and what broke."""

    answers: int
    told: int
    refused: int
    broken: tuple[Broken, ...]


class Trial:
    """One reader and its payload, before many spoiled answers."""

    def __init__(self, reader: Reader, bench: Bench | None = None) -> None:
        self.reader = reader
        self.bench = bench or Bench()
        self.questions = self.bench.payload_of(reader)
        is_listing = reader.table is INSTRUMENTS
        self.known = None if is_listing else self.bench.known_of(reader)
        self.sound = self.read(self.reader, self.questions)

    def run(self, recipes: Sequence[Recipe]) -> Outcome:
        """Hold the laws against these recipes, all read in one go; one that breaks is named."""
        source, dataset = self.reader.source, self.reader.dataset
        bad = [spoiled(source, dataset, self.questions, one) for one in recipes]
        try:
            told, refused, broken = self.judged(recipes, bad)
        except Exception as error:  # whatever it is, it must not come
            if len(recipes) == 1:
                law = f"raised {type(error).__name__}: {error}"
                return Outcome(1, 0, 0, (Broken(law, recipes[0]),))
            half = len(recipes) // 2
            return _added(self.run(recipes[:half]), self.run(recipes[half:]))
        return Outcome(len(recipes), told, refused, tuple(broken))

    def judged(
        self, recipes: Sequence[Recipe], bad: Sequence[Question]
    ) -> tuple[int, int, list[Broken]]:
        others = Outside()
        rows = self.read(others.parted(self.reader), [*bad, *self.questions])
        told = _printed(rows.rows)
        self.conform(told)
        out, refused = Counter(told["answer"].to_list()), Counter(rows.refused["answer"].to_list())
        found = self.wrong_sides(recipes, bad, told)
        for number, (recipe, page) in enumerate(zip(recipes, self.pages(bad), strict=True)):
            count = out[_digest(number)] + refused[_digest(number)] + others.rows[number]
            rows_in = unpacked(self.reader, [page])
            if count != rows_in:
                found.append(Broken(f"{rows_in} rows in, {count} accounted for", recipe))
        return told.height, rows.refused.height, found + self.leaks(recipes, bad, told)

    def wrong_sides(
        self, recipes: Sequence[Recipe], bad: Sequence[Question], told: pl.DataFrame
    ) -> list[Broken]:
        """Each row of which the words beside its amount name another side, or none."""
        found = []
        source, dataset = self.reader.source, self.reader.dataset
        sides = _sides_of(self.reader, told)
        for number, (recipe, one) in enumerate(zip(recipes, bad, strict=True)):
            if mine := sides.get(_digest(number)):
                kind = self.questions[recipe.which % len(self.questions)].kind
                if why := wrong_side(mine, words_of(source, dataset, kind, one.bytes)):
                    found.append(Broken(why, recipe))
        return found

    def leaks(
        self, recipes: Sequence[Recipe], bad: Sequence[Question], told: pl.DataFrame
    ) -> list[Broken]:
        """Whether sound answers, or one spoiled one, are read otherwise beside the others."""
        if (self.reader.source, self.reader.dataset) in READ_TOGETHER:
            return []
        found = []
        sound = _printed(self.sound.rows)
        for number in range(len(self.questions)):
            if _differ(_of(sound, number), _of(told, len(bad) + number)):
                found.append(Broken("a sound answer is read otherwise beside others", recipes[0]))
        if _differ(_printed(self.read(self.reader, bad[:1]).rows), _of(told, 0)):
            found.append(Broken("it is read otherwise beside others than alone", recipes[0]))
        return found

    def conform(self, told: pl.DataFrame) -> None:
        key = (*self.reader.table.key, "answer")
        replace(self.reader.table, key=key).conform(told)

    def pages(self, questions: Sequence[Question]) -> list[Page]:
        return self.bench.pages(questions)

    def read(self, reader: Reader, questions: Sequence[Question]) -> Rows:
        return self.bench.read(reader, questions, self.known)


class Outside:
    """Counts rows of days that nobody asked about, and keeps answers apart that the engine reads
    together: a key, or an identity of an event, then stands once in each.
    """

    def __init__(self) -> None:
        self.rows: Counter[int] = Counter()

    def parted(self, reader: Reader) -> Reader:
        table = replace(reader.table, key=(*reader.table.key, "number"))
        eras = tuple(self._parted(reader, era) for era in reader.eras)
        return replace(reader, table=table, eras=eras)

    def _parted(self, reader: Reader, era: Era) -> Era:
        first, last = (DAY, LAST_DAY) if reader.table is not INSTRUMENTS else (ASKED_AT.date(),) * 2

        def read(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
            told = era.read(rows, known)
            day = pl.col(reader.table.time).dt.date()
            self.rows.update(told.filter(~day.is_between(first, last))["number"].to_list())
            if "identity" not in told.columns:
                return told
            of_answer = pl.col("number").cast(pl.String) + "/" + pl.col("identity")
            return told.with_columns(identity=of_answer)

        return replace(era, read=read)


Told = tuple[list[Decimal], str]  # the amounts of a row and its side


def _sides_of(reader: Reader, told: pl.DataFrame) -> dict[str, list[Told]]:
    """Of each answer the rows that have a side; of an empty bucket both sides are zero."""
    word = next((name for name in ("position", "side_raw") if name in told.columns), None)
    found: dict[str, list[Told]] = {}
    if word is None:
        return found
    is_event = reader.table is LIQUIDATIONS
    names = ("size",) if is_event else ("size_coins", "notional_usd")
    amounts = [name for name in names if name in told.columns]
    for answer, side, *values in told.select("answer", word, *amounts).iter_rows():
        given = [abs(value) for value in values if value]
        if given or is_event:
            found.setdefault(answer, []).append((given, side))
    return found


def wrong_side(told: Sequence[Told], words: Words) -> str:
    """What is wrong with the side of a row, by the words that stand beside its amount."""
    seen: Counter[tuple[Decimal, str]] = Counter()
    for given, side in told:
        amount = next((value for value in given if words.get(value)), None)
        if amount is None:
            return f"an amount of {given} that nobody printed with a side"
        seen[amount, side] += 1
        if seen[amount, side] > words[amount][side]:
            return f"{amount} is told of {side}, but the words say {dict(words[amount])}"
    return ""


def _printed(rows: pl.DataFrame) -> pl.DataFrame:
    """Without rows that stand for buckets which nobody printed."""
    return rows.filter(pl.col("origin") != "left_out") if "origin" in rows.columns else rows


def _of(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    return rows.filter(pl.col("answer") == _digest(number))


def _digest(number: int) -> str:
    """As the bench names the answers that it makes up."""
    return f"{number:064x}"


def _differ(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    names = [name for name in one.columns if name not in OF_OTHERS]
    return one.select(names).rows() != other.select(names).rows()


def _added(one: Outcome, other: Outcome) -> Outcome:
    return Outcome(
        one.answers + other.answers,
        one.told + other.told,
        one.refused + other.refused,
        one.broken + other.broken,
    )
