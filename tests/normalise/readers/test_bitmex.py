"""BitMEX: inserts are orders, Sell lost a long, and the time is that of the receipt.

Frames have the shape of the real ones of 2019-06-01 that stand in the folder beside the project;
`partial`, `update` and `delete` follow the vendor's document.
"""

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.normalise.eras import Known
from pipelines.normalise.frames import timed_frames, witnesses

WIRE = Path(__file__).parents[4] / "shared" / "wire" / "frames_with_normalisation.jsonl"
POSITION = {"sell": "long", "buy": "short"}  # there, the side is that of the forced order
RECEIVED = datetime(2026, 11, 10, 0, 0, 1, tzinfo=UTC)


def frames(bench):
    return bench.payload("bitmex", "liquidation")[0].body


def told(bench, changed):
    return bench.told("bitmex", "liquidation", changed, table="liquidations")


def insert(*orders):
    fields = {"symbol": "XBTUSD", "side": "Sell", "price": 80000, "leavesQty": 10}
    data = [{"orderID": f"o{n}"} | fields | order for n, order in enumerate(orders)]
    return {"table": "liquidation", "action": "insert", "data": data}


def line(stamp, *orders):
    envelope = {"received_at": stamp, "frame": json.dumps(insert(*orders))}
    return json.dumps(envelope, separators=(",", ":")).encode() + b"\n"


def test_a_forced_sale_closed_a_long_and_a_contract_of_xbtusd_is_a_dollar(bench):
    # another project passes the side through as that of the order: tardis-node, bitmex.ts
    rows = bench.of("bitmex", "liquidation", table="liquidations").rows.sort("size")
    names = ("instrument_id", "position", "size", "size_unit", "price_kind", "notional_usd")
    assert rows.select(names).rows() == [
        ("bitmex:ETHM19", "long", Decimal(20), "contracts", "order", None),
        ("bitmex:XBTUSD", "long", Decimal(4000), "contracts", "order", Decimal(4000)),
        ("bitmex:XBTUSD", "short", Decimal(9214), "contracts", "order", Decimal(9214)),
    ]
    assert rows["size_coins"].to_list()[:2] == [Decimal(20), Decimal("0.05")]
    assert rows["coin"].to_list() == ["ETH", "BTC", "BTC"]


def test_a_linear_contract_in_bitcoin_has_an_amount_of_bitcoin_and_no_dollars(bench):
    rows = bench.of("bitmex", "liquidation", table="liquidations").rows
    (eth,) = rows.filter(pl.col("coin") == "ETH").iter_rows(named=True)
    assert (eth["notional_quote"], eth["usd_basis"]) == (Decimal("0.63"), None)


def test_what_stood_open_changed_or_ended_is_no_new_order_and_no_fault(bench):
    rest = [frame for frame in frames(bench) if frame.get("action") != "insert"]
    rows = told(bench, rest)
    assert (rows.rows.height, rows.refused.height) == (0, 0)


@pytest.mark.parametrize(
    "frame",
    [
        {"table": "trade", "action": "insert", "data": []},
        {"table": "liquidation", "action": "replace", "data": []},
        {"table": "liquidation", "action": ["insert"], "data": []},
        {"table": "liquidation"},
        ["insert"],
        7,
    ],
)
def test_a_stranger_among_the_frames_is_refused_and_the_next_one_read(bench, reasons, frame):
    rows = told(bench, [frame, insert({})])
    assert rows.rows.height == 1
    assert reasons(rows) == ["a frame that is no change of the table liquidation"]


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ({"side": "sell"}, "unknown side 'sell'"),
        ({"side": None}, "unknown side 'null'"),
        ({"symbol": "ETHUSD"}, "symbol 'ETHUSD' is not in the listing"),
        ({"orderID": None}, "no orderID that tells it from its repeat"),
        ({"leavesQty": 0}, "no positive size"),
        ({"price": None}, "no positive price"),
    ],
)
def test_what_cannot_be_an_order_is_refused_and_harms_no_other(bench, reasons, order, why):
    rows = told(bench, [insert(order, {})])
    assert rows.rows.height == 1
    assert reasons(rows) == [why]


def test_an_order_is_dated_by_its_receipt_in_whichever_zone_that_was_written(bench):
    body = line("2026-11-10T09:00:00.250+01:00", {}) + line(
        "2026-11-10T08:00:01Z", {"orderID": "b"}
    )
    rows = told(bench, body).rows.sort("time")
    eight = RECEIVED.replace(hour=8, second=0)
    assert rows["time"].to_list() == [
        eight.replace(microsecond=250_000),
        eight.replace(second=1),
    ]


@pytest.mark.parametrize("stamp", ["soon", None, 17, "2026-13-01T00:00:00Z"])
def test_an_order_that_nobody_dated_is_refused(bench, reasons, stamp):
    rows = told(bench, line(stamp, {}))
    assert reasons(rows) == ["no time that can be read"]


def test_a_segment_of_a_collector_tells_the_receipt_of_each_frame(bench):
    kept = [
        ("event", "one", insert({"orderID": "a"})),
        ("life", "one", {"table": "instrument", "action": "update", "data": []}),
        ("event", "two", insert({"orderID": "b"})),
    ]
    segment = pl.DataFrame(
        {
            "received_at": [RECEIVED.replace(second=n) for n in range(3)],
            "kind": [kind for kind, _, _ in kept],
            "session": [session for _, session, _ in kept],
            "frame": [json.dumps(frame).encode() for _, _, frame in kept],
        },
        schema_overrides={"received_at": pl.Datetime("us", "UTC")},
    )
    rows = told(bench, parquet(segment)).rows.sort("time")
    assert rows["time"].to_list() == [RECEIVED.replace(second=0), RECEIVED.replace(second=2)]


def test_an_order_that_two_connections_heard_counts_once(bench, reasons):
    frame = json.dumps(insert({"orderID": "a"})).encode()
    segment = pl.DataFrame(
        {
            "received_at": [RECEIVED, RECEIVED.replace(microsecond=80_000)],
            "kind": ["event", "event"],
            "session": ["one", "two"],
            "frame": [frame, frame],
        },
        schema_overrides={"received_at": pl.Datetime("us", "UTC")},
    )
    rows = told(bench, parquet(segment))
    assert rows.rows["time"].to_list() == [RECEIVED]
    assert reasons(rows) == ["a second row for the same key"]


def parquet(segment):
    file = io.BytesIO()
    segment.write_parquet(file)
    return file.getvalue()


def test_each_frame_has_the_instant_of_its_own_line_and_a_torn_one_has_none(bench):
    body = line("2026-11-10T08:00:01Z", {}) + b'{"received_at":"2026-11-10T08:0\n'
    (page,) = bench.pages(
        [replace(bench.payload("bitmex", "liquidation")[0], kind="bytes", body=body)]
    )
    ((_, page),) = witnesses(page)
    assert [at for at, _ in timed_frames(page)] == ["2026-11-10T08:00:01.000000Z", None]


def test_the_feed_told_too_few_before_a_day_and_says_so(bench):
    reader = bench.reader("bitmex", "liquidation", "liquidations")
    before, after = reader.eras
    assert after.since == date(2021, 9, 20)
    assert "too few" in before.evidence
    assert {era.coverage for era in reader.eras} == {"unknown"}
    assert reader.until == date(2026, 9, 23)


def test_a_quanto_contract_has_no_kind_here(bench, reasons):
    lines = bench.payload("bitmex", "instruments")[0].body
    rows = bench.told(
        "bitmex", "instruments", [one.replace('"inverse"', '"quanto"') for one in lines]
    )
    assert reasons(rows) == ["contract 'XBTUSD': Invalid enum value 'quanto' - at `$.kind`"]
    assert rows.rows["symbol"].to_list() == ["ETHM19", "LTCM19"]


def test_open_interest_counts_contracts_of_a_coin_or_of_a_dollar(bench):
    rows = bench.of("bitmex", "liquidation", table="tickers").rows.sort("time", "instrument_id")
    eth, xbt, later = rows.iter_rows(named=True)
    assert (eth["open_interest_coins"], eth["open_interest_usd"]) == (Decimal(150499), None)
    assert (xbt["open_interest_coins"], xbt["open_interest_usd"]) == (None, Decimal(500_000_000))
    assert xbt["open_interest_unit"] == eth["open_interest_unit"] == "contracts"
    assert (xbt["index_price"], xbt["funding_rate"]) == (Decimal(90002), Decimal("0.0001"))
    assert later["mark_price"] == Decimal("90003.75")
    assert [later[n] for n in ("last_price", "open_interest", "open_interest_unit")] == [None] * 3


def cases(kind):
    if not WIRE.exists():
        return []
    told_ = [json.loads(text) for text in WIRE.read_text("utf-8").splitlines()]
    return [one for one in told_ if (one["venue"], one["kind"]) == ("bitmex", kind)]


def shipped(bench):
    """The terms as the project ships them."""
    question = replace(
        bench.payload("bitmex", "instruments")[0],
        kind="bytes",
        body=(Path(__file__).parents[3] / "ledger" / "bitmex.toml").read_bytes(),
    )
    rows = bench.read(bench.reader("bitmex", "instruments"), [question])
    assert rows.refused.is_empty()
    return Known(rows.rows)


def heard(bench, case, key, table):
    stamp = {"received_at": case["local_timestamp"]}
    lines = [json.dumps(stamp | {key: json.dumps(m)}) for m in case["messages"]]
    question = replace(
        bench.payload("bitmex", "liquidation", table)[0],
        kind="bytes",
        body="\n".join(lines).encode(),
    )
    # by its own receipt: the day of the events or the one after
    day = datetime.fromisoformat(case["normalized"][0]["timestamp"]).astimezone(UTC).date()
    reader = bench.reader("bitmex", "liquidation", table)
    rows = bench.on(day).read(reader, [question], shipped(bench))
    assert rows.refused.is_empty()
    return rows.rows


@pytest.mark.skipif(not cases("liquidation"), reason=f"{WIRE.name} is not beside the project")
def test_another_project_reads_the_same_order_from_a_real_frame(bench):
    (case,) = cases("liquidation")
    (theirs,) = case["normalized"]
    (ours,) = heard(bench, case, "frame", "liquidations").iter_rows(named=True)
    assert ours["instrument_id"] == f"bitmex:{theirs['symbol']}"
    assert ours["position"] == POSITION[theirs["side"]]
    assert (ours["size"], ours["price"]) == (Decimal(theirs["amount"]), Decimal(theirs["price"]))
    assert ours["time"] == datetime.fromisoformat(theirs["timestamp"])


@pytest.mark.skipif(not cases("derivative_ticker"), reason=f"{WIRE.name} is not beside the project")
def test_another_project_reads_the_same_tickers_from_a_real_frame(bench):
    (case,) = cases("derivative_ticker")
    ours = {r["symbol"]: r for r in named(heard(bench, case, "life", "tickers"))}
    assert len(ours) == len(case["normalized"])
    names = {
        "last_price": "lastPrice",
        "mark_price": "markPrice",
        "index_price": "indexPrice",
        "open_interest": "openInterest",
        "funding_rate": "fundingRate",
    }
    for theirs in case["normalized"]:
        row = ours[theirs["symbol"]]
        for our_name, name in names.items():
            value = theirs[name]
            assert row[our_name] == (None if value is None else Decimal(str(value)))
        assert row["time"] == datetime.fromisoformat(theirs["timestamp"])


def named(rows):
    return rows.with_columns(symbol=pl.col("instrument_id").str.slice(7)).iter_rows(named=True)
