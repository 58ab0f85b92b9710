"""The rule `contact`: a citizen reaches an office, at hours that are told, at a number that can be
dialled."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from app.authoring.finding import Finding
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject
from app.authoring.texts import Steps
from app.contract.definition import Agency, Contact

RULE = Rule(
    name="contact",
    title="a citizen reaches an office",
    reason=(
        "Where something goes wrong a person wants to reach somebody. A contact names an office that stays "
        "when "
        "people move on, gives at least one way to reach it that works, and the hours at which somebody "
        "answers. "
        "A mailbox at a free provider belongs to a person, and cannot be told from a fraudster's."
    ),
    wrong="contact:\n  title: Bagian layanan\n  email: layanan.kota@gmail.com",
    right=(
        'contact:\n  title: Bagian layanan\n  phone: "1500537"\n  email: layanan@kota.go.id\n'
        "  hours: Hari kerja, 08.00–16.00 WIB"
    ),
    exceptions="Short numbers (110, 1500537) are dialled as they are. Hours may be “Kapan saja”.",
)

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_FREE = re.compile(r"@(?:gmail|yahoo|ymail|hotmail|outlook|live|icloud|proton(?:mail)?|aol)\.", re.IGNORECASE)
_SHORT = re.compile(r"1\d{2,7}")


def validate(subject: Subject) -> Iterator[Finding]:
    """The contact of a service or an agency, and the channels of a service."""
    match subject.model:
        case Agency():
            yield from _contact(subject, subject.model.contact)
        case _ if subject.definition is not None:
            definition = subject.definition
            yield from _contact(subject, definition.contact)
            if not any(channel.type == "app" for channel in definition.channels):
                yield subject.finding(
                    RULE.name,
                    ("channels",),
                    "none of them is the app.",
                    "Add `{type: app, title: Lewat Loket}`.",
                )
            for i, channel in enumerate(definition.channels):
                if channel.type in ("office", "phone") and channel.hours is None:
                    yield subject.finding(
                        RULE.name,
                        ("channels", i),
                        "an office or a telephone without hours.",
                        "Add `hours`: nobody should stand before a closed door.",
                    )
        case _:
            return


def _contact(subject: Subject, contact: Contact) -> Iterator[Finding]:
    at: Steps = ("contact",)
    if not (contact.phone or contact.email or contact.url):
        yield subject.finding(RULE.name, at, "no way to reach it.", "Add `phone`, `email` or `url`.")
    if contact.phone and contact.hours is None:
        yield subject.finding(RULE.name, at, "a telephone without hours.", "Add `hours`.")
    if contact.phone and not _dialled(contact.phone):
        yield subject.finding(
            RULE.name,
            (*at, "phone"),
            f'"{contact.phone}" cannot be dialled in Indonesia.',
            'Write it as people dial it: "021 555 1234", "1500537".',
        )
    if contact.email and not _EMAIL.fullmatch(contact.email):
        yield subject.finding(
            RULE.name, (*at, "email"), f'"{contact.email}" is no address.', "Write it as layanan@kota.go.id."
        )
    elif contact.email and _FREE.search(contact.email):
        yield subject.finding(
            RULE.name,
            (*at, "email"),
            "a mailbox at a free provider.",
            "Give the address of the office itself.",
        )


def _dialled(number: str) -> bool:
    if _SHORT.fullmatch(re.sub(r"[\s-]", "", number)):
        return True
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, "ID"))
    except phonenumbers.NumberParseException:
        return False
