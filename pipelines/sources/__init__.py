"""Who is asked: the facts about each source, one entry each. Meaning lives in ``normalise``.

An entry here is all that a new source needs beside its own two files: the connector
``pipelines/extract/connectors/<id>.py`` and the readers ``pipelines/normalise/readers/<id>.py``
are found by its id.
"""

from collections.abc import Mapping
from typing import Final

from pipelines.sources.publishers import PUBLISHERS
from pipelines.sources.source import Permission, Source, Terms
from pipelines.sources.venues import VENUES

SOURCES: Final[Mapping[str, Source]] = {source.id: source for source in (*PUBLISHERS, *VENUES)}

__all__ = ["SOURCES", "Permission", "Source", "Terms"]
