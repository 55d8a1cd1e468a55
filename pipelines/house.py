"""The data folder: where each shelf of it stands, and whose market it holds."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipelines.files import write_bytes_whole
from pipelines.lake import Lake
from pipelines.raw import Raw


class AnotherMarketError(Exception):
    """A folder of one market was about to be filled from another."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything that is made, under one root."""

    root: Path
    archive: Raw | None = None  # answers kept elsewhere, for whoever makes a week again

    @property
    def raw(self) -> Raw:
        return self.archive or Raw(self.root / "raw")

    @property
    def lake(self) -> Lake:
        return Lake(self.root / "lake")

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def captures(self) -> Path:
        return self.root / "captures"

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"

    @property
    def market(self) -> str:
        """The market that the folder holds; empty where it holds none yet."""
        try:
            return str(msgspec.json.decode(self._marker.read_bytes())["market"])
        except FileNotFoundError:
            return ""
        except (msgspec.DecodeError, KeyError, TypeError) as error:
            raise AnotherMarketError(f"{self._marker} cannot be read: {error}") from None

    def settle(self, market: str) -> None:
        """Say whose market this folder holds. Raises AnotherMarketError for a second one."""
        held = self.market
        if held and held != market:
            raise AnotherMarketError(
                f"{self.root} holds the market {held!r}, not {market!r}; name another folder with --data"
            )
        if not held:
            write_bytes_whole(self._marker, msgspec.json.encode({"market": market}))

    @property
    def _marker(self) -> Path:
        return self.root / "market.json"
