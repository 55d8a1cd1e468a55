"""``docs/commands.md``, written from the commands themselves, so that it cannot say otherwise.

python -m assets.command.manual          write it
python -m assets.command.manual --check  say whether it differs, and fail if it does
"""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from typer.main import get_command

from assets.command.app import app
from assets.command.failing import FAILED, INTERRUPTED, USAGE

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
EXAMPLE = "Example: "

# What 1 says of a command; 0 is the opposite of it.
FAILURES: Mapping[str, str] = {
    "report": "The page was not made; an earlier edition of it still stands.",
    "backfill": "Days or steps are incomplete; each is named, and the others are done.",
    "reproduce": "Bytes differ, or a pinned answer is missing or damaged.",
    "withdraw": "There is no such edition or number, or it is withdrawn already; nothing was entered.",
    "trace": "There is no such edition or key, or a file on the way is damaged.",
    "check": "The claim or the file cannot be read, or a file of the lake is damaged.",
    "sources": "The data folder or a setting cannot be read.",
    "explain": "A name is not known or not held of that week; or two names mean one thing.",
    "verify": "Something is damaged; each file is named.",
    "normalise": "There is no such dataset, or a file or an option cannot be read.",
    "collect": "A setting is wrong, nothing can be heard, or the disk is full; what was heard is kept.",
    "sql": "There is no warehouse, or the query was refused, failed or took too long.",
    "replica": "The market or an option is not one that the replica knows.",
    "doctor": "Something that the work cannot do without is not there.",
}


def commands() -> dict[str, Any]:
    """The commands by name, in the order in which help prints them."""
    return dict(getattr(get_command(app), "commands", {}))


def page() -> str:
    """``docs/commands.md``."""
    return "\n".join(_lines(commands())) + "\n"


def example_of(command: Any) -> str:
    """What stands behind ``Example:`` in its help; empty where nothing does."""
    told = [line for line in str(command.help or "").splitlines() if line.startswith(EXAMPLE)]
    return told[0].removeprefix(EXAMPLE) if told else ""


def _lines(named: Mapping[str, Any]) -> Iterator[str]:
    yield from ("# Commands", "")
    yield "Made by `python -m assets.command.manual` from the commands themselves. Which options"
    yield "are also settings of the environment: see [operating](operating.md)."
    yield from ("", "| exit code | meaning |", "| --- | --- |")
    yield "| 0 | done |"
    yield f"| {FAILED} | not done, or a fault was found; one line on stderr or stdout says which |"
    yield f"| {USAGE} | the command line could not be read |"
    yield f"| {INTERRUPTED} | stopped with Ctrl-C; what was kept so far is kept |"
    yield from ("", "An error is one line; `--debug` shows the traceback behind it.")
    for name, command in named.items():
        yield from _section(name, command)


def _section(name: str, command: Any) -> Iterator[str]:
    said = [line for line in command.help.splitlines() if not line.startswith(EXAMPLE)]
    yield from ("", f"## {name}", "", *_trimmed(said))
    yield from ("", "```sh", example_of(command), "```")
    yield from ("", "| argument or option | meaning | default |", "| --- | --- | --- |")
    for parameter in command.params:
        yield _row(parameter)
    yield from ("", f"Exit code {FAILED}: {FAILURES[name]}")


def _trimmed(lines: list[str]) -> list[str]:
    return "\n".join(lines).strip().splitlines()


def _row(parameter: Any) -> str:
    is_option = parameter.param_type_name == "option"
    name = ", ".join(parameter.opts) if is_option else str(parameter.metavar or parameter.name)
    shown = "" if parameter.default in (None, False) else str(parameter.default)
    needed = "required" if parameter.required else shown
    about = str(parameter.help or "").replace("|", "\\|")
    return f"| `{name}` | {about} | {needed} |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m assets.command.manual")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    if not parser.parse_args().check:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    same = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
    print("docs/commands.md is as declared" if same else "docs/commands.md differs; make it again")
    return not same


if __name__ == "__main__":
    raise SystemExit(main())
