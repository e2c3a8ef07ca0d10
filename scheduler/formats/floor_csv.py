"""floor.csv: a row per operation of which something is known: it ran, it runs, it is pinned or was announced."""

from __future__ import annotations

from typing import Any

from scheduler.domain.floor import FloorEntry
from scheduler.formats.csv_table import Bad, Rows, Table, parser
from scheduler.formats.structure import near

FIELDS = tuple(FloorEntry.model_fields)
NEEDED = ("lot", "operation", "state")
DATES = ("start", "end")
TIMED = ("end",)
TEXTS = ("lot", "operation", "resource", "configuration", "behind")
FloorTable = Table[FloorEntry]


def read_floor_csv(text: str, file: str) -> FloorTable:
    """The floor entries of a CSV text with a header line, separated by commas or semicolons.

    A row without lot, operation or state is noted and left out.
    """
    table = FloorTable(file, text, "floor")
    rows = table.read(FIELDS)
    columns = _columns(table) if table.header else None
    if columns is not None:
        _fill(table, columns, rows)
    return table


def _columns(table: FloorTable) -> dict[int, str] | None:
    """Column number -> field; None where a needed column is missing."""
    found: dict[int, str] = {}
    line = table.header_line
    for n, name in enumerate(table.header):
        if name in found.values():
            table.note((), line, n, f"the column '{name}' stands twice", "keep one of them")
        elif name in FIELDS:
            found[n] = name
        elif not name:
            table.note((), line, n, "a column has no name", "name it or delete it")
        else:
            meant = near(name, FIELDS)
            table.lost.add(meant or "")
            table.note((), line, n, f"unknown column '{name}'",
                       f"did you mean '{meant}'?" if meant else "columns are " + ", ".join(FIELDS))
    missing = [name for name in NEEDED if name not in found.values()]
    for name in missing:
        table.note((), line, 0, f"the column '{name}' is missing", "the header needs 'lot', 'operation' and 'state'")
    return None if missing else found


def _fill(table: FloorTable, columns: dict[int, str], rows: Rows) -> None:
    fields = [(n, name, str if name in TEXTS else parser(FloorEntry, name, DATES, TIMED))
              for n, name in columns.items()]
    for line, raw in rows:
        i = len(table.entries)
        cells = table.row(i, line, raw)
        values: dict[str, Any] = {}
        bad: list[str] = []
        for n, name, parse in fields:
            value = parse(cells[n]) if cells[n] else None
            if isinstance(value, Bad):
                table.note(("floor", i, name), line, n, value.what, value.instead)
                bad.append(name)
            elif value is not None:
                values[name] = value
            elif name in NEEDED:
                table.note(("floor", i, name), line, n, f"'{name}' is empty",
                           "every row names a lot, an operation of it and a state")
        if all(name in values for name in NEEDED):
            table.pruned |= {("floor", i, name) for name in bad}
            table.entries.append(FloorEntry.model_construct(**values))
            table.lines.append(line)
