"""Packs a service for the portal: its files, named by their hashes in a manifest that the agency signs.

The same files, key and moment make the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.authoring.checking import check_subject
from app.authoring.finding import Finding
from app.authoring.quality.medals import assess
from app.authoring.rules import load_rules
from app.authoring.signing import public_jwk
from app.authoring.subjects import read_subject
from app.contract.applications import SIGNATURE_ALGORITHM
from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.definition import ServiceDefinition
from app.contract.medal import Level
from app.contract.publication import BUNDLE_TYPE, MOST_BYTES, Bundle, BundleManifest

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

_FILES = ("service.yaml", "sandbox.yaml", "quality.yaml")


class NotReady(Exception):
    """A service that is not fit to be handed in. The text says why; `findings` are what the check found."""

    def __init__(self, text: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(text)
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Packed:
    """A bundle. `content` is what is handed in; `digest` is its SHA-256 (hex)."""

    content: bytes
    digest: str
    definition: ServiceDefinition
    level: Level

    @property
    def name(self) -> str:
        """What its file is called: the service, the version, and the beginning of the digest."""
        service = self.definition.id.replace("/", "-")
        return f"{service}-{self.definition.version}-{self.digest[:12]}.loket"


def pack(folder: Path, key: OKPKey, now: datetime, today: date) -> Packed:
    """The bundle of the service in `folder`, signed with `key`. Raises NotReady."""
    folder = folder.absolute()
    root = folder.parent.parent
    subject = read_subject("service", folder, root, today)
    errors = tuple(f for f in check_subject(subject, load_rules()) if f.severity == "error")
    definition = subject.definition
    if errors or definition is None:
        raise NotReady(f"{len(errors)} found: mend them first (loket service check).", errors)
    assessment = assess(subject)
    level = assessment.level if assessment else None
    if level is None or assessment is None:
        todo = ", ".join(s.rule.id for s in assessment.todo("bronze")) if assessment else ""
        raise NotReady(f"A new service needs bronze. To do: {todo} (loket service medal).")
    files = read_files(folder)
    manifest = BundleManifest(
        service=definition.id,
        version=definition.version,
        definition_sha256=sha256_hex(canonical_bytes(definition)),
        files={name: sha256_hex(text.encode()) for name, text in files.items()},
        made_at=now.replace(microsecond=0),
    )
    content = canonical_bytes(Bundle(manifest=_signed(manifest, key), files=dict(files)))
    if len(content) > MOST_BYTES:
        raise NotReady(f"The bundle has {len(content):,} bytes; at most {MOST_BYTES:,}.")
    return Packed(content, sha256_hex(content), definition, level)


def read_files(folder: Path) -> Mapping[str, str]:
    """The files of a bundle by name: those of the service, and under `agency/` those of its agency."""
    agency = folder.parent
    found = [(name, folder / name) for name in _FILES]
    found += [(f"translations/{f.name}", f) for f in sorted((folder / "translations").glob("*.yaml"))]
    tests = sorted([*(folder / "tests").glob("*.py"), *(folder / "tests").glob("*.json")])
    found += [(f"tests/{f.name}", f) for f in tests]
    found += [("agency/agency.yaml", agency / "agency.yaml")]
    found += [(f"agency/translations/{f.name}", f) for f in sorted((agency / "translations").glob("*.yaml"))]
    return {name: file.read_text("utf-8-sig") for name, file in found if file.is_file()}


def unpack(bundle: Bundle, into: Path) -> Path:
    """Write the files of a bundle under `into` as an agency has them; gives the folder of the service.

    For reviewers: names that are none of a bundle's raise ValueError, whatever they are.
    """
    service = _service_of(bundle)
    agency = service.partition("/")[0]
    for name, text in bundle.files.items():
        if not re.fullmatch(r"(?:agency/)?(?:translations/|tests/)?[A-Za-z0-9_-]+\.(?:yaml|py|json)", name):
            raise ValueError(f"a bundle has no file {name!r}")
        place = (
            into / agency / name.removeprefix("agency/")
            if name.startswith("agency/")
            else into / service / name
        )
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return into / service


def _service_of(bundle: Bundle) -> str:
    from joserfc import jws

    return BundleManifest.model_validate_json(jws.extract_compact(bundle.manifest.encode()).payload).service


def _signed(manifest: BundleManifest, key: OKPKey) -> str:
    from joserfc import jws

    header = {
        "alg": SIGNATURE_ALGORITHM,
        "typ": BUNDLE_TYPE,
        "kid": key.thumbprint(),
        "jwk": public_jwk(key),
    }
    return jws.serialize_compact(header, canonical_bytes(manifest), key, algorithms=[SIGNATURE_ALGORITHM])
