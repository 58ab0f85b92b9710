from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.storage.storage import Storage


@pytest.fixture
def key() -> bytes:
    return os.urandom(32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "device" / "loket.db"


@pytest.fixture
async def storage(path: Path, key: bytes) -> AsyncIterator[Storage]:
    storage = await Storage.open(path, key)
    yield storage
    await storage.close()
