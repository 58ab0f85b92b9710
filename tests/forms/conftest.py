"""Citizens, and definitions to try one thing at a time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from form_samples import (
    HOSPITAL,
    NOTIFICATION,
    SARI,
    SARIS_FAMILY,
    SERVICES,
    attribute,
    definition_of,
    me_with,
)

from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.contract.source import read_service


@pytest.fixture(scope="session")
def birth() -> ServiceDefinition:
    return read_service(SERVICES / "dukcapil" / "birth-registration")


@pytest.fixture
def sari() -> Me:
    """Her child was born in a hospital that told the register; her marriage is recorded."""
    return Me(
        subject="sari",
        attributes=[
            attribute("person.nik", SARI["nik"]),
            attribute("person.phone", "+6281234567890"),
            attribute("family.card_number", "3273011203200001"),
            attribute("family.members", SARIS_FAMILY),
            attribute("marriage.record", {"number": "1", "date": "2021-06-05", "office": "KUA Coblong"}),
            attribute("birth.notification", NOTIFICATION, HOSPITAL),
        ],
    )


@pytest.fixture
def dewi() -> Me:
    """She gave birth at home, and her marriage is not recorded: the state knows her family and no more."""
    return me_with(
        person__nik=SARI["nik"],
        family__card_number="3273011203200001",
        family__members=SARIS_FAMILY,
    )


@pytest.fixture
def define() -> Callable[..., ServiceDefinition]:
    """A definition of pages given as mappings, which may read any concept named in `permissions`."""
    return definition_of
