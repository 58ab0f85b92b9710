"""JSON values of unknown shape, looked at as a mapping or a list.

Answers come from drafts, from the network and from registers: none of them is trusted to have its shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast


def mapping(value: object) -> Mapping[str, Any] | None:
    """`value` where it is a mapping with texts as keys, else None."""
    if not isinstance(value, Mapping):
        return None
    found = cast("Mapping[object, Any]", value)
    return cast("Mapping[str, Any]", found) if all(isinstance(key, str) for key in found) else None


def items(value: object) -> list[Any] | None:
    """`value` where it is a list, else None."""
    return cast("list[Any]", value) if isinstance(value, list) else None


def mappings(value: object) -> list[Mapping[str, Any]]:
    """The elements of a list that are mappings."""
    return [found for one in items(value) or () if (found := mapping(one)) is not None]
