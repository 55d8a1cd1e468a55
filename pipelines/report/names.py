"""What readers call the ids of sources, venues and coverage words."""

import re

from pipelines.sources import SOURCES
from pipelines.tables.words import Cause, Coverage

SEVERAL = "several"  # the venue of a publisher's sum over venues

_BRANDS = {source.of_venue: source.brand for source in reversed(list(SOURCES.values()))}
_BRANDS |= {source.id: source.name for source in SOURCES.values() if source.venue}
_BRANDS[SEVERAL] = "several venues"

COVERAGE = {
    Coverage.ALL: "every liquidation that the venue publishes",
    Coverage.LARGEST_OF_SECOND: "one a second and market, the largest; others are not shown",
    Coverage.LATEST_OF_SECOND: "one a second and market, the latest; the others are not shown",
    Coverage.ONE_OF_SECOND: "one a second and market, it is not known which",
    Coverage.LARGEST_OF_SIDE_AND_SECOND: "the largest of each side, second and market",
    Coverage.COLLECTED: "a publisher's sum over such feeds: a lower bound",
    Coverage.SAMPLED: "a state read at intervals, complete as such",
    Coverage.UNKNOWN: "not known",
}

# Publishers that add up what they hear of others.
TRACKERS = frozenset(source.id for source in SOURCES.values() if source.kind == "tracker")

CAUSES = {
    Cause.VENUES: "venues",
    Cause.COINS: "coins",
    Cause.MARGIN: "margin of contracts",
    Cause.WINDOW: "window, day boundary",
    Cause.SIDES: "side rule",
    Cause.UNIT: "unit",
    Cause.PRICE: "price basis",
    Cause.STABLE: "stable coins off par",
    Cause.DUPLICATES: "rows twice",
    Cause.ADL: "auto-deleveraging",
    Cause.OUTAGE: "outage, missing hours",
    Cause.THROTTLE: "throttle",
    Cause.UNEXPLAINED: "unexplained",
}

_ORDER = {name: place for place, name in enumerate(SOURCES)}


def source_order(source: str) -> tuple[int, str]:
    """Sources in the order of the registry, unknown ones after them by name."""
    return _ORDER.get(source, len(_ORDER)), source


def brand(name: str) -> str:
    """``coinglass`` is CoinGlass; an id that is not known stays as it is."""
    return _BRANDS.get(name, name)


def place(source: str, venue: str) -> str:
    """``Coinalyze · Binance``; a venue that speaks of itself is named once."""
    return " · ".join(dict.fromkeys((brand(source), brand(venue))))


def scope_in_words(venue: str, scope: str) -> str:
    """What one figure adds up: ``all venues asked: Binance, OKX``, ``Binance BTCUSDT``."""
    if venue == SEVERAL:
        lists = [", ".join(map(brand, members_of(part, ","))) for part in members_of(scope, ";|")]
        return f"all venues asked: {'; on other days '.join(lists) or 'not recorded'}"
    said = ", ".join(part.removeprefix(f"{venue}:") for part in members_of(scope, ",;|"))
    if said.casefold().startswith((venue.casefold(), brand(venue).casefold())):
        return brand(said)
    return f"{brand(venue)} {said}".rstrip()


def members_of(scope: str, marks: str) -> list[str]:
    """``scope`` parted at any of ``marks``."""
    return [part.strip() for part in re.split(f"[{marks}]", scope) if part.strip()]


def shortened(words: str, most: int = 6) -> str:
    """A long list of venues with its tail counted."""
    parts = words.split(", ")
    if len(parts) <= most:
        return words
    return f"{', '.join(parts[: most - 1])} and {len(parts) - most + 1} more"


def market_label(market: str) -> str:
    """``SIMULATED`` or ``RECORDED`` for pages that do not come from the live market."""
    match market.split(":", 1)[0]:
        case "simulated":
            return "SIMULATED"
        case "recorded":
            return "RECORDED"
        case _:
            return ""


def market_in_words(market: str) -> str:
    """Which market answered, without the folder that a recorded one was read from."""
    kind, _, rest = market.partition(":")
    match kind:
        case "simulated":
            seed, _, size = rest.partition(":")
            said = ", ".join(
                ["simulated", *([f"seed {seed}"] if seed else []), *([size] if size else [])]
            )
            return f"{said}: an invented market, no figure here happened"
        case "recorded":
            return "recorded: earlier answers of the sources, kept and asked again"
        case _:
            return "live: the sources themselves"
