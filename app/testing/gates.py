"""Accessibility gates over one screen: names, identifiers and the size of targets."""

from __future__ import annotations

from dataclasses import dataclass

from app.testing.screen import Element, Screen

TARGET = 48
"""Least width and height of a touch target in dp (Android; WCAG 2.2, 2.5.8 asks for 24 CSS pixels)."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A usable control that lacks something, and where it stands."""

    lacks: str
    control: str
    where: str

    def __str__(self) -> str:
        return f"{self.control} lacks {self.lacks} (in {self.where})"


def nameless(screen: Screen) -> list[Lack]:
    """Usable controls that a screen reader cannot name, that no identifier finds, or that no key reaches."""
    found: list[Lack] = []
    for element in _usable(screen):
        wrapper = _wrapper(element)
        if not _spoken_name(element, wrapper):
            found.append(_lack("a name", element))
        if element.kind not in ("option", "radio") and wrapper is None:
            found.append(_lack("an identifier", element))
        if element.node.type == "Container" and element.node.get("ink") is not True:
            # Flutter gives focus to the InkWell of an inked container, and to no other.
            found.append(_lack("the keyboard's focus (ink=True gives it)", element))
    return found


def small(screen: Screen) -> list[Lack]:
    """Usable controls whose explicit width or height is under 48 dp."""
    found: list[Lack] = []
    for element in _usable(screen):
        for side in ("width", "height"):
            size = element.node.get(side)
            if isinstance(size, (int, float)) and size < TARGET:
                found.append(_lack(f"{TARGET} dp of {side} (has {size:g})", element))
    return found


def doubled(screen: Screen) -> list[str]:
    """Identifiers that stand on the screen more than once."""
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for element in screen.elements():
        if element.identifier in seen:
            twice[element.identifier] = None
        if element.identifier:
            seen.add(element.identifier)
    return list(twice)


def _usable(screen: Screen) -> list[Element]:
    return [e for e in screen.elements() if e.tappable]


def _wrapper(element: Element) -> Element | None:
    """The nearest element with an identifier around `element`, if it is about this control alone."""
    for above in element.above():
        if above.tappable or above.kind in ("view", "dialog", "sheet"):
            return None
        if above.identifier:
            return above
    return None


def _spoken_name(element: Element, wrapper: Element | None) -> str:
    """What a screen reader says; a label or tooltip around a control is its name only where they merge."""
    names = [e.label or "" for e in (element, wrapper) if e is not None and (e.merged or e.kind == "text")]
    for inner in element.walk():
        if inner.spoken and (inner is element or not inner.tappable):
            names += inner.words
            if inner is not element or element.merged:
                names.append(inner.label or "")
    return " ".join(n for n in names if n)


def _lack(lacks: str, element: Element) -> Lack:
    above = [e.identifier or e.kind for e in element.above()]
    return Lack(lacks, element.line(), " < ".join(above) or "the screen")
