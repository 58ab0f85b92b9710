"""Where an agency's own system hears of its applications: connecting it, and what it will be sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.deliveries import (
    ID_HEADER,
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    Connector,
    Delivery,
    DeliveryRecord,
    DeliveryState,
    NewConnector,
    NewKey,
    Redelivered,
)
from app.contract.phrase import N_
from app.contract.problems import ProblemType
from backend.access import Agency
from backend.agencies import AgencyAccess
from backend.connectors import outbox, registration
from backend.connectors.addresses import AddressPolicy, AddressRefused
from backend.openapi import refusals
from backend.problems import ProblemError, WrongField
from backend.routes.catalogue import Slug
from backend.routes.server import KeySet
from backend.state import Backend, backend_of

router = APIRouter(
    prefix="/agency", tags=["connector"], responses=refusals(ProblemType.NOT_SIGNED_IN, ProblemType.NOT_FOUND)
)
keys = APIRouter(tags=["connector"])
webhooks = APIRouter()

Whose = Annotated[
    str | None,
    Query(
        alias="agency",
        pattern="^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=64,
        description="Only with the sandbox's key, which acts for every agency.",
    ),
]
Identifier = Annotated[str, Query(pattern="^msg_[0-9A-Z]{9}_[0-9]{1,6}$")]


@router.get("/connector", response_model_exclude_none=True)
async def read(request: Request, access: Agency, agency: Whose = None) -> Connector:
    """How the deliveries stand."""
    backend = backend_of(request)
    async with backend.database.reading() as session:
        return await _shown(session, _whose(backend, access, agency))


@router.put("/connector", response_model_exclude_none=True)
async def connect(request: Request, access: Agency, new: NewConnector, agency: Whose = None) -> Connector:
    """Deliver the agency's applications to this URL from now on, beginning with those that wait for it."""
    backend = backend_of(request)
    whose = _whose(backend, access, agency)
    try:
        AddressPolicy(loopback=backend.settings.profile == "sandbox").read(new.url)
    except AddressRefused:
        raise ProblemError(
            ProblemType.INVALID_REQUEST,
            N_("Alamat ini tidak dapat dipakai, jadi sambungan belum diubah. Perbaiki, lalu kirim lagi."),
            errors=[
                WrongField(
                    "url", N_("Pakai alamat https:// di internet, tanpa nama pengguna dan tanpa tanda #.")
                )
            ],
        ) from None
    async with backend.database.writing() as session:
        await backend.connectors.connect(session, whose, new)
        shown = await _shown(session, whose)
    backend.courier.wake()
    return shown


@router.delete("/connector", status_code=204)
async def disconnect(request: Request, access: Agency, agency: Whose = None) -> Response:
    """Deliver nothing more, and forget what was to be delivered. The applications stay."""
    backend = backend_of(request)
    whose = _whose(backend, access, agency)
    next_move = backend.agency.next_move if backend.agency else None
    async with backend.database.writing() as session:
        if not await registration.disconnect(session, whose, backend.now(), next_move):
            raise _not_connected()
    return Response(status_code=204)


@router.post("/connector/pause", response_model_exclude_none=True)
async def pause(request: Request, access: Agency, agency: Whose = None) -> Connector:
    """Deliver nothing until it is resumed; what happens meanwhile is kept."""
    backend = backend_of(request)
    whose = _whose(backend, access, agency)
    async with backend.database.writing() as session:
        await registration.pause(session, whose, backend.now())
        return await _shown(session, whose)


@router.post("/connector/resume", response_model_exclude_none=True)
async def resume(request: Request, access: Agency, agency: Whose = None) -> Connector:
    """Deliver again, and at once, whatever it was that stopped it."""
    backend = backend_of(request)
    whose = _whose(backend, access, agency)
    async with backend.database.writing() as session:
        await registration.resume(session, whose, backend.now())
        shown = await _shown(session, whose)
    backend.courier.wake()
    return shown


@router.post("/connector/rotate-key")
async def rotate_key(request: Request, access: Agency, new: NewKey, agency: Whose = None) -> KeySet:
    """Sign with a new key. The old one signs as well until the overlap is over, so that nothing is refused
    meanwhile."""
    backend = backend_of(request)
    whose = _whose(backend, access, agency)
    async with backend.database.writing() as session:
        await backend.connectors.rotate_key(session, whose, timedelta(hours=new.overlap_hours))
        return await _keys(backend, session, whose)


@router.get("/deliveries", response_model_exclude_none=True)
async def read_deliveries(
    request: Request,
    access: Agency,
    state: Annotated[DeliveryState | None, Query()] = None,
    agency: Whose = None,
) -> list[DeliveryRecord]:
    """The last 200 deliveries, the newest first; only those in `state`, if given."""
    backend = backend_of(request)
    whose = _whose(backend, access, agency)
    async with backend.database.reading() as session:
        return await outbox.listed(session, whose, state, backend.now())


@router.post("/deliveries/redeliver")
async def redeliver(
    request: Request,
    access: Agency,
    delivery: Annotated[Identifier | None, Query(alias="id")] = None,
    agency: Whose = None,
) -> Redelivered:
    """Try again at once what was given up; with `id` that delivery alone, also where it waits for its next
    try."""
    backend = backend_of(request)
    whose = _whose(backend, access, agency)
    async with backend.database.writing() as session:
        count = await outbox.redeliver(session, whose, backend.now(), delivery)
    backend.courier.wake()
    return Redelivered(deliveries=count)


@keys.get("/connectors/{agency}/keys", responses=refusals(ProblemType.NOT_FOUND))
async def delivery_keys(request: Request, agency: Slug) -> KeySet:
    """The keys that deliveries to an agency are signed with: two of them while one is changed."""
    backend = backend_of(request)
    async with backend.database.reading() as session:
        return await _keys(backend, session, agency)


@webhooks.post(
    "application",
    status_code=204,
    response_description="Any 2xx: taken, and kept where it survives a power cut.",
    responses={
        410: {"description": "Deliver nothing more: the connector is stopped until it is resumed."},
        429: {"description": "Come again after `Retry-After`."},
        503: {"description": "Come again after `Retry-After`."},
    },
    response_class=Response,
)
async def deliver(
    delivery: Delivery,  # noqa: ARG001
    identifier: Annotated[
        str, Header(alias=ID_HEADER, description="The same on every attempt: take each only once.")
    ],
    timestamp: Annotated[
        int, Header(alias=TIMESTAMP_HEADER, description="Seconds since 1970, of this attempt.")
    ],
    signature: Annotated[
        str,
        Header(alias=SIGNATURE_HEADER, description="`v1a,<base64>`, one or more: Standard Webhooks 1.0.0."),
    ],
) -> None:
    """Something has happened to an application. Whatever is not answered 2xx within 20 seconds comes again.
    Redirects are not followed."""
    # Described here, and sent by `backend/connectors`.
    del identifier, timestamp, signature


def _whose(backend: Backend, access: AgencyAccess, agency: str | None) -> str:
    """The agency that is meant: that of the key, or the one that is named where the key is the sandbox's."""
    if access.agency is not None:
        if agency not in (None, access.agency):
            raise _not_connected()
        return access.agency
    known = {service.partition("/")[0] for service in backend.services.ids()}
    if agency not in known:
        raise ProblemError(
            ProblemType.NOT_FOUND,
            N_("Sebutkan instansi yang ada layanannya di sini: agency=…"),
        )
    return agency


async def _shown(session: AsyncSession, agency: str) -> Connector:
    found = await registration.shown(session, agency)
    if not found:
        raise _not_connected()
    return found[0]


async def _keys(backend: Backend, session: AsyncSession, agency: str) -> KeySet:
    found = await backend.connectors.public_keys(session, agency)
    if found is None:
        raise _not_connected()
    return KeySet.model_validate(found)


def _not_connected() -> ProblemError:
    return ProblemError(
        ProblemType.NOT_FOUND,
        N_("Instansi ini belum menyambungkan sistemnya. Sambungkan dulu: loket agency connect."),
    )
