"""What a renderer is given, and the frame that all fields share: label, help, control, error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

import flet as ft

from app.app import App
from app.contract.form import AnyField
from app.contract.phrase import Phrase
from app.forms.answers import Source
from app.forms.journey import Journey
from app.ui import buttons, words
from app.ui.tokens import CARD_CORNER, TOLD, TOLD_BOX, WAITS, WRONG
from app.ui.unfold import Unfold

F = TypeVar("F")


def _is(value: object, kind: type[Any]) -> bool:
    return isinstance(value, kind)


@dataclass(frozen=True)
class Asked:
    """One field as it is asked now.

    `path` is the answer's path (`witnesses.0.nik`), `value` what stands there, `problem` what must be mended
    and `warning` what is only told. `answer` keeps a new answer at once; `left` says that the citizen has
    left the field. `source` is the register that gave the value, unless the citizen is changing it.
    """

    app: App
    journey: Journey
    field: AnyField
    path: str
    value: Any
    answer: Callable[[Any], None]
    left: Callable[[], None]
    attach: Callable[[], Awaitable[None]]
    change: Callable[[], None]
    problems: Callable[[str], tuple[Phrase | None, Phrase | None]]
    inner: Callable[[AnyField, str], Asked]
    """The same for a field inside a repeating section, by its path."""
    add_entry: Callable[[], None]
    remove_entry: Callable[[int], None]
    file: Callable[[str], Awaitable[bytes]]
    """The bytes of a file of the answer, by its SHA-256."""
    lines: dict[str, Any]
    """References to text fields by identifier, for the focus; a renderer puts its own in."""
    problem: Phrase | None = None
    warning: Phrase | None = None
    source: Source | None = None

    def of(self, kind: type[F]) -> F:
        """The field as the kind that its renderer is for."""
        if not isinstance(self.field, kind):
            raise TypeError(f"a renderer of {kind.__name__} was given a {self.field.type}")
        return self.field

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The answer where it is a list of mappings (files); else none."""
        return cast("list[dict[str, Any]]", self.value) if _is(self.value, list) else []

    @property
    def values(self) -> list[str]:
        """The answer where it is a list of values (choices); else none."""
        return [str(v) for v in cast("list[Any]", self.value)] if _is(self.value, list) else []

    @property
    def parts(self) -> dict[str, Any]:
        """The answer where it is a mapping (a person); else empty."""
        return cast("dict[str, Any]", self.value) if _is(self.value, dict) else {}

    @property
    def identifier(self) -> str:
        """The public name of the control: `field.<path>`."""
        return f"field.{self.path}"

    def part(self, name: str) -> Asked:
        """The same question for one key of a structured answer, with its own problems."""
        problem, warning = self.problems(f"{self.path}.{name}")
        value = self.parts.get(name)
        return replace(self, path=f"{self.path}.{name}", value=value, problem=problem, warning=warning)


def remark(asked: Asked) -> list[ft.Control]:
    """The error (or warning) of a field, with its icon; none where all is well."""
    phrase = asked.problem or asked.warning
    if phrase is None:
        return []
    color = WRONG if asked.problem else WAITS
    icon = ft.Icons.ERROR if asked.problem else ft.Icons.INFO_OUTLINE
    return [
        ft.Semantics(
            identifier=f"{asked.identifier}.{'error' if asked.problem else 'warning'}",
            container=True,
            content=ft.Row(
                [
                    ft.Icon(icon, color=color),
                    ft.Container(words.title(asked.app.language.say(phrase), color=color), expand=True),
                ],
                spacing=10,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
        )
    ]


def label_words(asked: Asked) -> str:
    """The label, with “(boleh kosong)” where no answer is needed."""
    text = asked.app.language.say(asked.field.label)
    if asked.field.required or asked.field.type in ("note", "declaration", "computed", "summary"):
        return text
    return asked.app.language.text("{label} (boleh kosong)", label=text)


_OF_PARTS = frozenset(("address", "date_range", "grid", "region", "repeat", "signature", "slot"))
"""Fields whose parts have titles of their own, which theirs stands above."""


def framed(asked: Asked, control: ft.Control, *, label: bool = True) -> ft.Control:
    """`control` under its label and help, with its error below; the target of scrolling to an error."""
    say = asked.app.language.say
    stack: list[ft.Control] = []
    of_parts = asked.field.type in _OF_PARTS
    if label:
        stack.append((words.group if of_parts else words.title)(label_words(asked)))
    if asked.field.help is not None:
        stack.append(words.secondary(say(asked.field.help)))
    stack += [control, *remark(asked)]
    return ft.Column(
        stack,
        spacing=12 if of_parts else 8,
        tight=True,
        key=ft.ScrollKey(asked.identifier),
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@dataclass(frozen=True, slots=True)
class Known:
    """A field whose value the state knows: the question, and the value in lines."""

    asked: Asked
    lines: Sequence[str]


def from_register(app: App, source: Source, known: Sequence[Known]) -> ft.Control:
    """Values that one register gave, or one service was told, under their source: confirmed by going on, or
    changed one by one."""
    _ = app.language.text
    say = app.language.say

    def row(item: Known) -> ft.Control:
        asked = item.asked
        name = say(asked.field.label)
        return ft.Row(
            [
                ft.Semantics(
                    identifier=asked.identifier,
                    container=True,
                    expand=True,
                    content=ft.Column(
                        [
                            words.secondary(name, color=TOLD),
                            words.title(item.lines[0], color=TOLD),
                            *(words.secondary(line, color=TOLD) for line in item.lines[1:]),
                            *remark(asked),
                        ],
                        spacing=0,
                        tight=True,
                    ),
                ),
                buttons.text_button(
                    f"{asked.identifier}.change",
                    _("Ubah"),
                    asked.change,
                    label=_("Ubah {name}", name=name),
                ),
            ],
            key=ft.ScrollKey(asked.identifier),
            vertical_alignment=ft.CrossAxisAlignment.START,
        )

    return ft.Container(
        bgcolor=TOLD_BOX,
        border_radius=CARD_CORNER,
        padding=ft.Padding.only(left=16, right=8, top=14, bottom=14),
        content=Unfold(
            [
                ft.Row(
                    [
                        ft.Icon(
                            ft.Icons.HISTORY if source.told else ft.Icons.VERIFIED_USER_OUTLINED,
                            color=TOLD,
                        ),
                        ft.Container(
                            words.label(
                                _("Dari {source}, per {date}", source=say(source.title), date=source.as_of),
                                color=TOLD,
                            ),
                            expand=True,
                        ),
                    ],
                    spacing=10,
                ),
                *(row(item) for item in known),
            ],
            12,
        ),
    )
