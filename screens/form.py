"""The form of a service: one page of questions at a time, every answer kept at once."""

from __future__ import annotations

from functools import partial
from typing import Any

import flet as ft

from app.applications.filing import Filing
from app.contract.form import AnyField, SummaryField
from app.contract.phrase import N_, Phrase
from app.forms.journey import CHECK
from app.forms.review import rows_before
from app.forms.validation import Problem
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.cards import notice
from app.ui.context import use_app, use_live, use_watches
from app.ui.fields.asked import Asked
from app.ui.fields.lines import TYPING
from app.ui.fields.renderers import render, render_page
from app.ui.frame import progress, saved, task
from app.ui.hooks import use_control, use_optional, use_reference, use_state, use_turn
from app.ui.states import offline_chip, skeleton, trouble
from screens.check import check_controls, check_foot
from screens.ended import ended_controls, ended_foot

_UNSAVED = N_("Isian terakhir belum tersimpan")


class _Remarks:
    """Which problems are shown: all of a page once “Lanjut” was tapped, before that of fields left wrong."""

    def __init__(self) -> None:
        self.attempted: set[str] = set()
        self.left: set[str] = set()
        self.changing: set[str] = set()
        self.told: set[tuple[str, str]] = set()
        self.lines: dict[str, Any] = {}
        """References to the text fields of the page, by identifier: where the focus goes on an error."""

    def shown(self, filing: Filing, page_id: str) -> dict[str, tuple[Phrase | None, Phrase | None]]:
        """Path of an answer: what must be mended, what is only told."""
        found: dict[str, tuple[Phrase | None, Phrase | None]] = {}
        refused = filing.refusals(page_id)
        for problem in filing.remarks(page_id):
            top = problem.field.split(".")[0]
            given = filing.journey.value(top) is not None
            left = bool({problem.field, top} & self.left)
            at_once = problem.page is None or problem in refused
            if not (page_id in self.attempted or at_once or (given and left)):
                continue
            wrong, told = found.get(problem.field, (None, None))
            if problem.warning:
                found[problem.field] = (wrong, told or problem.phrase)
            else:
                found[problem.field] = (wrong or problem.phrase, told)
        return found

    def doubts(self, filing: Filing, page_id: str) -> list[Problem]:
        """What is unusual on a page that has nothing wrong, and was not told yet: each is told once."""
        remarks = filing.remarks(page_id)
        if any(not remark.warning and remark.page is not None for remark in remarks):
            return []
        fresh = [r for r in remarks if r.warning and (r.field, r.phrase.message) not in self.told]
        self.told.update((r.field, r.phrase.message) for r in fresh)
        return fresh


@component
def Form() -> ft.View:
    """The page that comes next, or the check of all answers."""
    app = use_app()
    _ = app.language.text
    params = ft.use_route_params()
    reference = params.get("reference")
    service_id = "" if reference else f"{params['agency']}/{params['service']}"
    filing = use_live(
        lambda: app.filing(service_id, reference),
        *app.watches("form"),
        on=[service_id, reference, app.language.tag],
    )
    route = f"/service/{service_id}/form" if reference is None else f"/activity/{reference}/answer"
    if filing is None or isinstance(filing, Phrase):
        body: list[ft.Control] = (
            [skeleton(4)]
            if filing is None
            else [trouble(_("Formulir ini belum bisa dibuka"), app.language.say(filing))]
        )
        return task(app, route, body, on_back=app.back)
    return FormPages(filing, route, key=filing.id)


@component
def Kept(filing: Filing) -> ft.Control:
    """Whether the answers are on the disk; the rest of the page need not be drawn anew to say it."""
    _ = use_app().language.text
    ft.use_effect(partial(filing.watch, use_turn()), [filing])
    if filing.failed:
        return saved(_("Belum tersimpan"))
    return saved(_("Menyimpan …") if filing.slow else _("Tersimpan"))


@component
def FormPages(filing: Filing, route: str) -> ft.View:
    """The pages of one filing."""
    app = use_app()
    _ = app.language.text
    say = app.language.say
    again = use_turn()
    sending, set_sending = use_state(False)
    unsent, set_unsent = use_optional(Phrase)
    remarks = use_reference(_Remarks()).current
    scroller = use_control(ft.Column)
    page = ft.context.page
    journey = filing.journey
    here = journey.at

    failed = use_reference(filing.failed)

    def kept() -> None:
        if filing.failed != failed.current:
            failed.current = filing.failed
            again()
            if filing.failed:
                page.run_task(app.announce, say(_UNSAVED))

    use_watches(app, lambda: [filing.watch(kept)], [filing])

    async def reveal(identifier: str) -> None:
        if scroller.current is not None:
            await scroller.current.scroll_to(scroll_key=ft.ScrollKey(identifier), duration=150)
        field = remarks.lines.get(identifier)
        if field is not None and field.current is not None:
            await field.current.focus()

    async def show_problems(problems: list[Problem]) -> None:
        first = problems[0]
        count = len(problems)
        summary = app.language.plural(
            "{n} isian perlu dilengkapi. {first}",
            "{n} isian perlu dilengkapi. {first}",
            count,
            first=say(first.phrase),
        )
        await app.announce(summary)
        await reveal(f"field.{first.field}")

    async def show_doubt(doubt: Problem) -> None:
        await app.announce(say(doubt.phrase))
        await reveal(f"field.{doubt.field}")

    def forward() -> None:
        remarks.attempted.add(here)
        doubts = remarks.doubts(filing, here)
        if doubts:
            again()
            page.run_task(show_doubt, doubts[0])
            return
        problems = filing.forward()
        if problems:
            again()
            page.run_task(show_problems, problems)
            return
        remarks.left.clear()
        remarks.changing.clear()
        again()

    async def back() -> None:
        if not filing.back():
            await filing.settled()
            app.back()
            return
        again()

    async def send() -> None:
        remarks.attempted.add(CHECK)
        problems = [*filing.all_refusals(), *filing.blocking()]
        if problems:
            page_id = problems[0].page
            if page_id is not None and page_id != CHECK:
                remarks.attempted.add(page_id)
                filing.change(page_id)
            again()
            await show_problems(problems)
            return
        set_sending(True)
        set_unsent(problem := await app.send(filing))
        if problem is not None:
            set_sending(False)
            await app.announce(say(problem))

    def change(page_id: str) -> None:
        filing.change(page_id)
        again()

    def standing() -> tuple[Any, ...]:
        fields = tuple((f.id, journey.source(f.id), follows(f)) for f in journey.fields(here))
        return journey.at, journey.exit, fields, remarks.shown(filing, here)

    def follows(field: AnyField) -> Any:
        """What is read in a field that others are typed into."""
        if field.type == "computed":
            return journey.value(field.id)
        if isinstance(field, SummaryField):
            return [row.text for row in rows_before(journey, field, app.language)]
        return None

    shown = remarks.shown(filing, here)

    def ask(field: AnyField, path: str) -> Asked:
        def answer(raw: Any) -> None:
            app.device.touch()
            before = standing()
            filing.answer(path, raw)
            # A line shows what is typed by itself; the page is drawn anew only where a letter changes it.
            if field.type not in TYPING or standing() != before:
                again()

        def left() -> None:
            if path not in remarks.left:
                remarks.left.add(path)
            again()

        def start_changing() -> None:
            remarks.changing.add(path)
            again()

        async def attach() -> None:
            problem = await app.attach(filing, path)
            if problem is not None:
                remarks.left.add(path)
                filing.refuse(path, problem)
                await app.announce(say(problem))
            again()

        def add_entry() -> None:
            filing.add_entry(path)
            again()

        def remove_entry(index: int) -> None:
            filing.remove_entry(path, index)
            again()

        problem, warning = shown.get(path, (None, None))
        return Asked(
            app=app,
            journey=journey,
            field=field,
            path=path,
            value=journey.value(path),
            answer=answer,
            left=left,
            attach=attach,
            change=start_changing,
            problems=lambda p: shown.get(p, (None, None)),
            inner=ask,
            add_entry=add_entry,
            remove_entry=remove_entry,
            file=filing.file,
            lines=remarks.lines,
            problem=problem,
            warning=warning,
            source=None if path in remarks.changing else journey.source(path),
        )

    at_check = here == CHECK
    ending = journey.exit
    step = journey.progress()
    header = progress(step.fraction, step.words(app.language))
    controls: list[ft.Control] = []
    offline = offline_chip(app)
    if offline is not None:
        controls.append(ft.Row([offline], wrap=True))
    if filing.failed:
        controls.append(
            notice(
                "wrong",
                ft.Icons.SAVE_OUTLINED,
                say(_UNSAVED),
                _("Biasanya penyimpanan perangkat penuh. Kosongkan sedikit, lalu ubah isian ini lagi."),
                identifier="form.unsaved",
            )
        )
    if ending is not None:
        controls += ended_controls(app, ending)
        foot = ended_foot(app, ending)
    elif at_check:
        controls += check_controls(app, filing, change)
        controls += [render(ask(f, f.id)) for f in journey.fields(CHECK)]
        if unsent is not None:
            controls.append(
                notice(
                    "wrong",
                    ft.Icons.ERROR_OUTLINE,
                    _("Belum terkirim"),
                    say(unsent),
                    identifier="check.unsent",
                )
            )
        foot = check_foot(app, filing, send, sending)
    else:
        at_page = next(p for p in journey.pages if p.id == here)
        head: list[ft.Control] = [words.heading(say(at_page.title))]
        if at_page.help is not None:
            head.append(words.lead(say(at_page.help)))
        controls.append(ft.Column(head, spacing=4, tight=True, key=f"heading.{here}"))
        if filing.question is not None:
            controls.append(
                notice("waits", ft.Icons.HELP_OUTLINE, _("Yang ditanyakan instansi"), filing.question.text)
            )
        controls += render_page([ask(f, f.id) for f in journey.fields()])
        foot = [buttons.primary("form.next", _("Lanjut"), forward, icon=ft.Icons.ARROW_FORWARD)]
    return task(
        app,
        route,
        controls,
        title=say(journey.definition.title),
        on_back=back,
        back_identifier="form.back",
        end=[Kept(filing, key=filing.id)],
        foot=foot,
        header=header,
        spacing=20,
        scroll_key=here,
        scroller=scroller,
    )
