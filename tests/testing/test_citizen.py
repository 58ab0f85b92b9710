from __future__ import annotations

import asyncio
import logging
import threading
from datetime import UTC, date, datetime, time, timedelta

import flet as ft
import pytest
from testing.toys import component, named, routed, single

from app.testing.citizen import AppFailed
from app.testing.find import NotSeen
from app.testing.phone import File


async def test_a_tap_changes_what_is_seen(visit):
    citizen = await visit(routed)
    await citizen.tap("home.count")
    await citizen.tap("Hitung")
    citizen.should_see("Dihitung 2 kali", "home.about")
    citizen.should_not_see("Dihitung 0 kali")


async def test_only_the_topmost_view_counts_as_seen_and_back_returns(visit):
    citizen = await visit(routed)
    await citizen.tap("home.about")
    assert citizen.route == "/about"
    citizen.should_see("Tentang kami")
    citizen.should_not_see("home.count")
    await citizen.back()
    assert citizen.route == "/"
    citizen.should_see("home.count")


async def test_back_on_the_first_view_leaves_the_app(visit):
    citizen = await visit(routed)
    await citizen.back()
    assert citizen.client.left_app


async def test_a_deep_link_opens_its_view(visit):
    citizen = await visit(routed, "/about")
    citizen.should_see("Tentang kami")


async def test_a_missing_thing_fails_with_the_screen_and_near_misses(visit):
    citizen = await visit(routed)
    with pytest.raises(NotSeen) as failure:
        await citizen.tap("home.cuont")
    assert "'home.count'" in str(failure.value)
    assert "button [home.count] “Hitung”" in str(failure.value)


async def test_an_ambiguous_find_names_every_place(visit):
    citizen = await visit(single(ft.Text("Sama"), ft.Column([ft.Text("Sama")])))
    with pytest.raises(NotSeen, match="2 things"):
        citizen.find("Sama")


async def test_words_on_a_heading_and_a_button_tap_the_button(visit):
    hits = []
    citizen = await visit(single(ft.Text("Kirim"), ft.FilledButton("Kirim", on_click=lambda: hits.append(1))))
    await citizen.tap("Kirim")
    assert hits == [1]


async def test_the_screen_is_an_indented_tree(visit):
    citizen = await visit(routed)
    assert citizen.screen() == (
        "view\n"
        "  heading 1\n"
        "    text “Beranda”\n"
        "  text “Dihitung 0 kali”\n"
        "  button [home.count] “Hitung”\n"
        "  button [home.about] “Tentang”"
    )


@pytest.mark.parametrize(
    ("control", "why"),
    [
        (ft.FilledButton("Kirim", on_click=lambda: None, disabled=True), "disabled"),
        (ft.Column([ft.FilledButton("Kirim", on_click=lambda: None)], disabled=True), "disabled"),
        (ft.FilledButton("Kirim"), "takes no taps"),
        (ft.FilledButton("Kirim", on_click=lambda: None, visible=False), "not on the screen"),
    ],
)
async def test_a_tap_that_does_nothing_fails(visit, control, why):
    citizen = await visit(single(control))
    with pytest.raises(NotSeen, match=why):
        await citizen.tap("Kirim")


async def test_a_dialog_covers_the_view_until_it_is_dismissed(visit):
    dismissed = []

    def main(page: ft.Page) -> None:
        dialog = ft.AlertDialog(
            title="Hapus konsep?",
            actions=[named("yes", ft.TextButton("Hapus", on_click=lambda: page.pop_dialog()))],
            on_dismiss=lambda: dismissed.append(1),
        )
        page.add(named("delete", ft.TextButton("Hapus konsep", on_click=lambda: page.show_dialog(dialog))))

    citizen = await visit(main)
    await citizen.tap("delete")
    citizen.should_see("Hapus konsep?")
    with pytest.raises(NotSeen, match="covered"):
        await citizen.tap("delete")
    await citizen.tap("yes")
    citizen.should_not_see("Hapus konsep?")
    assert dismissed == [1]
    await citizen.tap("delete")
    await citizen.back()
    assert dismissed == [1, 1]
    citizen.should_see("delete")


async def test_use_dialog_shows_and_hides_a_sheet(visit):
    def body():
        open_, set_open = ft.use_state(False)
        ft.use_dialog(
            ft.BottomSheet(
                named("close", ft.TextButton("Tutup", on_click=lambda: set_open(False))),
                on_dismiss=lambda: set_open(False),
            )
            if open_
            else None
        )
        return named("open", ft.TextButton("Buka", on_click=lambda: set_open(True)))

    citizen = await visit(component(body))
    for leave in (lambda: citizen.tap("close"), citizen.back):
        await citizen.tap("open")
        citizen.should_see("close")
        await leave()
        citizen.should_see("open")


async def test_a_snack_bar_covers_nothing_and_goes_when_its_time_is_over(visit):
    def main(page: ft.Page) -> None:
        page.add(
            named(
                "save", ft.TextButton("Simpan", on_click=lambda: page.show_dialog(ft.SnackBar("Tersimpan")))
            )
        )

    citizen = await visit(main)
    await citizen.tap("save")
    citizen.should_see("Tersimpan", "save")
    await citizen.clock.advance(5)
    citizen.should_not_see("Tersimpan")


async def test_typing_honours_filter_length_and_focus(visit):
    heard = []
    field = ft.TextField(
        label="NIK",
        max_length=4,
        input_filter=ft.NumbersOnlyInputFilter(),
        on_change=lambda e: heard.append(("change", e.data)),
        on_focus=lambda: heard.append("focus"),
        on_blur=lambda: heard.append("blur"),
        on_submit=lambda e: heard.append(("submit", e.data)),
    )
    citizen = await visit(single(named("field.nik", field), ft.TextField(label="Nama")))
    await citizen.type("field.nik", "12a")
    assert citizen.value("field.nik") == ""
    await citizen.type("field.nik", "123456", submit=True)
    assert citizen.value("field.nik") == "1234"
    assert field.value == "1234"
    await citizen.type("Nama", "Sari")
    assert heard == ["focus", ("change", "1234"), ("submit", "1234"), "blur"]


@pytest.mark.parametrize(
    ("rule", "typed", "stands"),
    [
        (ft.TextCapitalization.WORDS, "sari  van der b", "Sari Van Der B"),
        (ft.TextCapitalization.SENTENCES, "satu. dua.tiga", "Satu. Dua.Tiga"),
        (ft.TextCapitalization.CHARACTERS, "d 12 ab", "D 12 AB"),
        (ft.TextCapitalization.NONE, "sari", "sari"),
    ],
)
async def test_capitals_are_written_as_flet_does(visit, rule, typed, stands):
    citizen = await visit(single(named("field", ft.TextField(capitalization=rule))))
    await citizen.type("field", typed)
    assert citizen.value("field") == stands


async def test_typing_letter_by_letter_sends_a_change_each(visit):
    heard = []
    citizen = await visit(single(ft.TextField(label="Cari", on_change=lambda e: heard.append(e.data))))
    await citizen.type("Cari", "akta", keystrokes=True)
    assert heard == ["a", "ak", "akt", "akta"]


async def test_a_field_that_sends_back_what_was_typed_before_loses_letters_and_is_told(visit):
    def body():
        text, set_text = ft.use_state("")
        return named("name", ft.TextField(value=text, on_change=lambda e: set_text(e.control.value)))

    citizen = await visit(component(body))
    with pytest.raises(NotSeen, match="lost letters"):
        await citizen.type("name", "Sari", keystrokes=True)
    await citizen.type("name", "Sari")
    assert citizen.value("name") == "Sari"


async def test_choices_are_made_by_their_words(visit):
    heard = []
    citizen = await visit(
        single(
            named(
                "class",
                ft.Dropdown(
                    label="Kelas",
                    options=[
                        ft.DropdownOption(key="3", text="Kelas III"),
                        ft.DropdownOption(key="1", text="Kelas I"),
                    ],
                    on_select=lambda e: heard.append(e.control.value),
                ),
            ),
            named(
                "sex",
                ft.RadioGroup(
                    ft.Column(
                        [ft.Radio(value="f", label="Perempuan"), ft.Radio(value="m", label="Laki-laki")]
                    ),
                    on_change=lambda e: heard.append(e.control.value),
                ),
            ),
            named("agree", ft.Checkbox(label="Setuju", on_change=lambda e: heard.append(e.control.value))),
            named(
                "size",
                ft.SegmentedButton(
                    segments=[ft.Segment(value="s", label="Kecil"), ft.Segment(value="l", label="Besar")],
                    selected=["s"],
                    on_change=lambda e: heard.append(list(e.control.selected)),
                ),
            ),
        )
    )
    await citizen.choose("class", "Kelas III")
    await citizen.choose("sex", "Perempuan")
    await citizen.tap("Laki-laki")
    await citizen.choose("agree", True)
    await citizen.choose("agree", True)
    await citizen.tap("Setuju")
    await citizen.choose("size", "Besar")
    assert heard == ["3", "f", "m", True, False, ["l"]]
    assert citizen.value("class") == "3"
    assert citizen.value("sex") == "m"
    with pytest.raises(NotSeen, match="there are: 'Kelas III', 'Kelas I'"):
        await citizen.choose("class", "Kelas VIP")


async def test_a_date_is_midnight_on_the_phone_and_a_time_is_a_time(visit):
    heard = []

    def main(page: ft.Page) -> None:
        days = ft.DatePicker(
            first_date=datetime(2020, 1, 1, tzinfo=UTC),
            last_date=datetime(2026, 12, 31, tzinfo=UTC),
            on_change=lambda e: heard.append(e.control.value),
            on_dismiss=lambda: heard.append("cancelled"),
        )
        hours = ft.TimePicker(on_change=lambda e: heard.append(e.control.value))
        page.add(
            named("day", ft.TextButton("Tanggal", on_click=lambda: page.show_dialog(days))),
            named("hour", ft.TextButton("Jam", on_click=lambda: page.show_dialog(hours))),
        )

    citizen = await visit(main)
    await citizen.tap("day")
    with pytest.raises(NotSeen, match="cannot be chosen"):
        await citizen.pick(date(2030, 1, 1))
    await citizen.pick(date(2026, 3, 7))
    assert heard[0].astimezone().date() == date(2026, 3, 7)
    await citizen.tap("day")
    await citizen.pick(None)
    assert heard[1] == "cancelled"
    await citizen.tap("hour")
    await citizen.pick(time(4, 30))
    assert heard[2] == time(4, 30)


async def test_the_phone_answers_its_services(visit, phone):
    got = {}

    def main(page: ft.Page) -> None:
        files, urls, clip = ft.FilePicker(), ft.UrlLauncher(), ft.Clipboard()
        voice, prefs, paths = ft.SemanticsService(), ft.SharedPreferences(), ft.StoragePaths()

        async def pick() -> None:
            got["files"] = await files.pick_files(with_data=True)

        async def rest() -> None:
            await urls.launch_url("https://contoh.go.id/masuk")
            await clip.set("AKT-7")
            await voice.announce_message("Tersalin")
            await prefs.set("a", 1)
            got["a"] = await prefs.get("a")
            got["path"] = await paths.get_application_support_directory()

        page.add(
            named("pick", ft.TextButton("Pilih", on_click=pick)),
            named("rest", ft.TextButton("Lain", on_click=rest)),
        )

    citizen = await visit(main)
    await citizen.pick_files("pick", File("akta.pdf", b"%PDF"))
    assert (got["files"][0].name, got["files"][0].bytes) == ("akta.pdf", b"%PDF")
    await citizen.pick_files("pick")
    assert got["files"] == []
    await citizen.tap("rest")
    assert citizen.last_url == "https://contoh.go.id/masuk"
    assert (phone.clipboard, citizen.announcements, got["a"]) == ("AKT-7", ["Tersalin"], 1)
    assert got["path"].endswith("application_support")


async def test_the_world_around_reaches_the_app(visit):
    heard = []

    def main(page: ft.Page) -> None:
        net = ft.Connectivity(on_change=lambda e: heard.append([c.value for c in e.connectivity]))
        page.on_resize = lambda e: heard.append((e.width, page.height))
        page.on_platform_brightness_change = lambda e: heard.append(page.platform_brightness.value)
        page.on_locale_change = lambda e: heard.append(e.locales[0].language_code)
        page.on_keyboard_event = lambda e: heard.append((e.key, e.ctrl))
        page.on_app_lifecycle_state_change = lambda e: heard.append(e.state.value)
        page.data = net
        page.add(ft.Text("siap"))

    citizen = await visit(main, width=390, height=844, theme="dark")
    await citizen.set_connectivity()
    await citizen.set_size(844, 390)
    await citizen.set_theme("light")
    await citizen.set_language("en")
    await citizen.press_key("K", ctrl=True)
    await citizen.set_lifecycle("pause")
    assert heard == [["none"], (844, 390), "light", "en", ("K", True), "pause"]


async def test_rest_waits_for_threads_and_short_timers_but_not_for_polling(visit):
    def body():
        text, set_text = ft.use_state("mulai")
        polls, set_polls = ft.use_state(0)

        async def work() -> None:
            await asyncio.to_thread(threading.Event().wait, 0.05)
            set_text("dari utas")
            await asyncio.sleep(0.4)
            set_text("selesai")

        async def poll() -> None:
            n = 0
            while True:
                await asyncio.sleep(30)
                n += 1
                set_polls(n)

        ft.use_effect(poll, [])
        return ft.Column(
            [named("go", ft.TextButton("Mulai", on_click=work)), ft.Text(text), ft.Text(f"polls {polls}")]
        )

    citizen = await visit(component(body))
    await citizen.tap("go")
    citizen.should_see("selesai", "polls 0")
    before = citizen.clock.now()
    await citizen.clock.advance(timedelta(seconds=95))
    citizen.should_see("polls 3")
    assert citizen.clock.now() - before == timedelta(seconds=95)


async def test_a_crash_in_a_handler_fails_the_act(visit):
    def main(page: ft.Page) -> None:
        page.add(named("bad", ft.TextButton("Rusak", on_click=lambda: 1 / 0)))

    citizen = await visit(main)
    with pytest.raises(AppFailed, match="division by zero"):
        await citizen.tap("bad")
    citizen.expect_errors("Unhandled error")


async def test_a_crash_in_main_fails_the_opening(visit):
    def main(page: ft.Page) -> None:
        raise LookupError("no profile")

    with pytest.raises(AppFailed, match="no profile"):
        await visit(main)


async def test_a_logged_error_that_nobody_expected_is_told(visit):
    citizen = await visit(
        single(ft.TextButton("Catat", on_click=lambda: logging.getLogger("x").error("gone wrong")))
    )
    await citizen.tap("Catat")
    with pytest.raises(AppFailed, match="gone wrong"):
        citizen.check_errors()


async def test_a_lost_task_that_failed_is_told(visit):
    async def fail() -> None:
        raise OSError("lost")

    citizen = await visit(
        single(ft.TextButton("Lepas", on_click=lambda: asyncio.create_task(fail()) and None))
    )
    with pytest.raises(AppFailed, match="lost"):
        await citizen.tap("Lepas")


async def test_an_act_reports_what_it_sent(visit):
    citizen = await visit(routed)
    await citizen.tap("home.count")
    cost = citizen.costs[-1]
    assert (cost.messages, cost.operations) == (1, 1)
    assert 0 < cost.bytes < 200
    assert cost.seconds < 0.1


def _lacks(citizen):
    return [(lack.control.split(" (")[0], lack.lacks.split(" (")[0]) for lack in citizen.nameless_controls()]


async def test_a_control_without_a_name_or_an_identifier_is_listed(visit):
    citizen = await visit(single(ft.IconButton(ft.Icons.ADD, tooltip="Tambah", on_click=lambda: None)))
    assert _lacks(citizen) == [("button", "a name"), ("button", "an identifier")]
    assert "view" in str(citizen.nameless_controls()[0])


async def test_a_label_names_a_control_only_where_semantics_merge(visit):
    citizen = await visit(
        single(
            ft.Semantics(identifier="a", label="Nama", content=ft.TextField()),
            named("b", ft.TextField(), label="Nama"),
            ft.Semantics(identifier="c", content=ft.TextField(label="Nama")),
            named("d", ft.IconButton(ft.Icons.ADD, tooltip="Tambah", on_click=lambda: None)),
            ft.Semantics(identifier="e", content=ft.FilledButton("Kirim", on_click=lambda: None)),
        )
    )
    assert [(lack.where, lack.lacks) for lack in citizen.nameless_controls()] == [("a < view", "a name")]


async def test_a_tappable_box_that_no_key_reaches_is_listed(visit):
    citizen = await visit(
        single(
            named("a", ft.Container(ft.Text("Buka"), on_click=lambda: None)),
            named("b", ft.Container(ft.Text("Tutup"), on_click=lambda: None, ink=True)),
        )
    )
    assert _lacks(citizen) == [("button", "the keyboard's focus")]


async def test_a_target_under_48_dp_is_listed(visit):
    citizen = await visit(
        single(
            named(
                "ok",
                ft.IconButton(ft.Icons.ADD, tooltip="Tambah", width=40, height=48, on_click=lambda: None),
            ),
        )
    )
    assert [lack.lacks for lack in citizen.small_targets()] == ["48 dp of width (has 40)"]


async def test_two_views_with_one_route_are_refused_as_flutter_does(visit):
    @ft.component
    def twin():
        return ft.View(route="/", controls=[ft.Text("kembar")])

    @ft.component
    def app():
        return ft.Router(
            [ft.Route(path="/", component=twin, children=[ft.Route(path="x", component=twin)])],
            manage_views=True,
        )

    citizen = await visit(lambda page: page.render_views(app))
    with pytest.raises(AppFailed, match="share a route"):
        await citizen.go("/x")


async def test_a_guarded_view_asks_before_it_is_left(visit):
    asked = []

    @ft.component
    def form():
        async def leave(e) -> None:
            asked.append(1)
            await e.control.confirm_pop(len(asked) > 1)

        return ft.View(route="/form", controls=[ft.Text("Formulir")], on_confirm_pop=leave)

    @ft.component
    def home():
        return ft.View(route="/", controls=[ft.Text("Rumah")])

    @ft.component
    def app():
        return ft.Router(
            [ft.Route(path="/", component=home, children=[ft.Route(path="form", component=form)])],
            manage_views=True,
        )

    citizen = await visit(lambda page: page.render_views(app), "/form")
    await citizen.back()
    citizen.should_see("Formulir")
    await citizen.back()
    citizen.should_see("Rumah")
