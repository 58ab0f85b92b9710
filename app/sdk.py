"""What a service of this repository may use in its own `screen.py`: the whole of it, and small.

    services/<agency>/<service>/screen.py
        def draw(screen: Screen) -> ft.Control | None

`draw` is asked whenever the service page is drawn. What it gives stands there under the facts; None adds
nothing. It reads what the state knows through `screen`, and only what the service's `permissions` name. The
page is whole without it: a fault in `draw` is logged, and the page goes on as if there were no `screen.py`.

It ships inside the app. What an agency publishes is data and never brings code; a newer definition may lack a
field or a permission that `draw` asks for, so whatever is not there is None or `NotDeclared`.

`words`, `card`, `rows`, `notice`, `component` and the names of colours and spaces are those of the app, so
that what is drawn follows the theme and the size of the words. docs/service-screens.md has an example.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from app.contract.phrase import Money, Phrase
from app.contract.text import Text
from app.forms import kinds
from app.forms.answers import field_at
from app.forms.conditions import Situation
from app.ui import tokens, words
from app.ui.boundary import component
from app.ui.cards import card, notice, rows

if TYPE_CHECKING:
    from app.contract.definition import ServiceDefinition
    from app.contract.language import Language
    from app.forms.journey import Journey

__all__ = [
    "Known",
    "Money",
    "NotDeclared",
    "Screen",
    "Text",
    "card",
    "component",
    "notice",
    "rows",
    "tokens",
    "words",
]


class NotDeclared(LookupError):
    """A concept was asked for that the service does not declare in its `permissions`."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the state knows: the `value` in the shape of its concept, who told it, and when it was read."""

    value: Any
    source: Text
    as_of: date


@dataclass(frozen=True, slots=True)
class Screen:
    """What `draw` is given. `width` is the class of the window; `text_scale` goes from 1.0 to 2.0."""

    definition: ServiceDefinition
    language: Language
    today: date
    width: Literal["phone", "tablet", "desktop"]
    text_scale: float
    _situation: Situation = field(repr=False)

    @classmethod
    def of(
        cls,
        journey: Journey,
        language: Language,
        width: Literal["phone", "tablet", "desktop"],
        text_scale: float,
    ) -> Screen:
        """The screen of the service that `journey` goes through."""
        situation = journey.view.situation
        return cls(journey.definition, language, journey.today, width, text_scale, situation)

    def known(self, concept: str) -> Known | None:
        """What the state knows of the citizen for `concept`, or None. Raises NotDeclared."""
        if concept not in {permission.concept for permission in self.definition.permissions}:
            raise NotDeclared(concept)
        found = self._situation.me.get(concept)
        return None if found is None else Known(found.value, found.source_title, found.as_of)

    def worked_out(self, field_id: str) -> int | str | None:
        """What the computed field `field_id` of the form comes to by what is known now, or None.

        A whole number, a decimal as text, or an ISO date. So a figure is written once, in the definition.
        """
        asked = field_at(self.definition.form, field_id)
        if asked is None or not kinds.kind_of(asked).derived:
            return None
        return kinds.settled(asked, None, self._situation)

    def say(self, text: Text, /, **values: Any) -> str:
        """`text` in the citizen's language, its `{named}` places filled: dates, `Money` and numbers are
        written as the language writes them."""
        return self.language.say(Phrase(text.in_(self.language.tag), values))
