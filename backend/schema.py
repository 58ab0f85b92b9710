"""The schema of the database: made at once where it is fresh, migrated with Alembic where it is not.

A fresh database gets all tables in one go and the number of the newest migration; a test proves that the
migrations lead to exactly the same schema. Alembic is imported only when there is something to migrate.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, create_mock_engine, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import ExecutableDDLElement

# The provider's tables are part of the schema wherever it is made.
import backend.sandbox.identity_provider.tables  # noqa: F401  # pyright: ignore[reportUnusedImport]
from backend.database import Database
from backend.tables import Table

HEAD = "0006"
"""The newest migration in `migrations/versions`."""

MIGRATIONS = Path(__file__).parent / "migrations"
SCHEMA_LOCK = 5_655_685
"""The advisory lock of PostgreSQL under which only one process changes the schema."""


class SchemaError(Exception):
    """The schema is not what this version needs. The text says what to do."""


def metadata() -> MetaData:
    """All tables as this version wants them."""
    return Table.metadata


async def prepare(database: Database, *, migrate: bool) -> None:
    """Bring the schema to what this version needs: made if fresh, migrated if older and `migrate`.

    Raises:
        SchemaError: older and not to be migrated (production migrates with `loket backend migrate`, when its
            operator wants it), or from a newer version.
    """
    async with _alone(database) as connection:
        current = await connection.run_sync(_current)
        if current is None:
            await _create(connection)
        elif current != HEAD and not migrate:
            raise SchemaError(
                f"The database has schema {current}, this version needs {HEAD}. "
                "Save a backup, then run: loket backend migrate"
            )
        elif current != HEAD:
            await connection.run_sync(_upgrade)
            await connection.commit()


@asynccontextmanager
async def _alone(database: Database) -> AsyncGenerator[AsyncConnection]:
    """A connection; on PostgreSQL, while no other process looks at the schema or changes it."""
    async with database.engine.connect() as connection:
        if not database.postgresql:
            yield connection
            return
        await connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": SCHEMA_LOCK})
        try:
            yield connection
        finally:
            await connection.rollback()
            await connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": SCHEMA_LOCK})


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


async def _create(connection: AsyncConnection) -> None:
    # One script instead of thirty statements: each would be a way to the database and back.
    await connection.rollback()
    driver: Any = (await connection.get_raw_connection()).driver_connection
    if connection.dialect.name == "postgresql":
        await driver.execute(_script("postgresql"))
    else:
        await driver.executescript(f"BEGIN IMMEDIATE; {_script('sqlite')} COMMIT;")


@cache
def _script(dialect: str) -> str:
    statements: list[str] = []

    def take(statement: ExecutableDDLElement, *_: object, **__: object) -> None:
        statements.append(str(statement.compile(dialect=engine.dialect)))

    engine = create_mock_engine(f"{dialect}://", take)
    metadata().create_all(engine, checkfirst=False)
    primary_key = "CONSTRAINT alembic_version_pkc PRIMARY KEY"
    statements.append(f"CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL {primary_key})")
    statements.append(f"INSERT INTO alembic_version VALUES ('{HEAD}')")  # noqa: S608  # our own constant
    return "; ".join(statements) + ";"


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SchemaError(f"The database cannot be migrated: {error}. Is it from a newer version?") from None
