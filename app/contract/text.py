"""Text in several languages, as a service definition carries it.

A plain class, with its shape for pydantic given on demand: what only reads texts (the catalogue, home) does
not import pydantic for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from app.contract.phrase import SOURCE_LANGUAGE

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


class Text:
    """A text by BCP 47 language tag; Indonesian (`id`) is always there.

    In YAML an author writes a plain string (Indonesian); translations are merged in beside it.
    """

    __slots__ = ("root",)

    def __init__(self, root: dict[str, str]) -> None:
        """The text that `root` has for each language. Raises ValueError without an Indonesian one."""
        if not root.get(SOURCE_LANGUAGE, "").strip():
            raise ValueError("the Indonesian text is missing or empty")
        self.root = root

    @classmethod
    def read(cls, value: Any) -> Text:
        """The text in a JSON value that was kept. Raises ValueError where it is none."""
        by_language = _plain_string_is_indonesian(value)
        if not isinstance(by_language, dict) or not all(
            isinstance(part, str) for pair in cast("dict[Any, Any]", by_language).items() for part in pair
        ):
            raise ValueError("a text is a mapping of languages")
        return cls(cast("dict[str, str]", by_language))

    def in_(self, language: str) -> str:
        """The text in `language`, else in Indonesian."""
        return self.root.get(language) or self.root[SOURCE_LANGUAGE]

    def __str__(self) -> str:
        return self.root[SOURCE_LANGUAGE]

    def __repr__(self) -> str:
        return f"Text({self.root!r})"

    def __eq__(self, other: object) -> bool:
        return self.root == other.root if isinstance(other, Text) else NotImplemented

    __hash__ = None  # pyright: ignore[reportAssignmentType] - translations are merged into it

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        by_language = core_schema.dict_schema(core_schema.str_schema(), core_schema.str_schema())
        return core_schema.no_info_before_validator_function(
            _plain_string_is_indonesian,
            core_schema.no_info_after_validator_function(cls, by_language),
            ref="Text",
            serialization=core_schema.plain_serializer_function_ser_schema(
                _by_language, return_schema=by_language
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        from inspect import cleandoc

        shape = handler(schema)
        handler.resolve_ref_schema(shape).update(title=cls.__name__, description=cleandoc(cls.__doc__ or ""))
        return shape


def _plain_string_is_indonesian(value: Any) -> Any:
    if isinstance(value, Text):
        return value.root
    return {SOURCE_LANGUAGE: value} if isinstance(value, str) else value


def _by_language(text: Text) -> dict[str, str]:
    return text.root
