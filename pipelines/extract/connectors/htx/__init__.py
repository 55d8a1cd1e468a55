"""HTX swaps, linear and coin-margined. A subject is spelled ``linear:BTC-USDT``, ``inverse:BTC-USD``.

Orders are served two hours at a time and ninety days back; open interest, mark candles and ratios
only as their last points. Daily candles end at midnight in UTC+8, so that only hours are asked.
"""

from pipelines.extract.connectors.htx.evidence import STATEMENTS
from pipelines.extract.connectors.htx.live import STREAMS
from pipelines.extract.connectors.htx.refusals import MANNERS, classify
from pipelines.extract.connectors.htx.rest import DATASETS, SINCE, SOURCE, listed

__all__ = (
    "DATASETS",
    "MANNERS",
    "SINCE",
    "SOURCE",
    "STATEMENTS",
    "STREAMS",
    "classify",
    "listed",
)
