"""Finding one thing on the screen, and saying well why it was not found."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.testing.screen import Element, Screen


class NotSeen(AssertionError):
    """The screen is not as expected; the message carries the screen."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; every part that is given must fit.

    `target` is an identifier, or else words on the screen. `text` is part of the words that are seen,
    `label` part of the name that is spoken.
    """

    target: str | None = None
    identifier: str | None = None
    text: str | None = None
    label: str | None = None
    kind: str | None = None

    def __str__(self) -> str:
        if self.target is not None and not any((self.identifier, self.text, self.label, self.kind)):
            return repr(self.target)
        names = ("target", "identifier", "text", "label", "kind")
        given = {name: getattr(self, name) for name in names}
        return ", ".join(f"{k}={v!r}" for k, v in given.items() if v is not None)

    def matches(self, screen: Screen) -> list[Element]:
        """All elements that fit, innermost only, in reading order."""
        elements = screen.elements()
        fits = self._fits(elements)
        if self.kind is not None:
            fits = [e for e in fits if e.kind == self.kind]
        if self.identifier is None and not (self.target and fits and fits[0].identifier == self.target):
            outer = {id(above) for e in fits for above in e.above()}
            fits = [e for e in fits if id(e) not in outer]
        return fits

    def _fits(self, elements: list[Element]) -> list[Element]:
        fits: Iterable[Element] = elements
        if self.target is not None:
            named = [e for e in elements if e.identifier == self.target]
            fits = named or [e for e in elements if _shows(e, self.target)]
        if self.identifier is not None:
            fits = [e for e in fits if e.identifier == self.identifier]
        if self.text is not None:
            fits = [e for e in fits if _shows(e, self.text)]
        if self.label is not None:
            fits = [e for e in fits if self.label in e.name]
        return list(fits)

    def near(self, screen: Screen) -> list[str]:
        """Identifiers and words on the screen that are nearly what was looked for."""
        wanted = self.target or self.identifier or self.text or self.label or ""
        known: dict[str, None] = {}
        for element in screen.elements():
            for word in (element.identifier, *element.words, element.label):
                if word:
                    known[word] = None
        close = difflib.get_close_matches(wanted, known, n=5, cutoff=0.5)
        lower = wanted.casefold()
        close += [k for k in known if lower and lower in k.casefold() and k not in close]
        return close[:5]


def _shows(element: Element, words: str) -> bool:
    return any(words in shown for shown in element.words) or (
        element.kind == "field"
        and words in element.node.get("value", "")
        and not element.node.get("password")
    )


def one(query: Query, screen: Screen, use: Callable[[Element], Element | None] | None = None) -> Element:
    """The one element that fits; with `use`, the one that a use leads to.

    Raises `NotSeen` when nothing fits, or when several things do.
    """
    found = query.matches(screen)
    if not found:
        raise NotSeen(missing(query, screen))
    if use is not None and len(found) > 1:
        # The same words often stand in a heading and on a button: only one of them can be used.
        led = {id(target): target for e in found if (target := use(e)) is not None}
        if len(led) == 1:
            return next(iter(led.values()))
        found = list(led.values()) or found
    if len(found) > 1:
        places = "\n".join(f"  {path(e)}" for e in found)
        raise NotSeen(f"{len(found)} things on the screen fit {query}:\n{places}\n\n{screen.text()}")
    if use is None:
        return found[0]
    return use(found[0]) or found[0]


def missing(query: Query, screen: Screen) -> str:
    """Why `query` found nothing: near misses, and the screen."""
    covered = any(
        query.matches(Screen(screen.revision, [_uncovered(layer)]))
        for layer in screen.layers
        if layer.covered
    )
    near = query.near(screen)
    lines = [f"{query} is not on the screen."]
    if covered:
        lines = [f"{query} is covered by what lies over it."]
    elif near:
        lines.append("Nearly: " + ", ".join(repr(n) for n in near))
    return "\n".join([*lines, "", screen.text()])


def _uncovered(layer: Element) -> Element:
    return Element(
        layer.node,
        layer.kind,
        None,
        identifier=layer.identifier,
        words=layer.words,
        label=layer.label,
        children=layer.children,
    )


def path(element: Element) -> str:
    """Where an element stands: its line, and what it stands in."""
    above = [e.identifier or e.kind for e in element.above() if e.identifier or e.kind != "group"]
    return element.line() + (f"   in {' < '.join(above)}" if above else "")


def tappable(element: Element) -> Element | None:
    """What a tap on `element` reaches: itself, the one thing in it that takes taps, or what it stands in."""
    if element.tappable:
        return element
    inside = _outermost(element)
    if len(inside) == 1:
        return inside[0]
    if inside:
        return None
    for above in element.above():
        if above.tappable:
            return above
        if above.kind in ("view", "dialog", "sheet"):
            break
    return None


def _outermost(element: Element) -> list[Element]:
    found: list[Element] = []
    for child in element.children:
        found.extend([child] if child.tappable else _outermost(child))
    return found
