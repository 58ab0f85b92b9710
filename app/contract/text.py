"""Text in several languages, as a service definition carries it."""

from __future__ import annotations

from typing import Any, Self

from pydantic import RootModel, model_validator

from app.contract.phrase import SOURCE_LANGUAGE


class Text(RootModel[dict[str, str]]):
    """A text by BCP 47 language tag; Indonesian (`id`) is always there.

    In YAML an author writes a plain string (Indonesian); translations are merged in beside it.
    """

    @model_validator(mode="before")
    @classmethod
    def _plain_string_is_indonesian(cls, value: Any) -> Any:
        return {SOURCE_LANGUAGE: value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_source(self) -> Self:
        if not self.root.get(SOURCE_LANGUAGE, "").strip():
            raise ValueError("the Indonesian text is missing or empty")
        return self

    def in_(self, language: str) -> str:
        """The text in `language`, else in Indonesian."""
        return self.root.get(language) or self.root[SOURCE_LANGUAGE]

    def __str__(self) -> str:
        return self.root[SOURCE_LANGUAGE]
