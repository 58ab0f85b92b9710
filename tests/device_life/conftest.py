from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from e2e.process import Running
from vault.conftest import SecretService, bus_folder, secret_service

__all__ = ["bus_folder", "secret_service"]


@pytest.fixture
async def device(tmp_path: Path, secret_service: SecretService) -> AsyncIterator[Running]:
    """The real app, not started yet, with a real Secret Service; the agency decides by hand."""
    running = Running(
        tmp_path / "home", LOKET_SANDBOX_DECISIONS="manual", LOKET_BACKEND_SANDBOX_PACE_SECONDS="0.2"
    )
    yield running
    await running.kill()
