"""The tree of controls as Flutter holds it: built from the messages, changed by the patches.

Rules are those of Flet's own client (`control.dart`): a component (type `C`) shows its body `_b`, a patch
resolves its paths operation by operation, a control under a replaced value is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

COMPONENT = "C"
BODY = "_b"

REPLACE, ADD, REMOVE, MOVE = range(4)


class PatchFault(Exception):
    """A patch that Flutter could not apply, with the operation that failed."""


class Node:
    """One control: its type, its number, its properties, and the control it stands in."""

    __slots__ = ("id", "parent", "props", "type")

    def __init__(self, id: int, type: str, parent: Node | None) -> None:  # noqa: A002
        self.id = id
        self.type = type
        self.parent = parent
        self.props: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"{self.type}({self.id})"

    def get(self, name: str, default: Any = None) -> Any:
        """The property, with a component replaced by what it shows; `default` where there is none."""
        value = self.props.get(name)
        if isinstance(value, Node) and value.type == COMPONENT:
            value = value.shown()
        return default if value is None else value

    def shown(self) -> Any:
        """What stands on the screen for this node: itself, or the body of a component."""
        value: Any = self
        while isinstance(value, Node) and value.type == COMPONENT:
            value = value.props.get(BODY)
        return value

    def nodes(self, name: str) -> list[Node]:
        """The visible controls of a property that holds one control or a list of them."""
        value = self.get(name)
        found: list[Node] = []
        for item in cast("list[Any]", value) if isinstance(value, list) else [value]:
            node = item.shown() if isinstance(item, Node) else None
            for each in cast("list[Any]", node) if isinstance(node, list) else [node]:
                shown = each.shown() if isinstance(each, Node) else None
                if isinstance(shown, Node) and shown.visible:
                    found.append(shown)
        return found

    @property
    def visible(self) -> bool:
        """Its own `visible`; a control that it stands in may hide it all the same."""
        return self.props.get("visible") is not False

    @property
    def disabled(self) -> bool:
        """Whether it, or a control that it stands in, is disabled."""
        node: Node | None = self
        while node is not None:
            if node.props.get("disabled") is True:
                return True
            node = node.parent
        return False

    def handles(self, event: str) -> bool:
        """Whether Python listens to `event`: Flutter sends no others."""
        return self.props.get(f"on_{event}") is True

    def above(self) -> Iterator[Node]:
        """The controls that this one stands in, from the nearest; components left out."""
        node = self.parent
        while node is not None:
            if node.type != COMPONENT:
                yield node
            node = node.parent


class Tree:
    """All controls of one session, by number, from the page down."""

    def __init__(self, page: dict[str, Any]) -> None:
        self.index: dict[int, Node] = {}
        self.revision = 0
        self.page = cast("Node", self._build({"_c": "Page", "_i": 1, **page}, None))

    def update(self, node: Node, props: dict[Any, Any]) -> None:
        """Merge `props` into a control, as Flutter does with its own changes and the first page."""
        self.revision += 1
        self._merge(node, node.props, props)

    def patch(self, node_id: int, patch: list[Any]) -> int:
        """Apply one patch message and give the number of its operations.

        Raises `PatchFault` where Flutter would throw.
        """
        node = self.index.get(node_id)
        if node is None:
            # Flutter drops a patch for a control that has gone meanwhile.
            return 0
        self.revision += 1
        paths: dict[int, list[Any]] = {}
        _index_paths(patch[0], [], paths)
        for operation in patch[1:]:
            try:
                self._apply(node, paths, operation)
            except (KeyError, IndexError, TypeError, AttributeError) as fault:
                raise PatchFault(f"Flutter cannot apply {operation!r} to {node}: {fault!r}") from fault
        return len(patch) - 1

    def _apply(self, root: Node, paths: dict[int, list[Any]], operation: list[Any]) -> None:
        kind = operation[0]
        if kind == MOVE:
            source, _ = _target(root, paths[operation[1]])
            target, owner = _target(root, paths[operation[3]])
            value = source.pop(operation[2])
            _adopt(value, owner)
            if isinstance(target, list):
                cast("list[Any]", target).insert(operation[4], value)
            else:
                target[operation[4]] = value
            return
        holder, owner = _target(root, paths[operation[1]])
        key = operation[2]
        if kind == REMOVE:
            self._forget(holder.pop(key))
            return
        if kind == REPLACE and (isinstance(holder, list) or key in holder):
            self._forget(holder[key])
        value = self._build(operation[3], owner)
        if kind == ADD and isinstance(holder, list):
            cast("list[Any]", holder).insert(key, value)
        else:
            holder[key] = value

    def _build(self, value: Any, parent: Node | None) -> Any:
        if isinstance(value, dict):
            mapping = cast("dict[Any, Any]", value)
            if "_c" not in mapping:
                return {k: self._build(v, parent) for k, v in mapping.items()}
            node = Node(mapping["_i"], mapping["_c"], parent)
            self.index[node.id] = node
            props = node.props
            for key, item in mapping.items():
                if key not in ("_i", "_c"):
                    props[key] = self._build(item, node) if isinstance(item, (dict, list)) else item
            return node
        if isinstance(value, list):
            return [self._build(item, parent) for item in cast("list[Any]", value)]
        return value

    def _merge(self, parent: Node, target: dict[Any, Any], source: dict[Any, Any]) -> None:
        for key, value in source.items():
            if key in ("_i", "_c"):
                continue
            old = target.get(key)
            if isinstance(value, dict):
                new = cast("dict[Any, Any]", value)
                if isinstance(old, Node) and old.id == new.get("_i"):
                    self._merge(old, old.props, new)
                    continue
                if isinstance(old, dict) and "_c" not in new:
                    self._merge(parent, cast("dict[Any, Any]", old), new)
                    continue
            self._forget(old)
            target[key] = self._build(value, parent)

    def _forget(self, value: Any) -> None:
        if isinstance(value, Node):
            if self.index.get(value.id) is value:
                del self.index[value.id]
            for item in value.props.values():
                if isinstance(item, (Node, list, dict)):
                    self._forget(item)
        elif isinstance(value, list):
            for item in cast("list[Any]", value):
                self._forget(item)
        elif isinstance(value, dict):
            for item in cast("dict[Any, Any]", value).values():
                self._forget(item)


def _index_paths(branch: list[Any], path: list[Any], paths: dict[int, list[Any]]) -> None:
    paths[branch[0]] = path
    if len(branch) > 1:
        for key, child in branch[1].items():
            _index_paths(child, [*path, key], paths)


def _target(root: Node, path: list[Any]) -> tuple[Any, Node]:
    """The list or mapping at `path`, and the control that owns it."""
    value: Any = root
    owner = root
    for part in path:
        value = value.props[part] if isinstance(value, Node) else value[part]
        if isinstance(value, Node):
            owner = value
    return (value.props if isinstance(value, Node) else value), owner


def _adopt(value: Any, owner: Node) -> None:
    if isinstance(value, Node):
        value.parent = owner
