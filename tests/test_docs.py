"""What README, docs/ and the house rules say is so."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from assets.command import manual
from pipelines.edition import MODELS
from pipelines.load import dictionary
from pipelines.load.models import read_all
from pipelines.settings import Settings
from pipelines.tables import TABLES

ROOT = Path(__file__).parents[1]
CODE = ("pipelines", "assets", "replica", "bench", "fuzz")
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = {"assets": 20}
FUNCTION_ELSEWHERE = 40
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = {"", ".cfg", ".css", ".csv", ".html", ".ini", ".json", ".jsonl", ".lock", ".md", ".py"} | {
    ".sh",
    ".sql",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
}

# One letter of each in brackets, so that this file does not hold what it looks for.
NOT_OURS = {
    "the address of a package registry": r"[p]ypi\.org|[p]ythonhosted|--(extra-)?[i]ndex-url\b",
    "a path of somebody's machine": r"(?<![\w.])/([w]ork|[h]ome|[r]oot|[U]sers)/\w|\b[C]:\\\w",
    "a word about who or what typed it": r"\b([c]laude|[a]nthropic|[o]penai|[c]hatgpt|[c]opilot)\b"
    r"|\b[l]lms?\b|[l]anguage model|(?<!user-)(?<!user )\b[a]gents?\b",
}


def files_of(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def tracked() -> list[Path]:
    """What a clone holds; without a repository, everything but what .gitignore leaves out."""
    try:
        told = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        ).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no repository here: it is not known which files are its own")
    found = [ROOT / name for name in told if name]
    return [path for path in found if path.is_file() and path.suffix in TEXT]


def imported(path: Path) -> Iterator[str]:
    """The first word of every module that a file imports, wherever in it."""
    for node in ast.walk(tree_of(path)):
        match node:
            case ast.Import(names=names):
                yield from (name.name.partition(".")[0] for name in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]


def slug(heading: str) -> str:
    plain = re.sub(r"[`*_]", "", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def headings(page: Path) -> set[str]:
    return {slug(text) for text in re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)}


def links(page: Path) -> Iterator[str]:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    yield from re.findall(r"\]\(([^)\s]+)\)", text)


def test_every_command_is_documented_and_has_an_example() -> None:
    told = manual.PAGE.read_text("utf-8")
    for name, command in manual.commands().items():
        assert f"\n## {name}\n" in told
        assert manual.example_of(command).startswith(f"liqledger {name}")
        for parameter in command.params:
            assert parameter.help, f"{name} does not say what {parameter.name} is"


def test_every_command_says_what_its_failure_means() -> None:
    assert manual.FAILURES.keys() == manual.commands().keys()


def test_the_page_of_commands_is_what_the_commands_say_now() -> None:
    assert manual.PAGE.read_text("utf-8") == manual.page()


def test_the_page_of_tables_is_what_the_declarations_say_now() -> None:
    assert dictionary.differences() == []


def test_every_canonical_table_and_column_is_in_the_page_of_tables() -> None:
    told = dictionary.TABLES_PAGE.read_text("utf-8")
    for table in TABLES.values():
        section = told.partition(f"\n### lake.{table.name}\n")[2].partition("\n### ")[0]
        missing = [c.name for c in table.columns if f"| `{c.name}` |" not in section]
        assert not missing, f"lake.{table.name} lacks {missing}"


def test_every_model_is_in_the_page_of_tables() -> None:
    told = dictionary.TABLES_PAGE.read_text("utf-8")
    assert [m.table for m in read_all(MODELS) if f"\n### {m.table}\n" not in told] == []


@pytest.mark.parametrize("page", PAGES, ids=place)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, fragment = link.partition("#")
        to = (page.parent / path).resolve() if path else page
        assert to.exists(), f"{place(page)} links to {link}"
        if fragment:
            assert fragment in headings(to), f"{place(page)} links to {link}"


@pytest.mark.parametrize("page", PAGES, ids=place)
def test_pages_name_only_commands_targets_and_settings_that_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    shown = " ".join(re.findall(r"`[^`\n]+`|^```.*?^```", text, re.MULTILINE | re.DOTALL))
    commands = set(re.findall(r"\bliqledger ([a-z]+)", shown))
    targets = set(re.findall(r"(?:`|^)make ([a-z]+)", shown, re.MULTILINE))
    settings = set(re.findall(r"\bLIQLEDGER_([A-Z_]+)", text))
    assert commands <= manual.commands().keys()
    assert targets <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert settings <= {name.upper() for name in Settings.model_fields}


def test_every_decision_is_numbered_in_turn_and_listed_in_its_index() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [name[:4] for name in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    assert [link for link in links(folder / "README.md") if link[0].isdigit()] == pages


@pytest.mark.parametrize("what", NOT_OURS)
def test_no_text_of_the_project_holds(what: str) -> None:
    pattern = re.compile(NOT_OURS[what], re.IGNORECASE if "typed" in what else 0)
    found = [
        f"{place(path)}:{number}: {hit[0]}"
        for path in tracked()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (hit := pattern.search(line))
    ]
    assert not found, f"{what}: {found[:5]}"


@pytest.mark.parametrize("path", files_of(*CODE), ids=place)
def test_a_file_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree_of(path))


@pytest.mark.parametrize("path", files_of(*CODE), ids=place)
def test_a_file_can_be_read_at_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", files_of(*CODE), ids=place)
def test_a_function_can_be_seen_at_once(path: Path) -> None:
    most = MOST_LINES_OF_A_FUNCTION.get(place(path).partition("/")[0], FUNCTION_ELSEWHERE)
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = lines_of(node)
            assert lines <= most, f"{node.name} has {lines} lines, {most} at most"


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a body without its docstring; a list of parameters is no code."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_the_work_does_not_know_dagster_nor_the_replica() -> None:
    strangers = {"dagster", "assets", "replica"}
    found = {place(p): set(imported(p)) & strangers for p in files_of("pipelines")}
    assert {path: names for path, names in found.items() if names} == {}


def test_the_replica_shares_no_code_with_the_project() -> None:
    strangers = {"dagster", "assets", "pipelines"}
    found = {place(p): set(imported(p)) & strangers for p in files_of("replica")}
    assert {path: names for path, names in found.items() if names} == {}


def test_imports_are_seen_wherever_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text("def f():\n    import dagster.core\n    from assets import load\n", "utf-8")
    assert set(imported(file)) == {"dagster", "assets"}
