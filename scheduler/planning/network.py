"""Precedence as graphs: cycles, critical path and slack of a template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

import networkx as nx
import numpy as np

from scheduler.planning.template import Template, durations


def cycle_of(after: Mapping[str, Iterable[str]]) -> list[str]:
    """The names on one cycle of `after` (name -> names before it), the first listed at both ends; [] if none."""
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        names = error.args[1][:-1]
        at = min(range(len(names)), key=lambda i: list(after).index(names[i]))
        return [*names[at:], *names[:at], names[at]]
    return []


def template_graph(template: Template, quantity: int = 1) -> nx.DiGraph:
    """Steps of the template (by position) with arcs before -> after, everything made and nothing from stock.

    Node data: name, component, duration: ticks of the shortest mode for `quantity` pieces of the product. Nodes are in
    topological order.
    """
    graph = nx.DiGraph()
    for i, step in enumerate(template.steps):
        item = template.items[step.item]
        ways = template.ways[:, template.way_first[i]:template.way_first[i + 1]]
        pieces = np.array(quantity * template.pieces[step.item], dtype=np.int64)
        graph.add_node(i, name=step.name, component=item.component,
                       duration=int(durations(ways, pieces, template.tick).min()))
    graph.add_edges_from(template.arcs)
    ordered = nx.DiGraph()
    ordered.add_nodes_from((i, graph.nodes[i]) for i in nx.topological_sort(graph))
    ordered.add_edges_from(graph.edges)
    return ordered


def _times(graph: nx.DiGraph) -> tuple[dict[int, int], dict[int, int]]:
    """Earliest end and, for the shortest makespan, latest end of each node."""
    order = list(nx.topological_sort(graph))
    early: dict[int, int] = {}
    for node in order:
        early[node] = max((early[p] for p in graph.predecessors(node)), default=0) + graph.nodes[node]["duration"]
    total = max(early.values(), default=0)
    late: dict[int, int] = {}
    for node in reversed(order):
        late[node] = min((late[s] - graph.nodes[s]["duration"] for s in graph.successors(node)), default=total)
    return early, late


def critical_path(graph: nx.DiGraph) -> list[int]:
    """Nodes of one longest path by duration, from its start to its end; [] of an empty graph."""
    if not graph:
        return []
    early, _ = _times(graph)
    node: int | None = max(graph, key=lambda n: early[n])
    path: list[int] = []
    while node is not None:
        path.append(node)
        node = max(graph.predecessors(node), key=lambda n: early[n], default=None)
    return path[::-1]


def slack(graph: nx.DiGraph) -> dict[int, int]:
    """Ticks by which each node may end later without delaying the last one."""
    early, late = _times(graph)
    return {node: late[node] - early[node] for node in graph}
