"""What choices do to items and operations, one sentence of the semantics per test."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain.orders import Variant
from scheduler.domain.scenario import Scenario
from scheduler.errors import InputError
from scheduler.planning.explode import explode, explode_tool
from scheduler.planning.template import Template
from tests.factories import make, plain_factory

CELLS = {
    "saws": {"hourly_cost": 60, "capabilities": ["cut"], "resources": {"saw1": {}, "saw2": {"hourly_cost": 120}}},
    "booths": {"capabilities": ["paint"], "configurations": {
        "dark": {"attributes": {"colour": "black", "gloss": "no"}},
        "light": {"attributes": {"colour": "white", "gloss": "no"}},
        "shiny": {"attributes": {"colour": "white", "gloss": "yes"}, "capabilities": ["polish"]}},
        "resources": {"booth": {}}},
}


def scenario(family: dict[str, Any], components: dict[str, Any] | None = None, **choices: str) -> Scenario:
    catalog = {"families": {"table": family}, "components": components or {}}
    return make(plain_factory(CELLS, catalog=catalog), [{"id": "O", "family": "table", "choices": choices}])


def exploded(family: dict[str, Any], components: dict[str, Any] | None = None, **choices: str) -> Template:
    made = scenario(family, components, **choices)
    return explode(made, made.orders.variants[0])


def cut(minutes: int = 10, **more: Any) -> dict[str, Any]:
    return {"capability": "cut", "work": {"fixed": f"{minutes} min"}, **more}


def option(**effects: Any) -> dict[str, Any]:
    return {"opt": {"default": "no", "choices": {"no": {}, "yes": effects}}}


def after(template: Template) -> dict[str, set[str]]:
    return {s.name: {template.steps[p].name for p in s.after} for s in template.steps}


def places(template: Template, name: str) -> list[tuple[int, int, int]]:
    step = next(s for s in template.steps if s.name == name)
    return [(w.resource, w.configuration, w.index) for w in step.ways]


def mistakes(family: dict[str, Any], components: dict[str, Any] | None = None, **choices: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        exploded(family, components, **choices)
    return [str(m) for m in caught.value.mistakes]


def test_without_after_an_operation_follows_the_one_listed_before_it() -> None:
    template = exploded({"operations": {"a": cut(), "b": cut(), "c": cut(after=[]), "d": cut(after=["a", "c"])}})
    assert after(template) == {"a": set(), "b": {"a"}, "c": set(), "d": {"a", "c"}}


def test_modes_stand_in_the_order_alternative_resource_configuration() -> None:
    family = {"operations": {"p": {"capability": "paint", "needs": {"colour": "white"},
                                   "alternatives": [{"capability": "cut", "needs": {}}, {"needs": {"gloss": "yes"}}]}}}
    assert places(exploded(family), "p") == [(2, 1, 0), (2, 2, 0), (0, 0, 1), (1, 0, 1), (2, 2, 2)]


def test_resources_narrow_and_stand_in_the_order_of_the_plant() -> None:
    family = {"operations": {"a": cut(resources=["saw2"]), "b": {"resources": ["booth", "saw1"]}}}
    template = exploded(family)
    assert places(template, "a") == [(1, 0, 0)]
    assert places(template, "b") == [(0, 0, 0), (2, 0, 0), (2, 1, 0), (2, 2, 0)]


def test_a_configuration_has_the_capabilities_of_its_cell_and_its_own() -> None:
    assert places(exploded({"operations": {"p": {"capability": "polish"}}}), "p") == [(2, 2, 0)]


def test_option_in_braces_stands_for_the_choice() -> None:
    family = {"options": {"finish": {"default": "black", "choices": {"black": {}, "white": {}}}},
              "operations": {"p": {"capability": "paint", "needs": {"colour": "{finish}"}}},
              "components": [{"component": "leg-{finish}"}]}
    components = {"leg-black": {"buy": {"lead_time": "1 d"}},
                  "leg-white": {"operations": {"q": {"capability": "paint", "needs": {"colour": "{finish}"}}}}}
    assert places(exploded(family, components), "p") == [(2, 0, 0)]
    white = exploded(family, components, finish="white")
    assert [item.component for item in white.items] == ["", "leg-white"]
    assert places(white, "q") == [(2, 1, 0), (2, 2, 0)]


def test_alternatives_inherit_what_they_do_not_give() -> None:
    family = {"operations": {"a": {"capability": "cut", "work": {"fixed": "10 min", "per_piece": "1 min"}, "cost": 3,
                                   "resources": ["saw1"],
                                   "alternatives": [{"resources": ["saw2"]}, {"work": {"fixed": "4 min"}, "cost": 9}]}}}
    ways = exploded(family).steps[0].ways
    assert [(w.resource, w.index, w.fixed, w.per_piece, w.cost) for w in ways] == [
        (0, 0, 600_000, 60_000, 300), (1, 1, 600_000, 60_000, 300), (0, 2, 240_000, 0, 900)]


def test_removing_an_operation_joins_its_neighbours() -> None:
    family = {"operations": {"a": cut(), "b": cut(after=[]), "c": cut(after=["a", "b"]), "d": cut(),
                             "e": cut(after=["c"])},
              "options": option(remove_operations=["c"])}
    assert after(exploded(family, opt="yes")) == {"a": set(), "b": set(), "d": {"a", "b"}, "e": {"a", "b"}}


def test_what_a_removed_operation_waited_for_its_successors_wait_for() -> None:
    family = {"operations": {"a": cut(), "b": cut(), "c": cut()}, "components": [{"component": "x", "at": "b"}],
              "options": option(remove_operations=["b"])}
    template = exploded(family, {"x": {"buy": {"lead_time": "1 d"}}}, opt="yes")
    assert [template.steps[s].name for s in template.items[1].at] == ["c"]


def test_an_added_operation_comes_last_unless_placed() -> None:
    base = {"a": cut(), "b": cut(), "c": cut(after=["a"])}
    last = {"operations": base, "options": option(add_operations={"x": cut()})}
    assert after(exploded(last, opt="yes"))["x"] == {"b", "c"}
    placed = {"operations": base, "options": option(add_operations={"x": cut(after=["a"], before=["b"])})}
    found = after(exploded(placed, opt="yes"))
    assert (found["x"], found["b"], found["c"]) == ({"a"}, {"a", "x"}, {"a"})
    first = {"operations": base, "options": option(add_operations={"x": cut(before=["a"])})}
    assert after(exploded(first, opt="yes"))["a"] == {"x"}


def test_removals_come_before_additions_and_changes() -> None:
    family = {"operations": {"a": cut(), "b": cut()},
              "options": option(add_operations={"b": cut(30)}, remove_operations=["b"],
                                change_operations={"b": {"add_work": {"fixed": "1 min"}}})}
    step = exploded(family, opt="yes").steps[1]
    assert (step.name, step.ways[0].fixed) == ("b", 31 * 60_000)


def test_work_is_replaced_then_added_then_scaled_and_replacing_spares_alternatives() -> None:
    change = {"work": {"fixed": "20 min"}, "add_work": {"per_piece": "1 min"}, "duration_percent": 150,
              "cost": 5, "add_cost": 2}
    family = {"operations": {"a": cut(10, resources=["saw1"],
                                      alternatives=[{"work": {"fixed": "8 min"}, "cost": 7}, {"cost": 1}, {}])},
              "options": option(change_operations={"a": change})}
    ways = exploded(family, opt="yes").steps[0].ways
    assert [(w.fixed / w.scale / 60_000, w.per_piece / w.scale / 60_000, w.cost) for w in ways] == [
        (30, 1.5, 700), (12, 1.5, 900), (30, 1.5, 300), (30, 1.5, 700)]


def test_percentages_stay_exact_until_the_tick() -> None:
    family = {"operations": {"a": {"capability": "cut", "work": {"fixed": "1 ms"}}}, "options": {
        "p": {"default": "x", "choices": {"x": {"change_operations": {"a": {"duration_percent": 50}}}}},
        "q": {"default": "x", "choices": {"x": {"change_operations": {"a": {"duration_percent": 50}}}}}}}
    way = exploded(family).steps[0].ways[0]
    assert (way.fixed, way.scale) == (1, 4)


def test_capability_and_needs_are_replaced() -> None:
    family = {"operations": {"a": {"capability": "paint", "needs": {"colour": "white"}}},
              "options": option(change_operations={"a": {"needs": {"gloss": "no"}}})}
    assert places(exploded(family, opt="yes"), "a") == [(2, 0, 0), (2, 1, 0)]
    other = {**family, "options": option(change_operations={"a": {"capability": "cut", "needs": {}}})}
    assert places(exploded(other, opt="yes"), "a") == [(0, 0, 0), (1, 0, 0)]


def test_names_with_a_slash_reach_components_anywhere_below() -> None:
    family = {"operations": {"a": cut()}, "components": [{"component": "frame"}],
              "options": option(change_operations={"leg/saw": {"add_work": {"fixed": "5 min"}}},
                                remove_operations=["leg/plane"], add_operations={"leg/oil": cut(1, after=["leg/saw"])})}
    components = {"frame": {"operations": {"weld": cut()}, "components": [{"component": "leg", "quantity": 4}]},
                  "leg": {"operations": {"saw": cut(), "plane": cut()}}}
    template = exploded(family, components, opt="yes")
    assert [(s.name, template.items[s.item].component) for s in template.steps] == [
        ("a", ""), ("weld", "frame"), ("saw", "leg"), ("oil", "leg")]
    assert template.steps[2].ways[0].fixed == 15 * 60_000
    assert template.pieces == (1, 1, 4)
    assert template.arcs == ((2, 3), (1, 0), (3, 1))


def test_choices_add_and_remove_components_and_material() -> None:
    family = {"operations": {"a": cut(), "b": cut()}, "material_cost": 10,
              "components": [{"component": "x", "quantity": 2}, {"component": "y"}],
              "options": {"opt": {"default": "no", "choices": {"no": {"cost": 1}, "yes": {
                  "cost": 4, "remove_components": ["y"],
                  "add_components": [{"component": "z", "at": "b"}, {"component": "x", "at": "b"}]}}}}}
    bought = {name: {"buy": {"lead_time": "1 h", "price": 3}} for name in "xyz"}
    plain, other = exploded(family, bought), exploded(family, bought, opt="yes")
    assert [(i.component, i.quantity, i.at) for i in plain.items[1:]] == [("x", 2, (0,)), ("y", 1, (0,))]
    assert [(i.component, i.quantity, i.at) for i in other.items[1:]] == [("x", 3, (0, 1)), ("z", 1, (1,))]
    assert (plain.items[0].material_cost, other.items[0].material_cost) == (1100, 1400)
    assert (other.items[1].lead_time, other.items[1].price) == (60, 300)


def test_a_component_without_at_is_needed_by_all_first_operations() -> None:
    family = {"operations": {"a": cut(), "b": cut(after=[]), "c": cut(after=["a", "b"])},
              "components": [{"component": "x"}]}
    assert exploded(family, {"x": {"buy": {"lead_time": "1 h"}}}).items[1].at == (0, 1)


def test_own_routing() -> None:
    routing = {"operations": {"a": cut(), "b": cut()}, "material_cost": 7}
    made = make(plain_factory(CELLS), [{"id": "O", "routing": routing}])
    template = explode(made, made.orders.variants[0])
    assert after(template) == {"a": set(), "b": {"a"}}
    assert template.items[0].material_cost == 700


def test_tools_are_leaves_with_a_template_of_their_own() -> None:
    components = {"mould": {"kind": "tool", "operations": {"mill": cut()}, "components": [{"component": "block"}]},
                  "block": {"buy": {"lead_time": "1 d"}}}
    made = scenario({"operations": {"a": cut()}, "components": [{"component": "mould", "quantity": 5}]}, components)
    item = explode(made, made.orders.variants[0]).items[1]
    assert (item.tool, item.made, item.quantity) == (True, False, 1)
    assert [i.component for i in explode_tool(made, "mould").items] == ["mould", "block"]


def test_a_variant_of_another_configuration_can_be_exploded_too() -> None:
    made = scenario({"operations": {"a": cut()}, "options": option(add_operations={"x": cut()})})
    assert len(explode(made, Variant("table", (("opt", "yes"),))).steps) == 2


@pytest.mark.parametrize(("family", "components", "words"), [
    ({"operations": {"a": {"work": {"fixed": "1 min"}}}}, {}, "operation 'a' has neither capability nor resources"),
    ({"operations": {"a": cut(after=["b"]), "b": cut(after=["a"])}}, {}, "operations wait for each other: a -> b -> a"),
    ({"operations": {"a": cut(after=["bb"]), "b": cut()}}, {}, "unknown operation 'bb'; write 'b'"),
    ({"operations": {"a": cut(needs={"colour": "white"})}}, {},
     "no resource can run operation 'a': nothing has capability 'cut' with colour 'white'"),
    ({"operations": {"a": cut(resources=["saw3"])}}, {}, "unknown resource 'saw3'; write 'saw2'"),
    ({"operations": {"a": cut()}, "components": [{"component": "leg"}]}, {"legs": {}},
     "unknown component 'leg'; write 'legs'"),
    ({"operations": {"a": cut()}, "components": [{"component": "x", "at": "aa"}]}, {"x": {"buy": {"lead_time": "1 d"}}},
     "component 'x' is needed at operation 'aa', which is not there; write 'a'"),
    ({"operations": {"a": cut()}, "components": [{"component": "x"}]},
     {"x": {"operations": {"b": cut()}, "components": [{"component": "y"}]},
      "y": {"operations": {"b": cut()}, "components": [{"component": "x"}]}},
     "component 'x' needs itself: x -> y -> x"),
    ({"operations": {"a": {"capability": "paint", "needs": {"colour": "{hue}"}}}}, {}, "names option 'hue'"),
    ({"operations": {"a": cut()}, "options": option(change_operations={"c": {"cost": 1}})}, {},
     "unknown operation 'c'"),
    ({"operations": {"a": cut()}, "options": option(remove_components=["c"])}, {}, "component 'c' is not used"),
    ({"operations": {"a": cut()}, "options": option(add_operations={"a": cut()})}, {}, "'a' is already there"),
    ({"operations": {"a": cut()}, "options": option(add_operations={"b": cut(after=["q"])})}, {}, "'q' is not there"),
    ({"operations": {"a": cut()}, "options": option(remove_operations=["a"])}, {}, "no operation is left with opt yes"),
    ({"operations": {"a": cut(cost=1)}, "options": option(change_operations={"a": {"add_cost": -2}})}, {},
     "would cost less than nothing"),
])
def test_mistakes_are_named(family: dict[str, Any], components: dict[str, Any], words: str) -> None:
    found = mistakes(family, components, **({"opt": "yes"} if "options" in family else {}))
    assert len(found) == 1
    assert words in found[0]


def test_all_mistakes_come_at_once() -> None:
    family = {"operations": {"a": cut(after=["x"]), "b": {}}, "components": [{"component": "leg"}]}
    assert len(mistakes(family)) == 3


def test_what_another_choice_removed_need_not_be_changed() -> None:
    family = {"operations": {"a": cut(), "b": cut()}, "options": {
        "p": {"default": "x", "choices": {"x": {"remove_operations": ["b"]}}},
        "q": {"default": "x", "choices": {"x": {"change_operations": {"b": {"cost": 1}}, "remove_operations": ["b"]}}}}}
    assert after(exploded(family)) == {"a": set()}
