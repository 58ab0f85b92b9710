"""The description says what the backend does: schemathesis asks every operation all kinds of things."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
import uvicorn
from backend_desk import SERVICES, Clock, by_name, subject_of
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend import openapi
from backend.application import create
from backend.sandbox import SANDBOX_AGENCY_KEY
from backend.settings import Settings

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@schemathesis.serializer("application/offset+octet-stream")
def piece_of_a_file(_context, value) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


schema = schemathesis.openapi.from_path(COMMITTED)


def _application():
    return create(
        Settings(services=SERVICES, requests_per_minute=1_000_000), now=Clock(), authenticator=by_name
    )


def test_the_committed_description_is_what_the_backend_says_of_itself():
    assert COMMITTED.read_text(encoding="utf-8") == openapi.written(_application()), (
        "run: loket backend openapi > docs/openapi.json"
    )


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    config = uvicorn.Config(_application(), port=0, log_config=None, lifespan="on")
    server = uvicorn.Server(config)
    listening = config.bind_socket()
    # What comes before the server is up waits in the backlog.
    listening.listen(64)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


@schema.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_answers_as_described_whatever_it_is_asked(case, address):
    agency = "/agency/" in case.path
    key = f"Bearer {SANDBOX_AGENCY_KEY}" if agency else f"Named {subject_of('sari')}"
    response = case.call(base_url=address, headers={"Authorization": key})
    case.validate_response(response, checks=CHECKS)
