"""Which two tellings somebody means, by the names that they write."""

import difflib
from collections.abc import Mapping

from pipelines.reconcile.tellings.telling import SEVERAL, Telling
from pipelines.reconcile.tellings.voices import View, name_of
from pipelines.sources import SOURCES
from pipelines.weeks import Week


class NotToldError(ValueError):
    """No telling of the week has that name."""


def meant(spoken: Mapping[View, Telling], name: str, week: Week) -> Telling:
    """The telling called ``coinglass``, ``coinalyze`` or ``coinalyze:binance``.

    A source alone means all its venues, or its one venue. Raises NotToldError.
    """
    source, _, venue = name.strip().lower().partition(":")
    if source not in SOURCES:
        near = difflib.get_close_matches(source, SOURCES, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise NotToldError(f"{source or name!r} is no source{hint}")
    own = {view: one for view, one in spoken.items() if view[0] == source}
    if not own:
        raise NotToldError(f"no liquidations by {source} are held of {week.name}")
    wanted = (source, venue or SEVERAL)
    if wanted not in own and not venue and len(own) == 1:
        return next(iter(own.values()))
    if wanted not in own:
        known = ", ".join(name_of(view) for view in own)
        raise NotToldError(f"{name} is not held of {week.name}; of {source} there is: {known}")
    return own[wanted]


def two(spoken: Mapping[View, Telling], first: str, second: str, week: Week) -> list[Telling]:
    """Both tellings that are meant. Raises NotToldError, also where they are one and the same."""
    if not spoken:
        raise NotToldError(
            f"no liquidations of {week.name} are held; ask for them: liqledger report {week.name}"
        )
    found = [meant(spoken, name, week) for name in (first, second)]
    if found[0] is found[1]:
        raise NotToldError(f"{first} and {second} are the same figures; name two that can differ")
    return found
