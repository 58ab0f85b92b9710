"""A sentence to be said to a citizen, kept apart from the language it is said in.

Rooms without a screen (forms, backend, client) answer with phrases; whoever speaks to the citizen
renders them with that citizen's language. The message is the Indonesian source text, which is
also the key of the gettext catalogues.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Phrase:
    """An Indonesian message with `{named}` places, and the values that fill them.

    Values of type `date`, `datetime` and nested `Phrase`s are written out in the language of the
    listener, so callers pass them unformatted.
    """

    message: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message.format_map(self.values)


def N_(message: str, /, **values: Any) -> Phrase:
    """Mark `message` for the catalogues and keep it as a `Phrase` (gettext's `N_` convention)."""
    return Phrase(message, values)
