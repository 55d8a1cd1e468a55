from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from pipelines.report.evidence import NoCodeError, code_digest, gather, versions


def _tree(root: Path, names: list[str]) -> Path:
    for name in names:
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"# {name}\n")
    return root


def test_the_digest_of_code_does_not_depend_on_place_or_order(tmp_path: Path) -> None:
    names = ["pipelines/a.py", "pipelines/b/c.py", "sql/core/x.sql"]
    one, two = _tree(tmp_path / "one", names), _tree(tmp_path / "two", names[::-1])
    assert code_digest(one / "pipelines", one / "sql") == code_digest(
        two / "pipelines", two / "sql"
    )


def test_the_digest_of_code_sees_a_change_a_move_and_a_template(tmp_path: Path) -> None:
    root = _tree(tmp_path, ["pipelines/a.py", "pipelines/page.html"])
    seen = {code_digest(root / "pipelines")}
    (root / "pipelines/page.html").write_text("other")
    seen.add(code_digest(root / "pipelines"))
    (root / "pipelines/a.py").rename(root / "pipelines/b.py")
    seen.add(code_digest(root / "pipelines"))
    assert len(seen) == 3


def test_what_python_caches_is_no_code(tmp_path: Path) -> None:
    root = _tree(tmp_path, ["pipelines/a.py"])
    before = code_digest(root / "pipelines")
    _tree(tmp_path, ["pipelines/__pycache__/a.cpython-311.pyc"])
    assert code_digest(root / "pipelines") == before


def test_a_folder_without_code_is_an_error_and_not_an_empty_digest(tmp_path: Path) -> None:
    with pytest.raises(NoCodeError):
        code_digest(tmp_path / "pipelines")


def test_inputs_are_digested_in_any_order_but_not_with_any_content(
    small_week: ModuleType,
) -> None:
    one = small_week.evidence()
    assert replace(one, inputs=one.inputs[::-1]).inputs_sha256 == one.inputs_sha256
    assert replace(one, inputs=one.inputs[:1]).inputs_sha256 != one.inputs_sha256


def test_evidence_of_this_project_can_be_gathered(small_week: ModuleType) -> None:
    want = small_week.evidence()
    root = Path(__file__).parents[2]
    got = gather(root, want.market, want.week, want.as_of, want.inputs[::-1])
    assert got.inputs == want.inputs
    assert len(got.code_sha256) == len(got.lock_sha256) == 64
    assert dict(versions())["duckdb"] == "1.5.5"
