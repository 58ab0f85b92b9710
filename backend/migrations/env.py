"""Runs migrations on the connection that `schema.py` hands over, or writes new ones against a scratch
database."""

from __future__ import annotations

from alembic import context

from backend.schema import metadata

connection = context.config.attributes["connection"]
# SQLite cannot alter a column in place: Alembic copies the table.
context.configure(connection=connection, target_metadata=metadata(), render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
