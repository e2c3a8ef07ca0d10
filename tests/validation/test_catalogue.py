"""The judge's own reading of the catalog: what choices do to operations and needs."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain.scenario import Scenario
from scheduler.validation.catalogue import Catalogue
from scheduler.validation.templates import Template
from tests.factories import make, plain_factory


def factory(choice: dict[str, Any], **family: Any) -> dict[str, Any]:
    """A family of cut, join (two ways) and pack with a frame made of one bar; 'extra: yes' does what is asked."""
    spec: dict[str, Any] = {
        "material_cost": 3,
        "options": {
            "size": {"default": "s", "choices": {"s": {}, "l": {}}},
            "extra": {"default": "no", "choices": {"no": {}, "yes": choice}},
        },
        "components": [{"component": "frame", "at": "join"}],
        "operations": {
            "cut": {"capability": "work", "work": {"fixed": "10 min"}},
            "join": {
                "capability": "work",
                "work": {"fixed": "10 min", "per_piece": "1 min"},
                "cost": 4,
                "alternatives": [{"work": {"fixed": "7 min"}}, {"cost": 2}],
            },
            "pack": {"capability": "work", "needs": {"size": "{size}"}},
        },
    }
    bench = {"capabilities": ["work", "fine"], "configurations_from": {"size": ["s", "l"]}, "resources": {"bench": {}}}
    components = {
        "frame": {
            "components": [{"component": "bar", "quantity": 2}],
            "operations": {"weld": {"capability": "work"}, "grind": {"capability": "work"}},
        },
        "bar": {"buy": {"lead_time": "1 d"}},
        "lid": {"buy": {"lead_time": "1 d"}},
    }
    return plain_factory({"bench": bench}, catalog={"families": {"box": {**spec, **family}}, "components": components})


def scenario(choice: dict[str, Any], chosen: dict[str, str] | None = None, **family: Any) -> Scenario:
    order = {"id": "O", "family": "box", "choices": {"extra": "yes"} if chosen is None else chosen}
    return make(factory(choice, **family), [order])


def template(choice: dict[str, Any], item: str = "", **family: Any) -> Template:
    catalogue = Catalogue(scenario(choice, **family))
    return catalogue.templates[catalogue.of(0, item)]


def arcs(found: Template) -> set[tuple[str, str]]:
    return {(found.names[a], found.names[b]) for a, b in found.arcs}


def targets(found: Template, component: str) -> list[str]:
    return [found.names[t] for use in found.uses if use.component == component for t in use.targets]


def test_nothing_chosen_leaves_the_family_as_it_is() -> None:
    found = template({})
    assert found.names == ("cut", "join", "pack")
    assert arcs(found) == {("cut", "join"), ("join", "pack")}
    assert targets(found, "frame") == ["join"]
    assert [way.span for way in found.ways[1]] == [(600_000, 60_000, 1), (420_000, 0, 1), (600_000, 60_000, 1)]
    assert [way.cost for way in found.ways[1]] == [400, 400, 200]
    assert found.ways[2][0].ability == ("work", (("size", "s"),), None)


def test_a_removed_operation_hands_its_neighbours_and_needs_on() -> None:
    found = template({"remove_operations": ["join"]})
    assert arcs(found) == {("cut", "pack")}
    assert targets(found, "frame") == ["pack"]


def test_a_component_needed_at_a_removed_last_operation_waits_for_the_first() -> None:
    found = template({"remove_operations": ["pack"]}, components=[{"component": "frame", "at": "pack"}])
    assert targets(found, "frame") == ["cut"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {("pack", "new")}),
        ({"after": ["cut"]}, {("cut", "new")}),
        ({"before": ["pack"]}, {("new", "pack")}),
        ({"after": ["cut"], "before": ["pack"]}, {("cut", "new"), ("new", "pack")}),
        ({"after": []}, set()),
    ],
)
def test_an_added_operation_takes_its_place(given: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    found = template({"add_operations": {"new": {"capability": "work", **given}}})
    assert arcs(found) == {("cut", "join"), ("join", "pack")} | expected


def test_changes_replace_add_and_scale_in_this_order() -> None:
    change = {
        "work": {"fixed": "20 min"},
        "add_work": {"fixed": "1 min"},
        "duration_percent": 50,
        "cost": 10,
        "add_cost": 1,
    }
    ways = template({"change_operations": {"join": change}}).ways[1]
    assert [way.span for way in ways] == [(630_000, 0, 1), (240_000, 0, 1), (630_000, 0, 1)]
    assert [way.cost for way in ways] == [1100, 1100, 300]


def test_percentages_stay_exact() -> None:
    (way, *_) = template({"change_operations": {"cut": {"work": {"fixed": "7 ms"}, "duration_percent": 33}}}).ways[0]
    assert way.span == (231, 0, 100)


def test_a_choice_reaches_a_component_and_not_the_product() -> None:
    choice = {
        "remove_operations": ["frame/grind"],
        "add_operations": {"frame/coat": {"capability": "fine", "after": ["weld"]}},
        "change_operations": {"frame/weld": {"capability": "fine"}},
    }
    assert template(choice).names == ("cut", "join", "pack")
    frame = template(choice, "frame")
    assert arcs(frame) == {("weld", "coat")}
    assert [ways[0].ability[0] for ways in frame.ways] == ["fine", "fine"]


def test_a_choice_does_not_reach_a_component_that_comes_in_later() -> None:
    options = {
        "early": {"default": "yes", "choices": {"yes": {"change_operations": {"frame/weld": {"capability": "fine"}}}}},
        "late": {"default": "yes", "choices": {"yes": {"add_components": [{"component": "frame"}]}}},
    }
    later = template({}, "frame", options=options, components=[])
    assert later.ways[0][0].ability[0] == "work"
    there = template({}, "frame", options={"late": options["late"], "early": options["early"]}, components=[])
    assert there.ways[0][0].ability[0] == "fine"


def test_components_are_removed_and_added() -> None:
    found = template(
        {"remove_components": ["frame"], "add_components": [{"component": "lid", "quantity": 2, "at": "pack"}]}
    )
    assert [(use.component, use.quantity) for use in found.uses] == [("lid", 2)]
    assert targets(found, "lid") == ["pack"]


def test_material_counts_the_choices_cost_in_the_product_only() -> None:
    assert template({"cost": 2}).material == 500
    assert template({"cost": 2}, "frame").material == 0


def test_variants_share_what_their_choices_leave_alone() -> None:
    orders = [
        {"id": f"O{k}", "family": "box", "choices": {"size": size, "extra": extra}}
        for k, (size, extra) in enumerate([("s", "no"), ("l", "no"), ("s", "yes"), ("l", "yes")])
    ]
    catalogue = Catalogue(make(factory({"change_operations": {"frame/weld": {"capability": "fine"}}}), orders))
    numbers = [catalogue.of(v, "frame") for v in range(4)]
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3]
    assert len({catalogue.of(v, "") for v in range(4)}) == 2
