"""0006: what the claims of a document are called."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Documents that are there have no labels of their own."""
    with op.batch_alter_table("documents") as documents:
        documents.add_column(sa.Column("labels", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("documents") as documents:
        documents.alter_column("labels", server_default=None)
