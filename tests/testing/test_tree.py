"""The tree that the client keeps from patches is the tree that Python holds."""

from __future__ import annotations

import asyncio
from typing import Any

import flet as ft
import msgpack
import pytest
from flet.controls.base_control import BaseControl
from flet.messaging.protocol import configure_encode_object_for_msgpack, decode_ext_from_msgpack
from hypothesis import given, settings
from hypothesis import strategies as st

from app.testing.citizen import Citizen
from app.testing.tree import Node, PatchFault, Tree
from app.ui.context import here

rows = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from("abc"), st.booleans()), max_size=8, unique_by=lambda r: r[0]
)


def _row(key: int, text: str, button: bool, keyed: bool) -> ft.Control:
    content = (
        ft.FilledButton(text, on_click=lambda: None)
        if button
        else ft.Text(text, color="red" if key else None)
    )
    return ft.Container(content, key=key if keyed else None, padding=key)


def _held(value: Any) -> Any:
    """What Python holds, as a client would get it whole."""
    encode = configure_encode_object_for_msgpack(BaseControl)
    return msgpack.unpackb(
        msgpack.packb(value, default=encode), ext_hook=decode_ext_from_msgpack, strict_map_key=False
    )


def _shape(value: Any) -> Any:
    if isinstance(value, Node):
        return _shape({"_c": value.type, "_i": value.id, **value.props})
    if isinstance(value, dict):
        left = {
            k: _shape(v) for k, v in value.items() if v is not None and k not in ("_internals", "padding")
        }
        return {k: v for k, v in left.items() if v != []}
    return [_shape(v) for v in value] if isinstance(value, list) else value


@settings(max_examples=40, deadline=None)
@given(st.lists(rows, min_size=1, max_size=4), st.booleans())
def test_patches_lead_to_the_tree_that_python_holds(states, keyed):
    async def play() -> None:
        shown: list[Any] = []
        setters: list[Any] = []

        @ft.component
        def body():
            state, set_state = ft.use_state([])
            setters[:] = [here(set_state)]
            return ft.Column([_row(*r, keyed) for r in state])

        def main(page: ft.Page) -> None:
            shown[:] = [page]
            page.render(body)

        citizen = Citizen(main)
        await citizen.open()
        try:
            for state in states:
                setters[0](list(state))
                await citizen.settle()
                assert _shape(citizen.client.tree.page.props["views"]) == _shape(_held(shown[0].views))
        finally:
            await citizen.leave()

    asyncio.run(play())


def _tree() -> Tree:
    return Tree({"views": [{"_c": "View", "_i": 2, "controls": [{"_c": "Text", "_i": 3, "value": "a"}]}]})


def test_a_patch_that_flutter_cannot_apply_says_which_operation():
    with pytest.raises(PatchFault, match=r"\[2, 1, 5\] to View"):
        _tree().patch(2, [[0, {"controls": [1]}], [2, 1, 5]])


def test_a_patch_for_a_control_that_has_gone_is_dropped_as_flutter_does():
    assert _tree().patch(99, [[0], [0, 0, "value", "b"]]) == 0


def test_a_removed_control_is_known_no_more():
    tree = _tree()
    tree.patch(2, [[0, {"controls": [1]}], [2, 1, 0]])
    assert set(tree.index) == {1, 2}


def test_a_moved_control_stays_known_and_gets_its_new_parent():
    tree = _tree()
    tree.patch(2, [[0, {"controls": [1]}], [1, 1, 1, {"_c": "Column", "_i": 4, "controls": []}]])
    tree.patch(2, [[0, {"controls": [1, {1: [2, {"controls": [3]}]}]}], [3, 1, 0, 3, 0]])
    # The paths are read again at each operation: after the move the column is the first control.
    assert tree.index[3].parent is not None


def test_a_component_is_what_it_shows():
    tree = Tree(
        {"views": [{"_c": "C", "_i": 2, "_b": {"_c": "C", "_i": 3, "_b": [{"_c": "View", "_i": 4}]}}]}
    )
    assert [n.id for n in tree.page.nodes("views")] == [4]
