from __future__ import annotations

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from backend_desk import subject_of
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import OperationalError

from backend import schema, tables
from backend.database import Database
from backend.settings import Settings


def _differences(connection: Connection) -> list:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
    return compare_metadata(context, schema.metadata())


def _script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    return ScriptDirectory.from_config(config)


@pytest.fixture
async def database(fresh_database_url):
    opened = Database(Settings(database=fresh_database_url).database)
    yield opened
    await opened.close()


async def test_migrations_lead_to_the_schema_of_the_models(database):
    async with database.engine.connect() as connection:
        await connection.run_sync(schema._upgrade)
        await connection.commit()
        assert await connection.run_sync(_differences) == []
    await schema.prepare(database, migrate=False)


async def test_a_fresh_database_gets_what_the_migrations_lead_to(database):
    await schema.prepare(database, migrate=False)
    async with database.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == schema.HEAD


def test_the_newest_migration_is_the_one_that_a_fresh_database_names():
    assert _script().get_heads() == [schema.HEAD]


async def test_an_older_schema_is_refused_until_the_operator_migrates_it(database):
    await schema.prepare(database, migrate=False)
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(schema.SchemaError, match="loket backend migrate"):
        await schema.prepare(database, migrate=False)
    with pytest.raises(schema.SchemaError, match="newer version"):
        await schema.prepare(database, migrate=True)


async def test_several_processes_that_start_at_once_make_one_schema(fresh_database_url):
    databases = [Database(Settings(database=fresh_database_url).database) for _ in range(4)]
    if not databases[0].postgresql:
        databases = databases[:1]
    await asyncio.gather(*(schema.prepare(database, migrate=True) for database in databases))
    for database in databases:
        await database.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///{folder}/kept.db"])
async def test_a_cancelled_request_leaves_neither_a_lost_database_nor_a_lock(url, tmp_path):
    database = Database(Settings(database=url.format(folder=tmp_path)).database)
    async with database.writing() as session:
        await session.execute(text("CREATE TABLE kept (x)"))

    async def write() -> None:
        async with database.writing() as session:
            await session.execute(text("INSERT INTO kept VALUES (1)"))
            await session.scalar(text("SELECT count(*) FROM kept"))

    ended = []
    for moment in range(80):
        request = asyncio.create_task(write())
        for _ in range(moment):
            await asyncio.sleep(0)
        request.cancel()
        # What was raised is held on to, as an error report would: its frames hold the cursors.
        ended += await asyncio.gather(request, return_exceptions=True)
        await write()
    await database.close()
    assert any(isinstance(end, asyncio.CancelledError) for end in ended)


async def test_what_was_raised_in_a_transaction_leaves_nothing(desk):
    async def fail() -> None:
        async with desk.backend.database.writing() as session:
            await session.execute(text("DELETE FROM register_entries"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert (await desk.get("me")).json()["attributes"]


async def test_two_writers_never_lose_each_others_work(desk):
    async def rename(letter: str) -> None:
        async with desk.backend.database.writing() as session:
            row = await session.scalar(
                select(tables.RegisterEntry)
                .where(tables.RegisterEntry.subject == subject_of("sari"))
                .where(tables.RegisterEntry.concept == "person.email")
                .with_for_update()
            )
            await asyncio.sleep(0)
            row.source = row.source + letter

    await asyncio.gather(*(rename(letter) for letter in "abcdefgh"))
    async with desk.backend.database.reading() as session:
        row = await session.get(tables.RegisterEntry, (subject_of("sari"), "person.email"))
    assert sorted(row.source.removeprefix("contact-register")) == list("abcdefgh")


async def test_foreign_keys_hold_on_both_databases(desk):
    from sqlalchemy.exc import IntegrityError

    async def orphan() -> None:
        async with desk.backend.database.writing() as session:
            await session.execute(
                text("UPDATE register_entries SET reference = '2222-2222-2' WHERE concept = 'person.email'")
            )

    with pytest.raises(IntegrityError):
        await orphan()


async def test_a_database_in_memory_serves_requests_side_by_side(start_desk):
    desk = await start_desk(database="sqlite://")
    await desk.apply()
    answers = await asyncio.gather(*(desk.get(path) for path in ("me", "messages", "applications") * 5))
    assert {answer.status_code for answer in answers} == {200}


async def test_an_error_of_the_database_never_quotes_values(desk):
    async def fail() -> None:
        async with desk.backend.database.writing() as session:
            await session.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": "Sari Contoh"})

    with pytest.raises(Exception, match="nowhere") as caught:
        await fail()
    assert "Sari" not in str(caught.value)
    assert not isinstance(caught.value, OperationalError) or "Sari" not in repr(caught.value)
