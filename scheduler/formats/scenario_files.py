"""Reads a scenario folder: scenario.yaml, the orders from it, from orders.csv or from orders.yaml, and what happened on
the floor from it or from floor.csv."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import OrderEntry
from scheduler.domain.quantities import Model
from scheduler.domain.scenario import ScenarioFile
from scheduler.errors import Location, Mistake
from scheduler.formats.csv_table import Table
from scheduler.formats.floor_csv import FloorTable, read_floor_csv
from scheduler.formats.orders_csv import OrderTable, read_orders_csv
from scheduler.formats.structure import Built, build
from scheduler.formats.yaml_source import MAX_BYTES, Node, parse_yaml

SCENARIO, ORDERS_CSV, ORDERS_YAML, FLOOR_CSV = "scenario.yaml", "orders.csv", "orders.yaml", "floor.csv"
YAML_ENDINGS = (".yaml", ".yml")
MAX_CSV_BYTES = 500_000_000
PLACEHOLDERS = {"version": "1", "name": "scenario", "origin": "2000-01-01 00:00"}
_PLACE = re.compile(r"^(.*):(\d+):(\d+)$")


class OrdersFile(Model):
    """orders.yaml: the orders of a scenario."""

    orders: tuple[OrderEntry, ...]


@dataclass(eq=False)
class Source:
    """A scenario as read: the file (None where nothing sensible is left of it), the orders, the entries of floor.csv,
    and what is wrong with their structure, each mistake with its place. `plant`, `orders`, `table`, `floor_table`:
    what the places come from."""

    folder: Path
    name: str = SCENARIO
    file: ScenarioFile | None = None
    entries: list[OrderEntry] = field(default_factory=list)
    floor: list[FloorEntry] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    plant: Built[ScenarioFile] | None = None
    orders: Built[OrdersFile] | None = None
    table: OrderTable | None = None
    floor_table: FloorTable | None = None

    def place(self, where: Location, what: str = "") -> str:
        """file:line:column of a path; at its key where the message quotes the key."""
        at_key = bool(where) and f"'{where[-1]}'" in what
        if (table := self._table(where)) is not None:
            return table.place(where)
        if where[:1] == ("orders",) and self.orders is not None:
            line, column = self.orders.root.position(where, at_key)
            return f"{ORDERS_YAML}:{line}:{column}"
        line, column = self.plant.root.position(where, at_key) if self.plant else (1, 1)
        return f"{self.name}:{line}:{column}"

    def _table(self, where: Location) -> Table[Any] | None:
        """The CSV file that a path leads into."""
        return {"orders": self.table, "floor": self.floor_table}.get(str(where[0])) if where else None

    def all_mistakes(self, computed: Iterable[Mistake]) -> list[Mistake]:
        """Structural and computed mistakes in the order of the files, without those that merely follow from what was
        left out for its structure."""
        found = list(self.mistakes)
        for m in computed:
            if not self._follows(m):
                found.append(Mistake(m.where, m.what, m.instead, self.place(m.where, m.what)))
        return sorted(dict.fromkeys(found), key=self._order)

    def _follows(self, mistake: Mistake) -> bool:
        where = mistake.where
        if where == ("orders",) and self.mistakes:
            return True
        table = self._table(where)
        if table is not None and (where[-1] in table.lost
                                  or any(where[:n] in table.pruned for n in range(1, len(where) + 1))):
            return True
        here = self.orders if self.orders is not None and where[:1] == ("orders",) else self.plant
        if here is not None and here.follows(where):
            return True
        quoted = re.findall(r"'([^']*)'", mistake.what)
        parts = {part for text in quoted for part in (text, *re.split(r"[/,= ]+", text))}
        return any(built is not None and not built.lost.isdisjoint(parts) for built in (self.plant, self.orders))

    def _order(self, mistake: Mistake) -> tuple[int, int, int]:
        found = _PLACE.match(mistake.place)
        if not found:
            return (9, 0, 0)
        file = found.group(1)
        rank = {self.name: 0, ORDERS_YAML: 1, ORDERS_CSV: 2, FLOOR_CSV: 3}.get(file, 4)
        return (rank, int(found.group(2)), int(found.group(3)))


def read_scenario(path: Path) -> Source:
    """Reads a scenario folder, or the one that the given yaml lies in. Never raises for what the files hold."""
    folder, name = (path, SCENARIO) if path.is_dir() else (path.parent, path.name)
    source = Source(folder, name)
    text = _text(source, folder / name, MAX_BYTES)
    root = _tree(source, text, name)
    options: dict[str, None] | None = None
    if root is not None:
        inline = root.child("orders")
        source.plant = build(ScenarioFile, root, name, PLACEHOLDERS)
        source.mistakes += source.plant.mistakes
        source.file = source.plant.model
        if source.file is not None:
            families = source.file.catalog.families.values()
            options = {option: None for family in families for option in family.options}
            source.entries = list(source.file.orders or ())
            options.update(dict.fromkeys(sorted(source.plant.lost)))
        _floor(source, root.child("floor") is not None)
        if inline is not None:
            _only_one(source, (folder / ORDERS_CSV, folder / ORDERS_YAML), name)
            return source
    _orders(source, options)
    return source


def _floor(source: Source, inline: bool) -> None:
    path = source.folder / FLOOR_CSV
    if not path.exists():
        return
    if inline:
        source.mistakes.append(Mistake((), f"what happened stands here and in {source.name} too",
                                       "keep it in one place", f"{FLOOR_CSV}:1:1"))
        return
    text = _text(source, path, MAX_CSV_BYTES)
    if text is not None:
        source.floor_table = read_floor_csv(text, FLOOR_CSV)
        source.mistakes += source.floor_table.mistakes
        source.floor = source.floor_table.entries


def _only_one(source: Source, others: Iterable[Path], file: str) -> None:
    for other in others:
        if other.exists():
            source.mistakes.append(Mistake((), f"orders stand here and in {file} too", "keep them in one place",
                                           f"{other.name}:1:1"))


def _orders(source: Source, options: dict[str, None] | None) -> None:
    table, tree = source.folder / ORDERS_CSV, source.folder / ORDERS_YAML
    if table.exists():
        _only_one(source, (tree,), ORDERS_CSV)
        text = _text(source, table, MAX_CSV_BYTES)
        if text is not None:
            source.table = read_orders_csv(text, ORDERS_CSV, options)
            source.mistakes += source.table.mistakes
            source.entries = source.table.entries
    elif tree.exists():
        root = _tree(source, _text(source, tree, MAX_BYTES), ORDERS_YAML)
        if root is not None:
            if isinstance(root.value, list):
                root = Node({"orders": root}, root.line, root.column, {"orders": (root.line, root.column)})
            source.orders = build(OrdersFile, root, ORDERS_YAML)
            source.mistakes += source.orders.mistakes
            source.entries = list(source.orders.model.orders) if source.orders.model else []
    else:
        source.mistakes.append(Mistake(
            (), "there are no orders", f"write {ORDERS_CSV} or {ORDERS_YAML} beside it, or 'orders:' in it",
            f"{source.name}:1:1"))


def _tree(source: Source, text: str | None, name: str) -> Node | None:
    if text is None:
        return None
    root, mistakes = parse_yaml(text, name)
    source.mistakes += mistakes
    return root


def _text(source: Source, path: Path, limit: int) -> str | None:
    """The text of a file, or None and a mistake where it cannot be read."""
    def wrong(what: str, instead: str, place: str = "1:1") -> None:
        source.mistakes.append(Mistake((), what, instead, f"{path.name}:{place}"))

    try:
        if path.stat().st_size > limit:
            wrong(f"the file is larger than {limit // 1_000_000} MB", "split the scenario")
            return None
        raw = path.read_bytes()
        return raw.decode("utf-8-sig")
    except FileNotFoundError:
        wrong("there is no such file", f"a scenario folder holds {SCENARIO}; 'scheduler new FOLDER' writes one")
    except UnicodeDecodeError as error:
        before = raw[:error.start]
        wrong("a character that is not UTF-8", "save the file in UTF-8",
              f"{before.count(10) + 1}:{error.start - before.rfind(10)}")
    except OSError as error:
        wrong(f"the file cannot be read ({error.strerror})", "check that it is a file and may be read")
    return None
