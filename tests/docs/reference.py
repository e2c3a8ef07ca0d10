"""The fields of the scenario's models in the words of docs/format.md."""

from __future__ import annotations

import types
from datetime import date, datetime
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from scheduler.domain.quantities import (
    CENTS,
    format_duration,
    parse_cost,
    parse_duration,
    parse_money,
)

WORDS = {parse_duration: "duration", parse_cost: "money", parse_money: "money, may be negative"}
PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false", datetime: "moment", date: "date"}


def rows(model: type[BaseModel]) -> list[tuple[str, str, str]]:
    """(field as written, type, default) of each field, in order."""
    return [(f"`{info.alias or name}`", _kind(info.annotation, tuple(info.metadata)), _default(info))
            for name, info in model.model_fields.items()]


def _quantity(metadata: tuple[Any, ...]) -> Any:
    return next((m.func for m in metadata if isinstance(m, BeforeValidator) and m.func in WORDS), None)


def _kind(annotation: Any, metadata: tuple[Any, ...] = ()) -> str:
    if (parse := _quantity(metadata)) is not None:
        return WORDS[parse]
    if hasattr(annotation, "__metadata__"):
        return _kind(get_args(annotation)[0], annotation.__metadata__)
    origin, arms = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        kinds = [_kind(arm, metadata) for arm in arms if arm is not type(None)]
        return " or ".join(dict.fromkeys(kinds))
    if origin is Literal:
        return ", ".join(f"`{arm}`" for arm in arms)
    if origin is dict:
        return f"mapping to {_kind(arms[1])}"
    if origin is tuple:
        return f"list of {_kind(arms[0])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return PLAIN[annotation]


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    value = info.default
    if value is None or value in ("", {}, ()):
        return "–"
    if isinstance(value, BaseModel):
        return "its defaults"
    parse = next((f for m in _all_metadata(info) if (f := _quantity((m,)))), None)
    if parse is parse_duration:
        return f"`{format_duration(value)}`"
    if parse is not None:
        return f"`{value / CENTS:g}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _all_metadata(info: FieldInfo) -> list[Any]:
    found = list(info.metadata)
    for arm in get_args(info.annotation):
        found += getattr(arm, "__metadata__", ())
    return found


def models(root: type[BaseModel]) -> list[type[BaseModel]]:
    """The model and all it is made of, each once."""
    found = [root]
    for model in found:
        for info in model.model_fields.values():
            found += [m for m in dict.fromkeys(_models_in(info.annotation)) if m not in found]
    return found


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for arm in get_args(annotation) for m in _models_in(arm)]
