"""Flexible assembly job shops with bills of material (github.com/Linshan-Ding/Fluid_Model_Rule_FAJSP).

A folder of three csv files. `process_data.csv`, one row per operation j of kind v: the machines that can run it,
their times, and `[[operations before], [pieces of each]]`. Kinds below kind_count are parts (a chain each), the
others products, whose operations assemble; machines of parts come first, then those of assembly. `based_data.csv`:
the counts, and kind_number: how many pieces of each part and product are made. `assemble_data.csv` repeats which
parts a product has and is not read. As in the authors' generator and environment (Class_FAJSP/Instance_generate.py,
class_fajsp.py) every operation handles one piece at a time, an assembly waits for all pieces it takes, pieces of a
kind are alike, and the makespan counts.

Pieces of a kind being alike, tying each to the assembly that takes it loses nothing: any schedule can be relabelled.
So each piece of a product is an order, and each piece it takes, at every level, a component lot of one piece.
"""

from __future__ import annotations

import ast
import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from os.path import isfile
from pathlib import Path
from typing import Any

from scheduler.domain.catalog import Alternative, Catalog, Component, ComponentUse, Family, Operation, Work
from scheduler.domain.orders import Orders, Variant
from scheduler.domain.plant import Cell, Plant, ResourceSpec
from scheduler.domain.policy import Policy
from scheduler.domain.scenario import Scenario
from scheduler.errors import InputError, Mistake
from scheduler.formats.instances.build import AXIS, orders_of
from scheduler.formats.instances.content import content
from scheduler.formats.instances.text import LARGEST

BASE, PROCESS = "based_data.csv", "process_data.csv"
MOST_PIECES = 200_000
Node = tuple[int, int]


@dataclass
class Row:
    """An operation: where it stands, (machine, duration)s, and (operation before, pieces)."""

    line: int
    ways: list[tuple[int, int]]
    before: list[tuple[Node, int]] = field(default_factory=list)


def is_bom(folder: Path) -> bool:
    """A folder with the files of such an instance."""
    return isfile(folder / BASE) and isfile(folder / PROCESS)


def read_bom(name: str, folder: Path) -> Scenario:
    """Products are families, named as in the file; components are 'KIND' for a part, 'KIND.OPERATION' for what an
    assembly operation makes, with ' (2)', ' (3)' ... for further pieces of the same assembly. Machines keep their
    number."""
    base = _base(folder / BASE)
    rows = _rows(folder / PROCESS, base["machines"])
    last = {v: max(j for w, j in rows if w == v) for v, _ in rows}
    _check_counts(folder, base, rows, last)
    products = range(base["kinds"], base["kinds"] + base["products"])
    maker = _Maker(rows, last, base["kinds"])
    families = {str(p): Family(operations=maker.operations((p, last[p])), components=maker.uses((p, last[p])))
                for p in products}
    orders = _orders(products, base["numbers"])
    cells = {str(m): Cell(resources={str(m): ResourceSpec()}) for m in range(base["machines"])}
    return Scenario(
        name=name, axis=AXIS, currency="", plant=Plant.model_construct(cells=cells),
        catalog=Catalog(families=families, components=maker.components), value_classes={}, customers={},
        policy=Policy(objective="makespan", speed_measure="makespan"), orders=orders,
        description=f"Public instance: assembly job shop with bills of material, {len(orders)} products of "
                    f"{len(products)} kinds, {base['machines']} machines.")


class _Maker:
    """Makes components as they are asked for."""

    def __init__(self, rows: dict[Node, Row], last: dict[int, int], kinds: int):
        self.rows, self.last, self.kinds = rows, last, kinds
        self.components: dict[str, Component] = {}

    def operations(self, node: Node) -> dict[str, Operation]:
        """A part's whole chain, or the one assembly operation of a node."""
        v, j = node
        steps = range(j + 1) if v < self.kinds else (j,)
        found = {}
        for i in steps:
            (machine, time), *others = self.rows[v, i].ways
            found[str(i)] = Operation(
                resources=(str(machine),), work=Work.model_construct(fixed=time), alternatives=tuple(
                    Alternative(resources=(str(m),), work=Work.model_construct(fixed=t)) for m, t in others))
        return found

    def uses(self, node: Node) -> tuple[ComponentUse, ...]:
        if node[0] < self.kinds:
            return ()
        wanted = Counter({before: 0 for before, _ in self.rows[node].before})
        for before, pieces in self.rows[node].before:
            wanted[before] += pieces
        return tuple(ComponentUse(component=self.component(before, k))
                     for before, pieces in wanted.items() for k in range(1, pieces + 1))

    def component(self, node: Node, k: int) -> str:
        """The name of the k-th piece of what the node makes."""
        name = str(node[0]) if node[0] < self.kinds else f"{node[0]}.{node[1]}"
        name += f" ({k})" if k > 1 else ""
        if name not in self.components:
            self.components[name] = Component(operations=self.operations(node), components=self.uses(node))
        return name


def _orders(products: range, numbers: tuple[int, ...]) -> Orders:
    pieces = [(n, p, k) for n, p in enumerate(products) for k in range(numbers[p])]
    return orders_of([f"{p}-{k + 1}" for _, p, k in pieces], [Variant(str(p)) for p in products],
                     variant=[n for n, _, _ in pieces])


def _table(path: Path, heads: tuple[str, ...]) -> list[tuple[int, dict[str, Any]]]:
    """(line, values) of each row: Python literals, as the authors wrote them."""
    reader = csv.reader(io.StringIO(content(str(path)), newline=""))
    head = next(reader, [])
    missing = [h for h in heads if h not in head]
    if missing:
        raise _bad(path, 1, f"there is no column '{missing[0]}'", f"the columns are {', '.join(heads)}")
    found = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(head):
            raise _bad(path, reader.line_num, f"{len(cells)} values for {len(head)} columns", "write one for each")
        try:
            values = {h: ast.literal_eval(c) for h, c in zip(head, cells) if h in heads}
        except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
            raise _bad(path, reader.line_num, "a value is neither a number nor a list of them",
                       "write for instance 3, \"(3, 4)\" or \"[[(0, 1)], [2]]\"") from error
        found.append((reader.line_num, values))
    return found


def _bad(path: Path, line: int, what: str, instead: str) -> InputError:
    return InputError([Mistake((), what, instead, f"{path}:{line}:1")])


def _natural(value: Any, least: int = 0) -> bool:
    return type(value) is int and least <= value <= LARGEST


def _base(path: Path) -> dict[str, Any]:
    heads = ("kind_count", "process_machine_count", "assemble_machine_count", "product_count", "kind_number")
    table = _table(path, heads)
    if len(table) != 1:
        raise _bad(path, 1, f"{len(table)} rows", "write one")
    line, values = table[0]
    counts, numbers = [values[h] for h in heads[:4]], values["kind_number"]
    if not all(_natural(c, 1) for c in counts) or sum(counts) > 100_000:
        raise _bad(path, line, "a count is not a whole number of 1 or more", "write how many there are")
    if not (isinstance(numbers, tuple) and len(numbers) == counts[0] + counts[3] and all(map(_natural, numbers))):
        raise _bad(path, line, "kind_number has not one whole number for each kind and product",
                   f"write {counts[0] + counts[3]}")
    return {"kinds": counts[0], "machines": counts[1] + counts[2], "products": counts[3], "numbers": numbers}


def _rows(path: Path, machines: int) -> dict[Node, Row]:
    found: dict[Node, Row] = {}
    for line, v in _table(path, ("kind", "task", "machine_selectable", "process_time", "cost_count")):
        node, able, times, cost = (v["kind"], v["task"]), v["machine_selectable"], v["process_time"], v["cost_count"]
        if not all(map(_natural, node)) or node in found:
            raise _bad(path, line, f"kind {node[0]!r}, task {node[1]!r} is no new operation", "number each once")
        if not (isinstance(able, tuple) and isinstance(times, tuple) and len(able) == len(times) and able
                and all(map(_natural, (*able, *times))) and max(able) < machines):
            raise _bad(path, line, "machines and times do not fit each other or the number of machines",
                       f"machines from 0 to {machines - 1}, and a time for each")
        ok = isinstance(cost, list) and len(cost) == 2 and all(isinstance(part, list) for part in cost)
        before = cost[0] if ok else []
        ok = ok and all(isinstance(n, tuple) and len(n) == 2 and n in found for n in before) and all(
            _natural(c, 1) for c in cost[1]) and (not before or len(cost[1]) == len(before))
        if not ok:
            raise _bad(path, line, "cost_count is not [[operations listed before], [pieces of each]]",
                       "write for instance [[(0, 1)], [2]]")
        found[node] = Row(line, list(zip(able, times)), list(zip(before, cost[1])))
    return found


def _check_counts(folder: Path, base: dict[str, Any], rows: dict[Node, Row], last: dict[int, int]) -> None:
    """Parts are chains, and the pieces that the products take are those that kind_number says."""
    path, kinds = folder / PROCESS, base["kinds"]
    if sorted(last) != list(range(kinds + base["products"])):
        raise _bad(path, 1, "the kinds are not those that the counts say",
                   f"kinds from 0 to {kinds + base['products'] - 1}, each with its operations")
    need = Counter({(p, last[p]): base["numbers"][p] for p in range(kinds, kinds + base["products"])})
    for node in reversed(rows):
        row, chain = rows[node], [((node[0], node[1] - 1), 1)] if node[1] else []
        if node[0] < kinds and row.before != chain:
            raise _bad(path, row.line, f"operation {node[1]} of part {node[0]} does not follow the one before it",
                       f"write [{[n for n, _ in chain]}, [1]]")
        for before, pieces in row.before:
            if before[0] < kinds and node[0] >= kinds and before[1] != last[before[0]]:
                raise _bad(path, row.line, f"part {before[0]} is taken after operation {before[1]}, before its last",
                           f"take it after operation {last[before[0]]}")
            need[before] += need[node] * pieces
    for v in range(kinds):
        if need[v, last[v]] != base["numbers"][v]:
            raise _bad(folder / BASE, 2, f"kind_number says {base['numbers'][v]} pieces of part {v}",
                       f"the products take {need[v, last[v]]}")
    if sum(need.values()) > MOST_PIECES:
        raise _bad(folder / BASE, 2, f"{sum(need.values())} operations", f"at most {MOST_PIECES}")
