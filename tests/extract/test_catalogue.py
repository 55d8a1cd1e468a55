"""What can be asked for, of all sources."""

from pipelines.extract.asking import Kept
from pipelines.extract.catalogue import CATALOGUE, MANNERS, listed
from pipelines.sources import SOURCES

EXPECTED = {
    "coinglass": "instruments liquidations_daily liquidations_hourly open_interest funding "
    "long_short taker_volume price",
    "coinalyze": "instruments liquidations liquidations_hourly open_interest funding "
    "long_short price",
    "binance": "instruments funding open_interest long_short candles mark_candles "
    "bulk_metrics bulk_funding bulk_klines force_orders",
    "kraken": "instruments open_interest executions",
    "bybit": "instruments open_interest funding long_short candles mark_candles all_liquidation",
}


def test_the_five_sources_and_their_datasets_are_there() -> None:
    assert set(CATALOGUE) == {
        f"{source}/{name}" for source, names in EXPECTED.items() for name in names.split()
    }
    assert set(MANNERS) == set(EXPECTED) == set(SOURCES)


def test_every_source_lists_its_subjects_and_weighs_its_open_interest() -> None:
    for source in SOURCES:
        assert CATALOGUE[f"{source}/instruments"].kept is Kept.LISTING
        assert CATALOGUE[f"{source}/open_interest"].weighs
        assert listed(source, []) == ()


def test_captures_are_told_apart_from_questions() -> None:
    kept = {id_ for id_, dataset in CATALOGUE.items() if dataset.kept is Kept.CAPTURE}
    assert kept == {"binance/force_orders", "bybit/all_liquidation"}


def test_archives_that_rest_already_serves_are_not_routine() -> None:
    seldom = {id_ for id_, dataset in CATALOGUE.items() if not dataset.routine}
    assert seldom == {"binance/bulk_funding", "binance/bulk_klines"}
