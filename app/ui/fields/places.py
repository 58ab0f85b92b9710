"""Regions, addresses and points on the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import flet as ft

from app.app import Position
from app.contract.countries import countries
from app.contract.form import AddressField, LocationField, RegionField
from app.contract.phrase import N_, Phrase
from app.contract.regions import code_of
from app.contract.text import Text
from app.forms.kinds.places import LEVELS, allowed_provinces, allowed_regencies
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.fields.asked import Asked, framed
from app.ui.fields.lines import TYPING, Line, Typing, written
from app.ui.fields.parts import labelled, part_line, part_of, text_part
from app.ui.fields.searchable import Item, Searchable
from app.ui.hooks import use_state

_NAMES: Mapping[str, Phrase] = {
    "province": N_("Provinsi"),
    "regency": N_("Kabupaten atau kota"),
    "district": N_("Kecamatan"),
    "village": N_("Kelurahan atau desa"),
    "street": N_("Jalan, nomor rumah, RT, dan RW"),
    "postcode": N_("Kode pos (boleh kosong)"),
}
_DEEPER = {level: LEVELS[LEVELS.index(level) :] for level in LEVELS}
_STREET = Typing(
    keyboard=ft.KeyboardType.STREET_ADDRESS,
    capitals=ft.TextCapitalization.WORDS,
    autofill=ft.AutofillHint.FULL_STREET_ADDRESS,
)
_POSTCODE = Typing(keyboard=ft.KeyboardType.NUMBER, autofill=ft.AutofillHint.POSTAL_CODE)


def country(asked: Asked) -> ft.Control:
    """A country, searched by its name in the citizen's language or any other."""
    say = asked.app.language.say
    named = {code: (say(name), {*name.root.values()}) for code, name in countries().items()}
    items = [
        Item(code, title, ", ".join(sorted(names - {title})) or None)
        for code, (title, names) in sorted(named.items(), key=lambda item: item[1][0].casefold())
    ]
    label = say(asked.field.label)
    return framed(asked, Searchable(asked, items, asked.value, asked.answer, label, key=asked.path))


def region(asked: Asked) -> ft.Control:
    """Province, then regency, then as deep as is asked."""
    field = asked.of(RegionField)
    return framed(asked, _stack(_levels(asked, field.depth, field.within)))


def address(asked: Asked) -> ft.Control:
    """Street, region, postcode."""
    field = asked.of(AddressField)
    say = asked.app.language.say
    street = part_of(asked, text_part("street"))
    postcode = part_of(asked, text_part("postcode", required=False))
    return framed(
        asked,
        _stack(
            [
                part_line(street, say(_NAMES["street"]), typing=_STREET),
                *_levels(asked, field.depth, field.within),
                part_line(postcode, say(_NAMES["postcode"]), typing=_POSTCODE),
            ]
        ),
    )


def _stack(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(controls, spacing=16, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _levels(asked: Asked, depth: str, within: list[str]) -> list[ft.Control]:
    """The levels that can be answered now: a regency once its province is known, deeper ones once that is."""
    say = asked.app.language.say
    parts = asked.parts
    provinces = allowed_provinces(within)
    only = next(iter(provinces.values())) if len(provinces) == 1 else None
    province = str(parts.get("province") or only or "")
    code = next((c for c, name in provinces.items() if name == province), None)
    regencies: Mapping[str, str] = allowed_regencies(code, within) if code else {}

    def choose(level: str, name: str) -> ft.Control:
        offered = provinces if level == "province" else regencies
        part = part_of(asked, text_part(level))
        items = [Item(key, title) for key, title in offered.items()]
        value = province if level == "province" else part.value
        chosen = next((key for key, title in offered.items() if title == value), None)

        def take(key: str | None) -> None:
            kept = {k: v for k, v in parts.items() if k not in (*_DEEPER[level], "region_code")}
            found = {level: offered.get(key or "")}
            # What is chosen alone in its level was never tapped, and belongs to the answer all the same.
            asked.answer({**kept, **({"province": province} if level == "regency" else {}), **found})

        # What is missing of the whole is missing at the level that waits to be chosen.
        marked = part if chosen is not None else replace(part, problem=part.problem or asked.problem)
        return labelled(name, Searchable(marked, items, chosen, take, name, key=part.path), part)

    controls: list[ft.Control] = []
    for level in LEVELS[: LEVELS.index(depth) + 1]:
        name = say(_NAMES[level])
        if level in ("province", "regency"):
            if level == "regency" and code is None:
                break
            controls.append(choose(level, name))
        else:
            regency = str(parts.get("regency") or "")
            if code is None or code_of(regency, code) is None:
                break
            part = part_of(asked, text_part(level), _beside(level))
            controls.append(part_line(part, name))
    return controls


def _beside(level: str) -> Callable[[Mapping[str, Any], Any], dict[str, Any]]:
    """A typed level beside the others. The code of what stood there before is not that of what is typed."""

    def merge(parts: Mapping[str, Any], value: Any) -> dict[str, Any]:
        return {**{key: part for key, part in parts.items() if key != "region_code"}, level: value}

    return merge


EXACT = 100
"""Metres: a position that is less exact is said to be."""


def point(asked: Asked) -> ft.Control:
    """A point: where the phone is, or as it is copied from a map."""
    field = asked.of(LocationField)
    helped = asked
    if field.help is None:
        _ = asked.app.language.text
        how = _("Buka aplikasi peta, tekan lama pada tempatnya, salin angkanya, lalu tempel di sini.")
        if asked.app.can_locate:
            how = _("Kalau tempatnya bukan di sini: {how}", how=how[:1].lower() + how[1:])
        helped = replace(asked, field=field.model_copy(update={"help": Text({"id": how})}))
    line = Line(asked, TYPING["location"], written(asked), icon=ft.Icons.PLACE_OUTLINED, key=asked.path)
    if not asked.app.can_locate:
        return framed(helped, line)
    return framed(helped, _stack([Here(asked, key=f"{asked.path}.here"), line]))


@component
def Here(asked: Asked) -> ft.Control:
    """The button that asks the phone where it is, and what came of it."""
    app = asked.app
    _ = app.language.text
    waiting, set_waiting = use_state(False)
    told, set_told = use_state("")

    async def locate() -> None:
        set_waiting(True)
        set_told("")
        found = await app.locate()
        set_waiting(False)
        if isinstance(found, Position):
            asked.answer({"latitude": found.latitude, "longitude": found.longitude})
            words_ = _("Titiknya sudah diisi.")
            if found.accuracy is not None and found.accuracy > EXACT:
                words_ = _(
                    "Titiknya sudah diisi, tepat sampai sekitar {metres} meter. Cocokkan dengan peta.",
                    metres=round(found.accuracy),
                )
        else:
            words_ = app.language.say(found)
        set_told(words_)
        await app.announce(words_)

    text = _("Mencari lokasi Anda …") if waiting else _("Pakai lokasi saya sekarang")
    controls: list[ft.Control] = [
        buttons.secondary(f"{asked.identifier}.here", text, locate, icon=ft.Icons.MY_LOCATION)
    ]
    if told:
        controls.append(
            ft.Semantics(
                identifier=f"{asked.identifier}.here.told", container=True, content=words.secondary(told)
            )
        )
    return ft.Column(controls, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
