"""Real frames of 29 feeds against another project's reading of them, which stands beside each.

Its tickers repeat what earlier messages told, so only what our own row says is compared. Every frame
is compared, or its venue or its kind is named here and in docs/semantics.md with the reason.
"""

import gzip
import json
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.tables import LIQUIDATIONS, TICKERS

WIRE = Path(__file__).parents[3] / "shared" / "wire" / "frames_with_normalisation.jsonl"
DOCUMENT = Path(__file__).parents[2] / "docs" / "semantics.md"
POSITION = {"sell": "long", "buy": "short"}  # there, the side is that of the forced order


@dataclass(frozen=True)
class Feed:
    """Where the frames of their feed are kept here; ``like`` lists the markets for a new symbol."""

    source: str
    dataset: str
    like: str
    prefix: str = ""
    is_packed: bool = False


FEEDS = {
    "binance-futures": Feed("binance", "force_orders", "BTCUSDT"),
    "binance-delivery": Feed("binance_coin_m", "force_orders", "BTCUSD_PERP"),
    "bitfinex-derivatives": Feed("bitfinex", "liq_global", "tBTCF0:USTF0", "t"),
    "bitget-futures": Feed("bitget", "liquidation", "USDT-FUTURES:BTCUSDT", "USDT-FUTURES:"),
    "bitmex": Feed("bitmex", "liquidation", "XBTUSD"),
    "bybit": Feed("bybit", "all_liquidation", "linear:BTCUSDT", "linear:"),
    "cryptofacilities": Feed("kraken", "trade", "PI_XBTUSD"),
    "deribit": Feed("deribit", "trades", "BTC-PERPETUAL"),
    "dydx-v4": Feed("dydx", "v4_trades", "BTC-USD"),
    "gate-io-futures": Feed("gate", "public_liquidates", "usdt:BTC_USDT", "usdt:"),
    "huobi-dm": Feed("htx", "liquidation_orders_coin", "inverse:BTC-USD", "inverse:", True),
    "huobi-dm-swap": Feed("htx", "liquidation_orders_coin", "inverse:BTC-USD", "inverse:", True),
    "huobi-dm-linear-swap": Feed("htx", "liquidation_orders", "linear:BTC-USDT", "linear:", True),
    "okex-futures": Feed("okx", "liquidation_orders", "BTC-USD-SWAP"),
    "okex-swap": Feed("okx", "liquidation_orders", "BTC-USD-SWAP"),
}
NOT_READ = {
    "ascendex": "no source of ours",
    "aster-futures": "no source of ours",
    "bullish": "no source of ours",
    "coinbase-international": "no source of ours",
    "coinflex": "no source of ours; it is closed",
    "crypto-com": "no source of ours",
    "delta": "no source of ours",
    "dydx": "v3 is closed; v4 is read",
    "ftx": "no source of ours; it is closed",
    "hyperliquid": "nobody listens to its socket, which has no liquidations; open interest is asked for",
    "kucoin-futures": "nobody listens to its socket, which has no liquidations; rates are asked for",
    "lighter": "no source of ours",
    "phemex": "no source of ours",
    "woo-x": "no source of ours",
}
# By feed and how the frame names itself; "" where no era reaches back so far.
REFUSED = {
    ("okex-futures", "futures/liquidation"): "",
    ("okex-swap", "swap/liquidation"): "",
    ("huobi-dm", "market.ETH_NW.basis"): "is not in the listing",
    ("deribit", "ticker.BTC-STRD"): "is not in the listing",
    ("deribit", "ticker.BTC-CSR12"): "is not in the listing",
}
OTHER_PRICE = {"binance-futures", "bitfinex-derivatives"}  # theirs is named in the document
RENAMED = {"BTC_CQ": "BTC200925"}  # theirs is the contract's turn, the venue's frame has its date
COMPARED = [("derivative_ticker", 41), ("liquidation", 15)]
FIELDS = {
    "last_price": "lastPrice",
    "mark_price": "markPrice",
    "index_price": "indexPrice",
    "open_interest": "openInterest",
    "funding_rate": "fundingRate",
}
# Theirs is the amount of the coin for a contract, ours the fraction.
OTHER_RATE = {"cryptofacilities"}
# Theirs is the time of a later message that it remembers, or of the sending.
OTHER_TIME = {
    ("binance-delivery", "btcusd_200925@openInterest"),
    ("bitfinex-derivatives", ""),
    ("dydx-v4", "v4_markets"),
    ("huobi-dm-linear-swap", "public.BTC-USDT.funding_rate"),
    ("huobi-dm-swap", "public.BTC-USD.funding_rate"),
    ("okex-swap", "open-interest"),
    ("okex-swap", "tickers"),
}
# A frame without a time whose receipt, as it stands there, is before the venue's first day.
RECEIVED = {("binance-futures", "btcusdt@openInterest"): "2019-10-01T00:00:03.001Z"}
# The day of a frame, where it is neither that of its receipt nor that of their time.
DAYS = {
    ("binance-delivery", "btcusd_200925@openInterest"): {date(2020, 6, 15)},
    ("okex-swap", "open-interest"): {date(2021, 12, 22)},
    ("okex-swap", "tickers"): {date(2021, 12, 22)},
}


def frames():
    if not WIRE.exists():
        return []
    return [json.loads(line) for line in WIRE.read_text("utf-8").splitlines()]


ALL = frames()
NEEDS_WIRE = pytest.mark.skipif(not ALL, reason=f"{WIRE.name} is not beside the project")


def about(case):
    """What a frame says that it is of."""
    frame = case["messages"][0]
    if isinstance(frame, list):
        return ""
    params, arg = frame.get("params", {}), frame.get("arg", {})
    named = (frame.get(k) for k in ("table", "topic", "ch", "stream", "channel", "feed"))
    return next(filter(None, (params.get("channel"), arg.get("channel"), *named)), "")


def is_refused(case):
    return refusal_of(case) is not None


def refusal_of(case):
    named = [
        why
        for (venue, begins), why in REFUSED.items()
        if venue == case["venue"] and about(case).startswith(begins)
    ]
    return named[0] if named else None


def theirs_of(case):
    return [told for told in case["normalized"] if told["type"] == case["kind"]]


def cases(*kinds, refused=False):
    chosen = [
        case
        for case in ALL
        if case["venue"] in FEEDS and case["kind"] in kinds and is_refused(case) is refused
    ]
    names = [f"{case['venue']}/{theirs_of(case)[0]['symbol']}" for case in chosen]
    return pytest.mark.parametrize("case", chosen, ids=names)


def instant(text):
    """To the millisecond."""
    at = datetime.fromisoformat(text).astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def symbol_of(told):
    return RENAMED.get(told["symbol"], told["symbol"])


def reader_of(bench, case):
    feed = FEEDS[case["venue"]]
    table = LIQUIDATIONS if case["kind"] == "liquidation" else TICKERS
    return bench.reader(feed.source, feed.dataset, table.name)


def read(bench, case):
    """Our rows and the reasons of refusals, asked for about every day on which the frame can lie."""
    feed, reader = FEEDS[case["venue"]], reader_of(bench, case)
    symbols = set() if is_refused(case) else {symbol_of(told) for told in theirs_of(case)}
    known = with_symbols(bench.known_of(reader), feed, symbols)
    key = "frame" if reader.table is LIQUIDATIONS else "life"
    body = captured(case, key, is_packed=feed.is_packed)
    question = replace(bench.payload_of(reader)[0], kind="bytes", body=body)
    named = (told[name] for told in theirs_of(case) for name in ("timestamp", "localTimestamp"))
    days = {instant(text).date() for text in named} | DAYS.get((case["venue"], about(case)), set())
    parts = [bench.on(day).read(reader, [question], known) for day in sorted(days)]
    rows = pl.concat([part.rows for part in parts])
    return rows.to_dicts(), {why for part in parts for why in part.refused["reason"]}


def captured(case, key, *, is_packed):
    """The lines of a collector, with the time of receipt that stands beside the frame."""
    received_at = RECEIVED.get((case["venue"], about(case)), case["local_timestamp"])
    lines = []
    for message in case["messages"]:
        text = json.dumps(message)
        told = {key: text}
        if is_packed:
            packed = gzip.compress(text.encode(), mtime=0)
            told = {{"frame": "packed", "life": "life_packed"}[key]: b64encode(packed).decode()}
        lines.append(json.dumps({"received_at": received_at} | told) + "\n")
    return "".join(lines).encode()


def with_symbols(known, feed, symbols):
    """Our listing, and each symbol of the frame on the terms of a market that it has."""
    ours = known.instruments
    model = ours.filter(pl.col("source_symbol") == feed.like)
    new = [
        model.with_columns(
            source_symbol=pl.lit(feed.prefix + symbol),
            symbol=pl.lit(symbol),
            instrument_id=pl.lit(instrument(feed, symbol)),
        )
        for symbol in sorted(symbols)
        if instrument(feed, symbol) not in set(ours["instrument_id"])
    ]
    return replace(known, instruments=pl.concat([ours, *new]))


def instrument(feed, symbol):
    """Binance's two markets are one venue; Bitfinex writes a t before what is traded."""
    venue = feed.source.removesuffix("_coin_m")
    return f"{venue}:t{symbol}" if venue == "bitfinex" else f"{venue}:{symbol}"


@cases("liquidation")
def test_another_project_reads_the_same_market_side_size_and_time(bench, case):
    feed = FEEDS[case["venue"]]
    rows, refused = read(bench, case)
    theirs = [
        (
            instrument(feed, symbol_of(told)),
            POSITION[told["side"]],
            Decimal(str(told["amount"])),
            instant(told["timestamp"]),
        )
        for told in theirs_of(case)
    ]
    ours = [(r["instrument_id"], r["position"], r["size"], r["time"]) for r in rows]
    assert (ours, refused) == (theirs, set())


@cases("liquidation")
def test_another_project_reads_the_same_price_unless_the_document_says_why_not(bench, case):
    rows, _ = read(bench, case)
    theirs = [Decimal(str(told["price"])) for told in theirs_of(case)]
    ours = [row["price"] for row in rows]
    if case["venue"] in OTHER_PRICE:
        assert all(mine != its for mine, its in zip(ours, theirs, strict=True))
    else:
        assert ours == theirs


@cases("derivative_ticker")
def test_another_project_reads_the_same_market_prices_interest_and_rate(bench, case):
    feed = FEEDS[case["venue"]]
    rows, refused = read(bench, case)
    theirs = {instrument(feed, symbol_of(told)): told for told in theirs_of(case)}
    assert {row["instrument_id"] for row in rows} == theirs.keys()
    assert not refused
    for row in rows:
        told = theirs[row["instrument_id"]]
        said = [name for name in FIELDS if row[name] is not None]
        assert said, "a message that tells nothing of ours"
        for name in said:
            if name == "funding_rate" and case["venue"] in OTHER_RATE:
                assert float(row[name]) != told[FIELDS[name]]
            else:
                assert float(row[name]) == pytest.approx(told[FIELDS[name]], rel=1e-12), name
        if (case["venue"], about(case)) not in OTHER_TIME:
            assert row["time"] == instant(told["timestamp"])


@cases("liquidation", "derivative_ticker", refused=True)
def test_a_kind_of_frame_that_is_not_read_gives_no_row_and_says_why(bench, case):
    rows, refused = read(bench, case)
    why = refusal_of(case)
    assert rows == []
    if why:
        assert [why in reason for reason in refused] == [True]
    else:
        first = reader_of(bench, case).eras[0].since
        assert all(instant(told["timestamp"]).date() < first for told in theirs_of(case))


@NEEDS_WIRE
def test_every_feed_of_the_file_is_compared_or_named_with_its_reason():
    assert {case["venue"] for case in ALL} == FEEDS.keys() | NOT_READ.keys()
    assert not FEEDS.keys() & NOT_READ.keys()
    kinds = [(c["venue"], about(c)) for c in ALL if c["venue"] in FEEDS]
    assert all(any(v == venue and k.startswith(b) for v, k in kinds) for venue, b in REFUSED)
    compared = [c for c in ALL if c["venue"] in FEEDS and not is_refused(c)]
    assert sorted(Counter(c["kind"] for c in compared).items()) == COMPARED


def named_in_the_document():
    """What the document says of frames: of those that differ, and of those that are not read."""
    _, _, section = DOCUMENT.read_text("utf-8").partition("\n## Frames of other venues\n")
    differs, _, not_read = section.partition("\n## ")[0].partition("\nNot read")
    return differs, not_read


@pytest.mark.parametrize("feed", [*NOT_READ, *(venue for venue, _ in REFUSED)])
def test_the_document_names_what_is_not_read(feed):
    assert f"\n| `{feed}` |" in named_in_the_document()[1]


@pytest.mark.parametrize(
    "feed",
    sorted(OTHER_PRICE | OTHER_RATE | {f for f, _ in OTHER_TIME} | {f for f, _ in RECEIVED}),
)
def test_the_document_names_what_differs(feed):
    assert f"`{feed}`" in named_in_the_document()[0]
