"""An agency's system at hand, for tests of what is delivered to it: it answers as it is told to."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backend_desk import Desk
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from backend.connectors.carrier import Outcome
from backend.connectors.courier import Courier

DELIVERED = Outcome("delivered")
DOWN = Outcome("down", "answered 500")
URL = "https://system.dukcapil.example/loket"


@dataclass(frozen=True)
class Came:
    """One attempt as the system saw it."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class System:
    """Stands where `HttpCarrier` does. `answers` is what it says next, the last of them for good; `held` lets
    attempts wait."""

    answers: list[Outcome] = field(default_factory=lambda: [DELIVERED])
    came: list[Came] = field(default_factory=list)
    held: asyncio.Event | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def carry(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        self.came.append(Came(url, headers, body))
        self.arrived.set()
        if self.held is not None:
            await self.held.wait()
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    async def close(self) -> None:
        pass

    @property
    def sequence(self) -> list[tuple[str, int]]:
        return [(one.told["data"]["reference"], one.told["sequence"]) for one in self.came]


def courier_of(desk: Desk, system: System) -> Courier:
    """One more courier of the desk's backend, which delivers to `system`."""
    desk.backend.courier = Courier(desk.backend, system)
    return desk.backend.courier


async def ask(desk: Desk, method: str, path: str, **more: Any) -> Any:
    """An operation of the agency's side, as the sandbox's agency for `dukcapil`."""
    parameters = {"agency": "dukcapil", **more.pop("params", {})}
    return await desk.http.request(
        method, f"/v1/agency/{path}", headers=desk.agency, params=parameters, **more
    )


async def connect(desk: Desk, url: str = URL, **more: Any) -> dict[str, Any]:
    answer = await ask(desk, "PUT", "connector", json={"url": url, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def standing(desk: Desk) -> dict[str, Any]:
    return (await ask(desk, "GET", "connector")).json()


async def deliveries(desk: Desk, **params: Any) -> list[dict[str, Any]]:
    return (await ask(desk, "GET", "deliveries", params=params)).json()


async def published_keys(desk: Desk) -> list[Ed25519PublicKey]:
    keys = (await desk.http.get("/v1/connectors/dukcapil/keys")).json()["keys"]
    return [Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "==")) for key in keys]


async def answer_question(desk: Desk, reference: str, name: str, key: str = "answer") -> None:
    """The agency asks about the child's name, and its citizen answers."""
    asked = await desk.decide(reference, kind="ask", page="child", reason="Periksa nama.")
    body = {"question": asked.json()["question"]["id"], "answers": {"full_name": name, "sex": "male"}}
    answered = await desk.post(f"applications/{reference}/answers", body, key)
    assert answered.status_code == 200, answered.text
