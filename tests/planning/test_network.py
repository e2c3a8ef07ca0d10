"""Critical path and slack of a template."""

from __future__ import annotations

from scheduler.planning.explode import explode
from scheduler.planning.network import critical_path, cycle_of, slack, template_graph
from scheduler.planning.template import Template
from tests.factories import make, tiny_factory


def template() -> Template:
    scenario = make(tiny_factory())
    return explode(scenario, scenario.orders.variants[2])


def test_graph_has_the_shortest_durations_for_a_quantity() -> None:
    graph = template_graph(template(), 3)
    found = {(d["component"], d["name"]): d["duration"] for _, d in graph.nodes(data=True)}
    assert found == {("body", "press"): 16, ("", "paint"): 50, ("", "assemble"): 36, ("", "fit lock"): 18,
                     ("", "test"): 10}


def test_critical_path_and_slack() -> None:
    graph = template_graph(template())
    names = [graph.nodes[n]["name"] for n in critical_path(graph)]
    assert names == ["press", "paint", "assemble", "fit lock", "test"]
    assert set(slack(graph).values()) == {0}


def test_slack_of_a_branch() -> None:
    graph = template_graph(template())
    graph.add_node(99, name="label", component="", duration=1)
    ends = {n: d["name"] for n, d in graph.nodes(data=True)}
    paint, test = (next(n for n in ends if ends[n] == name) for name in ("paint", "test"))
    graph.add_edges_from([(paint, 99), (99, test)])
    assert slack(graph)[99] == 12 + 6 - 1


def test_cycles_start_at_the_first_listed() -> None:
    assert cycle_of({"a": [], "b": ["d"], "c": ["b", "a"], "d": ["c"]}) == ["b", "c", "d", "b"]
    assert cycle_of({"a": [], "b": ["a"]}) == []
