"""0001: the first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables of the first version."""
    op.create_table(
        "agency_keys",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_keys")),
    )
    op.create_table(
        "applications",
        sa.Column("reference", sa.String(length=11), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("service", sa.String(length=129), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_move_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.Column("sealed_answers", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_question", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_applications")),
    )
    op.create_index(op.f("ix_applications_agency_state"), "applications", ["agency", "state"])
    op.create_index(op.f("ix_applications_next_move_at"), "applications", ["next_move_at"])
    op.create_index(op.f("ix_applications_subject_received_at"), "applications", ["subject", "received_at"])
    op.create_table(
        "attachments",
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", "sha256", name=op.f("pk_attachments")),
    )
    op.create_table(
        "definitions",
        sa.Column("service", sa.String(length=129), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("service", "version", name=op.f("pk_definitions")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "idp_families",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("scope", sa.String(length=256), nullable=False),
        sa.Column("auth_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("jkt", sa.String(length=64), nullable=True),
        sa.Column("retry_left", sa.Boolean(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idp_families")),
    )
    op.create_index(op.f("ix_idp_families_expires_at"), "idp_families", ["expires_at"])
    op.create_table(
        "idp_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("jwk", sa.JSON(), nullable=False),
        sa.Column("nonce_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idp_keys")),
    )
    op.create_table(
        "idp_requests",
        sa.Column("uri_sha256", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("redirect_uri", sa.String(length=512), nullable=False),
        sa.Column("scope", sa.String(length=256), nullable=False),
        sa.Column("state", sa.String(length=512), nullable=False),
        sa.Column("nonce", sa.String(length=512), nullable=False),
        sa.Column("code_challenge", sa.String(length=64), nullable=False),
        sa.Column("jkt", sa.String(length=64), nullable=True),
        sa.Column("ui_locales", sa.String(length=256), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uri_sha256", name=op.f("pk_idp_requests")),
    )
    op.create_index(op.f("ix_idp_requests_expires_at"), "idp_requests", ["expires_at"])
    op.create_table(
        "attachment_chunks",
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("sealed_data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject", "sha256"],
            ["attachments.subject", "attachments.sha256"],
            name=op.f("fk_attachment_chunks_subject_sha256"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subject", "sha256", "start", name=op.f("pk_attachment_chunks")),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("reference", sa.String(length=11), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("issuer", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_credential", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reference"], ["applications.reference"], name=op.f("fk_documents_reference")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_subject"), "documents", ["subject"])
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("reference", sa.String(length=11), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("sealed_note", sa.LargeBinary(), nullable=True),
        sa.Column("read", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["reference"], ["applications.reference"], name=op.f("fk_events_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_reference"), "events", ["reference"])
    op.create_index(op.f("ix_events_subject"), "events", ["subject"])
    op.create_table(
        "idp_codes",
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.Column("redirect_uri", sa.String(length=512), nullable=False),
        sa.Column("nonce", sa.String(length=512), nullable=False),
        sa.Column("code_challenge", sa.String(length=64), nullable=False),
        sa.Column("jkt", sa.String(length=64), nullable=True),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["family"], ["idp_families.id"], name=op.f("fk_idp_codes_family"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("pk_idp_codes")),
    )
    op.create_index(op.f("ix_idp_codes_family"), "idp_codes", ["family"])
    op.create_table(
        "idp_refresh_tokens",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.Column("standing", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["family"], ["idp_families.id"], name=op.f("fk_idp_refresh_tokens_family"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_idp_refresh_tokens")),
    )
    op.create_index(op.f("ix_idp_refresh_tokens_family"), "idp_refresh_tokens", ["family"])
    op.create_table(
        "register_entries",
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("concept", sa.String(length=64), nullable=False),
        sa.Column("sealed_value", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("source_title", sa.JSON(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=11), nullable=True),
        sa.ForeignKeyConstraint(
            ["reference"], ["applications.reference"], name=op.f("fk_register_entries_reference")
        ),
        sa.PrimaryKeyConstraint("subject", "concept", name=op.f("pk_register_entries")),
    )
