import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from pipelines.report.weekly import render

SMALL_WEEK = Path(__file__).parent / "small_week.py"


@pytest.fixture(scope="session")
def small_week() -> ModuleType:
    spec = importlib.util.spec_from_file_location("small_week", SMALL_WEEK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def edition(small_week: ModuleType) -> dict[str, bytes]:
    """Every file of the small week's edition."""
    return render(small_week.week(), small_week.evidence())


@pytest.fixture(scope="session")
def html(edition: dict[str, bytes]) -> str:
    return edition["index.html"].decode()
