"""Assembly flexible job shops: precedences between operations form a DAG (Birgin et al. 2014)."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from scheduler.formats.instances.jobs import header
from scheduler.formats.instances.model import Instance, Step
from scheduler.formats.instances.text import Row, Text

Arc = tuple[int, int]


def read_dag(text: Text) -> Instance:
    """`operations arcs machines`, the arcs (operations counted from 0), then a line per operation: alternatives, pairs.

    A job is a weakly connected component, numbered by its smallest operation; operations keep the file's number as
    their name.
    """
    count, size, machines = header(text, ("operations", "arcs", "machines"))
    rows = text.rows[1:]
    if len(rows) != size + count:
        last = text.end if len(rows) < size + count else rows[size + count]
        raise text.broken(last, None if len(rows) < size + count else 0, f"{len(rows)} lines after the first",
                          f"{size} arcs and {count} operations need {size + count}")
    arcs = _arcs(text, count, size)
    before: list[list[int]] = [[] for _ in range(count)]
    for a, b in dict.fromkeys(arcs):
        before[b].append(a)
    _refuse_cycle(text, arcs, before)
    ways = _ways(text, count, size, machines)
    jobs = tuple(tuple(Step(str(i), tuple(str(p) for p in sorted(before[i])), ways[i]) for i in group)
                 for group in _components(count, arcs))
    return Instance("assembly flexible job shop", machines, jobs)


def _arcs(text: Text, count: int, size: int) -> list[Arc]:
    def read(_: int, row: Row) -> Arc:
        cursor = text.walk(row)
        arc = []
        for what in ("the operation before", "the operation after"):
            arc.append(cursor.take(what))
            if arc[-1] >= count:
                raise cursor.wrong(f"operation {arc[-1]}, but the file has {count} operations",
                                   f"operations are counted from 0 to {count - 1}")
        cursor.finish("an arc")
        return arc[0], arc[1]

    return text.each(text.rows[1:1 + size], read)


def _refuse_cycle(text: Text, arcs: list[Arc], before: list[list[int]]) -> None:
    try:
        TopologicalSorter(dict(enumerate(before))).prepare()
    except CycleError as error:
        # graphlib lists each node as a predecessor of the next one.
        cycle: list[int] = error.args[1]
        row = text.rows[1 + arcs.index((cycle[-2], cycle[-1]))]
        raise text.broken(row, 0, f"the precedences form a cycle: {' -> '.join(map(str, cycle))}",
                          "remove one of these arcs") from None


def _ways(text: Text, count: int, size: int, machines: int) -> list[tuple[tuple[int, int], ...]]:
    def read(i: int, row: Row) -> tuple[tuple[int, int], ...]:
        cursor = text.walk(row)
        alternatives = cursor.take(f"the number of alternatives of operation {i}")
        if alternatives < 1:
            raise cursor.wrong(f"operation {i} has no alternative", "at least 1 machine can do it")
        ways = []
        for machine, duration in cursor.pairs(alternatives, f"operation {i}, which has {alternatives} alternatives"):
            if machine >= machines:
                raise text.broken(row, cursor.at - 2, f"machine {machine}, but the file has {machines} machines",
                                  f"machines are counted from 0 to {machines - 1}")
            ways.append((machine, duration))
        cursor.finish(f"the {alternatives} alternatives of operation {i}")
        return tuple(ways)

    return text.each(text.rows[1 + size:], read)


def _components(count: int, arcs: list[Arc]) -> list[list[int]]:
    """Weakly connected components, each ascending, by their smallest operation."""
    near: list[list[int]] = [[] for _ in range(count)]
    for a, b in arcs:
        near[a].append(b)
        near[b].append(a)
    seen = [False] * count
    found = []
    for first in range(count):
        if seen[first]:
            continue
        seen[first] = True
        group = [first]
        for node in group:
            for other in near[node]:
                if not seen[other]:
                    seen[other] = True
                    group.append(other)
        found.append(sorted(group))
    return found
