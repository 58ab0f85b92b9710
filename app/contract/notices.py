"""Notices: what everybody in the country, or in some regions, has to know now.

They travel signed and whole: whoever has one list has all that hold. Each list has a number that only grows,
so that nobody can bring an older one up again.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from app.contract.regions import regions
from app.contract.text import Text

NOTICES_TYPE: Final = "loket-notices+jws"
"""`typ` of the signed list."""

Level = Literal["info", "warning", "emergency"]
"""`emergency`: danger to life; it stands above everything."""

LONGEST_TITLE, LONGEST_TEXT = 80, 400
"""Letters, in each language: a notice is read at a glance."""


def _known(code: str) -> str:
    if code not in regions():
        raise ValueError(f"no region has the code {code}")
    return code


class Notice(BaseModel):
    """One notice. It holds from `valid_from` until `valid_until`, in `regions` (none: everywhere).

    `service`: the service that helps, if there is one. What is not `dismissible` stays until it ends.
    """

    model_config = ConfigDict(frozen=True)

    id: Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
    level: Level
    title: Text
    text: Text
    regions: list[Annotated[str, AfterValidator(_known)]] = []
    valid_from: AwareDatetime
    valid_until: AwareDatetime
    dismissible: bool = True
    service: Annotated[str, Field(pattern="^[a-z0-9-]+/[a-z0-9-]+$", max_length=129)] | None = None

    @model_validator(mode="after")
    def _is_readable(self) -> Self:
        if self.valid_until <= self.valid_from:
            raise ValueError("it ends before it begins")
        for name, text, most in (
            ("title", self.title, LONGEST_TITLE),
            ("text", self.text, LONGEST_TEXT),
        ):
            if (longest := max(map(len, text.root.values()))) > most:
                raise ValueError(f"the {name} has {longest} letters; at most {most} are read at a glance")
        return self


class Notices(BaseModel):
    """All notices that hold now or will. `number` is greater than that of every list before."""

    model_config = ConfigDict(frozen=True)

    number: int = Field(ge=0)
    notices: list[Notice] = []


class SignedNotices(BaseModel):
    """`GET /v1/notices`: `Notices` as the payload of a compact JWS (RFC 7515), `typ` `NOTICES_TYPE`."""

    notices: str
