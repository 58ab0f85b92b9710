"""A place in a form is reached by its answers, or said not to be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.contract.source import read_service
from app.forms.journey import CHECK, Journey
from app.testing.find import NotSeen
from app.testing.gallery.services import service_of, write_services
from app.testing.place import Place


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> ServiceDefinition:
    root: Path = write_services(tmp_path_factory.mktemp("place"))
    return read_service(root / service_of("integer"), root)


def journey(definition: ServiceDefinition) -> Journey:
    return Journey(definition, Me(subject="sari", attributes=[]), date(2026, 3, 7))


def test_a_page_has_its_own_answers_and_those_before_it(definition: ServiceDefinition) -> None:
    here = journey(definition)
    Place("page", {"answer": 4}).reach(here)
    assert here.at == "page"
    assert here.value("answer") == 4


def test_the_check_page_is_reached_when_everything_before_it_is_right(definition: ServiceDefinition) -> None:
    here = journey(definition)
    Place(CHECK, {"answer": 4}).reach(here)
    assert here.at == CHECK


def test_answers_that_lead_elsewhere_are_told_with_what_is_wrong(definition: ServiceDefinition) -> None:
    with pytest.raises(NotSeen, match=r"lead to the page 'page', not to 'check': answer: .*30"):
        Place(CHECK, {"answer": 400}).reach(journey(definition))


def test_a_page_that_does_not_end_the_form_is_told(definition: ServiceDefinition) -> None:
    with pytest.raises(NotSeen, match="does not end at the page"):
        Place("page", {"answer": 4}, ended=True).reach(journey(definition))
