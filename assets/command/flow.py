"""The order of the runs behind ``report`` and ``backfill``."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date

import dagster as dg
from pipelines.extract.asking import Dataset
from pipelines.sources import SOURCES
from pipelines.web import Web, routine
from pipelines.weeks import Week

from assets import extract, load, normalise, reconcile, report
from assets.command.progress import say
from assets.definitions import definitions
from assets.runs import failures, instance_of, materialise


class Flow:
    """Runs over one web, in the instance of its data folder."""

    def __init__(self, web: Web, stack: ExitStack, *, loud: bool) -> None:
        self.web, self.loud = web, loud
        self.defs = definitions(web)
        self.instance = stack.enter_context(instance_of(web.house))

    def extract(self, days: Sequence[date], names: Sequence[str] = ()) -> list[str]:
        """Ask every source, all at once, each at its own pace; returns what failed."""
        say(f"asking the {self.web.market.name} market about {days[0]} to {days[-1]}")
        chosen = self._askable(routine(names, self.web.settings.named("sources")), days)
        begun = {s.id: [day for day in days if day >= s.since] for s in SOURCES.values()}
        self.web.ask_ahead([(dataset, begun[dataset.source]) for dataset in chosen])
        failed = []
        for source in dict.fromkeys(dataset.source for dataset in chosen):
            keys = [extract.key_of(d.source, d.name) for d in chosen if d.source == source]
            failed += self._run(keys, days=begun[source])
        return failed

    def normalise(self, days: Sequence[date]) -> list[str]:
        return self._run([asset.key for asset in normalise.TABLES], days=days)

    def finish(self, week: Week) -> list[str]:
        """Reconcile, load and print a week."""
        failed = self._run([table.key for table in reconcile.TABLES], week=week)
        failed += self.load()
        return failed or self._run([report.weekly.key], week=week)

    def load(self) -> list[str]:
        return self._run([load.key_of(model.table) for model in load.MODELS])

    def _askable(self, datasets: Sequence[Dataset], days: Sequence[date]) -> list[Dataset]:
        keyless, now = self.web.keyless(), self.web.clock.now()
        for source, variable in sorted(keyless.items()):
            if any(dataset.source == source for dataset in datasets):
                say(f"{source} is skipped: it needs a key in {variable}")
        return [
            dataset
            for dataset in datasets
            if dataset.source not in keyless and any(dataset.gives(day, now) for day in days)
        ]

    def _run(
        self,
        keys: Sequence[dg.AssetKey],
        *,
        days: Sequence[date] = (),
        week: Week | None = None,
    ) -> list[str]:
        result = materialise(self.defs, self.instance, keys, days=days, week=week, loud=self.loud)
        return failures(result)
