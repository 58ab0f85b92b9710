"""PIN: set one the first time, enter it to unlock. Six digits, by pad or keyboard."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.app import App
from app.contract.phrase import N_, Phrase
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.context import here, use_app, use_frame, use_watches
from app.ui.hooks import use_optional, use_reference, use_state
from app.ui.mark import wordmark
from app.ui.named import Tap, named
from app.ui.tokens import CARD, INK, LINE, PAPER, PRIMARY, WAITS

DIGITS = 6
_DIFFERENT = N_("Kedua PIN berbeda. Buat lagi dari awal.")


def _dots(app: App, count: int) -> ft.Control:
    _ = app.language.text
    return ft.Semantics(
        identifier="pin.entered",
        container=True,
        label=_("{n} dari {total} angka terisi", n=count, total=DIGITS),
        content=ft.Row(
            [
                ft.Container(
                    width=18,
                    height=18,
                    border_radius=18,
                    bgcolor=PRIMARY if i < count else None,
                    border=ft.Border.all(2, PRIMARY if i < count else ft.Colors.OUTLINE),
                )
                for i in range(DIGITS)
            ],
            spacing=16,
            tight=True,
        ),
    )


def _key(
    identifier: str, face: ft.Control, on_click: Tap | None, *, label: str | None = None, bare: bool
) -> ft.Control:
    return named(
        identifier,
        ft.Container(
            content=face,
            on_click=on_click,
            ink=True,
            height=72,
            border_radius=36,
            bgcolor=None if bare else CARD,
            border=None if bare else ft.Border.all(1, LINE),
            alignment=ft.Alignment.CENTER,
        ),
        button=True,
        label=label,
    )


def _pad(
    app: App, on_digit: Callable[[str], None], on_erase: Callable[[], None], *, enabled: bool
) -> ft.Control:
    _ = app.language.text

    def digit(d: str) -> ft.Control:
        face = ft.Text(d, theme_style=ft.TextThemeStyle.HEADLINE_SMALL, color=INK)
        return _key(f"pin.{d}", face, (lambda: on_digit(d)) if enabled else None, bare=False)

    def line(*keys: ft.Control) -> ft.Control:
        cells: list[ft.Control] = []
        for key in keys:
            key.expand = True
            cells.append(key)
        return ft.Row(cells, spacing=12)

    erase = _key(
        "pin.erase",
        ft.Icon(ft.Icons.BACKSPACE_OUTLINED, size=24, color=INK),
        on_erase if enabled else None,
        label=_("Hapus satu angka"),
        bare=True,
    )
    return ft.Column(
        [
            line(digit("1"), digit("2"), digit("3")),
            line(digit("4"), digit("5"), digit("6")),
            line(digit("7"), digit("8"), digit("9")),
            line(ft.Container(height=72), digit("0"), erase),
        ],
        spacing=12,
        tight=True,
    )


def _screen(
    app: App,
    title: str,
    count: int,
    *,
    text: str | None,
    trouble: str | None,
    busy: bool,
    on_digit: Callable[[str], None],
    on_erase: Callable[[], None],
    foot: ft.Control | None,
    enabled: bool = True,
) -> ft.View:
    message: ft.Control
    if trouble:
        message = ft.Semantics(
            identifier="pin.trouble",
            container=True,
            live_region=True,
            content=words.title(trouble, color=WAITS, text_align=ft.TextAlign.CENTER),
        )
    elif busy:
        message = words.secondary(app.language.text("Membuka …"))
    else:
        message = words.lead(text or "", text_align=ft.TextAlign.CENTER)
    head = ft.Column(
        [
            wordmark(26),
            ft.Container(height=20),
            ft.Semantics(
                heading_level=1,
                header=True,
                content=ft.Text(
                    title,
                    theme_style=ft.TextThemeStyle.TITLE_LARGE,
                    color=INK,
                    text_align=ft.TextAlign.CENTER,
                ),
            ),
            ft.Container(height=8),
            _dots(app, count),
            ft.Container(height=8),
            message,
        ],
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=8,
        tight=True,
    )
    low: list[ft.Control] = [_pad(app, on_digit, on_erase, enabled=enabled and not busy)]
    if foot is not None:
        low.append(ft.Container(foot, alignment=ft.Alignment.CENTER))
    column = ft.Column(
        [
            ft.Container(head, padding=ft.Padding.symmetric(vertical=24), alignment=ft.Alignment.CENTER),
            ft.Column(low, spacing=12, tight=True),
        ],
        spacing=8,
        tight=True,
    )
    return ft.View(
        route="/pin",
        padding=0,
        bgcolor=PAPER,
        controls=[
            ft.SafeArea(
                expand=True,
                content=ft.Container(
                    alignment=ft.Alignment.CENTER,
                    content=ft.Column(
                        [
                            ft.Container(
                                column, width=360, padding=ft.Padding.symmetric(horizontal=16, vertical=8)
                            )
                        ],
                        scroll=ft.ScrollMode.AUTO,
                        tight=True,
                        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                    ),
                ),
            )
        ],
    )


def use_digits(
    app: App,
    on_complete: Callable[[str], None],
) -> tuple[str, Callable[[str], None], Callable[[], None], Callable[[], None]]:
    """The digits so far, and how to add one, take one back, and start again; a keyboard works too."""
    digits, set_digits = use_state("")
    latest = use_reference("")
    complete = use_reference(on_complete)
    latest.current, complete.current = digits, on_complete

    def add(digit: str) -> None:
        if len(latest.current) >= DIGITS:
            return
        latest.current += digit
        set_digits(latest.current)
        if len(latest.current) == DIGITS:
            complete.current(latest.current)

    def erase() -> None:
        latest.current = latest.current[:-1]
        set_digits(latest.current)

    def clear() -> None:
        latest.current = ""
        set_digits("")

    def pressed(key: str) -> None:
        key = key.removeprefix("Numpad ")
        if key in "0123456789" and len(key) == 1:
            add(key)
        elif key == "Backspace":
            erase()

    use_watches(app, lambda: [app.keys.watch(here(pressed))], [])
    return digits, add, erase, clear


@component
def SetPin() -> ft.View:
    """Choose a PIN, twice."""
    app = use_app()
    use_frame()
    _ = app.language.text
    first, set_first = use_state("")
    trouble, set_trouble = use_optional(Phrase)
    busy, set_busy = use_state(False)
    page = ft.context.page

    async def keep(pin: str) -> None:
        set_busy(True)
        problem = await app.set_pin(pin)
        if problem is not None:
            set_busy(False)
            set_first("")
            clear()
            set_trouble(problem)
            await app.announce(app.language.say(problem))

    def complete(pin: str) -> None:
        if not first:
            problem = app.weak_pin(pin)
            if problem is None:
                set_first(pin)
            set_trouble(problem)
            clear()
        elif pin != first:
            set_first("")
            set_trouble(_DIFFERENT)
            clear()
        else:
            page.run_task(keep, pin)

    digits, add, erase, clear = use_digits(app, complete)
    return _screen(
        app,
        _("Ulangi PIN Anda") if first else _("Buat PIN enam angka"),
        len(digits),
        text=_("PIN membuka Loket di perangkat ini saja. Jangan beri tahu siapa pun."),
        trouble=app.language.say(trouble) if trouble else None,
        busy=busy,
        on_digit=add,
        on_erase=erase,
        foot=None,
    )


@component
def Unlock() -> ft.View:
    """Enter the PIN. Wrong ones are counted, and slowed down."""
    app = use_app()
    _ = app.language.text
    told, set_told = use_optional(Phrase)
    busy, set_busy = use_state(False)
    forgot, set_forgot = use_state(False)
    page = ft.context.page

    async def unlock(pin: str) -> None:
        set_busy(True)
        problem = await app.unlock(pin)
        if problem is not None:
            set_busy(False)
            clear()
            set_told(problem)
            await app.announce(app.language.say(problem))

    def complete(pin: str) -> None:
        page.run_task(unlock, pin)

    digits, add, erase, clear = use_digits(app, complete)

    async def start_over() -> None:
        set_forgot(False)
        await app.sign_out()

    ft.use_dialog(
        ft.AlertDialog(
            modal=True,
            title=words.title(_("Mulai lagi tanpa PIN?")),
            content=words.body(
                _(
                    "PIN tidak bisa dipulihkan. Loket akan menghapus data di perangkat ini, lalu Anda "
                    "masuk lagi. Permohonan yang sudah diterima tetap aman. Draf yang belum dikirim hilang."
                )
            ),
            actions=[
                buttons.text_button("lock.forgot.cancel", _("Batal"), lambda: set_forgot(False)),
                buttons.text_button("lock.forgot.confirm", _("Hapus dan masuk lagi"), start_over),
            ],
        )
        if forgot
        else None
    )
    # The lock is loaded after the first frame; until then it has nothing to say.
    trouble = told or app.lock_trouble()
    return _screen(
        app,
        _("Masukkan PIN"),
        len(digits),
        text=None,
        trouble=app.language.say(trouble) if trouble else None,
        busy=busy,
        on_digit=add,
        on_erase=erase,
        foot=buttons.text_button("lock.forgot", _("Lupa PIN"), lambda: set_forgot(True)),
    )
