"""A constant multiplier, for comparison: what was true over what feeds showed, in training weeks."""

from bench.proof.weeks import Result
from replica.truth import HELD_OUT, week

FIRST_TRAINING_SEED = 1_000_000
TRAINING_WEEKS = 40


def training(count: int = TRAINING_WEEKS) -> tuple[float, float]:
    """Dollars of all forced orders, and of those shown, in so many weeks of training seeds."""
    true = shown = 0.0
    seed = FIRST_TRAINING_SEED
    while count:
        one = week(seed, size=1.0)
        seed += 1
        if one.process == HELD_OUT:
            continue
        count -= 1
        true += one.usd
        shown += float(one.cells["shown_usd"].sum())
    return true, shown


def error(result: Result, multiplier: float) -> float:
    """Of the multiplied total, as a share of the truth, with its sign."""
    return float(result["shown_usd"]) * multiplier / float(result["usd"]) - 1.0
