"""What Flutter sends when a control is used, a kind at a time (as in Flet's own client)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, cast

from app.testing.client import Client
from app.testing.find import NotSeen
from app.testing.phone import address
from app.testing.screen import FIELDS, Element
from app.testing.tree import Node


def tap(client: Client, element: Element) -> None:
    """Tap an element that takes taps.

    Raises `NotSeen` if it is disabled or if nobody listens.
    """
    node = element.node
    if element.disabled:
        raise NotSeen(f"{element.line()} is disabled: a tap does nothing")
    kind = element.kind
    if kind in ("checkbox", "switch"):
        _change(client, node, "value", not node.get("value", False))
    elif kind == "radio":
        group = _around(node, "RadioGroup")
        _change(client, group, "value", node.get("value"))
    elif kind == "field":
        client.focus(node)
        client.send(node, "click")
    elif kind == "expander":
        _change(client, node, "expanded", not node.get("expanded", False))
    elif node.type == "Segment":
        _segment(client, node)
    elif kind in ("destination", "tab"):
        holder = next(n for n in node.above() if n.type not in ("Column", "Row"))
        siblings = holder.nodes("destinations") or holder.nodes("tabs")
        _change(client, holder, "selected_index", siblings.index(node))
    elif kind == "option":
        choose_option(client, _around(node, "Dropdown", "DropdownM2"), node)
    elif kind == "chip" and node.handles("select"):
        chosen = not node.get("selected", False)
        client.set(node, {"selected": chosen})
        client.send(node, "select", chosen)
    elif node.type == "GestureDetector":
        client.send(node, "tap", {"l": {"x": 0.0, "y": 0.0}, "g": {"x": 0.0, "y": 0.0}, "k": "touch"})
    else:
        _click(client, element)


def _click(client: Client, element: Element) -> None:
    node = element.node
    url = node.props.get("url")
    if url is not None:
        client.phone.open(address(url))
    for action in _actions(node):
        service = client.tree.index[action["service_id"]]
        client.phone.answer(service.type, action["method"], action["args"])
    if not client.send(node, "click") and url is None and not _actions(node):
        raise NotSeen(f"{element.line()} takes no taps: nobody listens to it")


def _actions(node: Node) -> list[dict[str, Any]]:
    action = node.props.get("action")
    if isinstance(action, list):
        return cast("list[dict[str, Any]]", action)
    return [cast("dict[str, Any]", action)] if isinstance(action, dict) else []


def long_press(client: Client, element: Element) -> None:
    """Press long on an element."""
    if element.disabled or not client.send(element.node, "long_press"):
        raise NotSeen(f"{element.line()} does not listen to a long press")


def enter(client: Client, element: Element) -> None:
    """Go into a field that is to be typed into.

    Raises `NotSeen` if it is no field, disabled or read-only.
    """
    node = element.node
    if node.type not in FIELDS:
        raise NotSeen(f"{element.line()} is not a field: nothing can be typed into it")
    if element.disabled or node.get("read_only") is True:
        raise NotSeen(f"{element.line()} is {'disabled' if element.disabled else 'read-only'}")
    client.focus(node)


def fill(client: Client, node: Node, text: str) -> None:
    """Make `text` the value of a field, as pasting over everything does.

    Filters and `max_length` apply as in Flutter: what the field does not take is not there afterwards.
    """
    value = accepted(node, text)
    if value != node.get("value", ""):
        client.set(node, {"value": value})
        client.send(node, "change", value)


def accepted(node: Node, text: str) -> str:
    """What of `text` the field takes."""
    rule = node.get("input_filter")
    if isinstance(rule, dict):
        settings = cast("dict[str, Any]", rule)
        flags = re.NOFLAG if settings.get("case_sensitive", True) else re.IGNORECASE
        fits = re.search(settings["regex_string"], text, flags) is not None
        if fits is not settings.get("allow", True):
            return node.get("value", "")
    text = _capitals(node.get("capitalization"), text)
    longest = node.get("max_length")
    if isinstance(longest, int) and longest > 0:
        text = text[:longest]
    if not node.get("multiline", False):
        text = text.replace("\n", "")
    return text


def _capitals(rule: str | None, text: str) -> str:
    """Flet does not only ask the keyboard for capitals, it writes them."""
    if rule == "characters":
        return text.upper()
    if rule == "words":
        return re.sub(r"(?:^|(?<= ))\S", lambda first: first[0].upper(), re.sub(" +", " ", text))
    if rule == "sentences":
        return re.sub(r"(?:^|(?<=\.)) *[^ .]", lambda first: first[0].upper(), text)
    return text


def submit(client: Client, node: Node) -> None:
    """Press the keyboard's action key in a field."""
    client.send(node, "submit", node.get("value", ""))


def choose(client: Client, element: Element, choice: str | bool | Sequence[str]) -> None:
    """Choose in a dropdown, radio group or segments by its words or key; set a checkbox or switch.

    Raises `NotSeen` naming the choices that there are.
    """
    holder = next((e for e in element.walk() if _holds_choices(e)), None)
    if holder is None:
        raise NotSeen(f"{element.line()} holds nothing to choose from")
    if element.disabled or holder.disabled:
        raise NotSeen(f"{element.line()} is disabled")
    node = holder.node
    if holder.kind in ("checkbox", "switch"):
        if not isinstance(choice, bool):
            raise NotSeen(f"{element.line()} is on or off: choose True or False, not {choice!r}")
        if node.get("value", False) is not choice:
            _change(client, node, "value", choice)
        return
    options = [e for e in element.walk() if e.kind in ("option", "radio")]
    for wanted in [choice] if isinstance(choice, (str, bool)) else choice:
        found = [e for e in options if wanted in (e.node.get("key"), e.node.get("value"), *e.words)]
        if len(found) != 1:
            known = ", ".join(repr(e.words[0] if e.words else e.node.get("key")) for e in options)
            raise NotSeen(f"{len(found)} choices fit {wanted!r} in {element.line()}; there are: {known}")
        option = found[0]
        if option.disabled:
            raise NotSeen(f"{option.line()} is disabled")
        if option.node.type == "Segment":
            _segment(client, option.node)
        elif option.kind == "radio":
            _change(client, _around(option.node, "RadioGroup"), "value", option.node.get("value"))
        else:
            choose_option(client, node, option.node)


def _holds_choices(element: Element) -> bool:
    return element.kind in ("checkbox", "switch", "dropdown", "segments", "radio")


def choose_option(client: Client, dropdown: Node, option: Node) -> None:
    """Choose one option of a dropdown."""
    value = option.get("key", option.get("text"))
    client.set(dropdown, {"value": value})
    client.send(dropdown, "change" if dropdown.type == "DropdownM2" else "select", value)


def _segment(client: Client, node: Node) -> None:
    holder = _around(node, "SegmentedButton")
    value = node.get("value")
    chosen = [str(v) for v in holder.get("selected", [])]
    if not holder.get("allow_multiple_selection", False):
        chosen = [value]
    elif value in chosen:
        chosen.remove(value)
    else:
        chosen.append(value)
    _change(client, holder, "selected", chosen)


def pick(client: Client, picker: Node, value: date | time | None) -> None:
    """Choose in a date or time picker and confirm; None cancels it.

    A date is midnight on the phone and travels as UTC, so that east of Greenwich Python is handed the
    evening before: an app that forgets it is a day off here as it is on a phone.
    """
    if value is None:
        client.close_dialog(picker)
        return
    if isinstance(value, time) != (picker.type in ("TimePicker", "CupertinoTimerPicker")):
        raise NotSeen(f"the open {picker.type} does not take {value!r}")
    if isinstance(value, time):
        client.close_dialog(picker, value=value)
        return
    day = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    moment = day.astimezone()
    first, last = _day(picker.get("first_date")), _day(picker.get("last_date"))
    if not first <= moment.date() <= last:
        raise NotSeen(f"{value} cannot be chosen: the picker goes from {first} to {last}")
    client.close_dialog(picker, value=moment)


def _day(moment: datetime) -> date:
    """The day of a picker's limit on the phone; a plain date comes without a zone."""
    return (moment.astimezone() if moment.tzinfo else moment).date()


def _change(client: Client, node: Node, prop: str, value: Any) -> None:
    client.set(node, {prop: value})
    client.send(node, "change", value)


def _around(node: Node, *types: str) -> Node:
    found = next((n for n in node.above() if n.type in types), None)
    if found is None:
        raise NotSeen(f"{node} stands in no {' or '.join(types)}")
    return found
