"""Opens what an agency hands in: whose it is, whether it is whole, and whether the service in it holds.

Nothing of a bundle is believed before its signature and every hash are right; nothing in it is ever run. Its
files are read by the same code that reads the services of this backend's own folder.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import ValidationError

from app.contract.applications import SIGNATURE_ALGORITHM
from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.definition import Agency, ServiceDefinition
from app.contract.findings import DefinitionError, Finding
from app.contract.phrase import N_, Phrase
from app.contract.publication import BUNDLE_TYPE, MOST_BYTES, Bundle, BundleManifest
from app.contract.source import read_agency, read_service
from backend.sandbox.workflow import Workflow, read_workflow

_LANGUAGE = r"translations/[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\.yaml"
_TEST = r"tests/[A-Za-z0-9_]{1,80}\.(?:py|json)"
NAMES: Final = re.compile(
    rf"(?:service\.yaml|sandbox\.yaml|quality\.yaml|{_LANGUAGE}|{_TEST}|agency/agency\.yaml|agency/{_LANGUAGE})"
)
"""The files that a bundle may hold. Tests are kept for reviewers: nothing here runs them."""


class BundleRefused(Exception):
    """A bundle that is not taken in. `phrase` says why, `findings` where its files are wrong."""

    def __init__(self, phrase: Phrase, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(str(phrase))
        self.phrase = phrase
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Signed:
    """A bundle whose signature has not been checked yet: which key it names, and the key that it brings."""

    bundle: Bundle
    kid: str
    jwk: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle that holds. `agency` is None where it brings none."""

    bundle: Bundle
    manifest: BundleManifest
    definition: ServiceDefinition
    agency: Agency | None
    workflow: Workflow | None


def read_bundle(content: bytes) -> Signed:
    """The bundle in `content`, with the key that it says has signed it. Raises BundleRefused."""
    if len(content) > MOST_BYTES:
        raise BundleRefused(N_("Paket ini terlalu besar. Paling besar {most} byte.", most=MOST_BYTES))
    try:
        bundle = Bundle.model_validate_json(content)
        header = jws.extract_compact(bundle.manifest.encode()).headers()
    except (ValidationError, JoseError, ValueError, TypeError):
        raise BundleRefused(N_("Paket ini tidak terbaca. Buat lagi dengan loket service pack.")) from None
    kid, jwk = header.get("kid"), header.get("jwk")
    if not isinstance(kid, str) or not isinstance(jwk, dict):
        raise BundleRefused(N_("Paket ini tidak menyebut kuncinya. Buat lagi dengan loket service pack."))
    return Signed(bundle, kid, cast("dict[str, Any]", jwk))


def open_bundle(signed: Signed, jwk: Mapping[str, Any]) -> Opened:
    """The service in a bundle that the key `jwk` has signed. Reads and writes files: call it in a thread.

    Raises BundleRefused: another key, a changed file, a file that may not be in it, or a service that does
    not hold.
    """
    manifest = _manifest(signed.bundle.manifest, jwk)
    files = signed.bundle.files
    hashes = {name: sha256_hex(text.encode()) for name, text in files.items()}
    if hashes != manifest.files:
        raise BundleRefused(N_("Isi paket ini bukan yang ditandatangani. Buat dan kirim paketnya lagi."))
    if strange := next((name for name in files if not NAMES.fullmatch(name)), None):
        raise BundleRefused(N_("Paket ini memuat berkas yang tidak dikenal: {name}.", name=strange[:60]))
    with tempfile.TemporaryDirectory(prefix="loket-bundle-") as folder:
        definition, agency, workflow = _read(Path(folder), manifest, files)
    if sha256_hex(canonical_bytes(definition)) != manifest.definition_sha256:
        raise BundleRefused(N_("Layanan di paket ini bukan yang ditandatangani. Buat paketnya lagi."))
    return Opened(signed.bundle, manifest, definition, agency, workflow)


def workflow_in(text: str, definition: ServiceDefinition) -> Workflow | None:
    """The sandbox's workflow in the text of a `sandbox.yaml`. Raises DefinitionError."""
    with tempfile.TemporaryDirectory(prefix="loket-bundle-") as folder:
        file = Path(folder) / "sandbox.yaml"
        file.write_text(text, encoding="utf-8")
        return read_workflow(file, definition)


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """RFC 7638 thumbprint of an Ed25519 public key. Raises BundleRefused where it is none."""
    try:
        if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519":
            raise ValueError("not Ed25519")
        return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": jwk["x"]}).thumbprint()
    except (JoseError, ValueError, KeyError, TypeError):
        raise BundleRefused(N_("Kunci paket ini bukan kunci Ed25519.")) from None


def _manifest(compact: str, jwk: Mapping[str, Any]) -> BundleManifest:
    try:
        key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": jwk["x"]})
        checked = jws.deserialize_compact(compact, key, algorithms=[SIGNATURE_ALGORITHM])
        if checked.headers().get("typ") != BUNDLE_TYPE:
            raise ValueError("signed as something else")
        return BundleManifest.model_validate_json(checked.payload)
    except (JoseError, ValidationError, ValueError, KeyError, TypeError):
        raise BundleRefused(
            N_("Tanda tangan paket ini tidak cocok dengan kunci instansi. Tidak ada yang disimpan.")
        ) from None


def _read(
    folder: Path, manifest: BundleManifest, files: Mapping[str, str]
) -> tuple[ServiceDefinition, Agency | None, Workflow | None]:
    agency_id, _, service_id = manifest.service.partition("/")
    place = folder / agency_id / service_id
    for name, text in files.items():
        file = (
            folder / agency_id / name.removeprefix("agency/") if name.startswith("agency/") else place / name
        )
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    try:
        definition = read_service(place, folder)
        agency = read_agency(folder / agency_id, folder) if "agency/agency.yaml" in files else None
        workflow = read_workflow(place / "sandbox.yaml", definition)
    except DefinitionError as error:
        raise BundleRefused(
            N_("Layanan ini belum benar. Perbaiki yang ditunjuk, lalu buat paketnya lagi."), error.findings
        ) from None
    if definition.version != manifest.version:
        raise BundleRefused(N_("Versi di paket ini bukan yang ditandatangani. Buat paketnya lagi."))
    return definition, agency, workflow
