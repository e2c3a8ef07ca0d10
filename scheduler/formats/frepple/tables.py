"""The tables of a frePPLe data folder: which columns are read, which mean nothing here, and which must stay empty."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel

from scheduler.errors import InputError, Mistake
from scheduler.formats.csv_table import Table
from scheduler.formats.instances.content import content

T = TypeVar("T")
VOID = frozenset(("id", "identifier", "description", "category", "subcategory", "source", "lastmodified", "hidden",
                  "search", "volume", "weight", "type", "owner", "lft", "rght", "lvl"))
"""Columns that say nothing about the plan (where a table does not read them itself)."""


class Columns(NamedTuple):
    """read: what this reader takes; void: what changes nothing here (docs/model/instances.md says why); usual: values
    of other columns that mean the same as an empty cell. Anything else in another column is a mistake."""

    read: frozenset[str]
    void: frozenset[str] = frozenset()
    usual: frozenset[str] = frozenset()


def _columns(read: str, void: str = "", usual: str = "0 0.0 0.00 0.00000000") -> Columns:
    return Columns(frozenset(read.split()), frozenset(void.split()), frozenset(usual.split()))


TABLES: dict[str, Columns] = {
    "item": _columns("name cost", "owner"),
    "location": _columns("name available"),
    "customer": _columns("name"),
    "supplier": _columns("name"),
    "itemsupplier": _columns(
        "supplier item location leadtime cost hardsafetyleadtime priority effectivestart effectiveend",
        "softsafetyleadtime extrasafetyleadtime batchwindow resourceqty", "0 1 1.0 1.00000000 0.00000000"),
    "buffer": _columns("item location type onhand", "minimum minimumcalendar maximum maximumcalendar mininterval tool"),
    "operation": _columns(
        "name type item location owner priority duration durationper cost sizeminimum sizemultiple batchwindow "
        "effectivestart effectiveend", "posttime"),
    "suboperation": _columns("operation suboperation priority effectivestart effectiveend"),
    "operationmaterial": _columns("operation item quantity type effectivestart effectiveend", "priority"),
    "operationresource": _columns(
        "operation resource skill quantity name setup effectivestart effectiveend", "priority"),
    "operationdependency": _columns("operation blockedby hardsafetyleadtime", "safetyleadtime", "0 1 1.0 1.00000000"),
    "resource": _columns(
        "name type owner location constrained maximum available efficiency cost setup setupmatrix", "maxearly members"),
    "skill": _columns("name"),
    "resourceskill": _columns("resource skill effectivestart effectiveend priority"),
    "setupmatrix": _columns("name"),
    "setuprule": _columns("setupmatrix priority fromsetup tosetup duration cost"),
    "calendar": _columns("name defaultvalue"),
    "calendarbucket": _columns(
        "calendar startdate enddate value priority days monday tuesday wednesday thursday friday saturday sunday "
        "starttime endtime"),
    "demand": _columns(
        "name item location customer quantity due priority status maxlateness policy",
        "minshipment delay plannedquantity deliverydate plan"),
    "parameter": _columns("name value"),
}
UNREAD = ("itemdistribution", "purchaseorder", "distributionorder", "deliveryorder", "manufacturingorder", "workorder",
          "operationplan", "operationplanmaterial", "operationplanresource", "forecast")
"""Tables that would change the plan and are not read: they must have no rows."""
ALIASES = {"durationperunit": "durationper", "default": "defaultvalue", "start": "startdate", "end": "enddate",
           "maximumlateness": "maxlateness", "minimumshipment": "minshipment", "postoptime": "posttime",
           "releasefence": "fence", "searchmode": "search", "maxearlytime": "maxearly", "batchingwindow": "batchwindow",
           "resourcequantity": "resourceqty", "subopers": "suboperation"}


@dataclass(eq=False)
class Row:
    """A row of a table: its cells by column, in their plain writing ('durationper' for 'duration_per')."""

    table: Table[BaseModel]
    line: int
    cells: dict[str, str]
    folder: Folder

    def text(self, name: str, missing: str = "") -> str:
        return self.cells.get(name) or missing

    def needed(self, name: str) -> str:
        found = self.text(name)
        if not found:
            self.wrong(name, f"'{name}' is empty", "every row needs it")
        return found

    def take(self, name: str, read: Callable[[str], T], missing: T) -> T:
        """The value of a cell, `missing` where it is empty or wrong (which is noted)."""
        if not self.text(name):
            return missing
        try:
            return read(self.text(name))
        except ValueError as error:
            what, _, instead = str(error).partition("; ")
            self.wrong(name, f"'{name}': {what}", instead or "correct the value")
            return missing

    def wrong(self, name: str, what: str, instead: str) -> None:
        column = next((i for i, head in enumerate(self.table.header) if plain(head) == name), 0)
        self.folder.mistakes.append(Mistake((), what, instead, self.table.cell(self.line, column)))


def plain(head: str) -> str:
    """A column's name without case, blanks and underscores, in its usual wording."""
    name = re.sub(r"[^a-z0-9]", "", head.lower())
    return ALIASES.get(name, name)


@dataclass(eq=False)
class Folder:
    """All tables of a folder, and the mistakes found in them so far."""

    path: Path
    rows: dict[str, list[Row]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def __getitem__(self, name: str) -> list[Row]:
        return self.rows.get(name, [])

    def refuse(self) -> None:
        """Raises InputError where there is a mistake."""
        if self.mistakes:
            raise InputError(list(dict.fromkeys(self.mistakes)))


def files(path: Path) -> dict[str, list[Path]]:
    """The files of a folder by table: 'demand.csv', 'demand.part2.csv', 'demand.csv.gz' belong to 'demand'."""
    found: dict[str, list[Path]] = {}
    for file in sorted(path.iterdir()):
        name = file.name.lower()
        table = name.split(".")[0]
        if name.endswith((".csv", ".csv.gz")) and (table in TABLES or table in UNREAD) and file.is_file():
            found.setdefault(table, []).append(file)
    return found


def read_folder(path: Path) -> Folder:
    """The rows of all tables that are read. Mistakes are noted; raises InputError where a file cannot be read."""
    folder = Folder(path)
    for name, parts in files(path).items():
        for file in parts:
            _read(folder, name, file)
    return folder


def _read(folder: Folder, name: str, file: Path) -> None:
    table: Table[BaseModel] = Table(file.name, content(str(file)), name)
    raw = table.read(sorted(TABLES[name].read) if name in TABLES else ["name"])
    rows = []
    for i, (line, cells) in enumerate(raw):
        values = table.row(i, line, cells)
        rows.append(Row(table, line, {plain(h): v for h, v in zip(table.header, values)}, folder))
    folder.mistakes += table.mistakes
    if name in UNREAD:
        if rows:
            rows[0].wrong("", f"the table '{name}' is not read", "take this file out of the folder")
        return
    columns = TABLES[name]
    for row in rows:
        for head, value in row.cells.items():
            if value and head not in columns.read | columns.void | VOID and value not in columns.usual:
                row.wrong(head, f"'{head}' of the table '{name}' is not read", "leave it empty, or take the column out")
    folder.rows.setdefault(name, []).extend(rows)


def effective(row: Row, since: Callable[[str], Any], until: Callable[[str], Any]) -> None:
    """Notes dates between which a row holds, unless they mean always."""
    for name, read in (("effectivestart", since), ("effectiveend", until)):
        if row.take(name, read, None) is not None:
            row.wrong(name, f"'{name}' limits this row to a time", "such rows cannot be read; leave it empty")
