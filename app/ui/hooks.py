"""Flet's hooks with their types: what a state holds and what a reference refers to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, cast

import flet as ft

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class Set(Protocol[T_contra]):
    """Sets a state, to a value or to what a function makes of the present one."""

    def __call__(self, value: T_contra | Callable[[Any], T_contra], /) -> None:
        """Set it; what shows the state is drawn anew where it has changed."""
        ...


class Reference(Generic[T]):
    """Something that lives as long as its component and whose change draws nothing."""

    current: T


def use_state(first: T) -> tuple[T, Set[T]]:
    """A value that belongs to the component at hand, and the way to set it."""
    value, change = ft.use_state(first)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return value, cast("Set[T]", change)


def use_optional(_of: type[T]) -> tuple[T | None, Set[T | None]]:
    """A state that begins with nothing."""
    return use_state(cast("T | None", None))


def use_turn() -> Callable[[], None]:
    """A way to draw the component anew when something outside its states has changed."""
    _turn, set_turn = use_state(0)
    return lambda: set_turn(lambda n: n + 1)


def use_reference(first: T) -> Reference[T]:
    """A reference that begins with `first`."""
    # Flet would call a first value that can be called.
    return cast("Reference[T]", ft.use_ref(lambda: first))  # pyright: ignore[reportUnknownMemberType]


def use_change(value: object) -> bool:
    """Whether `value` is another one than at the drawing before."""
    before = use_reference(value)
    changed, before.current = before.current != value, value
    return changed


def use_state_of(name: object, first: T) -> tuple[T, Callable[[T], None]]:
    """A state of what is called `name`: it begins with `first` again whenever that is something else."""
    names = use_reference(0)
    if use_change(name):
        names.current += 1
    this = names.current
    state, set_state = use_state((this, first))
    return state[1] if state[0] == this else first, lambda value: set_state((this, value))


def use_control(_of: type[T]) -> ft.Ref[Any]:
    """A reference to a control, for its methods; give it as the control's `ref`."""
    return cast("ft.Ref[Any]", ft.use_ref(None))  # pyright: ignore[reportUnknownMemberType]


def memo(made: Callable[..., Any]) -> Callable[..., ft.Control]:
    """A component that is drawn anew only when its arguments, its states or its readings have changed."""
    return cast("Callable[..., ft.Control]", ft.memo(made))  # pyright: ignore[reportUnknownMemberType]
