"""What a citizen does at a field, and what is kept of it."""

from __future__ import annotations

import struct
import zlib

from app.forms.journey import Journey
from app.testing.gallery.examples import ID, Step
from app.testing.gallery.services import service_of
from app.testing.loket import LoketCitizen
from app.testing.phone import File


def photo(shade: int = 90) -> bytes:
    """A small PNG (ISO/IEC 15948) of one shade."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([shade] * 3) * 8 for _ in range(8))
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


async def do(citizen: LoketCitizen, *steps: Step, field: str = ID) -> None:
    """Answer a field step by step."""
    for step in steps:
        target = f"field.{field}{step.where}"
        match step.act:
            case "type":
                await citizen.type(target, step.text)
            case "tap":
                await citizen.tap(target)
            case "attach":
                await citizen.pick_files(target, File("foto.jpg", photo()))


async def answer_kept(citizen: LoketCitizen, kind: str) -> object:
    """The answer of the example field as the device would send it now, read from the draft on the disk."""
    holdings = citizen.device.holdings
    draft = await holdings.drafts.of_service(service_of(kind))
    assert draft is not None
    definition = await holdings.drafts.definition(draft.id)
    assert definition is not None
    me = await holdings.attributes.for_service(definition.id)
    journey = Journey.from_json(definition, draft.journey, me, citizen.clock.now().date())
    return journey.submission_answers().get(ID)
