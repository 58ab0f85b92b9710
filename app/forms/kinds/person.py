"""A person: chosen from the citizen's family card, or another one by NIK and name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.contract.citizen import Me
from app.contract.form import PersonField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.conditions import Situation, holds
from app.forms.kinds.dates import read_date
from app.forms.kinds.identity import NIK_NAME, check_nik, read_nik, sixteen_digits
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, clean_line, plain
from app.forms.received import mapping, mappings

_PARTS = ("nik", "full_name", "sex", "birth_date", "birth_place")
_NOT_ALLOWED = N_("Orang ini tidak dapat dipilih di sini. Pilih yang lain.")


def members(me: Me) -> list[dict[str, Any]]:
    """The people of the citizen's family card as person answers; empty where the state does not tell."""
    attribute = me.get("family.members")
    return [as_answer(person) for person in mappings(attribute.value if attribute else None)]


def as_answer(member: Mapping[str, Any]) -> dict[str, Any]:
    """A member of a family card in the shape of a person answer."""
    return {part: member[part] for part in _PARTS if member.get(part)} | {"from": "family"}


def may_be_chosen(field: PersonField, person: Mapping[str, Any], situation: Situation) -> bool:
    """Whether the field's `where` lets `person` be chosen; what is not known of them excludes nobody."""
    if field.where is None:
        return True
    return holds(field.where, situation.within({field.id: person, "person": person})) is not False


def candidates(field: PersonField, situation: Situation) -> list[dict[str, Any]]:
    """Whom of the family card the citizen may choose, in the order of the card."""
    return [p for p in members(situation.me) if may_be_chosen(field, p, situation)]


def suggestion(field: PersonField, situation: Situation) -> dict[str, Any] | None:
    """The member of the card to preselect: the first of `suggest` who is on it and whom `where` lets."""
    attribute = situation.me.get("family.members")
    people = mappings(attribute.value if attribute else None)
    own = situation.me.get("person.nik")
    citizen = next((p for p in people if own and p.get("nik") == own.value), None)
    if citizen is None:
        return None
    for role in field.suggest:
        person = citizen if role == "self" else _relative(role, citizen, people)
        if person is not None and may_be_chosen(field, person, situation):
            return as_answer(person)
    return None


def _relative(
    role: str, citizen: Mapping[str, Any], people: list[Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """The citizen's spouse, mother or father on the card, whose relations are seen from its head."""
    own = citizen.get("relation")
    couple = ("head", "wife", "husband")
    if role == "spouse":
        wanted = {"head": ("wife", "husband"), "wife": ("head",), "husband": ("head",)}.get(str(own), ())
        found = [p for p in people if p.get("relation") in wanted]
    else:
        sex = "female" if role == "mother" else "male"
        group = couple if own == "child" else ("parent",) if own == "head" else ()
        found = [p for p in people if p.get("relation") in group and p.get("sex") == sex]
    return found[0] if len(found) == 1 else None


def _parse(_field: Any, raw: Any, today: date) -> dict[str, Any] | Phrase | None:
    if (given := mapping(raw)) is None:
        return UNREADABLE
    person: dict[str, Any] = {"from": "family" if given.get("from") == "family" else "typed"}
    for part in _PARTS:
        value = _part(part, given.get(part), today)
        if value:
            person[part] = value
    if len(person) == 1:
        return None
    nik = person.get("nik", "")
    if person["from"] == "typed" and len(nik) == 16 and nik.isdigit():
        facts = read_nik(nik, today)
        if not isinstance(facts, Phrase):
            person.setdefault("sex", facts.sex)
            if len(facts.birth_dates) == 1:
                person.setdefault("birth_date", facts.birth_dates[0].isoformat())
    return person


def _part(part: str, value: Any, today: date) -> str | None:
    """One part in canonical form; what cannot be read stays as it was typed, to be mended."""
    if not isinstance(value, str):
        return None
    read: Any = clean_line(value)
    if part == "nik":
        read = sixteen_digits(value, NIK_NAME)
    elif part == "birth_date" and read:
        found = read_date(plain(value) or "", today)
        read = found if isinstance(found, Phrase) else found.isoformat()
    return clean_line(value) if isinstance(read, Phrase) else read


def _check(field: PersonField, value: dict[str, Any], situation: Situation) -> Iterator[Finding]:
    if value["from"] == "family":
        if value not in members(situation.me):
            yield Finding(N_("Data orang ini berbeda dari kartu keluarga Anda. Pilih lagi dari daftar."))
            return
    elif not field.other:
        yield Finding(N_("Pilih orang dari kartu keluarga Anda."))
        return
    else:
        yield from _check_typed(value, situation)
    if not may_be_chosen(field, value, situation):
        yield Finding(_NOT_ALLOWED)


def _check_typed(value: dict[str, Any], situation: Situation) -> Iterator[Finding]:
    today = situation.today
    nik = sixteen_digits(value.get("nik", ""), NIK_NAME)
    if nik is None:
        yield Finding(N_("NIK belum diisi. Ada di KTP atau kartu keluarga."), "nik")
    elif isinstance(nik, Phrase):
        yield Finding(nik, "nik")
    else:
        for finding in check_nik(nik, today, value.get("sex"), value.get("birth_date")):
            yield Finding(finding.phrase, "nik", finding.warning)
    name = value.get("full_name")
    if not name:
        yield Finding(N_("Nama lengkap belum diisi."), "full_name")
    elif len(name) > 200:
        yield Finding(N_("Nama terlalu panjang. Paling banyak 200 huruf."), "full_name")
    if value.get("sex") not in (None, "female", "male"):
        yield Finding(N_("Pilih jenis kelaminnya."), "sex")
    if birth := value.get("birth_date"):
        found = read_date(birth.casefold(), today)
        if isinstance(found, Phrase):
            yield Finding(found, "birth_date")
        elif found > today:
            yield Finding(N_("Tanggal ini belum tiba. Periksa lagi."), "birth_date")
    if len(value.get("birth_place", "")) > 200:
        yield Finding(N_("Tempat lahir terlalu panjang. Paling banyak 200 huruf."), "birth_place")


def _show(_field: Any, value: Any, _language: Language) -> str:
    return str(value.get("full_name") or value.get("nik") or "")


PERSON: Kind[PersonField] = Kind(_parse, _show, _check, missing=N_("Pilih orangnya."))
