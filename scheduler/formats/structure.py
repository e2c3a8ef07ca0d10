"""From a YAML tree to a model: every structural mistake in words, and the model of what remains without them."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from scheduler.errors import Location, Mistake
from scheduler.formats.moments import parse_moment
from scheduler.formats.wording import describe, example
from scheduler.formats.yaml_source import Node

M = TypeVar("M", bound=BaseModel)
MAX_ROUNDS = 40
ENDS = ("end", "latest")
"""Fields whose moment needs a time of day: a date alone would mean its first instant, not its end."""


@dataclass(eq=False)
class Built(Generic[M]):
    """`model` of what remains of `root` after pruning (None where nothing sensible does), `mistakes` with their places.

    `lost`: the names and values in what was left out, which later checks may miss.
    """

    model: M | None
    root: Node
    mistakes: list[Mistake] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    gone: dict[tuple[int, str], Node] = field(default_factory=dict)
    """What was left out, by the id of the mapping or list it stood in and its key there."""
    bare: set[int] = field(default_factory=set)
    """Ids of nodes from whose inside a mapping or list was left out."""

    def follows(self, where: Location) -> bool:
        """What lies at `where`, or something inside it, was left out."""
        node: Node | None = self.root
        for key in where:
            if node is None:
                return False
            if isinstance(key, str) and (id(node), key) in self.gone:
                return True
            node = node.child(key)
        return len(where) > 1 and node is not None and id(node) in self.bare


def build(model: type[M], root: Node, file: str, placeholders: dict[str, str] | None = None) -> Built[M]:
    """Validates the tree, leaving out what is wrong until the rest is right.

    `placeholders` stand in for root fields that are missing or wrong, so that the rest can still be checked.
    """
    return _Builder(model, root, file, placeholders or {}).run()


class _Builder(Generic[M]):
    def __init__(self, model: type[M], root: Node, file: str, placeholders: dict[str, str]):
        self.type, self.file, self.placeholders = model, file, placeholders
        self.built: Built[M] = Built(None, root)
        self.meant: set[tuple[int, str]] = set()
        self.emptied: set[int] = set()
        self.changed = False

    def run(self) -> Built[M]:
        root = self.built.root
        if not isinstance(root.value, dict):
            self.note((), "this is not a scenario", "write 'name: value' lines, such as 'version: 1'")
            return self.built
        self.check_dates()
        for _ in range(MAX_ROUNDS):
            try:
                self.built.model = self.type.model_validate(self.data())
                break
            except ValidationError as error:
                if not self.round(error.errors(include_url=False, include_input=False)):
                    break
        self.built.mistakes = list(dict.fromkeys(self.built.mistakes))
        return self.built

    def data(self) -> Any:
        """Plain data with dates as dates."""
        data = self.built.root.plain()
        for where, needed, allowed in list(_date_places(self.type, self.built.root, ())):
            holder = data
            for key in where[:-1]:
                holder = holder[key]
            if isinstance(holder[where[-1]], str):
                holder[where[-1]] = parse_moment(holder[where[-1]], allowed, needed)
        return data

    def check_dates(self) -> None:
        wrong: list[Location] = []
        for where, needed, allowed in _date_places(self.type, self.built.root, ()):
            text = self.at(where).value
            if not isinstance(text, str):
                continue
            try:
                parse_moment(text, allowed, needed)
            except ValueError as error:
                what, _, instead = str(error).partition("; ")
                self.note(where, f"{_subject(where)}: {what}", instead)
                wrong.append(where)
        self.prune(wrong)

    def round(self, errors: list[Any]) -> bool:
        """Notes and prunes what one validation found; False where nothing changed."""
        self.changed = False
        found: dict[Location, list[tuple[Location, Any]]] = {}
        for error in errors:
            path, rest = self.resolve(error["loc"])
            found.setdefault(path, []).append((rest, error))
            if error["type"] == "extra_forbidden":
                meant = near(str(path[-1]), known_fields(self.type, path[:-1]))
                self.meant.add((id(self.at(path[:-1])), meant or ""))
        doomed: list[Location] = []
        for path, group in found.items():
            arms = any(rest for rest, e in group if e["type"] != "missing")
            if arms and any(len(other) > len(path) and other[:len(path)] == path for other in found):
                continue
            doomed += [p for rest, error in _chosen(group) if (p := self.one(path, rest, error)) is not None]
        self.prune(doomed)
        return self.changed

    def one(self, path: Location, rest: Location, error: Any) -> Location | None:
        """Notes one mistake; the path to prune, or None where there is nothing to prune."""
        node = self.at(path)
        if error["type"] == "missing":
            name = str(rest[0])
            if (id(node), name) not in self.meant and (id(node), name) not in self.built.gone:
                self.note(path, f"'{name}' is missing" + (f" in {_subject(path)}" if path else ""),
                          f"write for instance '{example(name)}'")
            if path:
                return path
            if name in self.placeholders and isinstance(node.value, dict):
                node.value[name] = stand_in = Node(self.placeholders[name], node.line, node.column)
                self.built.gone.setdefault((id(node), name), stand_in)
                self.changed = True
            return None
        if error["type"] == "extra_forbidden":
            known = known_fields(self.type, path[:-1])
            meant = near(str(path[-1]), known)
            self.note(path, f"unknown field '{path[-1]}'",
                      f"did you mean '{meant}'?" if meant else "known here: " + ", ".join(known), at_key=True)
        elif error["type"] != "too_short" or id(node) not in self.emptied:
            self.note(path, *describe(error, _subject(path), node))
        return path

    def prune(self, paths: Iterable[Location]) -> None:
        """Takes the paths out of the tree, later list entries first, so that the positions of earlier ones hold."""
        for path in sorted(set(paths), reverse=True, key=lambda p: tuple((isinstance(k, int), k) for k in p)):
            holder = self.at(path[:-1])
            gone = holder.child(path[-1]) if path else None
            if gone is None:
                continue
            self.changed = True
            self.built.gone[id(holder), str(path[-1])] = gone
            self.built.lost |= _names(gone) | {str(path[-1])}
            if isinstance(gone.value, (dict, list)):
                self.built.bare |= {id(self.at(path[:n])) for n in range(2, len(path))}
            if isinstance(holder.value, dict):
                del holder.value[str(path[-1])]
            elif isinstance(holder.value, list):
                del holder.value[int(path[-1])]
            if not holder.value:
                self.emptied.add(id(holder))

    def at(self, path: Location) -> Node:
        node = self.built.root
        for key in path:
            node = node.child(key) or node
        return node

    def resolve(self, loc: Location) -> tuple[Location, Location]:
        """The part of a pydantic location that is in the tree, and the rest (a missing field, the arm of a union)."""
        node = self.built.root
        path: list[str | int] = []
        for n, key in enumerate(loc):
            below = node.child(key)
            if below is None:
                if isinstance(node.value, (dict, list)) and n + 1 < len(loc) and node.child(loc[n + 1]) is not None:
                    continue
                return tuple(path), tuple(loc[n:])
            path.append(str(key) if isinstance(node.value, dict) else key)
            node = below
        return tuple(path), ()

    def note(self, where: Location, what: str, instead: str, at_key: bool = False) -> None:
        line, column = self.built.root.position(where, at_key)
        self.built.mistakes.append(Mistake(where, what, instead, f"{self.file}:{line}:{column}"))


def _subject(path: Location) -> str:
    if not path:
        return "the file"
    last = path[-1]
    if isinstance(last, str):
        return f"'{last}'"
    names = [key for key in path if isinstance(key, str)]
    return f"entry {last + 1} of '{names[-1]}'" if names else f"entry {last + 1}"


def _names(node: Node) -> set[str]:
    """All keys and texts in a tree."""
    if isinstance(node.value, dict):
        return set(node.value).union(*(_names(n) for n in node.value.values()))
    if isinstance(node.value, list):
        return set().union(*(_names(n) for n in node.value))
    return {node.value} if node.value else set()


def _arms(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        for arm in get_args(annotation):
            yield from _arms(arm)
    elif hasattr(annotation, "__metadata__"):
        yield from _arms(get_args(annotation)[0])
    else:
        yield annotation


def _below(annotation: Any, key: str | int) -> Any:
    """The annotation of an entry of a mapping, list or model; None where it has no such entry."""
    for arm in _arms(annotation):
        if isinstance(arm, type) and issubclass(arm, BaseModel):
            for name, info in arm.model_fields.items():
                if key == (info.alias or name):
                    return info.annotation
        elif get_origin(arm) is dict and isinstance(key, str):
            return get_args(arm)[1]
        elif get_origin(arm) is tuple and isinstance(key, int):
            return get_args(arm)[0]
    return None


def _date_places(annotation: Any, node: Node, where: Location) -> Iterator[tuple[Location, bool, bool]]:
    """Places of dates in a tree: (path, a time of day is needed, it is allowed)."""
    arms = list(_arms(annotation))
    if isinstance(node.value, str) and (datetime in arms or date in arms):
        yield where, where[-1] in ENDS and date not in arms, datetime in arms
    elif isinstance(node.value, dict):
        for key, below in node.value.items():
            if (inner := _below(annotation, key)) is not None:
                yield from _date_places(inner, below, (*where, key))
    elif isinstance(node.value, list) and (inner := _below(annotation, 0)) is not None:
        for n, below in enumerate(node.value):
            yield from _date_places(inner, below, (*where, n))


def known_fields(model: type[BaseModel], path: Location) -> list[str]:
    """The fields, as written in files, of the model at a path below `model`; [] where there is none."""
    annotation: Any = model
    for key in path:
        annotation = _below(annotation, key)
    return [info.alias or name for arm in _arms(annotation) if isinstance(arm, type) and issubclass(arm, BaseModel)
            for name, info in arm.model_fields.items()]


def near(name: str, known: Iterable[str]) -> str | None:
    """The known name nearest to `name`, if any is near."""
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return found[0] if found else None


def _chosen(group: list[tuple[Location, Any]]) -> list[tuple[Location, Any]]:
    """All missing fields of a mapping, but only one complaint about one value (the arms of a union complain each)."""
    others = [(rest, e) for rest, e in group if e["type"] != "missing"]
    return [(rest, e) for rest, e in group if e["type"] == "missing"] + others[:1]
