"""The choice of a region: the registered address first, the whole country, or any regency or city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import flet as ft

from app.app import App, Region
from app.catalogue.places import matching
from app.contract.regions import provinces, regencies, regions
from app.marks import EVERYWHERE
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.context import use_app, use_frame, use_live
from app.ui.frame import task
from app.ui.hooks import use_change, use_state
from app.ui.inputs import AS_IT_STANDS, edges
from app.ui.regions import region_name, where
from app.ui.states import empty, skeleton
from app.ui.tokens import CARD, INK, INK_2
from app.ui.windowed import Windowed, row_height, window_row


@dataclass(frozen=True, slots=True)
class _Reading:
    region: Region
    registered: str | None


@dataclass(frozen=True, slots=True)
class _Choice:
    """One row. `code` is what is chosen: None for the registered address."""

    name: str
    code: str | None
    title: str
    detail: str
    icon: ft.IconData


async def _read(app: App) -> _Reading:
    return _Reading(await app.region(), await app.registered_region())


def _near(registered: str | None) -> list[str]:
    """All regencies and cities, those of the citizen's province first."""
    own = (registered or "")[:2]
    ordered = sorted(provinces(), key=lambda province: (province != own, province))
    return [code for province in ordered for code in regencies(province)]


def _found(text: str) -> list[str]:
    """The regencies and cities that are meant; of a province, all of its."""
    found: dict[str, None] = {}
    for code in matching(text):
        found.update(dict.fromkeys(regencies(code) if len(code) == 2 else (code,)))
    return list(found)


def _choices(app: App, reading: _Reading, text: str) -> list[_Choice]:
    _ = app.language.text
    here = [
        _Choice(f"region.{code}", code, regions()[code], region_name(code[:2]), ft.Icons.LOCATION_ON_OUTLINED)
        for code in (_found(text) if text.strip() else _near(reading.registered))
    ]
    if text.strip():
        return here
    first: list[_Choice] = []
    if reading.registered is not None:
        home = region_name(reading.registered)
        first.append(
            _Choice(
                "region.registered", None, _("Alamat terdaftar: {region}", region=home),
                _("Menurut data kependudukan"), ft.Icons.HOME_OUTLINED,
            )
        )  # fmt: skip
    first.append(
        _Choice(
            "region.everywhere", EVERYWHERE, _("Seluruh Indonesia"),
            _("Layanan semua daerah ikut tampil"), ft.Icons.PUBLIC,
        )
    )  # fmt: skip
    return [*first, *here]


def _is_chosen(choice: _Choice, region: Region) -> bool:
    if region.source in ("register", "unknown"):
        return choice.code is None
    return choice.code == (region.code or EVERYWHERE)


@component
def RegionChoice() -> ft.View:
    """Where services are looked for from now on. One tap chooses and leads back."""
    app = use_app()
    frame = use_frame()
    _ = app.language.text
    text, set_text = use_state("")
    reading = use_live(lambda: _read(app), *app.watches("marks", "attributes"), on=[app.language.tag])

    async def choose(code: str | None) -> None:
        await app.marks.choose_region(code)
        region = await app.region()
        app.back()
        await app.announce(_("Layanan dicari di: {region}", region=where(app, region)))

    # In a window of another width the field is another control: it takes over what stood in the one before.
    anew = use_change(frame.width)
    box = ft.TextField(
        value=text if anew else AS_IT_STANDS,
        on_change=lambda event: set_text(event.control.value),
        hint_text=_("Cari kabupaten atau kota"),
        hint_style=ft.TextStyle(color=INK_2),
        border=edges(),
        filled=True,
        fill_color=CARD,
        hover_color=CARD,
        prefix_icon=ft.Icons.SEARCH,
        color=INK,
        autocorrect=False,
        autofocus=frame.width == "desktop",
    )
    head = ft.Column(
        [
            words.heading(_("Di mana Anda mengurus?")),
            words.secondary(_("Pilihan ini tersimpan di perangkat Anda saja.")),
            ft.Container(
                ft.Semantics(identifier="region.field", label=_("Cari kabupaten atau kota"), content=box),
                padding=ft.Padding.only(top=8),
            ),
        ],
        spacing=4,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    route = "/region"
    if reading is None:
        return task(app, route, [skeleton()], on_back=app.back, header=head, beside="home")
    choices = _choices(app, reading, text)
    if not choices:
        nothing = empty(
            ft.Icons.LOCATION_OFF_OUTLINED,
            _("Daerah itu belum ketemu"),
            _("Periksa ejaannya, atau tulis nama provinsinya."),
            action=buttons.secondary(
                "region.registered", _("Pakai alamat terdaftar"), partial(choose, None), expand=False
            ),
        )
        return task(app, route, [nothing], on_back=app.back, header=head, beside="home")

    def shown(first: int, last: int) -> Sequence[ft.Control]:
        return [
            window_row(
                choice.name,
                choice.icon,
                choice.title,
                choice.detail,
                partial(choose, choice.code),
                frame.text_scale,
                chosen=_is_chosen(choice, reading.region),
            )
            for choice in choices[first:last]
        ]

    whole = Windowed(len(choices), row_height(frame.text_scale), shown, f"region.list.{text.strip()}")
    return task(app, route, [], on_back=app.back, header=head, whole=whole, beside="home")
