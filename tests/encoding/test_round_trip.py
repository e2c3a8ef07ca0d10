"""Tiny scenarios with rules: the best solution of their problem, decoded, is accepted by the judge at its own price."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import SOURCES, Header, Schedule
from scheduler.encoding.decode import decode
from scheduler.encoding.encode import encode
from scheduler.encoding.hint import hint
from scheduler.evaluation.costs import costs as costs_of
from scheduler.evaluation.costs import measures
from scheduler.planning.build import build
from scheduler.validation.judge import validate
from tests.factories import make, plain_factory
from tests.rules.reference import brute_force, check

HORIZON = 9


def hours(cells: dict[str, Any], orders: list[dict[str, Any]], **overrides: Any) -> Scenario:
    """Ticks of an hour from Monday 2024-01-01."""
    return make(plain_factory(cells, tick="1 h", **overrides), orders)


def order(name: str, operations: dict[str, Any], routing: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"id": name, "routing": {"operations": operations, **(routing or {})}, **more}


def step(hours: float, *resources: str, **more: Any) -> dict[str, Any]:
    return {"resources": list(resources) or ["a"], "work": {"fixed": f"{hours} h"}, **more}


def at(hour: int) -> str:
    return f"2024-01-01T{hour:02d}:00:00"


def best(scenario: Scenario, horizon: int = HORIZON) -> Schedule:
    """The best schedule by brute force, after the judge has looked at it and its money has been counted again."""
    plan = build(scenario)
    problem = encode(scenario, plan)
    assert problem.rules is not None
    found = brute_force(problem, horizon)
    assert found is not None
    value, solution = found
    assert check(problem, solution) == []
    schedule = decode(scenario, plan, problem, solution, Header(scenario=scenario.name))
    assert validate(scenario, schedule) == []
    measured = measures(scenario, schedule, costs_of(scenario, schedule))
    assert tuple(measured[level] for level in problem.levels) == value
    again = hint(problem, plan, scenario, schedule)
    assert again is not None
    assert again.mode.tolist() == solution.mode.tolist()
    assert check(problem, again) == []
    return schedule


def starts(schedule: Schedule) -> dict[str, tuple[str, int, int]]:
    return {f"{row.lot}/{row.operation}": (row.resource, row.start, row.end) for row in schedule.rows()}


CELL: Any = {"c": {"resources": {"a": {}}}}
DUE: Any = {"due": at(1), "penalty_per_day": 24, "price": 100}


def test_a_crew_decides_when_and_how_long() -> None:
    plant: Any = {"calendars": {"late": {"weekly": {"mon": ["03:00-07:00"]}}},
             "crews": {"slow": {"skills": {"s": 200}, "hourly_cost": 1},
                       "fast": {"skills": {"s": 100}, "calendar": "late", "hourly_cost": 1}}}
    schedule = best(hours(CELL, [order("O", {"x": step(2, crews=[{"skill": "s"}])},
                                        due=at(1), penalty_per_day=72)], plant=plant))
    assert starts(schedule) == {"O/x": ("a", 0, 4)}
    assert schedule.row(0).team == "slow"
    quick = hours(CELL, [order("O", {"x": step(3, crews=[{"skill": "s"}])}, **DUE)],
                  plant={**plant, "crews": {**plant["crews"], "slow": {"skills": {"s": 250}, "hourly_cost": 1}}})
    assert starts(best(quick)) == {"O/x": ("a", 3, 6)}


def test_a_pausing_operation_waits_while_its_crew_is_away() -> None:
    plant: Any = {"calendars": {"two": {"weekly": {"mon": ["01:00-02:00", "04:00-06:00"]}}},
             "crews": {"m": {"skills": {"s": 100}, "calendar": "two"}}}
    pausing = best(hours(CELL, [order("O", {"x": step(2, crews=[{"skill": "s"}], pausing=True)}, **DUE)], plant=plant))
    assert starts(pausing) == {"O/x": ("a", 1, 5)}
    whole = best(hours(CELL, [order("O", {"x": step(2, crews=[{"skill": "s"}])}, **DUE)], plant=plant))
    assert starts(whole) == {"O/x": ("a", 4, 6)}


@pytest.mark.parametrize(("price", "end"), [(1, 4), (100, 6)])
def test_overtime_is_bought_where_it_pays(price: int, end: int) -> None:
    """The machine closes from 3 to 5, the order takes one hour more than fits before."""
    day: Any = {"weekly": {"mon": ["00:00-03:00", "05:00-08:00"]},
           "overtime": [{"start": at(3), "end": at(4), "cost": price}]}
    cells: Any = {"c": {"calendar": "day", "resources": {"a": {}}}}
    schedule = best(hours(cells, [order("O", {"x": step(4, pausing=True)}, **DUE)], plant={"calendars": {"day": day}}))
    assert starts(schedule) == {"O/x": ("a", 0, end)}
    assert schedule.overtime == ((("day", 3, 4),) if price == 1 else ())


def test_a_batch_of_two() -> None:
    cells: Any = {"oven": {"batch": {"capacity": 2}, "hourly_cost": 10, "resources": {"a": {}}}}
    bake: Any = {"x": step(2, batch="k")}
    schedule = best(hours(cells, [order(f"O{j}", bake, **DUE) for j in range(3)]), 4)
    assert sorted(row.start for row in schedule.rows()) == [0, 0, 2]
    assert sorted(row.position for row in schedule.rows()) == [0, 1, 2]
    assert sorted(schedule.batch.tolist() if schedule.batch is not None else []) == [0, 0, 1]


def test_an_order_is_refused_where_it_costs_more_than_it_brings() -> None:
    plant: Any = {"crews": {}}
    orders: Any = [order("cheap", {"x": step(3)}, price=1), order("dear", {"x": step(3)}, **DUE)]
    cells: Any = {"c": {"hourly_cost": 2, "resources": {"a": {}}}}
    schedule = best(hours(cells, orders, plant=plant, policy={"refuse_orders": True}), 6)
    assert starts(schedule) == {"dear/x": ("a", 0, 3)}
    assert schedule.refused == (0,)


def test_a_subcontractor_takes_all_at_once() -> None:
    cells: Any = {"own": {"hourly_cost": 1, "resources": {"a": {}}},
             "out": {"kind": "subcontractor", "resources": {"b": {}}}}
    work: Any = {"x": step(4, "a", "b", cost=1)}
    schedule = best(hours(cells, [order(f"O{j}", work, **DUE) for j in range(2)]), 6)
    assert starts(schedule) == {"O0/x": ("b", 0, 4), "O1/x": ("b", 0, 4)}
    assert sorted(schedule.position.tolist()) == [0, 1]


@pytest.mark.parametrize(("expedite", "source", "start"), [(2, "expedite", 1), (90, "stock", 2)])
def test_supply_as_it_pays(expedite: int, source: str, start: int) -> None:
    """In stock from 2 o'clock, bought within three hours, expedited within one."""
    catalog: Any = {"components": {"screw": {
        "stock_value": 1, "arrivals": [{"at": at(2), "quantity": 5}],
        "buy": {"lead_time": "3 h", "price": 1, "expedite": {"lead_time": "1 h", "price": expedite}}}}}
    book: Any = [order("O", {"x": step(1)}, {"components": [{"component": "screw", "quantity": 1}]},
                  due=at(1), penalty_per_day=240, price=1)]
    schedule = best(hours(CELL, book, catalog=catalog), 5)
    assert starts(schedule) == {"O/x": ("a", start, start + 1)}
    assert [SOURCES[s] for s in schedule.pegs.source] == [source]
    assert schedule.pegs.available.tolist() == [start]


def test_a_split_over_two_machines() -> None:
    cells: Any = {"c": {"resources": {"a": {}, "b": {}}}}
    book: Any = [order("O", {"x": {"resources": ["a", "b"], "work": {"per_piece": "1 h"}, "split": {"parts": 2}}},
                  quantity=4, **DUE)]
    schedule = best(hours(cells, book), 5)
    assert sorted((name, end) for name, (_, _, end) in starts(schedule).items()) == [
        ("O/x (1 of 2)", 2), ("O/x (2 of 2)", 2)]


def test_modules_are_exchanged_and_shared() -> None:
    configurations = {"p": {"capabilities": ["p"], "modules": ["m"]}, "q": {"capabilities": ["q"]}}
    resources = {"a": {"initial_configuration": "q"}, "b": {"initial_configuration": "p"}}
    cells: Any = {"c": {"configurations": configurations, "resources": resources}}
    plant: Any = {"modules": {"m": {"install": {"time": "30 min", "cost": 5}, "remove": {"time": "90 min"}}}}
    orders: Any = [order("P", {"x": {"capability": "p", "work": {"fixed": "1 h"}}}, **DUE),
              order("Q", {"x": {"capability": "q", "resources": ["b"], "work": {"fixed": "1 h"}}}, **DUE)]
    schedule = best(hours(cells, orders, plant=plant), 5)
    assert starts(schedule) == {"P/x": ("b", 0, 1), "Q/x": ("b", 3, 4)}
    assert [(row.reconfiguration_start, row.reconfiguration_end) for row in schedule.rows()] == [(0, 0), (1, 3)]


def test_a_full_buffer_keeps_the_lot_on_its_resource() -> None:
    cells: Any = {"c": {"resources": {"a": {}}}, "d": {"resources": {"b": {}}}}
    plant: Any = {"buffers": {"between": {"from": "c", "to": "d", "size": 0}}}
    work: Any = {"x": step(1, "a"), "y": step(2, "b")}
    schedule = best(hours(cells, [order(f"O{j}", work, **DUE) for j in range(2)], plant=plant), 6)
    assert sorted(starts(schedule).values()) == [("a", 0, 1), ("a", 1, 2), ("b", 1, 3), ("b", 3, 5)]
    assert schedule.leave is not None
    assert sorted(schedule.leave.tolist()) == [1, 3, 3, 5]


def test_vehicles_carry() -> None:
    cells: Any = {"c": {"location": "here", "resources": {"a": {}, "a2": {}}},
             "d": {"location": "there", "resources": {"b": {}, "b2": {}}}}
    plant: Any = {"locations": ["here", "there"], "transport": {"default": "2 h", "vehicles": 1}}
    orders: Any = [order(f"O{j}", {"x": step(1, f"a{j or ''}".replace("1", "2")), "y": step(1, "b", "b2")}, **DUE)
              for j in range(2)]
    schedule = best(hours(cells, orders, plant=plant), 6)
    assert schedule.carries is not None
    assert sorted(zip(schedule.carries.start.tolist(), schedule.carries.end.tolist())) == [(1, 3), (3, 5)]


def test_the_floor_is_kept() -> None:
    """x ended late and off its calendar, y runs and has one hour of work left, z was announced."""
    day: Any = {"weekly": {"mon": ["01:00-03:00", "04:00-09:00"]}}
    cells: Any = {"c": {"calendar": "day", "resources": {"a": {}}}}
    floor: Any = [{"lot": "O", "operation": "x", "state": "finished", "resource": "a", "start": at(0), "end": at(1)},
             {"lot": "O", "operation": "y", "state": "started", "resource": "a", "start": at(2), "remaining": "2 h"},
             {"lot": "O", "operation": "z", "state": "announced", "resource": "a", "start": at(7)}]
    work: Any = {"x": step(1), "y": step(2, pausing=True), "z": step(1)}
    cheap = hours(cells, [order("O", work, due=at(1), penalty_per_day=24, price=100)], floor=floor, now=at(2),
                  plant={"calendars": {"day": day}}, policy={"replanning": {"per_hour": 5}})
    assert starts(best(cheap)) == {"O/x": ("a", 0, 1), "O/y": ("a", 2, 5), "O/z": ("a", 7, 8)}
    free = hours(cells, [order("O", work, due=at(1), penalty_per_day=24, price=100)], floor=floor, now=at(2),
                 plant={"calendars": {"day": day}})
    assert starts(best(free))["O/z"] == ("a", 5, 6)


def test_a_pin_narrows_and_orders() -> None:
    cells: Any = {"c": {"resources": {"a": {}, "b": {}}}}
    floor: Any = [{"lot": "P", "operation": "x", "state": "pinned", "resource": "b", "start": at(2)},
                  {"lot": "Q", "operation": "x", "state": "pinned", "resource": "b", "behind": "P/x"}]
    orders = [order(name, {"x": step(1, "a", "b")}, **DUE) for name in "PQR"]
    assert starts(best(hours(cells, orders, floor=floor), 5)) == {
        "P/x": ("b", 2, 3), "Q/x": ("b", 3, 4), "R/x": ("a", 0, 1)}


def test_late_material_holds_what_waits_for_it() -> None:
    """y waits for the glue bought at once, which is late; x does not, nor does the screw that may be expedited."""
    catalog: Any = {"components": {"glue": {"buy": {"lead_time": "1 h", "price": 1}}, "screw": {
        "buy": {"lead_time": "2 h", "price": 1, "expedite": {"lead_time": "1 h", "price": 9}}}}}
    uses = {"components": [{"component": "glue", "at": "y"}, {"component": "screw", "at": "z"}]}
    floor: Any = [{"lot": "O", "operation": "glue", "state": "material", "end": at(3)},
                  {"lot": "O", "operation": "screw", "state": "material", "end": at(5)}]
    work = {"x": step(1), "y": step(1), "z": step(1)}
    found = best(hours(CELL, [order("O", work, uses, **DUE)], catalog=catalog, floor=floor), 7)
    assert starts(found) == {"O/x": ("a", 0, 1), "O/y": ("a", 3, 4), "O/z": ("a", 5, 6)}
    assert {name: int(t) for name, t in zip(found.pegs.component, found.pegs.available)}["screw"] == 5


def test_what_was_ordered_before_now_keeps_its_date() -> None:
    """Ordered at release, there at 4; expediting it now brings it at 3, and one hour sooner is not worth 9."""
    catalog: Any = {"components": {"screw": {
        "buy": {"lead_time": "4 h", "price": 1, "expedite": {"lead_time": "1 h", "price": 9}}}}}
    book = [order("O", {"x": step(1)}, {"components": [{"component": "screw"}]}, **DUE)]
    found = best(hours(CELL, book, catalog=catalog, now=at(2)), 6)
    assert starts(found) == {"O/x": ("a", 4, 5)}
    assert found.pegs.available.tolist() == [4]


@pytest.mark.parametrize(("link", "expected"), [
    ({"minimum": "2 h"}, (4, 6)), ({"maximum": 0}, (2, 4)), ({"transfer": 1}, (1, 3)), ({"overlap": 50}, (1, 3))])
def test_links_with_lags_and_transfer(link: dict[str, Any], expected: tuple[int, int]) -> None:
    cells: Any = {"c": {"resources": {"a": {}, "b": {}}}}
    each = {"work": {"per_piece": "1 h"}}
    work = {"x": {"resources": ["a"], **each}, "y": {"resources": ["b"], **each, "links": {"x": link}}}
    book = [order("O", work, quantity=2, **DUE), order("P", {"z": step(1, "b")}, priority=1)]
    assert starts(best(hours(cells, book), 7))["O/y"][1:] == expected


def test_start_together_on_other_resources() -> None:
    cells: Any = {"c": {"resources": {"a": {}, "b": {"available_from": at(2)}}}}
    work = {"x": step(1, "a", "b"), "y": step(1, "a", "b", after=[], start_with=["x"], other_resource_than=["x"]),
            "z": step(1, "a", "b", same_resource_as=["y"])}
    found = starts(best(hours(cells, [order("O", work, **DUE)]), 5))
    assert [found[f"O/{name}"][1] for name in "xyz"] == [2, 2, 3]
    assert found["O/y"][0] == found["O/z"][0] != found["O/x"][0]


def test_one_fixture_for_two_machines_held_over_two_operations() -> None:
    cells: Any = {"c": {"resources": {"a": {}, "b": {}}}}
    work = {"x": step(1, "a", fixtures=[{"fixture": "jig"}]), "y": step(1, "b")}
    routing: Any = {"holds": [{"fixture": "pallet", "from": "x", "to": "y"}]}
    book = [order(f"O{j}", work, routing, **DUE) for j in range(2)]
    alone = best(hours(cells, book, plant={"fixtures": {"jig": {}, "pallet": {}}}), 5)
    assert sorted(t for _, t, _ in starts(alone).values()) == [0, 1, 2, 3]
    two = best(hours(cells, book, plant={"fixtures": {"jig": {}, "pallet": {"number": 2}}}), 4)
    assert sorted(t for _, t, _ in starts(two).values()) == [0, 1, 1, 2]


def test_a_sub_plan_instead() -> None:
    routing: Any = {"sub_plans": {"glued": {"replaces": ["x", "y"], "operations": {"glue": step(1, cost=1)}}}}
    work = {"w": step(1), "x": step(2), "y": step(2), "z": step(1)}
    found = starts(best(hours(CELL, [order("O", work, routing, **DUE)]), 6))
    assert {name: t for name, (_, t, _) in found.items()} == {"O/w": 0, "O/glue": 1, "O/z": 2}


def test_maintenance_in_its_window_and_at_half_speed() -> None:
    resource: Any = {"planned_maintenance": {"oil": {"duration": "1 h", "earliest": at(1), "latest": at(3)}},
                     "speeds": [{"start": at(2), "end": at(9), "percent": 50}]}
    cells: Any = {"c": {"resources": {"a": resource}}}
    found = starts(best(hours(cells, [order("O", {"x": step(1), "y": step(1)}, **DUE)]), 6))
    assert found == {"O/x": ("a", 0, 1), "a:oil/oil": ("a", 1, 2), "O/y": ("a", 2, 4)}


def test_one_order_at_a_time() -> None:
    cells: Any = {"c": {"resources": {"a": {}, "b": {}}}}
    work = {"x": step(1, "a"), "y": step(1, "b")}
    book = [order(f"O{j}", work, **DUE) for j in range(2)]
    found = best(hours(cells, book, plant={"work_in_process": 1}), 5)
    assert sorted(t for _, t, _ in starts(found).values()) == [0, 1, 2, 3]


def test_a_campaign_is_not_broken_off() -> None:
    cells: Any = {"c": {"configurations": {"p": {"capabilities": ["p"]}, "q": {"capabilities": ["q"]}},
                        "reconfiguration": {"minimum_run": "3 h"}, "resources": {"a": {}}}}
    orders = [order("P", {"x": {"capability": "p", "work": {"fixed": "1 h"}}}, due=at(1), penalty_per_day=240),
              order("Q", {"x": {"capability": "q", "work": {"fixed": "1 h"}}}, due=at(1), penalty_per_day=24)]
    assert starts(best(hours(cells, orders), 6)) == {"P/x": ("a", 0, 1), "Q/x": ("a", 3, 4)}


def test_loading_needs_somebody_unloading_too() -> None:
    plant: Any = {"calendars": {"two": {"weekly": {"mon": ["01:00-02:00", "05:00-06:00"]}}},
                  "crews": {"m": {"skills": {"s": 100}, "calendar": "two"}}}
    crews = [{"skill": "s", "during": "loading"}, {"skill": "s", "during": "unloading"}]
    work = {"x": step(5, crews=crews, loading="1 h", unloading="1 h")}
    found = best(hours(CELL, [order("O", work, **DUE)], plant=plant), 8)
    assert starts(found) == {"O/x": ("a", 1, 6)}
    assert found.row(0).team == "m"


def test_pooled_needs_are_one_lot() -> None:
    catalog: Any = {"components": {"part": {"pool": {"within": "1 d"}, "operations": {"make": step(1)}}}}
    book = [order(f"O{j}", {"x": step(1)}, {"components": [{"component": "part"}]}, due=at(1 + j), penalty_per_day=24)
            for j in range(2)]
    found = starts(best(hours(CELL, book, catalog=catalog, plant={"work_in_process": 5}), 5))
    assert found["part:1/make"] == ("a", 0, 1)
    assert sorted(t for _, t, _ in found.values()) == [0, 1, 2]


def test_what_was_used_came_from_somewhere() -> None:
    """x took five screws of the eight at 1; what y needs must be bought, and brought at 5."""
    catalog: Any = {"components": {"screw": {"stock": 8, "stock_value": 1, "buy": {
        "lead_time": "3 h", "price": 1, "expedite": {"lead_time": "1 h", "price": 9}}}}}
    uses: Any = [{"components": [{"component": "screw", "quantity": 5}]} for _ in range(2)]
    floor: Any = [{"lot": "O", "operation": "x", "state": "finished", "resource": "a", "start": at(1), "end": at(2)}]
    book = [order("O", {"x": step(1)}, uses[0]), order("P", {"y": step(1)}, uses[1], release=at(2), **DUE)]
    found = best(hours(CELL, book, catalog=catalog, floor=floor, now=at(2)), 7)
    assert starts(found) == {"O/x": ("a", 1, 2), "P/y": ("a", 5, 6)}
    assert [(SOURCES[s], int(t)) for s, t in zip(found.pegs.source, found.pegs.available)] == [("stock", 1), ("buy", 5)]
