"""What CoinGlass lists: coins, pairs, venues; and what each lost in the hours before now."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from pipelines import strict_json
from pipelines.extract.asking import EVERYTHING, Answer, Dataset, Kept, Scope
from pipelines.extract.connectors.coinglass.histories import PAIRS
from pipelines.extract.connectors.coinglass.names import SINCE, SOURCE
from pipelines.extract.ranges import ALL_AT_ONCE, answer
from pipelines.extract.turning import at_once, one_after_another

if TYPE_CHECKING:
    from pipelines.extract.door import Door

RANGES: Final = ("1h", "4h", "12h", "24h")
_COINS: Final = "/api/futures/supported-coins"
_PAIRS: Final = "/api/futures/supported-exchange-pairs"
_DELISTED: Final = "/api/futures/delisted-exchange-pairs"


def listed(bodies: Sequence[bytes]) -> tuple[str, ...]:
    """Coins, where any answer lists coins; else the pairs, which stand under their venues."""
    told = [strict_json.read(body).get("data") for body in bodies]
    coins = {coin for data in told if isinstance(data, list) for coin in data}
    if any(isinstance(data, list) for data in told):
        return tuple(sorted(coin for coin in coins if isinstance(coin, str) and coin))
    pairs = {pair for data in told if isinstance(data, dict) for pair in _pairs(data)}
    return tuple(sorted(pairs))


def _pairs(by_venue: Mapping[str, object]) -> Iterator[str]:
    for venue, rows in by_venue.items():
        for row in rows if isinstance(rows, list) else ():
            symbol = row.get("instrument_id") if isinstance(row, dict) else None
            if isinstance(symbol, str) and symbol:
                yield f"{venue}:{symbol}"


def _ask_exchange_list(door: "Door", scope: Scope) -> Iterator[Answer]:
    """Each window is a question of its own."""
    for page, hours in enumerate(RANGES):
        reply = door.get("/api/futures/liquidation/exchange-list", {"range": hours})
        yield answer(reply, (EVERYTHING,), scope.first_day, scope.last_day, page=page)


LISTS: Final = (
    Dataset(
        SOURCE,
        "instruments",
        "Coins, and the pairs of each venue, that CoinGlass covers now; and pairs no longer there.",
        SINCE,
        # the delisted last: a pair that is listed again keeps the row of the living
        one_after_another(at_once(_COINS), at_once(_PAIRS), at_once(_DELISTED)),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        PAIRS,
        "The pairs alone: what series by pair are asked for.",
        SINCE,
        at_once(_PAIRS),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "venues",
        "The venues that CoinGlass covers now, in its spelling.",
        SINCE,
        at_once("/api/futures/supported-exchanges"),
        kept=Kept.LISTING,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "exchange_list",
        "Dollars liquidated in the past 1, 4, 12 and 24 hours, by venue, over all coins.",
        SINCE,
        _ask_exchange_list,
        kept=Kept.SNAPSHOT,
        subjects_a_call=ALL_AT_ONCE,
    ),
    Dataset(
        SOURCE,
        "coin_list",
        "Dollars liquidated in the past 1, 4, 12 and 24 hours, by coin, over all venues.",
        SINCE,
        at_once("/api/futures/liquidation/coin-list"),
        kept=Kept.SNAPSHOT,
        subjects_a_call=ALL_AT_ONCE,
    ),
)
