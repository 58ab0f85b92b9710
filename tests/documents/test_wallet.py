"""The wallet never shows as valid what was not proved just now."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from app.backend_api.errors import Unreachable
from app.backend_api.signing_keys import SigningKeys
from app.contract.applications import Document
from app.contract.language import Language
from app.contract.text import Text
from app.documents.sd_jwt import CredentialInvalid, verify
from app.documents.wallet import HeldDocument, Wallet
from app.documents.wording import holder, lines, summary
from app.storage.storage import Storage
from backend.credentials import issue_credential
from backend.keys import SigningKeys as BackendKeys

NOW = datetime(2026, 3, 9, 3, 5, tzinfo=UTC)
CLAIMS: dict[str, Any] = {
    "certificate_number": "340301-LU-09122025-0042",
    "nik": "3403014912250001",
    "full_name": "Bintang Misal",
    "sex": "female",
    "birth_date": "2025-12-09",
    "birth_time": "04:30",
    "birth_order": 2,
    "mother": {"nik": "3403017012919002", "full_name": "Dewi Misal"},
    "father": {"nik": "3403012401899001", "full_name": "Agus Misal"},
    "twin": False,
}


@dataclass
class Office:
    """An issuer and what it has issued; the device's line to it can be down."""

    keys: BackendKeys = field(default_factory=lambda: BackendKeys([OKPKey.generate_key("Ed25519")]))
    issued: list[Document] = field(default_factory=list)
    down: bool = False
    keys_down: bool = False

    def issue(self, **changes: Any) -> Document:
        until = changes.pop("valid_until", None)
        credential = issue_credential(
            self.keys,
            issuer="https://loket.example",
            type_="https://loket.example/credentials/birth-certificate",
            claims=CLAIMS,
            issued_at=NOW,
            valid_until=until,
            random_bytes=os.urandom,
        )
        document = Document.model_validate(
            {
                "id": f"d{len(self.issued)}",
                "type": "birth-certificate",
                "title": "Akta kelahiran",
                "issuer": "dukcapil",
                "issued_at": NOW,
                "valid_until": until,
                "credential": credential,
                **changes,
            }
        )
        self.issued.append(document)
        return document

    async def documents(self) -> list[Document]:
        if self.down:
            raise Unreachable("documents: ConnectError")
        return self.issued

    async def signing_keys(self) -> list[dict[str, Any]]:
        if self.down or self.keys_down:
            raise Unreachable("signing_keys: ConnectError")
        return self.keys.public()["keys"]


@dataclass
class Time:
    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    storage = await Storage.open(None, os.urandom(32))
    yield storage
    await storage.close()


@pytest.fixture
def wallet(office: Office, storage: Storage, time: Time) -> Wallet:
    return open_wallet(office, storage, time)


def open_wallet(office: Office, storage: Storage, time: Time) -> Wallet:
    return Wallet(storage, office, SigningKeys(office, storage, time), time)  # type: ignore[arg-type]


def told(held: HeldDocument, language: str = "id") -> dict[str, str]:
    speech = Language.load(language)
    return {speech.say(line.label): speech.say(line.text) for line in held.claims}


async def test_a_document_is_shown_in_words_and_proved(wallet: Wallet, office: Office) -> None:
    office.issue()
    await wallet.refresh()
    [held] = await wallet.all()
    assert (held.valid, held.trouble, held.holder) == (True, None, "Bintang Misal")
    assert str(held.summary) == "No. 340301-LU-09122025-0042"
    assert told(held) == {
        "NIK": "3403014912250001",
        "Nama lengkap": "Bintang Misal",
        "Jenis kelamin": "Perempuan",
        "Tanggal lahir": "9 Desember 2025",
        "Jam lahir": "04.30",
        "Anak ke": "2",
        "Ibu": "Dewi Misal, 3403017012919002",
        "Ayah": "Agus Misal, 3403012401899001",
        "Nomor akta": "340301-LU-09122025-0042",
        "Twin": "Tidak",
    }


async def test_it_reads_offline_after_a_restart(office: Office, storage: Storage, time: Time) -> None:
    office.issue()
    await open_wallet(office, storage, time).refresh()
    office.down = True
    again = open_wallet(office, storage, time)
    [held] = await again.all()
    assert held.valid
    assert await again.get("d0") == held
    assert await again.get("nothing") is None
    with pytest.raises(Unreachable):
        await again.refresh()


async def test_a_tampered_document_is_never_shown_as_valid_and_tells_no_claims(
    wallet: Wallet, office: Office, storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    document = office.issue()
    signed, *disclosures = document.credential.split("~")
    forged = "~".join([signed, disclosures[0][:-2] + "AA", *disclosures[1:]])
    await storage.put("documents", "d0", {**document.model_dump(mode="json"), "credential": forged})
    [held] = await wallet.all()
    assert not held.valid
    assert "tidak utuh" in str(held.trouble)
    assert (held.claims, held.holder, held.summary) == ((), None, None)
    assert "disclosure 1" in caplog.text
    assert "Bintang" not in caplog.text
    with pytest.raises(CredentialInvalid):
        await wallet.present("d0", ["full_name"])


@pytest.mark.parametrize("nonsense", ["", "x", "a.b.c~", "~~~", "eyJhbGciOiJub25lIn0..~"])
async def test_nonsense_in_the_place_of_a_credential_is_damage_not_a_crash(
    wallet: Wallet, office: Office, nonsense: str
) -> None:
    office.issue(credential=nonsense)
    office.issue()
    await wallet.refresh()
    assert [(held.id, held.valid) for held in await wallet.all()] == [("d0", False), ("d1", True)]


async def test_a_signature_that_cannot_be_checked_yet_is_neither_valid_nor_forged(
    office: Office, storage: Storage, time: Time
) -> None:
    office.issue()
    office.keys_down = True
    wallet = open_wallet(office, storage, time)
    await wallet.refresh()
    [held] = await wallet.all()
    assert (held.valid, held.claims) == (False, ())
    assert "Sambungkan ke internet" in str(held.trouble)
    office.keys_down = False
    [held] = await wallet.all()
    assert held.valid


async def test_a_document_signed_by_somebody_else_is_not_proved(wallet: Wallet, office: Office) -> None:
    mine = office.keys
    office.keys = BackendKeys([OKPKey.generate_key("Ed25519")])
    office.issue()
    office.keys = mine
    await wallet.refresh()
    [held] = await wallet.all()
    assert not held.valid


async def test_validity_begins_and_ends_on_time(wallet: Wallet, office: Office, time: Time) -> None:
    office.issue(valid_until=NOW + timedelta(days=30))
    await wallet.refresh()
    assert (await wallet.all())[0].valid
    time.at = NOW + timedelta(days=30)
    [held] = await wallet.all()
    assert not held.valid
    assert Language.load("id").say(held.trouble) == "Masa berlaku dokumen ini habis pada 8 April 2026."  # type: ignore[arg-type]
    assert held.holder == "Bintang Misal"


async def test_only_what_the_citizen_chooses_is_shown(wallet: Wallet, office: Office) -> None:
    office.issue()
    await wallet.refresh()
    shown = await wallet.present("d0", ["full_name", "birth_date"])
    key = OKPKey.import_key(office.keys.public()["keys"][0])
    claims = verify(shown, key).claims
    assert claims["full_name"] == "Bintang Misal"
    assert "nik" not in claims
    assert "3403014912250001" not in shown
    for wrong in (("d0", ["religion"]), ("d9", ["full_name"])):
        with pytest.raises(KeyError):
            await wallet.present(*wrong)


async def test_watchers_hear_of_what_is_new(wallet: Wallet, office: Office, storage: Storage) -> None:
    heard: list[str] = []
    wallet.watch(lambda: heard.append("x"))
    office.issue()
    await wallet.refresh()
    await storage.get("x", "y")
    assert heard == ["x"]


# Words


def test_a_family_card_is_its_heads_and_lists_its_members() -> None:
    claims = {
        "iss": "https://loket.example",
        "family_card_number": "3403010206179002",
        "address": {"street": "Jl. Misal 1", "regency": "Kabupaten Gunungkidul", "region_code": "34.03"},
        "members": [
            {"full_name": "Dewi Misal", "relation": "wife", "nik": "3403017012919002"},
            {"full_name": "Agus Misal", "relation": "head", "nik": "3403012401899001"},
        ],
    }
    english = Language.load("en")
    assert holder(claims) == "Agus Misal"
    assert str(summary("family-card", claims)) == "No. •••• 9002", "a face may be seen over a shoulder"
    texts = {line.name: english.say(line.text) for line in lines(claims)}
    assert "iss" not in texts
    assert texts["address"] == "Jl. Misal 1, Kabupaten Gunungkidul"
    assert texts["members"].splitlines()[1].startswith("Agus Misal, ")


def test_an_agency_names_its_claims_and_their_order_also_inside_of_lists() -> None:
    labels = {name: Text({"id": title}) for name, title in OF_A_TICKET.items()}
    claims = {"things": [{"pieces": 2, "what": "Kasur"}, {"pieces": 1, "what": "Sofa"}], "place": "Dago"}
    told = [(str(line.label), str(line.text)) for line in lines(claims, labels)]
    assert told == [
        ("Alamat", "Dago"),
        ("Barang", "Nama: Kasur\nJumlah: 2\n\nNama: Sofa\nJumlah: 1"),
    ]
    assert str(summary("ticket", claims, labels)) == "Alamat: Dago"


OF_A_TICKET = {"place": "Alamat", "things": "Barang", "what": "Nama", "pieces": "Jumlah"}


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"full_name": 3, "members": "x"},
        {"members": [1, None, {"relation": "head"}]},
        {"a": {"b": [{"c": None}]}},
        {"a": "{b}"},
    ],
)
def test_no_claims_are_too_strange(claims: dict[str, Any]) -> None:
    speech = Language.load("id")
    for line in lines(claims):
        speech.say(line.label)
        speech.say(line.text)
    holder(claims)
    summary("birth-certificate", claims)
