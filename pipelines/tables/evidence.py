"""Tables about the data themselves: what was asked, when a feed was heard, what was refused."""

import polars as pl

from pipelines.tables.table import Column, Table
from pipelines.tables.vocabulary import INSTANT, LINEAGE, SOURCE, TIME, VENUE

ASKINGS = Table(
    name="askings",
    about="What was asked of whom for a day, and what came: the ground of every coverage figure.",
    key=("source", "dataset", "subject", "time"),
    columns=(
        SOURCE,
        Column("dataset", pl.String(), "Dataset of the source."),
        Column("subject", pl.String(), "Symbol or coin asked for; `*` for everything at once."),
        Column("time", INSTANT, "The UTC day asked about."),
        Column("is_complete", pl.Boolean(), "Whether all its answers came."),
        Column("outcome", pl.String(), "`answered`, or the kind of error that ended it."),
        Column("answers", pl.UInt32(), "Answers (pages) of that asking."),
        Column("bytes", pl.Int64(), "Bytes of those answers."),
        Column("asked_at", pl.Datetime("us", "UTC"), "When the last of them came."),
    ),
)

LISTENING = Table(
    name="listening",
    about="How much of each hour a capture of a live feed was listening.",
    key=("source", "dataset", "time"),
    columns=(
        SOURCE,
        VENUE,
        Column("dataset", pl.String(), "Dataset of the source."),
        Column("time", TIME.dtype, "The UTC hour."),
        Column("minutes_heard", pl.UInt8(), "Minutes with a frame or a sign of life, 0 to 60."),
        Column("minutes_mask", pl.Int64(), "Bit n is set where minute n of the hour was heard."),
        Column("frames", pl.UInt32(), "Frames with events in that hour."),
        *LINEAGE,
    ),
)

QUARANTINE = Table(
    name="quarantine",
    about="Rows that a source gave and that we could not read without guessing, each with the reason.",
    key=("canonical", "source", "dataset", "answer", "nth"),
    columns=(
        Column("canonical", pl.String(), "The canonical table it was meant for."),
        SOURCE,
        Column("dataset", pl.String(), "Dataset of the source."),
        Column("time", INSTANT, "The UTC day under which it is filed."),
        Column("nth", pl.UInt32(), "Place among the refused rows of that answer, from 0."),
        Column("reason", pl.String(), "Why, in one line."),
        Column("row", pl.String(), "The row as it came, as text, cut at 500 characters."),
        Column("answer", pl.String(), "SHA-256 of the raw answer."),
    ),
)
