"""What the backend keeps, as tables. Columns named `sealed_…` are encrypted (see `keys.py`).

Nothing that says something about a person is kept in clear: answers, attribute values, credentials, file
names, file contents and the agency's own words are sealed. A subject is an opaque identifier.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database (SQLite has no zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """`value` as this database keeps it."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """`value` with its zone again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: Instant,
        bytes: LargeBinary,
        dict[str, str]: JSON,
        dict[str, Any]: JSON,
    }


class Definition(Table):
    """A published version of a service definition: canonical JSON, kept for as long as anybody filled it
    in."""

    __tablename__ = "definitions"

    service: Mapped[str] = mapped_column(String(129), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes]


class CatalogueEdition(Table):
    """An edition of the catalogue (see `app/contract/catalogue.py`). Of all but the newest, only the changes
    are kept that led to it."""

    __tablename__ = "catalogue_editions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    content: Mapped[bytes | None]
    changes: Mapped[bytes | None]


class Notice(Table):
    """A notice (see `app/contract/notices.py`). Never deleted: what was said is on record."""

    __tablename__ = "notices"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    content: Mapped[dict[str, Any]]
    ends_at: Mapped[datetime]
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Application(Table):
    """A submission that arrived. `next_move_at`: when the sandbox agency takes its next step, if it will."""

    __tablename__ = "applications"
    __table_args__ = (
        Index(None, "subject", "received_at"),
        Index(None, "agency", "state"),
        Index(None, "next_move_at"),
    )

    reference: Mapped[str] = mapped_column(String(11), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255))
    agency: Mapped[str] = mapped_column(String(64))
    service: Mapped[str] = mapped_column(String(129))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    received_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    next_move_at: Mapped[datetime | None]
    receipt: Mapped[dict[str, Any]]
    sealed_answers: Mapped[bytes]
    sealed_question: Mapped[bytes | None]


class Event(Table):
    """One step of an application: an entry of its timeline and, at the same time, a message to the
    citizen."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "subject"), Index(None, "reference"))

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(255))
    reference: Mapped[str] = mapped_column(ForeignKey("applications.reference"))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    title: Mapped[dict[str, str]]
    body: Mapped[dict[str, str]]
    sealed_note: Mapped[bytes | None]
    read: Mapped[bool] = mapped_column(default=False)


class Attachment(Table):
    """A file of one citizen, addressed by its content. `received` bytes of `size` are there."""

    __tablename__ = "attachments"

    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed_name: Mapped[bytes]
    media_type: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    received: Mapped[int]
    complete: Mapped[bool]
    begun_at: Mapped[datetime]


class AttachmentChunk(Table):
    """A piece of an attachment, as it arrived."""

    __tablename__ = "attachment_chunks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["subject", "sha256"], ["attachments.subject", "attachments.sha256"], ondelete="CASCADE"
        ),
    )

    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True)
    sealed_data: Mapped[bytes]


class Document(Table):
    """A document that was issued, with its credential."""

    __tablename__ = "documents"
    __table_args__ = (Index(None, "subject"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255))
    reference: Mapped[str] = mapped_column(ForeignKey("applications.reference"))
    type: Mapped[str] = mapped_column(String(64))
    title: Mapped[dict[str, str]]
    labels: Mapped[dict[str, Any]]
    issuer: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    sealed_credential: Mapped[bytes]


class RegisterEntry(Table):
    """One attribute of one citizen. `reference`: the application that changed it, None as first recorded."""

    __tablename__ = "register_entries"

    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    concept: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed_value: Mapped[bytes]
    source: Mapped[str] = mapped_column(String(64))
    source_title: Mapped[dict[str, str]]
    as_of: Mapped[date]
    reference: Mapped[str | None] = mapped_column(ForeignKey("applications.reference"))


class IdempotencyKey(Table):
    """A write that was answered: the same key gets the same answer again, in the same transaction as the
    write."""

    __tablename__ = "idempotency_keys"

    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    sealed_answer: Mapped[bytes]
    created_at: Mapped[datetime]


class Proposal(Table):
    """A version of a service that an agency wants published. `content` is its bundle, byte for byte."""

    __tablename__ = "proposals"
    __table_args__ = (Index(None, "agency", "state"), UniqueConstraint("agency", "digest"))

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    agency: Mapped[str] = mapped_column(String(64))
    service: Mapped[str] = mapped_column(String(129))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes]
    signer: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(80))
    note: Mapped[str | None] = mapped_column(Text)
    comments: Mapped[list[Any]] = mapped_column(JSON)
    medal: Mapped[dict[str, Any] | None]
    agency_definition: Mapped[dict[str, Any] | None]
    updated_at: Mapped[datetime]


class ProposalStep(Table):
    """The audit log of proposals: each entry names the hash of the one before, so that none can be taken
    out."""

    __tablename__ = "proposal_steps"
    __table_args__ = (Index(None, "proposal"), UniqueConstraint("previous"))

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal: Mapped[str] = mapped_column(ForeignKey("proposals.id"))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))


class Publication(Table):
    """A link in the chain of a service (see `app/contract/publication.py`). `proposal` is None for those
    of the
    folder."""

    __tablename__ = "publications"
    __table_args__ = (UniqueConstraint("service", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(String(129))
    sequence: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    definition_sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    medal: Mapped[dict[str, Any] | None]
    proposal: Mapped[str | None] = mapped_column(ForeignKey("proposals.id"))
    jws: Mapped[str] = mapped_column(Text)


class Signer(Table):
    """A public key that bundles of an agency are signed with, by its RFC 7638 thumbprint."""

    __tablename__ = "signers"
    __table_args__ = (Index(None, "agency"),)

    thumbprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    agency: Mapped[str] = mapped_column(String(64))
    jwk: Mapped[dict[str, Any]]
    added_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Reviewer(Table):
    """A credential of somebody in the portal's team; kept as those of agencies are."""

    __tablename__ = "reviewers"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    secret_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Connector(Table):
    """Where the applications of an agency are delivered to (see `connectors/`).

    `state` is a `ConnectorState` since `changed_at`. `failures` were met since the last delivery that was
    taken; `resume_at`: nothing is tried before. `sealed_keys`: what its deliveries are signed with.
    """

    __tablename__ = "connectors"

    agency: Mapped[str] = mapped_column(String(64), primary_key=True)
    url: Mapped[str] = mapped_column(String(512))
    max_in_flight: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sealed_keys: Mapped[bytes]
    failures: Mapped[int]
    failing_since: Mapped[datetime | None]
    resume_at: Mapped[datetime | None]
    last_delivered_at: Mapped[datetime | None]
    trouble: Mapped[str | None] = mapped_column(String(200))


class Delivery(Table):
    """Something that an agency's system is to be told, until it has said that it knows.

    `due_at`: when it is tried (again); None once it is delivered or dead. While `lease` is set a courier has
    it, and `due_at` is when that courier is taken for dead. `sealed_body` is frozen before the first attempt
    and forgotten after the last.
    """

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "agency", "due_at"), UniqueConstraint("reference", "sequence"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    agency: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(ForeignKey("applications.reference"))
    sequence: Mapped[int]
    type: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    attempts: Mapped[int]
    first_tried_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    lease: Mapped[str | None] = mapped_column(String(32))
    delivered_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    sealed_body: Mapped[bytes | None]
    trouble: Mapped[str | None] = mapped_column(String(200))


class AgencyKey(Table):
    """A credential of an agency. Keys carry 256 random bits, so a plain SHA-256 of the secret is enough."""

    __tablename__ = "agency_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    agency: Mapped[str] = mapped_column(String(64))
    secret_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
