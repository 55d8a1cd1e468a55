"""Gate futures: what it serves over REST, and what its sockets show. The two name opposite sides."""

from pipelines.normalise.readers.gate import frames, rest, stats

READERS = (*rest.READERS, *stats.READERS, *frames.READERS)
STATEMENTS = (*rest.STATEMENTS, *stats.STATEMENTS, *frames.STATEMENTS)
