"""Settings: command line over environment over `.env` over default. Keys are read, never shown."""

import os
from datetime import datetime
from pathlib import Path

from dotenv import dotenv_values
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.clock import instant


class Settings(BaseSettings):
    """Every setting has the prefix LIQLEDGER_ in the environment."""

    model_config = SettingsConfigDict(env_prefix="LIQLEDGER_", env_file=".env", extra="ignore")

    data: Path = Field(default=Path("data"), description="Folder that holds everything.")
    market: str = Field(default="", description="live, recorded:DIR or simulated[:SEED].")
    now: datetime | None = Field(default=None, description="Set the clock to this instant (UTC).")
    as_of: datetime | None = Field(
        default=None, description="Use only answers kept by this instant."
    )
    coins: str = Field(
        default="", description="Only these coins, comma separated; empty means all."
    )
    sources: str = Field(
        default="", description="Only these sources, comma separated; empty means all."
    )
    exchange_list: str = Field(
        default="", description="Exchanges asked of CoinGlass; empty means all."
    )
    captures: Path | None = Field(default=None, description="Folder of captured frames.")
    rate_scale: float = Field(
        default=1.0, gt=0, description="Multiplies documented rates (replica only)."
    )
    size: str = Field(
        default="full", description="Size of a simulated market: small, full or wide."
    )

    @field_validator("now", "as_of", mode="before")
    @classmethod
    def _utc(cls, value: object) -> object:
        return instant(value) if isinstance(value, str) and value else value or None

    def named(self, field: str) -> tuple[str, ...]:
        """A comma separated setting as names, without blanks."""
        text = str(getattr(self, field))
        return tuple(part.strip() for part in text.split(",") if part.strip())


class Keys:
    """Keys of sources, each under the name that its source gives it. They are held and printed
    nowhere: each is read when it is needed.
    """

    def of(self, variable: str) -> str:
        """The key in the environment or in `.env` under that name; empty where there is none."""
        return os.environ.get(variable) or dotenv_values(".env").get(variable) or ""
