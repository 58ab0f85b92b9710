"""A version of a service on its way to citizens: draft → submitted → approved | rejected → published →
withdrawn.

Authors act with the key of their agency, reviewers with keys of their own: nobody approves what they
handed in.
What is published is, byte for byte, what was reviewed. Every step stands in an audit log whose entries
name the
hash of the one before.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.medal import Medal
from app.contract.phrase import N_
from app.contract.problems import ProblemType
from app.contract.publication import (
    Bundle,
    Comment,
    Proposal,
    ProposalState,
    ProposalWithBundle,
    Review,
    Step,
)
from backend import publications, tables
from backend.agencies import KEY, AgencyAccess
from backend.bundles import BundleRefused, Opened, Signed, open_bundle, read_bundle, thumbprint
from backend.problems import ProblemError, WrongField
from backend.sandbox import SANDBOX_REVIEWER_KEY
from backend.state import Backend

LOG: Final = "proposal_steps"
FIRST: Final = "0" * 64
"""What the first entry of the audit log follows."""
FROM: Final[dict[str, tuple[ProposalState, ...]]] = {
    "submitted": ("draft",),
    "approved": ("submitted",),
    "rejected": ("submitted",),
    "published": ("approved",),
    "withdrawn": ("draft", "submitted", "approved", "published"),
}
"""From which states a proposal comes to each state."""


@dataclass(frozen=True, slots=True)
class ReviewerAccess:
    """Somebody of the portal's team."""

    name: str

    @property
    def actor(self) -> str:
        """How the audit log calls them."""
        return f"reviewer:{self.name}"


# Who


async def new_reviewer(
    session: AsyncSession, name: str, at: datetime, random_bytes: Callable[[int], bytes]
) -> str:
    """Make a key for somebody of the portal's team; only its hash is kept."""
    identifier, secret = random_bytes(8).hex(), random_bytes(32).hex()
    session.add(
        tables.Reviewer(id=identifier, name=name, secret_sha256=_hash(secret), created_at=at, revoked_at=None)
    )
    return f"loket_{identifier}_{secret}"


async def revoke_reviewer(session: AsyncSession, identifier: str, at: datetime) -> bool:
    """End a reviewer's key; False where there is none that is still good."""
    row = await session.get(tables.Reviewer, identifier)
    if row is None or row.revoked_at:
        return False
    row.revoked_at = at
    return True


async def reviewer_of_key(backend: Backend, key: str) -> ReviewerAccess | None:
    """Whose key this is, or None where it is nobody's (any more)."""
    if backend.agency and hmac.compare_digest(key, SANDBOX_REVIEWER_KEY):
        return ReviewerAccess("sandbox")
    match = KEY.fullmatch(key)
    if match is None:
        return None
    async with backend.database.reading() as session:
        row = await session.get(tables.Reviewer, match["id"])
    if row is None or row.revoked_at or not hmac.compare_digest(row.secret_sha256, _hash(match["secret"])):
        return None
    return ReviewerAccess(row.name)


async def add_signer(session: AsyncSession, agency: str, jwk: dict[str, object], at: datetime) -> str:
    """Let bundles of `agency` be signed by the key `jwk` from now on; gives its thumbprint. Raises
    BundleRefused."""
    name = thumbprint(jwk)
    known = await session.get(tables.Signer, name)
    if known is not None:
        raise BundleRefused(N_("Kunci ini sudah terdaftar untuk {agency}.", agency=known.agency))
    public = {"kty": "OKP", "crv": "Ed25519", "x": jwk["x"]}
    session.add(tables.Signer(thumbprint=name, agency=agency, jwk=public, added_at=at, revoked_at=None))
    return name


async def revoke_signer(session: AsyncSession, name: str, at: datetime) -> bool:
    """Refuse bundles that a key signs from now on; False where there is none that is still good."""
    row = await session.get(tables.Signer, name)
    if row is None or row.revoked_at:
        return False
    row.revoked_at = at
    return True


# What authors do


async def propose(backend: Backend, access: AgencyAccess, content: bytes) -> Proposal:
    """Take a bundle in as a draft. The same bundle again is the same proposal.

    Raises:
        ProblemError: not signed by the agency, changed, wrong in itself, or not newer than what citizens
        have.
    """
    digest = sha256_hex(content)
    try:
        signed = await asyncio.to_thread(read_bundle, content)
        jwk = await _signer(backend, access, signed)
        opened = await asyncio.to_thread(open_bundle, signed, jwk)
    except BundleRefused as refused:
        raise _problem(refused) from None
    agency = opened.manifest.service.partition("/")[0]
    async with backend.database.writing() as session:
        known = await session.scalar(
            select(tables.Proposal).where(tables.Proposal.agency == agency, tables.Proposal.digest == digest)
        )
        if known is not None:
            return await _shown(session, known)
        await _check_version(backend, session, opened)
        row = tables.Proposal(
            id=backend.random_bytes(8).hex(),
            agency=agency,
            service=opened.manifest.service,
            version=opened.manifest.version,
            state="draft",
            digest=digest,
            content=content,
            signer=signed.kid,
            author=access.actor,
            note=None,
            comments=[],
            medal=None,
            agency_definition=opened.agency.model_dump(mode="json", by_alias=True) if opened.agency else None,
            updated_at=backend.now(),
        )
        session.add(row)
        await session.flush()
        await _step(backend, session, row, access.actor, "draft")
        return await _shown(session, row)


async def submit(backend: Backend, access: AgencyAccess, identifier: str) -> Proposal:
    """Hand a draft over for review. Raises ProblemError."""
    async with backend.database.writing() as session:
        row = await _find(session, access, identifier)
        await _move(backend, session, row, "submitted", access.actor)
        return await _shown(session, row)


async def publish(backend: Backend, access: AgencyAccess, identifier: str) -> Proposal:
    """Give citizens what was approved. Raises ProblemError where it is not, or where a newer one came
    before."""
    async with backend.database.writing() as session:
        row = await _find(session, access, identifier)
        signer = await session.get_one(tables.Signer, row.signer)
        if signer.revoked_at is not None:
            raise ProblemError(
                ProblemType.FORBIDDEN,
                N_("Kunci yang menandatangani paket ini sudah dicabut. Tanda tangani dan ajukan lagi."),
            )
        opened = await asyncio.to_thread(open_bundle, read_bundle(row.content), signer.jwk)
        await _check_version(backend, session, opened)
        await _move(backend, session, row, "published", access.actor)
        content = canonical_bytes(opened.definition)
        await session.merge(
            tables.Definition(
                service=row.service, version=row.version, digest=sha256_hex(content), content=content
            )
        )
        await publications.add(
            session,
            backend.keys.signing,
            await publications.head(session, row.service),
            service=row.service,
            version=row.version,
            definition_sha256=sha256_hex(content),
            at=backend.now(),
            medal=Medal.model_validate(row.medal) if row.medal else None,
            proposal=row.id,
            manifest=opened.bundle.manifest,
            agency_key=signer.jwk,
        )
        shown = await _shown(session, row)
    await backend.publications.refresh(backend, at_once=True)
    return shown


async def withdraw(
    backend: Backend, access: AgencyAccess | ReviewerAccess, identifier: str, note: str | None
) -> Proposal:
    """Take a proposal back; a published service leaves the catalogue.

    Raises ProblemError.
    """
    async with backend.database.writing() as session:
        row = await _find(session, access, identifier)
        was_published = row.state == "published"
        await _move(backend, session, row, "withdrawn", access.actor, note)
        if was_published:
            kept = await session.get_one(tables.Definition, (row.service, row.version))
            newest = await publications.newest_version(backend, session, row.service)
            if newest == row.version:
                await publications.add(
                    session,
                    backend.keys.signing,
                    await publications.head(session, row.service),
                    service=row.service,
                    version=row.version,
                    definition_sha256=kept.digest,
                    at=backend.now(),
                    kind="withdrawn",
                    proposal=row.id,
                )
        shown = await _shown(session, row)
    await backend.publications.refresh(backend, at_once=True)
    return shown


async def of_agency(session: AsyncSession, access: AgencyAccess) -> list[Proposal]:
    """The proposals of an agency, the latest first."""
    query = select(tables.Proposal).order_by(tables.Proposal.updated_at.desc(), tables.Proposal.id)
    if access.agency is not None:
        query = query.where(tables.Proposal.agency == access.agency)
    return [await _shown(session, row) for row in await session.scalars(query)]


async def read(
    session: AsyncSession, access: AgencyAccess | ReviewerAccess, identifier: str
) -> ProposalWithBundle:
    """A proposal with its bundle. Raises ProblemError where there is none, or it is another agency's."""
    row = await _find(session, access, identifier)
    shown = await _shown(session, row)
    return ProposalWithBundle(**dict(shown), bundle=Bundle.model_validate_json(row.content))


# What reviewers do


async def waiting(session: AsyncSession, state: ProposalState) -> list[Proposal]:
    """The proposals in `state`, the one that waits longest first."""
    query = select(tables.Proposal).where(tables.Proposal.state == state).order_by(tables.Proposal.updated_at)
    return [await _shown(session, row) for row in await session.scalars(query)]


async def review(backend: Backend, reviewer: ReviewerAccess, identifier: str, decided: Review) -> Proposal:
    """Approve or reject what was submitted. Raises ProblemError where it was not, or a rejection says
    nothing."""
    if decided.decision == "reject" and not decided.comments and not (decided.note or "").strip():
        raise ProblemError(
            ProblemType.INVALID_REQUEST,
            N_("Penolakan ini belum beralasan, jadi belum disimpan. Tulis alasan atau catatan di barisnya."),
            errors=[WrongField("note", N_("Tulis alasannya: penulis layanan akan membacanya."))],
        )
    async with backend.database.writing() as session:
        row = await _find(session, reviewer, identifier)
        wrong = _wrong_comments(row, decided.comments)
        if wrong:
            raise ProblemError(
                ProblemType.INVALID_REQUEST,
                N_("Ada catatan di tempat yang tidak ada, jadi belum disimpan."),
                errors=wrong,
            )
        state: ProposalState = "approved" if decided.decision == "approve" else "rejected"
        await _move(backend, session, row, state, reviewer.actor, decided.note)
        row.note = decided.note
        row.comments = [comment.model_dump() for comment in decided.comments]
        row.medal = decided.medal.model_dump() if decided.medal else None
        await session.flush()
        return await _shown(session, row)


def _wrong_comments(row: tables.Proposal, comments: Sequence[Comment]) -> list[WrongField]:
    files = Bundle.model_validate_json(row.content).files
    wrong: list[WrongField] = []
    for number, comment in enumerate(comments):
        lines = files.get(comment.path, "").count("\n") + 1
        if comment.path not in files:
            wrong.append(WrongField(f"comments.{number}.path", N_("Berkas itu tidak ada di paket.")))
        elif comment.line > lines:
            wrong.append(
                WrongField(f"comments.{number}.line", N_("Berkas itu hanya {lines} baris.", lines=lines))
            )
    return wrong


# The audit log


async def broken_at(session: AsyncSession) -> int | None:
    """The first entry of the audit log that does not follow the one before; None where all do."""
    previous = FIRST
    for row in await session.scalars(select(tables.ProposalStep).order_by(tables.ProposalStep.id)):
        if row.previous != previous or row.sha256 != _entry_hash(row):
            return row.id
        previous = row.sha256
    return None


async def _step(
    backend: Backend,
    session: AsyncSession,
    row: tables.Proposal,
    actor: str,
    what: ProposalState,
    note: str | None = None,
) -> None:
    # One entry after another, for all processes: two would follow the same one.
    if not await backend.database.claim(session, LOG):
        raise ProblemError(
            ProblemType.UNAVAILABLE,
            N_("Langkah lain sedang dicatat. Tidak ada yang berubah. Coba lagi sebentar."),
            headers={"Retry-After": "1"},
        )
    last = await session.scalar(
        select(tables.ProposalStep.sha256).order_by(tables.ProposalStep.id.desc()).limit(1)
    )
    step = tables.ProposalStep(
        proposal=row.id,
        at=backend.now().replace(microsecond=0),
        actor=actor,
        what=what,
        note=note,
        previous=last or FIRST,
    )
    step.sha256 = _entry_hash(step)
    session.add(step)
    await session.flush()


def _entry_hash(step: tables.ProposalStep) -> str:
    return sha256_hex(
        canonical_bytes(
            {
                "previous": step.previous,
                "proposal": step.proposal,
                "at": step.at.astimezone(UTC).isoformat(),
                "actor": step.actor,
                "what": step.what,
                "note": step.note,
            }
        )
    )


# Inside


async def _signer(backend: Backend, access: AgencyAccess, signed: Signed) -> dict[str, object]:
    """The public key that has signed a bundle, if it is one of the agency's.

    In the sandbox the first key that hands something in for an agency becomes the agency's.
    """
    name = thumbprint(signed.jwk)
    async with backend.database.writing() as session:
        row = await session.get(tables.Signer, name)
        if row is None and backend.agency and (agency := _unchecked_agency(signed)):
            known = await session.scalar(select(tables.Signer).where(tables.Signer.agency == agency).limit(1))
            if known is None and access.agency in (None, agency):
                await add_signer(session, agency, dict(signed.jwk), backend.now())
                await session.flush()
                row = await session.get(tables.Signer, name)
    if row is None or row.revoked_at is not None or name != signed.kid:
        raise BundleRefused(
            N_("Kunci paket ini tidak terdaftar untuk instansi Anda, atau sudah dicabut. Hubungi tim portal.")
        )
    if access.agency not in (None, row.agency) or row.agency != _unchecked_agency(signed):
        raise BundleRefused(N_("Paket ini milik instansi lain. Tidak ada yang disimpan."))
    return dict(row.jwk)


def _unchecked_agency(signed: Signed) -> str:
    """The agency that a manifest names, before its signature is checked."""
    from joserfc import jws
    from pydantic import ValidationError

    from app.contract.publication import BundleManifest

    try:
        payload = jws.extract_compact(signed.bundle.manifest.encode()).payload
        return BundleManifest.model_validate_json(payload).service.partition("/")[0]
    except (ValidationError, ValueError):
        return ""


async def _check_version(backend: Backend, session: AsyncSession, opened: Opened) -> None:
    newest = await publications.newest_version(backend, session, opened.manifest.service)
    if opened.manifest.version <= newest:
        raise ProblemError(
            ProblemType.INVALID_REQUEST,
            N_(
                "Warga sudah memakai versi {newest} layanan ini. Naikkan `version` di service.yaml menjadi "
                "{next} atau lebih, lalu buat paketnya lagi.",
                newest=str(newest),
                next=str(newest + 1),
            ),
            errors=[WrongField("version", N_("Paling rendah {next}.", next=str(newest + 1)))],
        )


async def _find(
    session: AsyncSession, access: AgencyAccess | ReviewerAccess, identifier: str
) -> tables.Proposal:
    row = await session.get(tables.Proposal, identifier, with_for_update=True)
    hidden = isinstance(access, AgencyAccess) and row is not None and access.agency not in (None, row.agency)
    if row is None or hidden or (isinstance(access, ReviewerAccess) and row.state == "draft"):
        raise ProblemError(ProblemType.NOT_FOUND, N_("Usulan layanan ini tidak ada."))
    return row


async def _move(
    backend: Backend,
    session: AsyncSession,
    row: tables.Proposal,
    to: ProposalState,
    actor: str,
    note: str | None = None,
) -> None:
    if row.state not in FROM[to]:
        raise ProblemError(
            ProblemType.NOT_WAITING,
            N_("Usulan ini sekarang {state}, jadi langkah itu tidak dapat dilakukan.", state=row.state),
        )
    row.state = to
    row.updated_at = backend.now()
    await _step(backend, session, row, actor, to, note)


async def _shown(session: AsyncSession, row: tables.Proposal) -> Proposal:
    steps = await session.scalars(
        select(tables.ProposalStep)
        .where(tables.ProposalStep.proposal == row.id)
        .order_by(tables.ProposalStep.id)
    )
    return Proposal.model_validate(
        {
            "id": row.id,
            "service": row.service,
            "version": row.version,
            "state": row.state,
            "digest": row.digest,
            "author": row.author,
            "updated_at": row.updated_at,
            "note": row.note,
            "comments": row.comments,
            "medal": row.medal,
            "steps": [
                Step.model_validate({"at": s.at, "actor": s.actor, "what": s.what, "note": s.note})
                for s in steps
            ],
        }
    )


def _problem(refused: BundleRefused) -> ProblemError:
    return ProblemError(
        ProblemType.BUNDLE_REFUSED,
        refused.phrase,
        errors=[
            WrongField(f"{f.file.as_posix()}:{f.line}:{f.column}", N_("{text}", text=str(f)))
            for f in refused.findings
        ],
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
