"""Words for what is wrong with the structure of a file, and for what would be right."""

from __future__ import annotations

import difflib
from typing import Any

from scheduler.formats.yaml_source import Node

EXAMPLES = {
    "version": "version: 1", "name": "name: refrigerators", "origin": "origin: 2026-03-02 06:00",
    "plant": "plant: {cells: ...}", "cells": "cells: {press: {resources: {press-1: {}}}}",
    "resources": "resources: {press-1: {}}", "from": "from: hall-1", "to": "to: hall-2", "time": "time: 15 min",
    "start": "start: 2026-03-02 06:00", "end": "end: 2026-03-02 14:00", "default": "default: standard",
    "choices": "choices: {standard: {}}", "lead_time": "lead_time: 3 d", "value_class": "value_class: standard",
    "component": "component: door", "id": "id: A-1", "operations": "operations: {assemble: {capability: assembly}}",
    "when": "when: {colour: red}",
}
_BOUNDS = {"greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most"),
           "greater_than": ("gt", "more than"), "less_than": ("lt", "less than")}
_WANTED: tuple[tuple[str, str, str], ...] = (
    ("int_", "a whole number", "write a whole number, such as 3"),
    ("float_", "a number", "write a number, such as 1.5"),
    ("finite_", "a number", "write a number, such as 1.5"),
    ("bool_", "true or false", "write true or false"),
    ("string_", "a text", "write one text"),
    ("dict_", "a mapping", "write 'name: value' lines below it"),
    ("model_", "a mapping", "write 'field: value' lines below it"),
    ("tuple_", "a list", "write a list, such as [a, b]"),
    ("date", "a date", "write for instance 2026-03-02"),
)


def example(name: str) -> str:
    """A line that gives a missing field a value."""
    return EXAMPLES.get(name, f"{name}: ...")


def written(node: Node) -> str:
    """How a value is named in a message."""
    if isinstance(node.value, dict):
        return "a mapping"
    if isinstance(node.value, list):
        return "a list"
    if node.value is None:
        return "empty"
    return f"'{node.value if len(node.value) <= 60 else node.value[:57] + '...'}'"


def describe(error: Any, subject: str, node: Node) -> tuple[str, str]:
    """What is wrong and what would be right, of one error of pydantic about the value `node` of `subject`."""
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind == "value_error":
        what, _, instead = str(context["error"]).partition("; ")
        if node.value is None:
            return f"{subject} has no value", instead or "write one, or leave the field out"
        return f"{subject}: {what}", instead or "correct the value"
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return f"{subject} is {written(node)}", f"write {words} {context[key]}"
    if kind == "too_short":
        return f"{subject} is empty", "name at least one"
    if kind == "literal_error":
        known = [part.strip(" '\"") for part in str(context["expected"]).replace(" or ", ",").split(",")]
        near = difflib.get_close_matches(str(node.value), known, n=1) if isinstance(node.value, str) else []
        return (f"{subject} is {written(node)}, which is not known here",
                f"did you mean '{near[0]}'?" if near else "write one of " + ", ".join(known))
    for start, wanted, instead in _WANTED:
        if kind.startswith(start):
            if node.value is None:
                return f"{subject} has no value", f"{instead}, or leave the field out"
            listed = wanted == "a list" and isinstance(node.value, str)
            return f"{subject} is {written(node)}, not {wanted}", f"write [{node.value}]" if listed else instead
    return f"{subject} is {written(node)}, which cannot be used ({error['msg']})", "correct the value"
