"""What has happened before a screen is looked at: done by the real parts, without the screens before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx

from app.applications.filing import Filing
from app.backend_api.agency import AgencyClient
from app.contract.applications import AgencyApplication, Decision
from app.forms.journey import CHECK, Journey
from app.testing.loket import URL, LoketCitizen
from backend.sandbox import SANDBOX_AGENCY_KEY

BIRTH = "dukcapil/birth-registration"
SERVICE = f"/service/{BIRTH}"
FORM = f"{SERVICE}/form"
LIFE_OF_A_TOKEN = 5 * 60
CHILD = "Arka Contoh Putra"


async def begin_birth(citizen: LoketCitizen, *, page: str = "", **answers: Any) -> Filing:
    """A draft of the registration, with `answers`, at `page`, or else at the first that is not answered."""
    device = citizen.device
    assert device.client is not None
    assert device.catalogue is not None
    definition = await device.catalogue.definition(BIRTH, device.client)
    me = await device.holdings.attributes.for_service(BIRTH)
    draft = await device.holdings.drafts.begin(definition)
    filing = Filing(Journey(definition, me, device.now().date()), draft, device.holdings.drafts)
    await answer(filing, page, answers)
    await citizen.settle()
    return filing


async def answer(filing: Filing, page: str, answers: dict[str, Any]) -> None:
    """Go on through the form with `answers`, to `page`, or as far as they carry."""
    journey = filing.journey
    while journey.at not in (CHECK, page):
        while asked := [f.id for f in journey.fields() if f.id in answers]:
            filing.answer(asked[0], answers.pop(asked[0]))
        if filing.forward():
            break
    if journey.at == CHECK and answers.pop("declaration", None):
        filing.answer("declaration", True)
    await filing.settled()


async def send_birth(citizen: LoketCitizen, name: str = CHILD) -> str:
    """Send Sari's registration; gives the id of what is on its way."""
    filing = await begin_birth(citizen, full_name=name, declaration=True)
    assert filing.blocking() == []
    outbox = citizen.device.holdings.outbox
    item = await outbox.send(filing.draft, filing.journey.submission_answers(), "id")
    await citizen.settle()
    return item.id


async def receive_birth(citizen: LoketCitizen, name: str = CHILD) -> str:
    """Send Sari's registration and let it arrive; gives its reference number."""
    item_id = await send_birth(citizen, name)
    item = await citizen.device.holdings.outbox.get(item_id)
    assert item is not None
    assert item.reference is not None
    return item.reference


async def decide(citizen: LoketCitizen, reference: str, **decision: Any) -> AgencyApplication:
    """Let the agency decide by hand, and let the news reach the phone."""
    await citizen.let_agency_work(30)
    async with httpx.AsyncClient(transport=citizen.sandbox.transport) as http:
        desk = AgencyClient(URL, SANDBOX_AGENCY_KEY, http)
        decided = await desk.decide(reference, Decision(**decision))
    await citizen.clock.advance(61)
    return decided


async def end_session(citizen: LoketCitizen) -> None:
    """Let the identity provider end the session, as it does with one that was not used for long."""
    citizen.network.answer("/idp/token", httpx.Response(400, json={"error": "invalid_grant"}))
    for _ in range(2):
        citizen.device.touch()
        await citizen.clock.advance(LIFE_OF_A_TOKEN / 2)
    citizen.network.answer("/idp/token", None)
    assert citizen.device.session.state == "signed_out"


def hold_back(owner: Any, name: str) -> Callable[[], None]:
    """Let the answers of `owner`'s method `name` wait; gives what lets them go."""
    real = getattr(owner, name)
    gate = asyncio.Event()

    async def later(*given: Any, **options: Any) -> Any:
        await gate.wait()
        return await real(*given, **options)

    setattr(owner, name, later)
    return gate.set
