"""What can be asked for, of all sources."""

import pytest

from pipelines.extract.asking import Dataset, Kept
from pipelines.extract.catalogue import CATALOGUE, MANNERS, STATEMENTS, STREAMS, listed
from pipelines.sources import SOURCES

DATASETS = sorted(CATALOGUE.values(), key=lambda dataset: dataset.id)


def test_every_source_has_manners_and_evidence_and_nobody_else_has() -> None:
    assert set(MANNERS) == set(STATEMENTS) == set(SOURCES)
    assert {dataset.source for dataset in DATASETS} <= set(SOURCES)


def test_no_two_datasets_have_one_name() -> None:
    assert all(id_ == dataset.id for id_, dataset in CATALOGUE.items())


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_a_source_without_a_listing_names_no_subjects(source: str) -> None:
    assert listed(source, []) == ()


@pytest.mark.parametrize("dataset", DATASETS, ids=[dataset.id for dataset in DATASETS])
def test_what_is_asked_by_subject_has_a_listing_that_names_them(dataset: Dataset) -> None:
    if dataset.kept is Kept.HISTORY and dataset.subjects_from:
        assert f"{dataset.source}/{dataset.subjects_from}" in CATALOGUE


def test_listings_are_kept_as_such_and_open_interest_weighs() -> None:
    for dataset in DATASETS:
        assert dataset.name != "instruments" or dataset.kept is Kept.LISTING
        assert dataset.name != "open_interest" or dataset.weighs


def test_nothing_is_asked_for_from_before_its_source() -> None:
    asked = [one for one in DATASETS if one.kept is not Kept.CAPTURE]
    early = [one.id for one in asked if one.since < SOURCES[one.source].since]
    assert early == []


def test_what_a_stream_hears_is_kept_as_a_capture() -> None:
    assert {id_ for id_ in STREAMS if CATALOGUE[id_].kept is not Kept.CAPTURE} == set()


def test_every_stream_listens_at_a_host_of_its_source() -> None:
    for stream in STREAMS.values():
        assert stream.host in SOURCES[stream.source].hosts
        assert stream.path.startswith("/")


def test_limits_are_shared_only_between_sources_with_the_same_ones() -> None:
    shared = {source: m.shared_with for source, m in MANNERS.items() if m.shared_with}
    assert shared == {"binance_coin_m": "binance"}
    for source, other in shared.items():
        assert MANNERS[source].windows == MANNERS[other].windows


def test_archives_that_rest_already_serves_are_not_routine() -> None:
    for source in ("binance", "binance_coin_m"):
        assert not CATALOGUE[f"{source}/bulk_funding"].routine
        assert not CATALOGUE[f"{source}/bulk_klines"].routine
        assert CATALOGUE[f"{source}/bulk_metrics"].routine
