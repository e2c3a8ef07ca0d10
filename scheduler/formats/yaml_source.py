"""YAML to a tree of nodes that know their line and column. Safe: no tags, limited size, depth and growth by aliases.

A scalar stays the text that was written (`8:30`, `no`, `007`), only null becomes None: the field it lands in says what
type it has. That avoids the surprises of YAML 1.1 and of YAML 1.2 alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from scheduler.errors import Location, Mistake

MAX_BYTES = 20_000_000
MAX_DEPTH = 60
MAX_ALIASED = 200_000
NULLS = frozenset({"", "~", "null", "Null", "NULL"})

_CLOSE = "close it with ']' or '}', and separate entries by commas"
_OWN_LINE = "start it on a line of its own"
_SYNTAX: tuple[tuple[str, str, str], ...] = (
    ("cannot start any token", "a character that no value can start with (a tab, '@', '%' or '`')",
     "indent with spaces only, and put such text in quotes"),
    ("mapping values are not allowed", "a ':' stands where none may be",
     "put text that contains ': ' in quotes, or check the indentation of this line"),
    ("could not find expected ':'", "a key without ':'", "write 'key: value'"),
    ("did not find expected ',' or", "a '[' or '{' is not closed", _CLOSE),
    ("did not find expected key", "this line does not fit the lines before it",
     "check its indentation and the quotes before it"),
    ("did not find expected '-' indicator", "this line does not fit the list before it",
     "start each entry with '- ' in the same column"),
    ("block collections are not allowed", "a list or mapping starts in the middle of a line", _OWN_LINE),
    ("block sequence entries are not allowed", "a list starts in the middle of a line", _OWN_LINE),
    ("while scanning a quoted scalar", "a quote is opened but never closed", "close the quote"),
    ("while parsing a flow node", "a '[' or '{' is not closed", _CLOSE),
)


@dataclass(slots=True)
class Node:
    """A value as written: None, text, mapping or list, with the line and column (from 1) where it starts.

    `keys` holds the line and column of each key of a mapping.
    """

    value: str | dict[str, Node] | list[Node] | None
    line: int = 1
    column: int = 1
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    def plain(self) -> Any:
        """The value in dicts, lists, texts and None."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def child(self, key: str | int) -> Node | None:
        if isinstance(self.value, dict):
            return self.value.get(str(key))
        if isinstance(self.value, list) and isinstance(key, int) and 0 <= key < len(self.value):
            return self.value[key]
        return None

    def position(self, where: Location, at_key: bool = False) -> tuple[int, int]:
        """Line and column of what lies at `where`, or of its nearest ancestor that is there.

        A scalar is found at its value (with `at_key` at its key), a mapping or list at its key.
        """
        node, found = self, (self.line, self.column)
        for n, key in enumerate(where):
            below = node.child(key)
            if below is None:
                return found
            scalar = not isinstance(below.value, (dict, list))
            last_value = scalar and below.value is not None and not (at_key and n == len(where) - 1)
            found = (below.line, below.column) if last_value else node.keys.get(str(key), (below.line, below.column))
            node = below
        return found

    def clone(self) -> Node:
        """A copy that can be pruned without touching this one."""
        value: Any = self.value
        if isinstance(value, dict):
            value = {key: node.clone() for key, node in value.items()}
        elif isinstance(value, list):
            value = [node.clone() for node in value]
        return Node(value, self.line, self.column, dict(self.keys))

    def size(self) -> int:
        if isinstance(self.value, dict):
            return 1 + sum(node.size() for node in self.value.values())
        return 1 + sum(node.size() for node in self.value) if isinstance(self.value, list) else 1


class _StopError(Exception):
    """Reading cannot go on; the mistake has been noted."""


class _Reader:
    def __init__(self, text: str, file: str):
        self.file, self.text = file, text
        self.mistakes: list[Mistake] = []
        self.anchors: dict[str, Node | None] = {}
        self.aliased = 0
        self.loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)

    def note(self, line: int, column: int, what: str, instead: str) -> None:
        self.mistakes.append(Mistake((), what, instead, f"{self.file}:{line}:{column}"))

    def document(self) -> Node:
        self.loader.get_event()
        if isinstance(self.loader.get_event(), yaml.StreamEndEvent):
            self.note(1, 1, "the file is empty", "write a scenario; 'scheduler new FOLDER' gives one to start from")
            raise _StopError
        root = self.node(self.loader.get_event(), 0)
        self.loader.get_event()
        event = self.loader.get_event()
        if not isinstance(event, yaml.StreamEndEvent):
            self.note(event.start_mark.line + 1, 1, "a second document starts here ('---')",
                      "keep one document per file")
        return root

    def node(self, event: Any, depth: int) -> Node:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, line, column)
        anchor = event.anchor
        if anchor is not None:
            self.anchors[anchor] = None
        if event.tag is not None and event.tag != "!":
            self.note(line, column, f"the tag '{event.tag}' is not allowed", "write the plain value without a tag")
        if depth > MAX_DEPTH:
            self.note(line, column, f"more than {MAX_DEPTH} levels inside each other",
                      "check the brackets and the indentation")
            raise _StopError
        if isinstance(event, yaml.ScalarEvent):
            found = Node(None if event.implicit[0] and event.value in NULLS else event.value, line, column)
        elif isinstance(event, yaml.SequenceStartEvent):
            entries: list[Node] = []
            while not isinstance(event := self.loader.get_event(), yaml.SequenceEndEvent):
                entries.append(self.node(event, depth + 1))
            found = Node(entries, line, column)
        else:
            found = self.mapping(Node({}, line, column), depth)
        if anchor is not None:
            self.anchors[anchor] = found
        return found

    def mapping(self, found: Node, depth: int) -> Node:
        entries: dict[str, Node] = {}
        while not isinstance(event := self.loader.get_event(), yaml.MappingEndEvent):
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            simple = isinstance(event, yaml.ScalarEvent)
            key = event.value if simple else ""
            if not simple:
                self.note(line, column, "a key that is not a plain name", "write 'name: value'")
                self.node(event, depth + 1)
            value = self.node(self.loader.get_event(), depth + 1)
            if key == "<<":
                self.note(line, column, "'<<' (merging mappings) is not known here",
                          "repeat the fields, or use an alias for a whole value")
            elif key in entries:
                first = found.keys[key][0]
                self.note(line, column, f"'{key}' stands twice (first in line {first})", "keep one of them")
            elif simple:
                entries[key], found.keys[key] = value, (line, column)
        found.value = entries
        return found

    def alias(self, event: Any, line: int, column: int) -> Node:
        known = self.anchors.get(event.anchor)
        if known is None:
            self.note(line, column, f"the alias '*{event.anchor}' " + (
                "stands inside its own anchor" if event.anchor in self.anchors else "has no anchor before it"),
                f"write '&{event.anchor}' at the value it repeats")
            return Node(None, line, column)
        self.aliased += known.size()
        if self.aliased > MAX_ALIASED:
            self.note(line, column, f"aliases repeat more than {MAX_ALIASED} values", "write fewer aliases of aliases")
            raise _StopError
        return known.clone()


def parse_yaml(text: str, file: str) -> tuple[Node | None, list[Mistake]]:
    """The tree of a YAML text, or None where it cannot be read, and the mistakes with their places in `file`."""
    try:
        reader = _Reader(text, file)
    except yaml.YAMLError as error:
        return None, [_syntax(error, text, file)]
    try:
        return reader.document(), reader.mistakes
    except _StopError:
        return None, reader.mistakes
    except yaml.YAMLError as error:
        return None, [*reader.mistakes, _syntax(error, text, file)]
    finally:
        reader.loader.dispose()


def _syntax(error: yaml.YAMLError, text: str, file: str) -> Mistake:
    if isinstance(error, yaml.MarkedYAMLError):
        problem = f"{error.context or ''}: {error.problem or ''}"
        opened = "quoted scalar" in problem or "while parsing a flow" in problem
        mark = error.context_mark if opened and error.context_mark else error.problem_mark or error.context_mark
        place = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else f"{file}:1:1"
        for sign, what, instead in _SYNTAX:
            if sign in problem:
                return Mistake((), what, instead, place)
        return Mistake((), f"this is not YAML ({error.problem})", "check the quotes, brackets and indentation here",
                       place)
    position = min(getattr(error, "position", 0) or 0, len(text))
    before = text[:position]
    place = f"{file}:{before.count(chr(10)) + 1}:{position - before.rfind(chr(10))}"
    return Mistake((), "a control character that text may not hold", "remove it", place)
