"""What is done about an application once it is kept: its files are fetched, rules decide, the decision is
sent.

Each step is kept before the next one begins, so the program can be killed anywhere. A decision is sent under
one `Idempotency-Key` until its answer has come: it is carried out once, however often it is sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import httpx

from connector.reference.rules import Rule, decide
from connector.reference.store import Case, Store

FIRST_PAUSE_SECONDS: Final = 0.05
LONGEST_PAUSE_SECONDS: Final = 60.0
LATER: Final = frozenset({401, 403, 408, 425, 429, 500, 502, 503, 504})
"""Answers that say nothing about the decision: it is sent again. 401 waits for a new key."""

log = logging.getLogger("connector")


class Worker:
    """Works on what is in `store`. `backend` speaks to the backend as the agency (see `backend_client`)."""

    def __init__(self, store: Store, rules: Sequence[Rule], backend: httpx.AsyncClient) -> None:
        self._store = store
        self._rules = rules
        self._backend = backend
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        """There is something new. May be called from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._woken.set)

    async def run(self) -> None:
        """Work for as long as the connector runs, beginning with what was left."""
        self._loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE_SECONDS
        while True:
            self._woken.clear()
            left = await self.work()
            pause = min(LONGEST_PAUSE_SECONDS, 2 * pause) if left else FIRST_PAUSE_SECONDS
            with suppress(TimeoutError):
                # Unlike `wait_for`, it never swallows a cancellation that comes as it is woken.
                async with asyncio.timeout(pause if left else LONGEST_PAUSE_SECONDS):
                    await self._woken.wait()

    async def work(self) -> int:
        """Take every application as far as it goes now; gives how many have to be taken up again."""
        left = 0
        for case in await asyncio.to_thread(self._store.cases, "new", "deciding"):
            try:
                left += not await self._work_on(case)
            except httpx.HTTPError as error:
                # The backend cannot be reached: everything stays as it is, and is taken up again.
                log.warning("%s waits: %s", case.reference, type(error).__name__)
                left += 1
            except Exception:
                log.exception("%s waits", case.reference)
                left += 1
        return left

    async def _work_on(self, case: Case) -> bool:
        decision = case.decision
        if case.work == "new":
            await self._fetch_files(case)
            decision = decide(self._rules, case.application)
            work = "waiting" if decision is None else "deciding"
            await asyncio.to_thread(self._store.put, case, work, decision)
        return decision is None or await self._send(case, decision)

    async def _fetch_files(self, case: Case) -> None:
        for file in case.application.get("attachments", []):
            sha256 = str(file["sha256"])
            if await asyncio.to_thread(self._store.has_file, case.reference, sha256):
                continue
            answer = await self._backend.get(f"{case.reference}/attachments/{sha256}")
            answer.raise_for_status()
            await asyncio.to_thread(self._store.put_file, case.reference, sha256, answer.content)

    async def _send(self, case: Case, decision: dict[str, Any]) -> bool:
        """Whether the decision is dealt with: carried out, or refused for good."""
        answer = await self._backend.post(
            f"{case.reference}/decision",
            json=decision,
            headers={"Idempotency-Key": f'"{case.reference}-{case.sequence}"'},
        )
        problem = _problem(answer)
        if answer.is_success or problem.endswith("/not-waiting"):
            # Not waiting: somebody else has decided in the meantime.
            await asyncio.to_thread(self._store.put, case, "done", decision)
        elif answer.status_code in LATER or problem.endswith("/idempotency-in-progress"):
            log.warning("%s waits: answered %d", case.reference, answer.status_code)
            return False
        else:
            note = f"answered {answer.status_code} {problem}"
            log.error("%s was not decided: %s", case.reference, note)
            await asyncio.to_thread(self._store.put, case, "refused", decision, note)
        return True


def backend_client(
    backend: str, key: str, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """Speaks to the agency's side of the backend with the agency's key."""
    return httpx.AsyncClient(
        base_url=f"{backend.rstrip('/')}/v1/agency/applications/",
        headers={"Authorization": f"Bearer {key}"},
        timeout=30,
        transport=transport,
    )


def _problem(answer: httpx.Response) -> str:
    """The `type` of the problem (RFC 9457) that the backend tells."""
    try:
        return str(answer.json()["type"])
    except (ValueError, KeyError, TypeError):
        return ""
