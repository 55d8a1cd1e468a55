"""The proof: seeded weeks whose truth is known, through the pipeline, and what came out beside it.

``python -m bench.truth [--seeds A:B] [--shard-size N] [--jobs N] [--again]`` goes on where it ended:
each shard of weeks is a file below ``bench/data/truth``, named by its seeds and by the code that
made it. It prints a line for each shard, then the tables.
"""

import argparse
import json
import sys
from pathlib import Path

from bench.proof.multiplier import FIRST_TRAINING_SEED, training
from bench.proof.shards import FOLDER, code_digest, made, shards
from bench.proof.tables import every
from bench.proof.weeks import result, without_gaps


def main(words: list[str]) -> int:
    asked = _parser().parse_args(words)
    first, end = asked.seeds
    todo = shards(first, end, asked.shard_size)
    with_gaps = not asked.without_gaps
    if asked.again:
        for shard in todo:
            shard.place(asked.folder, code_digest(with_gaps=with_gaps)).unlink(missing_ok=True)
    results = made(
        todo,
        asked.folder,
        asked.jobs,
        tell=lambda line: print(line, file=sys.stderr, flush=True),
        one=result if with_gaps else without_gaps,
        with_gaps=with_gaps,
    )
    for table in every(results, multiplier(asked.folder)):
        print(table)
    return 0


def multiplier(folder: Path) -> float:
    """Of training weeks; kept beside the shards, for the same code."""
    place = folder / f"multiplier.{code_digest(with_gaps=False)}.json"
    if not place.exists():
        true, shown = training()
        place.write_text(json.dumps({"true_usd": true, "shown_usd": shown}), "utf-8")
    held = json.loads(place.read_text("utf-8"))
    return float(held["true_usd"]) / float(held["shown_usd"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.truth", description=__doc__)
    parser.add_argument("--seeds", type=_seeds, default=(0, 1_000), metavar="A:B")
    parser.add_argument("--shard-size", type=_count, default=20, metavar="N")
    parser.add_argument("--jobs", type=_count, default=2, metavar="N")
    parser.add_argument("--again", action="store_true", help="make what is there once more")
    parser.add_argument(
        "--without-gaps", action="store_true", help="bounds, guards and estimates alone"
    )
    parser.add_argument("--folder", type=Path, default=FOLDER)
    return parser


def _seeds(text: str) -> tuple[int, int]:
    first, _, end = text.partition(":")
    if not (first.isdigit() and end.isdigit() and int(first) < int(end)):
        raise argparse.ArgumentTypeError(f"{text!r} is no A:B with A below B")
    if int(end) > FIRST_TRAINING_SEED:
        raise argparse.ArgumentTypeError(f"seeds from {FIRST_TRAINING_SEED} on are for fitting")
    return int(first), int(end)


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no count from 1")
    return int(text)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
