"""Tardis.dev is asked for files of a day and market, and for what its exchanges list.

The first day of each month is open to everyone; other days, and the terms of contracts, want a
key. A question that the key does not open is not asked at all.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from pipelines import strict_json
from pipelines.extract.addresses import segment
from pipelines.extract.asking import EVERYTHING, Answer, Ask, Dataset, Kept, Scope
from pipelines.extract.errors import Headers, NotAnAnswer, SourceError, by_status
from pipelines.extract.manners import Manners, Window, classifier, text_of
from pipelines.extract.ranges import ALL_AT_ONCE, answer, days
from pipelines.settings import Keys
from pipelines.sources import SOURCES
from pipelines.statements import Grade, Statement

if TYPE_CHECKING:
    from pipelines.extract.door import Door

SOURCE: Final = "tardis"
SINCE: Final = date(2019, 9, 1)
FILES: Final = "datasets.tardis.dev"
METADATA: Final = "api.tardis.dev"
# Those of venues that we know; of the first ones it has liquidations.
WITH_LIQUIDATIONS: Final = (
    "binance-futures",
    "binance-delivery",
    "bybit",
    "okex-swap",
    "deribit",
    "huobi-dm-linear-swap",
    "huobi-dm-swap",
    "bitfinex-derivatives",
    "cryptofacilities",
    "dydx-v4",
    "bitmex",
)
EXCHANGES: Final = (
    *WITH_LIQUIDATIONS,
    "bitget-futures",  # its liquidations are in a unit that nobody settles
    "gate-io-futures",
    "kucoin-futures",
    "hyperliquid",
)


def judge(status: int, headers: Headers, told: Any, body: bytes) -> SourceError | None:
    """HTTP status decides; what its JSON says stands beside it."""
    error = by_status(status, body)
    words = text_of(told, "message", "error") if isinstance(told, dict) else ""
    if error is not None and words:
        return type(error)(f"{error.reason}, {words!r}", body=body)
    if error is None and told is not None and not isinstance(told, dict | list):
        return NotAnAnswer("it is neither an exchange nor a list", retry=True, body=body)
    return error


classify = classifier(judge)

# No limit is documented; this one is ours.
MANNERS: Final = Manners((Window("files", 60, 60.0),), judge)


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """The perpetual markets of exchanges, as ``binance-futures:BTCUSDT``."""
    found = {name for body in bodies for name in _markets(strict_json.read(body))}
    return tuple(sorted(found))


def _markets(told: Any) -> Iterator[str]:
    """An exchange is an object; the terms of its contracts are a list, and name nothing more."""
    files = told.get("datasets") if isinstance(told, dict) else None
    symbols = files.get("symbols") if isinstance(files, dict) else None
    for one in symbols if isinstance(symbols, list) else ():
        if isinstance(one, dict) and one.get("type") == "perpetual" and one.get("id"):
            yield f"{told.get('id')}:{str(one['id']).upper()}"


def has_key() -> bool:
    """Whether other days than the first of a month are open."""
    return bool(Keys().of(SOURCES[SOURCE].key_variable))


def is_open(day: date, now: datetime) -> bool:
    """Whether the file of a day is out, and may be had."""
    return day < now.astimezone(UTC).date() and (day.day == 1 or has_key())


def _ask_instruments(door: "Door", scope: Scope) -> Iterator[Answer]:
    """What each exchange lists; with a key the terms of its contracts as well."""
    kinds = ("exchanges", "instruments") if has_key() else ("exchanges",)
    paths = [f"/v1/{kind}/{exchange}" for kind in kinds for exchange in EXCHANGES]
    for page, path in enumerate(paths):
        reply = door.get(path, host=METADATA)
        yield answer(reply, (EVERYTHING,), scope.first_day, scope.last_day, page=page)


def _files(kind: str) -> Ask:
    """A file for each day that is open; where none is, there was nothing of the kind."""

    def ask(door: "Door", scope: Scope) -> Iterator[Answer]:
        for subject in scope.subjects:
            for day in (day for day in days(scope) if is_open(day, scope.now)):
                path = _path(kind, subject, day)
                reply = door.get(path, host=FILES, missing_is_data=True, archive=True)
                yield answer(reply, (subject,), day, day)

    return ask


def _path(kind: str, subject: str, day: date) -> str:
    exchange, _, symbol = subject.partition(":")
    name = symbol.upper().replace("/", "-").replace(":", "-")
    return f"/v1/{segment(exchange)}/{kind}/{day:%Y/%m/%d}/{segment(name)}.csv.gz"


def _has_liquidations(subject: str) -> bool:
    return subject.partition(":")[0] in WITH_LIQUIDATIONS


DATASETS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "The markets of each exchange; with a key the terms of their contracts.",
        SINCE,
        _ask_instruments,
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
        routine=False,
    ),
    Dataset(
        SOURCE,
        "liquidations",
        "Liquidations as an archive heard them: days that begin a month, others with a key.",
        SINCE,
        _files("liquidations"),
        wants=_has_liquidations,
        routine=False,
        serves=is_open,
    ),
    Dataset(
        SOURCE,
        "derivative_ticker",
        "Open interest, funding and prices as an archive heard them, on the same days.",
        SINCE,
        _files("derivative_ticker"),
        routine=False,
        serves=is_open,
    ),
)

STATEMENTS: Final = (
    Statement("The first day of each month needs no key.", "third parties", Grade.THIRD_PARTY),
    Statement(
        "Any other day without a key is refused with status 401 and JSON.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "A file stands at /v1/<exchange>/<kind>/<YYYY>/<MM>/<DD>/<SYMBOL>.csv.gz, the symbol in "
        "upper case; the key goes behind `Bearer`.",
        "the vendor's package tardis-dev 5.0.4",
        Grade.VENDOR,
    ),
    Statement(
        "`/` and `:` of a symbol become `-` in the name of its file.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "A day on which a market had nothing of the kind has no file (status 404).",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "`exchanges/<id>` needs no key and names symbols with their type in `datasets.symbols`.",
        "that it needs none: the vendor's package; the fields: from memory",
        Grade.UNVERIFIED,
    ),
    Statement("No limit of requests is known.", "no document was read", Grade.UNVERIFIED),
)
