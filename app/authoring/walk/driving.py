"""Drives ways through the whole app, headless, against the real backend: until the receipt, or an exit."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.authoring.walk.acts import Act, Scene, scenes
from app.authoring.walk.citizens import Citizen, changed, personas
from app.authoring.walk.pictures import bytes_of
from app.authoring.walk.replay import Trouble, begin
from app.authoring.walk.ways import Way
from app.contract.citizen import Attribute
from app.contract.definition import ServiceDefinition
from app.forms.journey import CHECK
from app.testing.citizen import AppFailed
from app.testing.clock import Clock, NeverAtRest
from app.testing.find import NotSeen
from app.testing.phone import File, Phone
from app.testing.services import beside_lokets, root_around

if TYPE_CHECKING:
    from app.testing.loket import LoketCitizen, Sandbox

_MORNING = time(2, 5)
"""UTC: five past nine in Jakarta."""


class Driver:
    """Drives ways through the app on one day, with one backend that serves the services of a folder."""

    def __init__(self, sandbox: Sandbox, clock: Clock, folder: Path) -> None:
        self._sandbox = sandbox
        self._clock = clock
        self._folder = folder
        self._count = 0

    @classmethod
    @asynccontextmanager
    async def up(cls, service: Path, day: date) -> AsyncGenerator[Driver]:
        """A driver for the service in the folder `service`, on the morning of `day`."""
        from app.testing.loket import Sandbox

        place = Path(tempfile.mkdtemp(prefix="loket-walk-"))
        try:
            services = beside_lokets(root_around(service), place / "services")
            clock = Clock(datetime.combine(day, _MORNING, UTC))
            async with Sandbox.up(clock, services=services) as sandbox:
                yield cls(sandbox, clock, place)
        finally:
            shutil.rmtree(place, ignore_errors=True)

    async def drive(self, definition: ServiceDefinition, citizen: Citizen, way: Way) -> list[Trouble]:
        """Go one way in the app; gives what went otherwise, nothing where it held."""
        from app.testing.loket import LoketCitizen

        me = citizen.me(way.knows)
        today = self._clock.now().date()
        played = scenes(definition, me, today, way)
        await self._registers(citizen, way.knows)
        self._count += 1
        home = self._folder / str(self._count)
        somebody = LoketCitizen(self._sandbox, self._clock, Phone(folder=home / "phone"), home / "loket")
        at = played[0]
        try:
            await somebody.at_home(citizen.persona, f"/service/{definition.id}/form")
            for at in played:
                await _play(somebody, at)
            await self._end(somebody, definition, way)
            if way.ends.sent:
                wanted = begin(definition, me, today, way)
                while wanted.at != CHECK:
                    wanted.forward()
                await _received(somebody, wanted.submission_answers())
            await somebody.leave()
            somebody.check_errors()
        except (NotSeen, AppFailed, NeverAtRest) as failure:
            return [Trouble(at.page, None, f"in the app: {failure}")]
        finally:
            await somebody.leave()
        return []

    async def _registers(self, citizen: Citizen, knows: Mapping[str, Any]) -> None:
        """Let the registers say what they say on a way: of everything that the service reads."""
        from backend.registers import seed

        said: list[Attribute] = []
        for concept in citizen.readable:
            known = citizen.known.get(concept)
            value = knows.get(concept, citizen.changes.get(concept, known.value if known else None))
            if concept in knows or known is None or value != known.value or self._count:
                said.append(changed(known, concept, value))
        backend = self._sandbox.app.state.backend
        await seed(backend.database, backend.keys.seal, {personas()[citizen.persona].subject: said})

    async def _end(self, somebody: LoketCitizen, definition: ServiceDefinition, way: Way) -> None:
        if way.ends.sent:
            somebody.should_see("receipt.reference")
            return
        page = next(page for page in definition.form.pages if page.id == way.ends.page)
        somebody.should_see("form.exit", page.exits[way.ends.exit].title.in_("id"))


async def _play(somebody: LoketCitizen, scene: Scene) -> None:
    somebody.should_see(scene.title)
    for act in (*scene.answers, *scene.leave):
        await _do(somebody, act)


async def _do(somebody: LoketCitizen, act: Act) -> None:
    match act.do:
        case "tap":
            await somebody.tap(act.target)
        case "type":
            await somebody.type(act.target, act.text)
        case "attach" if act.file is not None:
            await somebody.pick_files(act.target, File(act.file.name, bytes_of(act.file)))
        case _:
            raise ValueError(f"nothing to attach at {act.target}")


async def _received(somebody: LoketCitizen, wanted: Mapping[str, Any]) -> None:
    """The agency has got what was answered: every answer, and no other."""
    client = somebody.device.client
    received: Sequence[Any] = (await client.applications()) if client is not None else []
    got = received[0].answers if received else {}
    wrong = [name for name in {**wanted, **got} if wanted.get(name) != got.get(name)]
    if wrong:
        told = "; ".join(f"{name}: {got.get(name)!r}, not {wanted.get(name)!r}" for name in wrong)
        raise NotSeen(f"the agency received other answers: {told}")
