"""Where to hand in and with which key, and what the portal says, in words for a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from app.contract.language import Language

if TYPE_CHECKING:
    from app.backend_api.proposals import ProposalsClient
    from app.contract.publication import Proposal

T = TypeVar("T")
ENGLISH = Language.load("en")

STATES: Mapping[str, str] = {
    "draft": "is there as a draft; hand it over with loket service submit",
    "submitted": "waits for review; the portal's team decides with loket service review",
    "approved": "is approved; citizens get it with loket service publish",
    "rejected": "was sent back; mend it and hand it in again with loket service submit",
    "published": "is what citizens have now",
    "withdrawn": "is withdrawn",
}


class PortalRefused(Exception):
    """The portal did not do it, or cannot be reached. The text says why."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A backend and a key for it."""

    url: str
    key: str


def desk(url: str | None, key: str | None, *, reviewer: bool = False) -> Desk:
    """The backend and key that were given, else those of the sandbox that runs on this machine.

    Raises PortalRefused where there is neither.
    """
    if url and key:
        return Desk(url, key)
    if url or key:
        raise PortalRefused(
            "Give both --url and --key, or neither for the sandbox that runs on this machine."
        )
    from app.start import home_folder
    from backend.home import BackendHome
    from backend.sandbox import SANDBOX_AGENCY_KEY, SANDBOX_REVIEWER_KEY

    home = home_folder()
    running = BackendHome(home / "backend").running_url()
    if running is None:
        raise PortalRefused(
            f"No sandbox runs from {home}. Start the app (make run), set LOKET_HOME to its data folder, "
            "or give --url and --key."
        )
    return Desk(running, SANDBOX_REVIEWER_KEY if reviewer else SANDBOX_AGENCY_KEY)


def ask(where: Desk, operation: Callable[[ProposalsClient], Awaitable[T]]) -> T:
    """What the portal at `where` answers. Raises PortalRefused with its sentence and the places it names."""
    from app.backend_api.errors import BackendError, Refused
    from app.backend_api.exchange import http_client
    from app.backend_api.proposals import ProposalsClient

    async def asked() -> T:
        async with http_client() as http:
            return await operation(ProposalsClient(where.url, where.key, http))

    try:
        return asyncio.run(asked())
    except Refused as error:
        lines = [f"  {wrong.field}: {wrong.message}" for wrong in error.problem.errors]
        raise PortalRefused("\n".join([error.problem.detail, *lines])) from None
    except BackendError as error:
        raise PortalRefused(f"{ENGLISH.say(error.phrase)} ({where.url})") from None


def summary(proposal: Proposal) -> str:
    """One line about a proposal."""
    return f"{proposal.id}  {proposal.service} {proposal.version} {STATES[proposal.state]}."


def comments(proposal: Proposal) -> list[str]:
    """What reviewers said, a line each."""
    said = [f"{proposal.note}"] if proposal.note else []
    return said + [f"{one.path}:{one.line}: {one.text}" for one in proposal.comments]
