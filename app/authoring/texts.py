"""Every text of a definition with the place where its author wrote it, in each language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from app.contract.findings import Step
from app.contract.text import SOURCE_LANGUAGE, Text
from app.contract.yaml_tree import Mark, Node, SourceFile

Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One text in one language. `names` is its structural name; `path` leads to it in `file`."""

    text: str
    language: str
    names: tuple[str, ...]
    file: SourceFile
    path: Steps

    @property
    def key(self) -> str:
        """What the text is for (`title`, `help`, `label`, ...)."""
        return self.names[-1] if self.names else ""


def texts_of(
    model: Any, steps: Steps = (), names: tuple[str, ...] = ()
) -> Iterator[tuple[Steps, tuple[str, ...], Text]]:
    """The texts of a model in their order: keys and positions, structural names, and the text."""
    if isinstance(model, Text):
        yield steps, names, model
    elif isinstance(model, BaseModel):
        for name, info in type(model).model_fields.items():
            key = info.alias or name
            yield from texts_of(getattr(model, name), (*steps, key), (*names, key))
    elif isinstance(model, list):
        for index, item in enumerate(model):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            yield from texts_of(item, (*steps, index), (*names, item_name(item, index)))


def item_name(item: Any, index: int) -> str:
    """How a translation file names an item of a list: by its id, value or concept, else by its position."""
    named = (getattr(item, key, None) for key in ("id", "value", "concept"))
    return next((name for name in named if isinstance(name, str)), str(index))


def said(model: Any, source: SourceFile, translations: dict[str, SourceFile]) -> Iterator[Said]:
    """Every text of `model` in every language that it is written in."""
    for steps, names, text in texts_of(model):
        yield Said(text.root[SOURCE_LANGUAGE], SOURCE_LANGUAGE, names, source, steps)
        for language, file in translations.items():
            if (node := node_at(file, names)) is not None and isinstance(node.value, str):
                yield Said(node.value, language, names, file, names)


def node_at(file: SourceFile, path: Steps) -> Node | None:
    """The node that `path` leads to, or None."""
    node: Node | None = file.root
    for step in path:
        node = node.child(step) if node is not None else None
    return node


def mark_of(said: Said, lines: list[str], words: str = "") -> Mark:
    """Where `words` of a text stand in its file; the text's own place where they cannot be found.

    A text over several lines is searched from its first line on, until its indentation ends.
    """
    node = node_at(said.file, said.path)
    if node is None:
        found = said.file.finding(said.path, "", "")
        return found.line, found.column
    line, column = node.mark
    if not words:
        return node.mark
    if (at := lines[line - 1].find(words, column - 1)) >= 0:
        return line, at + 1
    indentation = _indentation(lines[line - 1])
    for number in range(line + 1, len(lines) + 1):
        text = lines[number - 1]
        if text.strip() and _indentation(text) <= indentation:
            break
        if (at := text.find(words)) >= 0:
            return number, at + 1
    return node.mark


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())
