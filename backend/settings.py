"""What an operator decides about a backend, and what the environment says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

PREFIX = "LOKET_BACKEND_"
"""Environment variables are named `LOKET_BACKEND_<FIELD>`; the tester's switch `LOKET_SANDBOX_DECISIONS` is
the one exception, because it is meant to be typed by hand in front of `make run`."""


class SettingsError(Exception):
    """The settings contradict each other or name something that is not there. The text says which and why."""


def _async_driver(url: str) -> str:
    for plain, with_driver in (
        (r"^sqlite(\+aiosqlite)?:", "sqlite+aiosqlite:"),
        (r"^postgres(ql)?(\+asyncpg)?:", "postgresql+asyncpg:"),
    ):
        if re.match(plain, url):
            return re.sub(plain, with_driver, url)
    raise ValueError("expected a URL that begins with sqlite:// or postgresql://")


class Settings(BaseModel):
    """How one backend runs. Both profiles run the same code; the sandbox adds personas, an identity provider
    and an agency that decides by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    profile: Literal["sandbox", "production"] = "sandbox"
    database: Annotated[str, AfterValidator(_async_driver)] = "sqlite://"
    """`sqlite://` (in memory), `sqlite:///path/file.db`, or `postgresql://user@host/name`."""
    services: Path = Path("services")
    """The folder of service definitions: one folder an agency, one folder a service."""
    synthesised: int = Field(0, ge=0, le=1_000_000)
    """Sandbox only: how many services the catalogue has, those under `services` among them. 0: no others."""
    seed: int = 1
    """Which country is synthesised (see `sandbox/country.py`)."""
    keys: Path | None = None
    """The folder of private keys (see `keys.py`). None, in the sandbox only: keys live as long as the
    process."""
    public_url: str = Field("http://127.0.0.1:8700", pattern=r"^https?://[^/]+$")
    """Where citizens reach the backend; part of the DPoP check (`htu`) and issuer of receipts and
    credentials."""
    issuer: str | None = None
    """The identity provider whose access tokens are accepted. None in the sandbox: `<public_url>/idp`."""
    audience: str = "loket-backend"
    sandbox_pace_seconds: float = Field(20, ge=0)
    """How long the sandbox agency lets each step take."""
    sandbox_decisions: Literal["automatic", "manual"] = "automatic"
    """Whether the sandbox agency decides by itself, or waits for `loket agency accept|reject|ask`."""
    attachment_max_bytes: int = Field(10_000_000, ge=1)
    chunk_bytes: int = Field(262_144, ge=1)
    """Largest piece of an attachment that one request may carry."""
    requests_per_minute: int = Field(600, ge=1)
    """What one citizen may ask of one process."""

    @property
    def token_issuer(self) -> str:
        """The issuer that access tokens must name."""
        return self.issuer or f"{self.public_url}/idp"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """The settings that `environment` gives; what it does not name keeps its default.

        Raises:
            SettingsError: an unknown name or a value of the wrong kind; the text names the variable.
        """
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in environment.items()
            if name.startswith(PREFIX) and value
        }
        if decisions := environment.get("LOKET_SANDBOX_DECISIONS"):
            given["sandbox_decisions"] = decisions
        return cls.of(given)

    @classmethod
    def of(cls, *given: Mapping[str, Any]) -> Settings:
        """The settings that the mappings give, the later ones over the earlier.

        Raises:
            SettingsError: an unknown name or a value of the wrong kind; the text names the variable.
        """
        merged = {name: value for mapping in given for name, value in mapping.items()}
        try:
            return cls.model_validate(merged)
        except ValidationError as error:
            raise SettingsError(
                "\n".join(
                    f"{_variable(str(e['loc'][0]))}: {e['msg']} (came {e['input']!r})" for e in error.errors()
                )
            ) from None

    def given(self) -> dict[str, Any]:
        """What was decided, without what is merely the default."""
        return self.model_dump(exclude_unset=True)

    def to_environment(self) -> dict[str, str]:
        """These settings as the environment that `from_environment` reads back."""
        return {
            PREFIX + name.upper(): str(value)
            for name, value in self.model_dump(exclude_defaults=True).items()
            if value is not None
        }

    @property
    def in_memory(self) -> bool:
        """Whether the database is gone when the process ends."""
        return self.database.startswith("sqlite") and self.database.partition("://")[2] in ("", "/:memory:")

    def check(self) -> None:
        """Refuse what would be unsafe.

        Raises:
            SettingsError: the text says what contradicts and what to do.
        """
        if self.profile == "sandbox":
            return
        if self.synthesised:
            raise SettingsError("Production offers no synthesised services: leave `synthesised` out.")
        if self.in_memory:
            raise SettingsError("Production keeps no database in memory: give --database postgresql://…")
        if self.keys is None:
            raise SettingsError("Production needs a folder of keys: give --keys FOLDER (docs/operators.md).")
        if self.issuer is None:
            raise SettingsError("Production has no sandbox identity provider: give --issuer https://….")
        if not self.issuer.startswith("https://") or not self.public_url.startswith("https://"):
            raise SettingsError(
                "Production speaks https only: --issuer and --public-url begin with https://."
            )

    def check_serving(self, *, workers: int) -> None:
        """Refuse what would not work as a server of `workers` processes, besides what `check` refuses.

        Raises:
            SettingsError: the text says what contradicts and what to do.
        """
        self.check()
        if workers > 1 and self.database.startswith("sqlite"):
            raise SettingsError(
                f"{workers} workers cannot share a SQLite database: it lets one process write at a time. "
                "Give --database postgresql://… or --workers 1."
            )
        if self.keys is None and not self.in_memory:
            raise SettingsError(
                "This database outlives the server, and so must the keys that seal what is in it: "
                "give --keys FOLDER."
            )


def _variable(name: str) -> str:
    return "LOKET_SANDBOX_DECISIONS" if name == "sandbox_decisions" else PREFIX + name.upper()
