from __future__ import annotations

import sys
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from relying_party import BASE, RelyingParty

from backend.application import running
from backend.settings import Settings

SERVICES = Path(__file__).parents[3] / "services"


@pytest.fixture
def provider_database(tmp_path):
    """SQLite, for rules that no database decides."""
    return f"sqlite:///{tmp_path}/provider.db"


@pytest.fixture
def start(provider_database, clock):
    """Starts the backend on one database, as often as a test wants."""
    settings = Settings(database=provider_database, services=SERVICES)

    def start():
        return running(settings, now=clock)

    return start


@pytest.fixture
async def app(start):
    async with start() as app:
        yield app


@pytest.fixture
async def http(app):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as http:
        yield http


@pytest.fixture
def party(http, clock):
    return RelyingParty(http, clock)
