"""CoinGlass v4: a publisher's sums over venues, its lists, single orders, and what stands around."""

from pipelines.normalise.readers.coinglass import around, orders, rolling, series
from pipelines.statements import Grade, Statement

READERS = (*series.READERS, *rolling.READERS, *orders.READERS, *around.READERS)

_DOCUMENTS = "vendor's documentation repository, 2026-01-26"
STATEMENTS = (
    Statement(
        "`long_liquidation_usd` is dollars of liquidated longs: the side of the position.",
        _DOCUMENTS,
        Grade.VENDOR,
    ),
    Statement(
        "Daily buckets begin at 00:00 UTC.",
        "the instants in the vendor's samples are multiples of a day",
        Grade.DERIVED,
    ),
    Statement(
        "`side` of a single order: 1 buys and 2 sells by the document of the REST interface, 1 is "
        "a liquidated long and 2 a liquidated short by that of the socket. Both cannot hold.",
        f"{_DOCUMENTS}, which contradicts itself",
        Grade.VENDOR,
    ),
    Statement(
        "Which of the two holds for `side` is not settled: the word is kept untranslated.",
        "to be calibrated on one-sided days, see core.order_sides",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Whether figures of Binance, which publishes one order a second, are scaled up is not said.",
        "no document; CoinGlass calls Binance under-reported",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Whether positions closed by auto-deleveraging are counted is not said.",
        "no document",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Funding is in percent.",
        "the vendor's sample: 0.01 is the usual rate of eight hours",
        Grade.DERIVED,
    ),
    Statement(
        "coin-list and exchange-list add up the past hours to the moment of asking, not hours of "
        "a calendar.",
        _DOCUMENTS,
        Grade.VENDOR,
    ),
    Statement(
        "In coin-list the two sides make the total, and 1000PEPE, kPEPE and PEPE are three lines.",
        "a real answer with 200 coins",
        Grade.OBSERVED,
    ),
    Statement(
        "Delisted pairs come in the shape of the listed ones.",
        "by analogy; the shape was not seen",
        Grade.UNVERIFIED,
    ),
    Statement(
        "A Bitget pair is the venue's own name with `_UMCBL` behind it.",
        "one example in the vendor's documentation",
        Grade.DERIVED,
    ),
    Statement(
        "The index of fear and greed is stamped in seconds, unlike all other series.",
        "the vendor's sample; milliseconds are read as well",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Lists name a venue in other capitals or as `Gate.io` here and there.",
        "the vendor's samples",
        Grade.VENDOR,
    ),
)
