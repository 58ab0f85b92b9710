"""YAML 1.2 as a tree of plain JSON values that knows where each of them stands in the file.

Written for files that a stranger hands in: the size of the file, its depth and its nodes are bounded,
anchors, aliases, tags and several documents are refused, and whatever is wrong is a `DefinitionError` with
its place.
Scalars follow the core schema of YAML 1.2 (so `yes`, `no` and `on` are texts); dates stay texts as in JSON.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from app.contract.findings import DefinitionError, Finding, Step

MAX_BYTES = 100_000
MAX_DEPTH = 24
MAX_NODES = 10_000

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML 1.2 (5.1) does not let stand in a file."""
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")
_SURROGATE = re.compile(r"[\ud800-\udfff]")

Mark = tuple[int, int]
"""Line and column, from 1."""


@dataclass(slots=True)
class Node:
    """One value of the file. `entries` of a mapping, `items` of a list, `value` of a scalar."""

    kind: Literal["mapping", "list", "scalar"]
    mark: Mark
    value: Any = None
    entries: dict[str, Node] = field(default_factory=dict[str, "Node"])
    keys: dict[str, Mark] = field(default_factory=dict[str, Mark])
    items: list[Node] = field(default_factory=list["Node"])

    def plain(self) -> Any:
        """This node as JSON values."""
        match self.kind:
            case "mapping":
                return {key: node.plain() for key, node in self.entries.items()}
            case "list":
                return [node.plain() for node in self.items]
            case "scalar":
                return self.value

    def child(self, step: Step) -> Node | None:
        """The value under a key or an index, or None."""
        if self.kind == "mapping":
            return self.entries.get(str(step))
        if self.kind == "list" and isinstance(step, int) and 0 <= step < len(self.items):
            return self.items[step]
        return None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read: `shown` is its name in findings."""

    shown: Path
    root: Node

    def finding(self, path: tuple[Step, ...], expected: str, came: str, hint: str = "") -> Finding:
        """A finding at `path`, located as closely as the file allows."""
        node, mark, names = self.root, self.root.mark, list[str]()
        for step in path:
            if isinstance(step, str) and step in node.keys:
                mark = node.keys[step]
            below = node.child(step)
            if below is None:
                names.append(str(step))
                break
            names.append(_name(below, step))
            node = below
            if isinstance(step, int):
                mark = node.mark
        return Finding(self.shown, *mark, ".".join(names), expected, came, hint)


def _name(node: Node, step: Step) -> str:
    """A list's item by its id, value or concept, where it has one; else its position."""
    if isinstance(step, int):
        for key in ("id", "value", "concept"):
            named = node.entries.get(key)
            if named is not None and isinstance(named.value, str):
                return named.value
    return str(step)


def read_yaml(path: Path, shown: Path) -> SourceFile:
    """The tree of the file at `path`. Raises DefinitionError."""

    def refuse(expected: str, came: str, mark: Mark = (1, 1), hint: str = "") -> DefinitionError:
        return DefinitionError([Finding(shown, *mark, "", expected, came, hint)])

    try:
        if not path.is_file():
            raise refuse("a file", "a folder" if path.is_dir() else "nothing")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise refuse("a readable file", f"an error of the system ({error})") from None
    if len(data) > MAX_BYTES:
        raise refuse(f"at most {MAX_BYTES} bytes", "a larger file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        mark = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise refuse("UTF-8 text", f"the byte 0x{data[error.start]:02x}", mark) from None
    if bad := _FORBIDDEN.search(text):
        code = f"the control character U+{ord(bad[0]):04X}"
        raise refuse("text", code, _mark_of(text, bad.start()), "Is this a text file?")
    return SourceFile(shown, parse_yaml(text, shown))


def _mark_of(text: str, offset: int) -> Mark:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


@lru_cache(maxsize=128)
def parse_yaml(text: str, shown: Path) -> Node:
    """The tree of `text`; `shown` is the name of the file in findings. Raises DefinitionError.

    It is remembered, so nobody changes it: a folder is read again at every save of one of its files, and by
    each tool in turn.
    """
    import yaml

    builder = _Builder(shown)
    # In C where it was built with libyaml, which is twenty times as fast.
    reader: Any = yaml
    loader = getattr(reader, "CSafeLoader", reader.SafeLoader)
    try:
        for event in reader.parse(text, loader):
            builder.take(event)
    except yaml.MarkedYAMLError as marked:
        error: Any = marked
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = str(error.problem or error.context or "")
        raise DefinitionError([_syntax(shown, text, place, problem)]) from None
    except (
        yaml.YAMLError,
        ValueError,
        IndexError,
        AttributeError,
        AssertionError,
        RecursionError,
        OverflowError,
    ) as error:
        # PyYAML lets a few of these through on garbage; there is no place to tell then.
        raise DefinitionError(
            [Finding(shown, 1, 1, "", "valid YAML", f"something unreadable ({error})")]
        ) from None
    if builder.root is None:
        raise DefinitionError([Finding(shown, 1, 1, "", "a mapping or a list", "an empty file")])
    return builder.root


def _syntax(shown: Path, text: str, mark: Mark, problem: str) -> Finding:
    lines = text.splitlines()
    line = lines[mark[0] - 1] if mark[0] <= len(lines) else ""
    if "\t" in line[: mark[1]]:
        column = line.index("\t") + 1
        return Finding(
            shown, mark[0], column, "", "spaces before the text", "a tab", "Indent with two spaces."
        )
    return Finding(shown, *mark, "", "valid YAML", problem or "something else")


class _Builder:
    """Builds the tree from the parser's events without recursion, within the bounds."""

    def __init__(self, shown: Path) -> None:
        self.root: Node | None = None
        self._shown = shown
        self._open: list[tuple[Node, str | None]] = []
        """Containers that are open, each with the key that waits for its value."""
        self._nodes = 0

    def take(self, event: Any) -> None:
        """Take one event of the parser."""
        kind = type(event).__name__
        mark = (event.start_mark.line + 1, event.start_mark.column + 1)
        match kind:
            case "AliasEvent":
                raise self._refuse(mark, "the value itself", f'the alias "*{event.anchor}"')
            case "MappingStartEvent" | "SequenceStartEvent":
                self._check(event, mark)
                node = Node("mapping" if kind == "MappingStartEvent" else "list", mark)
                self._place(node)
                self._open.append((node, None))
                if len(self._open) > MAX_DEPTH:
                    raise self._refuse(mark, f"at most {MAX_DEPTH} levels", "a deeper one")
            case "MappingEndEvent" | "SequenceEndEvent":
                self._open.pop()
            case "ScalarEvent":
                self._check(event, mark)
                self._scalar(event, mark)
            case "DocumentStartEvent" if self.root is not None:
                raise self._refuse(mark, "one document", "a second one")
            case _:
                pass

    def _check(self, event: Any, mark: Mark) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._refuse(mark, f"at most {MAX_NODES} values", "more of them")
        if event.anchor:
            raise self._refuse(mark, "the value itself", f'the anchor "&{event.anchor}"')
        tag = getattr(event, "ctag", None) or event.tag
        if tag:
            raise self._refuse(mark, "a plain value", f'the tag "{tag}"')

    def _scalar(self, event: Any, mark: Mark) -> None:
        text: str = event.value
        if _SURROGATE.search(text):
            raise self._refuse(mark, "text", "half of a character (a lone surrogate)")
        if self._open and self._open[-1][0].kind == "mapping" and self._open[-1][1] is None:
            mapping, _ = self._open[-1]
            if text in mapping.keys:
                first = mapping.keys[text][0]
                raise self._refuse(mark, "each key once", f'"{text[:60]}" again (first in line {first})')
            mapping.keys[text] = mark
            self._open[-1] = mapping, text
            return
        self._place(Node("scalar", mark, text if event.style else _core(text)))

    def _place(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        container, key = self._open[-1]
        if container.kind == "list":
            container.items.append(node)
        elif key is None:
            raise self._refuse(node.mark, "a text as a key", f"a {node.kind}")
        else:
            container.entries[key] = node
            self._open[-1] = container, None

    def _refuse(self, mark: Mark, expected: str, came: str) -> DefinitionError:
        return DefinitionError([Finding(self._shown, *mark, "", expected, came)])


def _core(text: str) -> Any:
    """A plain scalar by the core schema of YAML 1.2 (10.3.2), without octal, hexadecimal and infinity."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if abs(number) < float("inf") else text
    return text
