"""orders.csv: a row per order."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from scheduler.domain.orders import OrderEntry
from scheduler.formats.csv_table import PREFIX, Bad, Rows, Table, parser
from scheduler.formats.structure import near

FIELDS = tuple(name for name in OrderEntry.model_fields if name not in ("choices", "routing"))
NEEDED = ("id", "family")
DATES = ("release", "due", "deadline")
TEXTS = ("id", "family", "customer")
OrderTable = Table[OrderEntry]


def read_orders_csv(text: str, file: str, options: Collection[str] | None) -> OrderTable:
    """The orders of a CSV text with a header line, separated by commas or semicolons.

    `options` are the names of all options of all families; None where they are not known.
    """
    table = OrderTable(file, text, "orders")
    rows = table.read(FIELDS)
    columns = _columns(table, options) if table.header else None
    if columns is not None:
        _fill(table, columns, rows)
    return table


def _columns(table: OrderTable, options: Collection[str] | None) -> dict[int, str] | None:
    """Column number -> field, or PREFIX + option; None where a needed column is missing."""
    found: dict[int, str] = {}
    line = table.header_line
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


def _fill(table: OrderTable, columns: dict[int, str], rows: Rows) -> None:
    fields = [(n, name, str if name in TEXTS else parser(OrderEntry, name, DATES))
              for n, name in columns.items() if not name.startswith(PREFIX)]
    choices = [(n, name.removeprefix(PREFIX)) for n, name in columns.items() if name.startswith(PREFIX)]
    for line, raw in rows:
        i = len(table.entries)
        cells = table.row(i, line, raw)
        values: dict[str, Any] = {}
        for n, name, parse in fields:
            if cells[n]:
                value = parse(cells[n])
                if isinstance(value, Bad):
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
