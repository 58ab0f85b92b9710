from __future__ import annotations

import random
from datetime import UTC, date, datetime

import pytest
from backend_desk import SERVICES
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.errors import InvalidKeyIdError
from joserfc.jwk import KeySet

from app.contract.citizen import Attribute, Me
from app.contract.definition import ProcessingTime
from app.contract.findings import DefinitionError
from app.contract.language import WIB
from app.contract.source import read_service
from app.contract.text import Text
from app.forms.kinds.identity import NikFacts, read_nik
from backend.keys import (
    KeysError,
    Seal,
    add_sealing_key,
    add_signing_key,
    create_keys,
    ephemeral_keys,
    read_keys,
)
from backend.promises import promised_by
from backend.sandbox.workflow import Case, new_nik, read_workflow, years_after

NOW = datetime(2026, 11, 2, 3, tzinfo=UTC)
RANDOM = random.Random(1).randbytes  # noqa: S311  # the same every time
BIRTH = read_service(SERVICES / "dukcapil" / "birth-registration")


def verified(signed: str, keys) -> bytes:
    return jws.deserialize_compact(
        signed, KeySet.import_key_set(keys.public()), algorithms=["Ed25519"]
    ).payload


def test_an_earlier_signing_key_still_verifies_and_the_latest_signs(tmp_path):
    create_keys(tmp_path, NOW, RANDOM)
    before = read_keys(tmp_path, RANDOM).signing
    old = before.sign(b"old", type_="x")
    add_signing_key(tmp_path, NOW.replace(hour=4), RANDOM)
    after = read_keys(tmp_path, RANDOM).signing
    assert verified(old, after) == b"old"
    with pytest.raises(InvalidKeyIdError):
        verified(after.sign(b"new", type_="x"), before)
    assert len(after.public()["keys"]) == 2
    assert not any("d" in key for key in after.public()["keys"])


def test_a_retired_key_may_be_cut_down_to_its_public_half(tmp_path):
    create_keys(tmp_path, NOW, RANDOM)
    old = read_keys(tmp_path, RANDOM).signing.sign(b"old", type_="x")
    path = next(tmp_path.glob("signing-*"))
    key = serialization.load_pem_private_key(path.read_bytes(), None).public_key()
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    path.write_bytes(key.public_bytes(serialization.Encoding.PEM, spki))
    with pytest.raises(KeysError, match="public half"):
        read_keys(tmp_path, RANDOM)
    add_signing_key(tmp_path, NOW.replace(hour=4), RANDOM)
    assert verified(old, read_keys(tmp_path, RANDOM).signing) == b"old"


def test_an_earlier_sealing_key_still_opens(tmp_path):
    create_keys(tmp_path, NOW, RANDOM)
    sealed = read_keys(tmp_path, RANDOM).seal.close(b"Sari", "answers", "7KM4-2WXP-9")
    add_sealing_key(tmp_path, NOW.replace(hour=4), RANDOM)
    seal = read_keys(tmp_path, RANDOM).seal
    assert seal.open(sealed, "answers", "7KM4-2WXP-9") == b"Sari"
    assert seal.close(b"Sari", "answers", "x")[:4] != sealed[:4]
    next(tmp_path.glob("sealing-20261102T03*")).unlink()
    with pytest.raises(KeysError, match="missing"):
        read_keys(tmp_path, RANDOM).seal.open(sealed, "answers", "7KM4-2WXP-9")


@given(st.binary(max_size=200), st.integers(0, 10_000), st.integers(1, 255))
def test_what_is_sealed_opens_whole_at_its_place_and_nowhere_else(data, position, change):
    seal = Seal([bytes(32)], RANDOM)
    sealed = seal.close(data, "table", 1)
    assert seal.open(sealed, "table", 1) == data
    assert not data or len(data) < 4 or data not in sealed
    with pytest.raises(KeysError):
        seal.open(sealed, "table", 2)
    damaged = bytearray(sealed)
    damaged[position % len(damaged)] ^= change
    with pytest.raises(KeysError):
        seal.open(bytes(damaged), "table", 1)


@pytest.mark.parametrize("name", ["signing-1.pem", "sealing-1.key"])
def test_a_key_that_others_can_read_is_refused(tmp_path, name):
    create_keys(tmp_path, NOW, RANDOM)
    path = tmp_path / name
    path.write_bytes(bytes(32))
    path.chmod(0o640)
    with pytest.raises(KeysError, match=f"{name} can be read by others.*chmod 600"):
        read_keys(tmp_path, RANDOM)


def test_the_folder_of_keys_and_its_files_are_closed_to_others(tmp_path):
    create_keys(tmp_path / "keys", NOW, RANDOM)
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert {p.stat().st_mode & 0o777 for p in (tmp_path / "keys").iterdir()} == {0o600}


def _broken_pem(path) -> None:
    path.write_text("-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n")


def _other_curve(path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))


@pytest.mark.parametrize(
    ("name", "write", "said"),
    [
        ("signing-1.pem", _broken_pem, "not a PEM key"),
        ("signing-1.pem", _other_curve, "not an Ed25519 key"),
        ("sealing-1.key", lambda path: path.write_bytes(b"short"), "5 bytes"),
    ],
)
def test_a_file_that_is_no_key_is_named(tmp_path, name, write, said):
    create_keys(tmp_path, NOW, RANDOM)
    path = tmp_path / name
    path.touch(0o600)
    write(path)
    with pytest.raises(KeysError, match=f"{name}.*{said}"):
        read_keys(tmp_path, RANDOM)


def test_a_folder_without_keys_says_how_to_make_them(tmp_path):
    with pytest.raises(KeysError, match="loket backend new-keys"):
        read_keys(tmp_path, RANDOM)


def test_ephemeral_keys_sign_and_seal():
    keys = ephemeral_keys(RANDOM)
    assert verified(keys.signing.sign(b"x", type_="t"), keys.signing) == b"x"
    assert keys.seal.open(keys.seal.close(b"x", "p"), "p") == b"x"


@pytest.mark.parametrize(
    ("received", "amount", "unit", "promised"),
    [
        ("2026-11-02T10:00", 1, "working_day", "2026-11-03T10:00"),
        ("2026-11-06T10:00", 1, "working_day", "2026-11-09T10:00"),
        ("2026-11-06T10:00", 3, "working_day", "2026-11-11T10:00"),
        ("2026-11-07T10:00", 1, "working_day", "2026-11-10T00:00"),
        ("2026-11-08T23:59", 1, "working_day", "2026-11-10T00:00"),
        ("2026-11-09T00:00", 1, "working_day", "2026-11-10T00:00"),
        ("2026-11-06T10:00", 2, "day", "2026-11-08T10:00"),
        ("2026-11-06T10:00", 36, "hour", "2026-11-07T22:00"),
        ("2026-11-06T23:30", 45, "minute", "2026-11-07T00:15"),
    ],
)
def test_a_promise_counts_working_days_of_jakarta(received, amount, unit, promised):
    at = datetime.fromisoformat(received).replace(tzinfo=WIB).astimezone(UTC)
    promise = ProcessingTime(amount=amount, unit=unit, dated=date(2026, 1, 1))
    assert promised_by(at, promise) == datetime.fromisoformat(promised).replace(tzinfo=WIB)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(1, 60))
def test_working_days_end_on_a_working_day_and_lie_that_many_apart(moment, amount):
    at = moment.replace(tzinfo=UTC)
    end = promised_by(at, ProcessingTime(amount=amount, unit="working_day", dated=date(2026, 1, 1)))
    assert end.astimezone(WIB).weekday() < 5
    first = at.astimezone(WIB).date()
    days = (date.fromordinal(n) for n in range(first.toordinal() + 1, end.astimezone(WIB).toordinal() + 1))
    counted = sum(day.weekday() < 5 for day in days)
    assert counted == amount + (1 if first.weekday() >= 5 else 0)


@given(
    st.dates(date(1930, 1, 1), date(2026, 11, 1)), st.sampled_from(["male", "female"]), st.integers(0, 10**8)
)
def test_a_new_number_is_always_a_valid_one(born, sex, serial):
    nik = new_nik("327302", born, sex, serial)
    facts = read_nik(nik, date(2026, 11, 2))
    assert isinstance(facts, NikFacts)
    assert (facts.sex, born in facts.birth_dates, nik[-4:] != "0000") == (sex, True, True)


def test_a_birthday_on_leap_day_falls_on_the_first_of_march():
    assert years_after(date(2024, 2, 29), 5) == date(2029, 3, 1)
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)


def case(**answers) -> Case:
    address = {"region_code": "32.73.02.1004"}
    known = [("person.address", address), ("family.members", [{"nik": "1"}])]
    attributes = [
        Attribute(concept=c, value=v, source="s", source_title=Text({"id": "S"}), as_of=date(2026, 1, 1))
        for c, v in known
    ]
    return Case("7KM4-2WXP-9", "a/b", NOW, answers, Me(subject="s", attributes=attributes))


@pytest.mark.parametrize(
    ("value", "comes"),
    [
        ("{answers.n}", 3),
        ("no. {answers.n}", "no. 3"),
        ("{answers.missing}", None),
        ("no. {answers.missing}", None),
        ("{answers.w.1.name}", "B"),
        ("{answers.w.9.name}", None),
        ("{answers.n.deeper}", None),
        ("{me.person.address.region_code}", "32.73.02.1004"),
        ("{me.person.email}", None),
        ("{application.reference} {application.date}", "7KM4-2WXP-9 2026-11-02"),
        ({"digits": "{me.person.address.region_code}", "first": 6}, "327302"),
        ({"digits": "{answers.missing}", "first": 6}, None),
        ({"day": "{answers.d}", "as": "%d%m%Y"}, "07032024"),
        ({"first_of": ["{answers.missing}", "{answers.n}"]}, 3),
        ({"with": "{me.family.members}", "add": {"nik": "2"}}, [{"nik": "1"}, {"nik": "2"}]),
        ({"with": "{answers.missing}", "add": "x"}, ["x"]),
        ({"next_age": [5, 17], "born": "{answers.d}"}, "2029-03-06"),
        ({"next_age": [17, 2], "born": "{answers.d}"}, "2041-03-06"),
        ({"next_age": [1, 2], "born": "{answers.d}"}, None),
        ({"months": 6, "after": "{application.date}"}, "2027-05-02"),
        ({"months": 6, "after": "2026-08-31"}, "2027-02-28"),
        ({"months": 6, "after": "{answers.missing}"}, None),
        ({"choose": "{answers.n}", "among": {"3": "{answers.d}", "4": "x"}}, "2024-03-07"),
        ({"choose": "{answers.missing}", "among": {"3": "x"}}, None),
        ({"a": "{answers.n}", "b": "{answers.missing}"}, {"a": 3}),
        ({"b": "{answers.missing}"}, None),
        ({"new_nik": {"region": "327302", "birth_date": "{answers.missing}", "sex": "male"}}, None),
        (["{answers.n}", "{answers.missing}", True, 7], [3, True, 7]),
    ],
)
def test_the_words_of_a_workflow(value, comes):
    given_answers = {"n": 3, "w": [{"name": "A"}, {"name": "B"}], "d": "2024-03-07"}
    assert case(**given_answers).work_out(value) == comes


def test_numbers_of_an_application_are_its_own():
    one, other = case(), case()
    other.reference = "8KM4-2WXP-9"
    assert one.work_out({"new_serial": 4}) == case().work_out({"new_serial": 4})
    assert len(one.work_out({"new_serial": 4})) == 4
    assert one.work_out({"new_serial": 12}) != other.work_out({"new_serial": 12})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("documents: [", r"sandbox\.yaml:2:\d+"),
        ("values: 3\n", r"sandbox\.yaml:1:1: values"),
        ("papers: []\n", "papers"),
        (
            "documents:\n  - type: passport\n    vct: x\n    claims: {}\n",
            r":2:\d+: documents.*birth-certificate",
        ),
        ("values:\n  a: '{answers.nothing}'\n", r":2:\d+: values\.a.*answers\.nothing"),
        ("values:\n  a: '{values.b}'\n  b: x\n", r":2:\d+: values\.a.*values\.b"),
        ("values:\n  a: '{me.person.shoe_size}'\n", "person.shoe_size"),
        ("values:\n  a: '{application.colour}'\n", "application.colour"),
        ("values:\n  a: {digits: '{planet.earth}', first: 2}\n", "planet.earth"),
        ("values:\n  a: {new_serial: many}\n", r":2:\d+: values\.a\.new_serial"),
        ("values:\n  a: {new_nik: {region: x}}\n", r"values\.a\.new_nik"),
        ("values:\n  a: {next_age: [], born: x}\n", r"values\.a\.next_age"),
        ("values:\n  a: {months: '6', after: x}\n", r"values\.a\.months"),
        ("values:\n  a: {choose: x, among: {}}\n", r"values\.a\.among"),
        ("registers:\n  - concept: person.shoe\n    of: family\n", "a concept"),
        ("registers:\n  - concept: family.members\n    of: village\n", "of"),
        (
            'registers:\n  - {concept: family.members, of: family, when: "{answers.shoe}"}\n',
            r"family\.members\.when",
        ),
        (
            'documents:\n  - {type: family-card, vct: x, claims: {}, when: "{values.shoe}"}\n',
            r"documents.*\.when",
        ),
    ],
)
def test_a_broken_workflow_is_located(tmp_path, text, said):
    path = tmp_path / "sandbox.yaml"
    path.write_text(text)
    with pytest.raises(DefinitionError, match=said):
        read_workflow(path, BIRTH)


def test_a_list_of_people_can_be_had_without_one_of_them():
    people = [{"nik": "1"}, {"nik": "2"}]
    me = Me(subject="s", attributes=[])
    case = Case("LKT-2026-ABCD", BIRTH.id, NOW, {"people": people, "gone": "1"}, me)
    assert case.work_out({"from": "{answers.people}", "without": "{answers.gone}"}) == [{"nik": "2"}]
    assert case.work_out({"from": "{answers.people}", "without": "{answers.nobody}"}) == people
    assert case.work_out({"from": "{answers.nobody}", "without": "{answers.gone}"}) == []


def test_the_workflow_of_the_birth_registration_holds():
    folder = SERVICES / "dukcapil" / "birth-registration"
    workflow = read_workflow(folder / "sandbox.yaml", BIRTH)
    assert workflow is not None
    assert {d.type for d in workflow.documents} == {o.document_type for o in BIRTH.outputs}
