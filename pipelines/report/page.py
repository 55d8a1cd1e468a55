"""Everything that an edition says, before it is HTML, Markdown or JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pipelines.report import (
    agreement,
    bounds,
    causes,
    checks,
    differences,
    gaps,
    market,
    names,
    published,
    restated,
    silence,
    totals,
)
from pipelines.report.days import by_day
from pipelines.report.evidence import Evidence
from pipelines.report.gaps import Finding
from pipelines.report.opening import opening
from pipelines.report.overlaps import overlaps
from pipelines.report.rows import WeekRows
from pipelines.report.sheets import Sheet, Words
from pipelines.report.totals import Headline
from pipelines.report.trail import Number
from pipelines.report.voices import Voice, voices

FORMAT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Page:
    """``label`` is SIMULATED or RECORDED where the market is, else empty."""

    week: str
    window: str
    label: str
    market: str
    opening: Words  # the sentence that the page begins with; empty where nothing is held
    layers: Sheet
    checks: tuple[Sheet, ...]  # what guards refuse, sizes against volume
    headlines: tuple[Headline, ...]
    silent: tuple[str, ...]  # sources with a feed of liquidations, of which none are held
    feedless: tuple[str, ...]  # sources asked that have no such feed
    voices: tuple[Voice, ...]
    coins: tuple[Sheet, ...]  # one for each voice, as are ``days``
    venues: Sheet
    days: tuple[Sheet, ...]
    differences: Sheet
    sentences: tuple[Words, ...]
    causes: tuple[Sheet, ...]  # one for each gap shown
    agreement: Sheet
    agreement_sentences: tuple[Words, ...]
    market_sheet: Sheet
    claims: Sheet
    share_breaks: Sheet
    coverage: Sheet
    hours: Sheet
    unasked: Sheet
    quarantined: Sheet
    revisions: Sheet
    revised: Sheet
    overlap: Sheet
    findings: tuple[Finding, ...]
    has_par: bool

    @property
    def coverage_words(self) -> frozenset[str]:
        return frozenset(word for voice in self.voices for word in voice.coverage)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return (
            self.layers,
            *self.checks,
            *self.coins,
            self.venues,
            *self.days,
            self.differences,
            *self.causes,
            self.agreement,
            self.market_sheet,
            self.claims,
            self.share_breaks,
            self.coverage,
            self.hours,
            self.unasked,
            self.quarantined,
            self.revisions,
            self.revised,
            self.overlap,
        )

    def numbers(self) -> Iterator[Number]:
        """Each once, in the order of the page."""
        for headline in self.headlines:
            yield from (headline.long, headline.short)
        for sheet in self.sheets:
            yield from sheet.numbers()
        for finding in self.findings:
            yield finding.count


def compose(rows: WeekRows, evidence: Evidence) -> Page:
    """What the rows of one week say."""
    spoken = voices(rows.liquidations)
    coins = tuple(totals.by_coin(rows.week, voice) for voice in spoken)
    sheet, sentences = differences.differences(rows)
    headlines = totals.headlines(rows, spoken)
    scopes, said = bounds.scopes(rows), bounds.reported(rows.week, spoken, headlines)
    found = gaps.findings(rows)
    season, season_sentences = agreement.agreement(rows, found)
    return Page(
        week=rows.week.name,
        window=window(rows),
        label=names.market_label(evidence.market),
        market=names.market_in_words(evidence.market),
        opening=opening(rows, scopes, said),
        layers=bounds.sheet(scopes, said),
        checks=(checks.refused(rows), checks.volumes(rows)),
        headlines=headlines,
        silent=silence.silent(rows, spoken),
        feedless=silence.feedless(rows, spoken),
        voices=spoken,
        coins=coins,
        venues=totals.by_venue(rows),
        days=tuple(by_day(rows, voice) for voice in spoken),
        differences=sheet,
        sentences=sentences,
        causes=causes.causes(rows),
        agreement=season,
        agreement_sentences=season_sentences,
        market_sheet=market.market(rows, _most_liquidated(rows, coins)),
        claims=published.claims(rows),
        share_breaks=checks.share_breaks(rows),
        coverage=gaps.coverage(rows),
        hours=gaps.missing_hours(rows),
        unasked=gaps.unasked(rows),
        quarantined=gaps.quarantined(rows),
        revisions=restated.revisions(rows),
        revised=restated.revised(rows),
        overlap=overlaps(rows),
        findings=found,
        has_par="par" in rows.liquidations["usd_basis"],
    )


def window(rows: WeekRows) -> str:
    """``2022-06-13 00:00:00Z <= t < 2022-06-20 00:00:00Z``"""
    return f"{rows.week.before.end.strftime(FORMAT)}Z <= t < {rows.week.end.strftime(FORMAT)}Z"


def _most_liquidated(rows: WeekRows, coins: tuple[Sheet, ...]) -> list[str]:
    """Coins by the largest figure that any one source has; the rest by name."""
    largest: dict[str, Decimal] = dict.fromkeys(rows.market["coin"].unique().sort(), Decimal(0))
    for sheet in coins:
        for line in sheet.lines:
            for cell in line.cells:
                if isinstance(cell.main, Number):
                    most = largest.get(line.head, Decimal(0))
                    largest[line.head] = max(most, cell.main.value or Decimal(0))
    return sorted(largest, key=lambda coin: (-largest[coin], coin))
