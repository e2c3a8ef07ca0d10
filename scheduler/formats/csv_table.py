"""CSV tables of a scenario: a header line, a row per entry. Cells are parsed once per distinct text, so that large
tables read fast."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from scheduler.errors import Location, Mistake
from scheduler.formats.moments import parse_moment
from scheduler.formats.wording import describe
from scheduler.formats.yaml_source import Node

E = TypeVar("E", bound=BaseModel)
Rows = list[tuple[int, list[str]]]
"""Rows that are not blank, each with its first line."""
PREFIX = "option:"
csv.field_size_limit(1_000_000)


@dataclass(frozen=True)
class Bad:
    """A cell that cannot be used, and why."""

    what: str
    instead: str


@dataclass(eq=False)
class Table(Generic[E]):
    """The entries of a file, the mistakes in it with their places, and where each entry stands.

    root: what paths of mistakes begin with, such as 'orders'.
    """

    file: str
    text: str
    root: str
    header_line: int = 1
    header: list[str] = field(default_factory=list)
    entries: list[E] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    pruned: set[Location] = field(default_factory=set)
    """Cells left out: (root, entry, field)."""
    lost: set[str] = field(default_factory=set)
    """Fields whose column is left out."""

    @cached_property
    def delimiter(self) -> str:
        first = self.text.split("\n", 1)[0]
        return ";" if ";" in first and "," not in first else ","

    @cached_property
    def raw_lines(self) -> list[str]:
        return re.split(r"\r\n|\r|\n", self.text)

    def place(self, where: Location) -> str:
        """file:line:column of (root, entry, field or 'choices', option)."""
        if len(where) < 2 or not isinstance(where[1], int) or where[1] >= len(self.lines):
            return f"{self.file}:1:1"
        last = str(where[-1])
        names = [PREFIX + last, last] if len(where) > 3 else [last]
        column = next((self.header.index(name) for name in names if name in self.header), 0)
        return self.cell(self.lines[where[1]], column)

    def cell(self, line: int, column: int) -> str:
        """file:line:column of a cell, found by walking its line."""
        text = self.raw_lines[line - 1] if line <= len(self.raw_lines) else ""
        at, quoted, seen = 0, False, 0
        while seen < column and at < len(text):
            quoted ^= text[at] == '"'
            seen += text[at] == self.delimiter and not quoted
            at += 1
        return f"{self.file}:{line}:{at + 1}"

    def note(self, where: Location, line: int, column: int, what: str, instead: str) -> None:
        self.mistakes.append(Mistake(where, what, instead, self.cell(line, column)))

    def read(self, fields: Collection[str]) -> Rows:
        """Takes the header, and returns the rows below it; notes where there is no header or a row cannot be read."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True)
        rows, line = [], 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    rows.append((line, cells))
                line = reader.line_num + 1
        except csv.Error as error:
            self.mistakes.append(Mistake((), f"this row cannot be read ({error})",
                                         "check the quotes in it; a quote inside quotes is written twice",
                                         f"{self.file}:{line}:1"))
        if not rows and not self.mistakes:
            self.mistakes.append(Mistake((), "there is no header line", "start with " + ",".join(fields),
                                         f"{self.file}:1:1"))
        if rows:
            self.header_line = rows[0][0]
            self.header = [name.strip() for name in rows[0][1]]
        return rows[1:]

    def row(self, i: int, line: int, raw: list[str]) -> list[str]:
        """The cells of a row, one per column; notes where there are more or fewer."""
        width = len(self.header)
        if len(raw) != width:
            self.note((self.root, i), line, min(len(raw), width), f"this row has {len(raw)} cells, the header {width}",
                      "write one cell per column; put text that contains the separator in quotes")
        return [cell.strip() for cell in raw[:width]] + [""] * (width - len(raw))


def parser(model: type[BaseModel], name: str, dates: Collection[str] = (),
           timed: Collection[str] = ()) -> Callable[[str], Any]:
    """Parses a cell of a field into its value or a Bad, remembering what it has seen.

    `dates` are the fields that hold moments, `timed` those of them that need a time of day.
    """
    info = model.model_fields[name]
    annotation: Any = Annotated[info.annotation, info]
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    known: dict[str, Any] = {}

    def parse(text: str) -> Any:
        if text not in known:
            try:
                value = parse_moment(text, time_needed=name in timed) if name in dates else text
                known[text] = adapter.validate_python(value)
            except ValidationError as error:
                known[text] = Bad(*describe(error.errors()[0], f"'{name}'", Node(text)))
            except ValueError as error:
                what, _, instead = str(error).partition("; ")
                known[text] = Bad(f"'{name}': {what}", instead)
        return known[text]

    return parse
