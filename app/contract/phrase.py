"""A sentence to be said to a citizen, kept apart from the language it is said in.

Rooms without a screen (forms, backend, client) answer with phrases; whoever speaks to the citizen
renders them with that citizen's language. The message is the Indonesian source text, which is
also the key of the gettext catalogues.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SOURCE_LANGUAGE = "id"
"""BCP 47 tag of the language that every phrase and every definition is written in."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """An Indonesian message with `{named}` places, and the values that fill them.

    Values of type `date`, `datetime`, `time`, `Money`, `Size`, `int`, and nested `Phrase`s and `Text`s are
    written out in the language of the listener (`Language.write`), so callers pass them unformatted.
    A number that is not a quantity (a year, a port) is passed as `str`.
    """

    message: str
    values: dict[str, Any] = field(default_factory=dict[str, Any])

    def __str__(self) -> str:
        return self.message.format_map(self.values)


class Money(int):
    """Whole rupiah, inside a phrase."""


class Size(int):
    """A count of bytes, inside a phrase."""


def N_(message: str, /, **values: Any) -> Phrase:
    """Mark `message` for the catalogues and keep it as a `Phrase` (gettext's `N_` convention)."""
    return Phrase(message, values)
