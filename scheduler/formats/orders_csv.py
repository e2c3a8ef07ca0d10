"""orders.csv: a row per order. Cells are parsed once per distinct text, so that large order books read fast."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from scheduler.domain.orders import OrderEntry
from scheduler.errors import Location, Mistake
from scheduler.formats.moments import parse_moment
from scheduler.formats.structure import near
from scheduler.formats.wording import describe
from scheduler.formats.yaml_source import Node

FIELDS = tuple(name for name in OrderEntry.model_fields if name not in ("choices", "routing"))
NEEDED = ("id", "family")
DATES = ("release", "due", "deadline")
PREFIX = "option:"
csv.field_size_limit(1_000_000)


@dataclass(frozen=True)
class _Bad:
    what: str
    instead: str


@dataclass(eq=False)
class OrderTable:
    """The orders of a file, the mistakes in it with their places, and where each order stands."""

    file: str
    text: str
    delimiter: str = ","
    header: list[str] = field(default_factory=list)
    entries: list[OrderEntry] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    pruned: set[Location] = field(default_factory=set)
    """Cells left out: ('orders', entry, field)."""

    @cached_property
    def raw_lines(self) -> list[str]:
        return re.split(r"\r\n|\r|\n", self.text)

    def place(self, where: Location) -> str:
        """file:line:column of ('orders', entry, field or 'choices', option)."""
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


def read_orders_csv(text: str, file: str, options: Collection[str] | None) -> OrderTable:
    """The orders of a CSV text with a header line, separated by commas or semicolons.

    `options` are the names of all options of all families; None where they are not known.
    """
    first = text.split("\n", 1)[0]
    table = OrderTable(file, text, ";" if ";" in first and "," not in first else ",")
    rows = _rows(table)
    if not rows:
        if not table.mistakes:
            table.mistakes.append(Mistake((), "there is no header line", "start with " + ",".join(FIELDS),
                                          f"{file}:1:1"))
        return table
    table.header = [name.strip() for name in rows[0][1]]
    columns = _columns(table, rows[0][0], options)
    if columns is not None:
        _fill(table, columns, rows[1:])
    return table


def _rows(table: OrderTable) -> list[tuple[int, list[str]]]:
    """All rows that are not blank, each with its first line."""
    reader = csv.reader(io.StringIO(table.text, newline=""), delimiter=table.delimiter, strict=True)
    rows, line = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        table.mistakes.append(Mistake((), f"this row cannot be read ({error})",
                                      "check the quotes in it; a quote inside quotes is written twice",
                                      f"{table.file}:{line}:1"))
    return rows


def _columns(table: OrderTable, line: int, options: Collection[str] | None) -> dict[int, str] | None:
    """Column number -> field, or PREFIX + option; None where a needed column is missing."""
    found: dict[int, str] = {}
    for n, name in enumerate(table.header):
        option = name.removeprefix(PREFIX)
        meaning = name if name in FIELDS else PREFIX + option
        if meaning in found.values():
            table.note((), line, n, f"the column '{name}' stands twice", "keep one of them")
        elif not name:
            table.note((), line, n, "a column has no name", "name it or delete it")
        elif meaning in FIELDS or options is None or option in options:
            found[n] = meaning
        elif name == "routing":
            table.note((), line, n, "a routing cannot stand in a CSV file",
                       "write orders with a routing in orders.yaml")
        else:
            meant = near(name, [*FIELDS, *options])
            table.note((), line, n, f"unknown column '{name}'", f"did you mean '{meant}'?" if meant else
                       "name it as a field of an order or an option of a family: " + ", ".join([*FIELDS, *options]))
    missing = [name for name in NEEDED if name not in found.values()]
    for name in missing:
        table.note((), line, 0, f"the column '{name}' is missing", "the header needs 'id' and 'family'")
    return None if missing else found


def _parser(name: str) -> Callable[[str], Any]:
    """Parses a cell of a field into its value or a _Bad, remembering what it has seen."""
    info = OrderEntry.model_fields[name]
    annotation: Any = Annotated[info.annotation, info]
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    known: dict[str, Any] = {}

    def parse(text: str) -> Any:
        if text not in known:
            try:
                value = parse_moment(text) if name in DATES else text
                known[text] = adapter.validate_python(value)
            except ValidationError as error:
                known[text] = _Bad(*describe(error.errors()[0], f"'{name}'", Node(text)))
            except ValueError as error:
                what, _, instead = str(error).partition("; ")
                known[text] = _Bad(f"'{name}': {what}", instead)
        return known[text]

    return str if name in ("id", "family", "customer") else parse


def _fill(table: OrderTable, columns: dict[int, str], rows: list[tuple[int, list[str]]]) -> None:
    width = len(table.header)
    fields = [(n, name, _parser(name)) for n, name in columns.items() if not name.startswith(PREFIX)]
    choices = [(n, name.removeprefix(PREFIX)) for n, name in columns.items() if name.startswith(PREFIX)]
    for line, raw in rows:
        i = len(table.entries)
        if len(raw) != width:
            table.note(("orders", i), line, min(len(raw), width), f"this row has {len(raw)} cells, the header {width}",
                       "write one cell per column; put text that contains the separator in quotes")
        cells = [cell.strip() for cell in raw[:width]] + [""] * (width - len(raw))
        values: dict[str, Any] = {}
        for n, name, parse in fields:
            if cells[n]:
                value = parse(cells[n])
                if isinstance(value, _Bad):
                    table.note(("orders", i, name), line, n, value.what, value.instead)
                    table.pruned.add(("orders", i, name))
                else:
                    values[name] = value
            elif name in NEEDED:
                table.note(("orders", i, name), line, n, f"'{name}' is empty", f"every order needs its {name}")
                table.pruned.add(("orders", i, name))
        values.setdefault("id", "")
        values["choices"] = {name: cells[n] for n, name in choices if cells[n]}
        table.entries.append(OrderEntry.model_construct(**values))
        table.lines.append(line)
