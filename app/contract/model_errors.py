"""pydantic's errors in the words of a definition's author: what was expected, and what came."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError
from pydantic_core import ErrorDetails

from app.contract.findings import Fault, Step, did_you_mean, one_of, shown

_MOST = 100
"""Who sees a hundred faults in one file needs no more of them."""

_EXPECTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "date_type": "a date (2026-03-07)",
    "date_parsing": "a date (2026-03-07)",
    "date_from_datetime_parsing": "a date (2026-03-07)",
    "date_from_datetime_inexact": "a date (2026-03-07)",
    "url_type": "a web address",
    "url_parsing": "a web address (https://...)",
    "url_scheme": "a web address (https://...)",
    "url_too_long": "a shorter web address",
    "int_from_float": "a whole number",
}


def faults_of(error: ValidationError, model: Any) -> list[Fault]:
    """The first errors of validating data against `model`, without those that a deeper one explains."""
    found: dict[tuple[Step, ...], list[Fault]] = {}
    for detail in error.errors(include_url=False, include_context=True)[:_MOST]:
        fault = _fault(detail, model)
        found.setdefault(fault.path, []).append(fault)
    above = {path[:length] for path in found for length in range(len(path))}
    return [_merged(faults) for path, faults in found.items() if path not in above]


def _merged(faults: list[Fault]) -> Fault:
    """One fault for the members of a union that all refused the same value."""
    expected = list(dict.fromkeys(f.expected for f in faults))
    first = faults[0]
    return Fault(first.path, one_of(expected), first.came, first.hint)


def _fault(detail: ErrorDetails, model: Any) -> Fault:
    path, holder = _path(detail["loc"], model)
    context = detail.get("ctx", {})
    value = detail["input"]
    match detail["type"]:
        case "missing":
            return Fault(path, "it to be given", "nothing")
        case "extra_forbidden":
            known = sorted(_keys(holder))
            hint = did_you_mean(str(path[-1]), known) or (f"Known here: {one_of(known)}." if known else "")
            return Fault(path, "a known key", shown(str(path[-1])), hint)
        case "literal_error":
            return Fault(path, str(context.get("expected")), shown(value))
        case "string_pattern_mismatch":
            return Fault(path, f"a text like {context.get('pattern')}", shown(value))
        case "string_too_long":
            return Fault(path, f"at most {context.get('max_length')} characters", shown(value))
        case "too_short":
            return Fault(
                path, f"at least {context.get('min_length')} of them", f"{context.get('actual_length')}"
            )
        case "greater_than_equal":
            return Fault(path, f"at least {context.get('ge')}", shown(value))
        case "value_error":
            return Fault(path, str(context.get("error")), shown(value))
        case kind:
            return Fault(
                path, _EXPECTED.get(kind, detail["msg"][:1].lower() + detail["msg"][1:]), shown(value)
            )


def _path(loc: tuple[Step, ...], model: Any) -> tuple[tuple[Step, ...], Any]:
    """An error's place in the data (without the tags of unions), and the model that holds its last step."""
    path: list[Step] = []
    holder: Any = model
    for step in loc:
        model = _bare(model)
        if (member := _member(model, step)) is not None:
            model = member
            continue
        holder = model
        path.append(step)
        model = _below(model, step)
    return tuple(path), holder


def _bare(model: Any) -> Any:
    """A type without `Annotated` and without `None` beside it."""
    while get_origin(model) is Annotated:
        model = get_args(model)[0]
    if get_origin(model) in (Union, types.UnionType):
        given = [m for m in get_args(model) if m is not type(None)]
        return _bare(given[0]) if len(given) == 1 else model
    return model


def _members(model: Any) -> Iterator[tuple[str, Any]]:
    if get_origin(model) in (Union, types.UnionType):
        for member in get_args(model):
            tags = [m.tag for m in get_args(member)[1:] if isinstance(m, Tag)] if _annotated(member) else []
            yield (tags[0] if tags else getattr(_bare(member), "__name__", "")), member


def _annotated(model: Any) -> bool:
    return get_origin(model) is Annotated


def _member(model: Any, step: Step) -> Any:
    """The member of a union that pydantic names `step` in an error's place, or None."""
    return next((member for name, member in _members(model) if name == step), None)


def _below(model: Any, step: Step) -> Any:
    if get_origin(model) is dict:
        return get_args(model)[1]
    if isinstance(step, int):
        return get_args(model)[0] if get_origin(model) is list else None
    if isinstance(model, type) and issubclass(model, BaseModel):
        for name, info in model.model_fields.items():
            if step in (name, info.alias):
                return Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    return None


def _keys(model: Any) -> list[str]:
    if isinstance(model, type) and issubclass(model, BaseModel):
        fields = model.model_fields
        return [info.alias or name for name, info in fields.items()]
    return []
