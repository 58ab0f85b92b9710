"""What is on the screen: the control tree read as a person or a screen reader would.

Only the topmost view counts, and of it only what no dialog covers. Layout (rows, columns, padding) has no
element of its own; what is said, read, tapped or typed into has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from app.testing.client import PICKERS, Client
from app.testing.tree import Node

BUTTONS = frozenset(
    {
        "Button",
        "FilledButton",
        "FilledTonalButton",
        "OutlinedButton",
        "TextButton",
        "IconButton",
        "FilledIconButton",
        "FilledTonalIconButton",
        "OutlinedIconButton",
        "FloatingActionButton",
        "MenuItemButton",
        "PopupMenuItem",
        "CupertinoButton",
        "CupertinoFilledButton",
        "CupertinoTintedButton",
        "CupertinoDialogAction",
        "CupertinoActionSheetAction",
    }
)
FIELDS = frozenset({"TextField", "CupertinoTextField", "SearchBar"})
_TOGGLES = {
    "Checkbox": "checkbox",
    "CupertinoCheckbox": "checkbox",
    "Switch": "switch",
    "CupertinoSwitch": "switch",
    "Radio": "radio",
    "CupertinoRadio": "radio",
}
_KINDS = {
    **dict.fromkeys(BUTTONS, "button"),
    **dict.fromkeys(FIELDS, "field"),
    **_TOGGLES,
    **dict.fromkeys(PICKERS, "picker"),
    "Text": "text",
    "Markdown": "text",
    "Image": "image",
    "Icon": "icon",
    "Dropdown": "dropdown",
    "DropdownM2": "dropdown",
    "DropdownOption": "option",
    "Option": "option",
    "SegmentedButton": "segments",
    "Segment": "option",
    "Slider": "slider",
    "Chip": "chip",
    "ListTile": "tile",
    "ExpansionTile": "expander",
    "ProgressBar": "progress",
    "ProgressRing": "progress",
    "NavigationBarDestination": "destination",
    "NavigationRailDestination": "destination",
    "NavigationDrawerDestination": "destination",
    "Tab": "tab",
    "AlertDialog": "dialog",
    "CupertinoAlertDialog": "dialog",
    "BottomSheet": "sheet",
    "CupertinoBottomSheet": "sheet",
    "SnackBar": "snack bar",
    "Banner": "banner",
    "View": "view",
    "AppBar": "bar",
    "Semantics": "group",
}
# Where a control keeps the words that it shows, in reading order.
_WORDS = (
    "label",
    "title",
    "text",
    "value",
    "content",
    "subtitle",
    "hint_text",
    "helper",
    "error",
    "error_text",
)
_WORDS_OF = {
    "Text": ("value",),
    "Markdown": ("value",),
    "Radio": ("label",),
    "Option": ("text", "key"),
    "DropdownOption": ("text", "key"),
    "Segment": ("label",),
    "Semantics": (),
    "DatePicker": ("help_text",),
    "TimePicker": ("help_text",),
    "Image": (),
    "Icon": (),
    "ProgressBar": (),
    "ProgressRing": (),
    "Slider": ("label",),
    "View": (),
    "Dropdown": ("label", "hint_text", "helper_text", "error_text"),
}
_FIRST = {"appbar": 0, "leading": 1, "icon": 2, "prefix": 2, "title": 3, "label": 3, "subtitle": 4}
_LAST = {
    "trailing": 7,
    "suffix": 7,
    "actions": 8,
    "floating_action_button": 8,
    "bottom_appbar": 9,
    "navigation_bar": 9,
}
# What is not on the screen until something is opened.
_CLOSED = {
    "PopupMenuButton": frozenset({"items"}),
    "SubmenuButton": frozenset({"controls"}),
    "View": frozenset({"drawer", "end_drawer", "services"}),
}


@dataclass(slots=True, eq=False)
class Element:
    """Something on the screen, with what a person and a screen reader get of it."""

    node: Node
    kind: str
    parent: Element | None
    identifier: str | None = None
    words: tuple[str, ...] = ()
    """Words that can be seen, its own."""
    label: str | None = None
    """Words that are only spoken."""
    disabled: bool = False
    covered: bool = False
    spoken: bool = True
    merged: bool = False
    """Whether a `MergeSemantics` makes one node of it and what it stands in: only then do names pass on."""
    level: int | None = None
    children: list[Element] = field(default_factory=list["Element"])

    def walk(self) -> Iterator[Element]:
        """This element and all in it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def above(self) -> Iterator[Element]:
        """The elements that this one stands in, from the nearest."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent

    @property
    def name(self) -> str:
        """Its accessible name: what is spoken of it and of everything in it."""
        parts: list[str] = []
        for element in self.walk():
            for part in (element.label, *element.words):
                if part and part not in parts:
                    parts.append(part)
        return " ".join(parts)

    @property
    def tappable(self) -> bool:
        """Whether a tap on exactly this element does something."""
        node = self.node
        if node.type in BUTTONS or node.type in ("Container", "ListTile", "Chip", "Card"):
            return (
                node.handles("click")
                or node.handles("select")
                or node.props.get("url") is not None
                or node.props.get("action") is not None
                or node.get("toggle_inputs") is True
            )
        if node.type == "GestureDetector":
            return node.handles("tap")
        return self.kind in (
            "checkbox",
            "switch",
            "radio",
            "field",
            "dropdown",
            "option",
            "destination",
            "expander",
            "tab",
        ) or (node.type == "TextSpan" and node.handles("click"))

    def line(self) -> str:
        """One line for the text tree."""
        parts = [self.kind if self.level is None else f"{self.kind} {self.level}"]
        if self.identifier:
            parts.append(f"[{self.identifier}]")
        return " ".join([*parts, *self.said()])

    def said(self) -> list[str]:
        """What it says, spoken words in brackets, and its state."""
        spoken = [f"({self.label})"] if self.label else []
        return [*spoken, *(f"“{w}”" for w in self.words), *self.states()]

    def states(self) -> list[str]:
        """What a person sees of its state, in words."""
        node = self.node
        found: list[str] = []
        if self.kind == "field":
            value = "•" * len(node.get("value", "")) if node.get("password") else node.get("value", "")
            found.append(f"= {value!r}")
        elif self.kind in ("checkbox", "switch"):
            found.append("on" if node.get("value") else "off")
        elif self.kind == "radio":
            group = next((n for n in node.above() if n.type == "RadioGroup"), None)
            found.append("on" if group is not None and group.get("value") == node.get("value") else "off")
        elif self.kind == "dropdown":
            found.append(f"= {node.get('value')!r}")
        elif self.kind == "expander":
            found.append("open" if node.get("expanded") else "closed")
        elif self.kind == "progress":
            value = node.get("value")
            found.append("…" if value is None else f"{value:.0%}")
        elif node.type == "Semantics":
            found.extend(s for s in ("selected", "checked", "expanded") if node.get(s) is True)
        if self.disabled:
            found.append("disabled")
        if not self.spoken:
            found.append("unspoken")
        return found


@dataclass(slots=True)
class Screen:
    """One reading of the screen."""

    revision: int
    layers: list[Element]
    """The topmost view first, then what lies over it, in order."""

    def elements(self) -> list[Element]:
        """Everything that can be seen, in reading order, without what a dialog covers."""
        return [e for layer in self.layers if not layer.covered for e in layer.walk()]

    def text(self) -> str:
        """The screen as an indented tree of text."""
        lines: list[str] = []
        for layer in self.layers:
            if layer.covered:
                lines.append(f"{layer.line()} (covered)")
            else:
                _write(layer, 0, lines)
        return "\n".join(lines)


def read(client: Client) -> Screen:
    """Read the screen of `client` as it is now."""
    views = client.views()
    layers: list[Element] = []
    if views:
        layers.append(_read(views[-1]))
    overlay = client.tree.page.get("_overlay")
    if isinstance(overlay, Node):
        layers.extend(_read(node) for node in overlay.nodes("controls"))
    for dialog in client.dialogs_host():
        if dialog.props.get("_open"):
            layer = _read(dialog)
            if layer.kind not in ("snack bar", "banner"):
                for below in layers:
                    below.covered = True
                layer.covered = False
            layers.append(layer)
    return Screen(client.tree.revision, layers)


def _read(node: Node) -> Element:
    top = _element(node, None)
    top.disabled = node.disabled
    _fill(node, top, top)
    return top


def _fill(node: Node, into: Element, around: Element) -> None:
    """Put what stands in `node` into the element `into`; `around` holds the states that are handed down."""
    for child in _children(node):
        element = _element(child, into)
        element.disabled = around.disabled or child.props.get("disabled") is True
        element.spoken = around.spoken and child.props.get("exclude_semantics") is not True
        element.merged = around.merged or child.type == "MergeSemantics"
        if child.type in _KINDS or _stands_out(child):
            into.children.append(element)
            _fill(child, element, element)
        else:
            _fill(child, into, element)


def _stands_out(node: Node) -> bool:
    """Whether a layout control has to be an element: something happens when it is used."""
    return any(key.startswith("on_") and value is True for key, value in node.props.items()) and any(
        node.handles(e) for e in ("click", "tap", "long_press", "dismiss")
    )


def _children(node: Node) -> list[Node]:
    closed = _CLOSED.get(node.type, ())
    if node.type == "ExpansionTile" and not node.get("expanded", False):
        closed = ("controls",)
    names: list[str] = []
    for name, value in node.props.items():
        if isinstance(value, (Node, list)) and name not in closed:
            names.append(name)
    if len(names) > 1:
        names.sort(key=lambda n: _FIRST.get(n, _LAST.get(n, 5)))
    found: list[Node] = []
    for name in names:
        found.extend(node.nodes(name))
    return found


def _element(node: Node, parent: Element | None) -> Element:
    kind = _KINDS.get(node.type, "button" if node.handles("click") else "area")
    words = tuple(_words(node))
    label = node.get("semantics_label")
    tooltip = node.get("tooltip")
    if label is None and tooltip is not None:
        label = tooltip if isinstance(tooltip, str) else cast("dict[str, Any]", tooltip).get("message")
    element = Element(node, kind, parent, words=words, label=label)
    if node.type == "Semantics":
        element.identifier = node.get("identifier")
        element.label = node.get("label")
        if node.get("header") or node.get("heading_level"):
            element.kind, element.level = "heading", node.get("heading_level", 1)
        elif node.get("button"):
            element.kind = "button"
        elif node.get("link"):
            element.kind = "link"
    return element


def _words(node: Node) -> Iterator[str]:
    for name in _WORDS_OF.get(node.type, _WORDS):
        value = node.get(name)
        if isinstance(value, str) and value and not (name == "value" and node.type in FIELDS):
            yield value
            if name == "text" and node.type in ("Option", "DropdownOption"):
                return
    if node.type == "Text":
        spans = "".join(str(s.get("text", "")) for s in node.nodes("spans"))
        if spans:
            yield spans
    if node.type == "SnackBar" and isinstance(node.get("action"), str):
        yield node.get("action")
    badge = node.get("badge")
    if isinstance(badge, str) and badge:
        yield badge


def _write(element: Element, depth: int, lines: list[str]) -> None:
    """Write an element; a control and the semantics around it are one line, with its words."""
    inner = element
    line = [element.line()]
    if element.node.type == "Semantics" and len(element.children) == 1 and element.children[0].tappable:
        inner = element.children[0]
        named = [f"[{element.identifier}]"] if element.identifier else []
        named += [f"({element.label})"] if element.label else []
        line = [inner.kind, *named, *inner.said(), *element.states()]
    told = [c for c in inner.children if c.kind not in ("icon", "text") or c.children or c.said()]
    if inner.tappable and all(c.kind in ("text", "icon") and not c.children for c in told):
        line += [part for c in told for part in c.said()]
        told = []
    lines.append("  " * depth + " ".join(line).replace("\n", " ⏎ "))
    for child in told:
        _write(child, depth + 1, lines)
