"""The words that may stand in canonical columns. A word that is not here is quarantined."""

from enum import StrEnum


class Position(StrEnum):
    """The side that was liquidated. The forced order goes the other way."""

    LONG = "long"
    SHORT = "short"


class Coverage(StrEnum):
    """How much of what happened a feed lets us see."""

    ALL = "all"  # every liquidation that the venue publishes
    LARGEST_OF_SECOND = "largest_of_second"  # one a second and symbol, the largest
    LATEST_OF_SECOND = "latest_of_second"  # one a second and symbol, the latest
    ONE_OF_SECOND = "one_of_second"  # one a second and symbol; which one is not known
    LARGEST_OF_SIDE_AND_SECOND = "largest_of_side_and_second"  # of each side, symbol and second
    COLLECTED = "collected"  # a publisher's sum over the feeds above: a lower bound
    SAMPLED = "sampled"  # a state read at intervals, complete as such
    UNKNOWN = "unknown"


class Unit(StrEnum):
    """What a size counts."""

    COINS = "coins"  # units of the base asset as the instrument names it
    CONTRACTS = "contracts"
    USD = "usd"
    QUOTE = "quote"  # an amount of the quote: price times size already


class PriceKind(StrEnum):
    """Which price a venue prints beside a liquidation."""

    FILL = "fill"
    AVERAGE_FILL = "average_fill"
    ORDER = "order"
    BANKRUPTCY = "bankruptcy"
    ACQUIRED = "acquired"  # at which the venue took the position over
    MARK = "mark"


class SideNames(StrEnum):
    """What a feed's word for the side is the side of."""

    ORDER = "order"  # the forced order: a liquidated long sells
    POSITION = "position"  # the position that was closed
    TAKER = "taker"  # the taker's order, which may be the forced one or not: a flag tells
    BUCKET = "bucket"  # each side has its own field


class Adl(StrEnum):
    """Whether positions closed by auto-deleveraging count among a feed's liquidations."""

    IN = "in"
    OUT = "out"
    UNKNOWN = "unknown"


class CandleKind(StrEnum):
    LAST = "last"
    MARK = "mark"
    INDEX = "index"


class Basis(StrEnum):
    """How a notional came to be in US dollars."""

    PUBLISHED = "published"  # the source printed dollars
    DOLLARS = "dollars"  # the quote is the US dollar itself
    PAR = "par"  # a stable coin taken at one dollar: flagged, never silent
    RATE = "rate"  # a stable coin at a rate held for that hour


class Who(StrEnum):
    """Whose positions a long/short ratio counts."""

    ALL_ACCOUNTS = "all_accounts"
    TOP_ACCOUNTS = "top_accounts"
    TOP_POSITIONS = "top_positions"


class Origin(StrEnum):
    """Whether a bucket was printed, or stands for one that its feed leaves out when empty."""

    PUBLISHED = "published"
    LEFT_OUT = "left_out"


class EventKind(StrEnum):
    """What kind of dated event stands around a market."""

    MACRO = "macro"  # a scheduled figure of an economy
    REGULATORY = "regulatory"  # an authority decided, sued or allowed
    EXCHANGE = "exchange"  # a venue changed, failed, listed, closed
    POLICY = "policy"  # a government or central bank spoke or acted
    FEED = "feed"  # a public feed changed or fell silent


class Grain(StrEnum):
    """How long a cell is."""

    HOUR = "hour"
    DAY = "day"


class Level(StrEnum):
    """How much of the market a figure is about."""

    TOTAL = "total"  # the venues named in its scope, added up
    VENUE = "venue"


class ClaimedSide(StrEnum):
    """Which side a printed figure claims to be about."""

    LONG = "long"
    SHORT = "short"
    TOTAL = "total"


class Graded(StrEnum):
    """How near to its maker a printed figure was read."""

    MAKER = "maker"  # the maker's own document or data
    PRESS = "press"  # a copy of somebody's number
    NOTES = "notes"  # a third party's notes


class Cause(StrEnum):
    """Why two sources differ: what each part of a gap is put down to."""

    VENUES = "venues"  # the other does not tell this venue
    COINS = "coins"  # nor this coin, there or at all
    MARGIN = "margin"  # nor contracts of this margin
    WINDOW = "window"  # its days begin and end at other hours
    SIDES = "sides"  # its longs are the other's shorts
    UNIT = "unit"  # it counts another unit: contracts for coins, thousands for ones
    PRICE = "price"  # the same coins at another price
    STABLE = "stable"  # a stable coin at par here, at its rate there
    DUPLICATES = "duplicates"  # each row counts twice
    ADL = "adl"  # closed by auto-deleveraging: in here, out there
    OUTAGE = "outage"  # hours or days that the other does not hold
    THROTTLE = "throttle"  # its feed shows one order a second: always an estimate
    UNEXPLAINED = "unexplained"  # the rest, for which nothing was found


class Sides(StrEnum):
    """Which side a figure counts, or that it counts both."""

    LONG = "long"
    SHORT = "short"
    BOTH = "both"


class Change(StrEnum):
    """What became of a figure from the first asking about it to the latest."""

    ASKED_ONCE = "asked_once"  # nothing can be known of it
    EQUAL = "equal"
    RESTATED = "restated"  # told both times, and another figure
    APPEARED = "appeared"  # not in the first answer about its day
    WITHDRAWN = "withdrawn"  # no longer in the latest answer about its day


class Verdict(StrEnum):
    """What can be said of a printed figure."""

    SUPPORTED = "supported"  # its own scope, window and side fit a source that covers them
    COMPATIBLE = "compatible only if"  # something held fits, of another scope or window
    CONTRADICTED = "contradicted"  # no window that it may mean can have come to it
    NOT_CHECKABLE = "not checkable"  # what is held can neither carry nor exclude it
    INCONSISTENT = "internally inconsistent"  # its own parts do not add up
    OTHER_DATE = "belongs to another date"  # the same figures were printed of another day
