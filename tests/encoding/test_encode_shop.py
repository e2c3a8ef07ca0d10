"""What the arrays of Rules say about a scenario and a shop, worked by hand."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from scheduler.encoding.conflict import describe_conflict
from scheduler.encoding.encode import encode
from scheduler.encoding.floor import finish
from scheduler.encoding.horizon import horizon_of
from scheduler.errors import InputError
from scheduler.problem.problem import FAR, MICRO, Problem
from scheduler.problem.rules import HOLD, KEEP, LOAD, RUN, Rules
from tests.encoding.shops import encoded, needs, pool, shop, shopped, works

TWO: Any = {"x": {"resources": ["a"], "work": {"fixed": "60 min"}},
            "y": {"resources": ["a"], "work": {"fixed": "30 min"}}}
THREE: Any = {**TWO, "z": {"resources": ["a"]}}


def entry(operation: str, state: str, **more: Any) -> dict[str, Any]:
    return {"lot": "O0", "operation": operation, "state": state, **more}


def at(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2024, 1, day, hour, minute)


def arcs(found: Problem) -> list[tuple[int, int]]:
    after = np.repeat(np.arange(found.operations), np.diff(found.pred_first))
    return list(zip(found.pred.tolist(), after.tolist()))


@pytest.mark.parametrize("field", [f.name for f in dataclasses.fields(Rules)])
def test_columns_are_contiguous_int64_or_bool(field: str) -> None:
    _, rules = encoded(works(operations=TWO))
    value = getattr(rules, field)
    if isinstance(value, np.ndarray):
        assert value.flags.c_contiguous
        kind = bool if field in ("mode_pause", "supply", "fact", "unlimited") else np.int64
        assert value.dtype == kind
    else:
        assert isinstance(value, int)


def test_heads_and_tails_follow_their_arcs() -> None:
    """Arcs are listed z first; the problem wants them by target, and of two between x and z the stronger of each."""
    scenario = works(operations=THREE)
    plan = shopped(scenario)
    plan = dataclasses.replace(plan, arc_from=np.array([0, 1, 0, 0]), arc_to=np.array([2, 2, 1, 2]))
    made = shopped(scenario).shop
    assert made is not None
    made = dataclasses.replace(
        made, arc_min=np.array([5, 0, 7, 9]), arc_max=np.array([FAR, 40, 50, FAR]),
        head_first=np.array([0, 1, 1, 2, 3]), head=np.array([10, 20, 15]), tail_first=np.array([0, 1, 1, 2, 3]),
        tail=np.array([3, 4, 2]))
    found = encode(scenario, dataclasses.replace(plan, shop=made))
    rules = found.rules
    assert rules is not None
    assert arcs(found) == [(0, 1), (0, 2), (1, 2)]
    assert (rules.arc_min.tolist(), rules.arc_max.tolist()) == ([7, 9, 0], [50, int(FAR), 40])
    assert (rules.head_first.tolist(), rules.head.tolist()) == ([0, 1, 2, 2], [20, 15])
    assert (rules.tail_first.tolist(), rules.tail.tolist()) == ([0, 1, 2, 2], [4, 3])


def test_an_arc_without_transfer_lots_is_stronger() -> None:
    scenario = works(operations=TWO, floor=[entry("y", "pinned", behind="O0/x")])
    found, rules = encoded(scenario, arc_min=[6], head_first=[0, 1], head=[10], tail_first=[0, 1], tail=[5])
    assert arcs(found) == [(0, 1)]
    assert (rules.head_first.tolist(), len(rules.head), rules.arc_min.tolist()) == ([0, 0], 0, [6])


def test_heads_of_modes_that_a_pin_excludes_are_gone() -> None:
    cells: Any = {"c": {"resources": {"a": {}, "b": {}}}}
    work: Any = {"x": {"resources": ["a", "b"]}, "y": {"resources": ["a", "b"]}}
    floor = [entry("x", "pinned", resource="b")]
    scenario = works(cells, work, floor=floor)
    _, rules = encoded(scenario, head_first=[0, 2], head=[10, 20], tail_first=[0, 2], tail=[5, 6])
    assert (rules.head.tolist(), rules.tail.tolist()) == ([20], [5, 6])
    assert (rules.head_first.tolist(), rules.tail_first.tolist()) == ([0, 1], [0, 2])


def test_fixtures_crews_and_stock_are_needed_in_their_phases() -> None:
    plant: Any = {"fixtures": {"jig": {"number": 3}, "pallet": {"number": 2}}, "crews": {"m": {"skills": {"s": 100}}}}
    _, rules = encoded(
        works(operations=TWO, plant=plant), fixture_first=[0, 2, 3], fixture=[1, 0, 0], fixture_number=[1, 2, 1],
        fixture_held=[True, False, True], teams=((), ("m", "m")), mode_team=[1, 0],
        team_needs=((), ((0, 1, RUN), (0, 1, LOAD))), hold_fixture=[1], hold_number=[2], hold_from=[0], hold_to=[1])
    assert [pool(rules, k) for k in range(3)] == [[(0, 1)], [(0, 3)], [(0, 2)]]
    assert needs(rules, 0) == [(0, 1, RUN), (0, 1, LOAD), (2, 1, HOLD), (1, 2, RUN)]
    assert needs(rules, 1) == [(1, 1, HOLD)]
    assert (rules.hold_pool.tolist(), rules.hold_quantity.tolist()) == ([2], [2])


def test_supply_runs_on_a_resource_of_its_own() -> None:
    arrivals = [{"at": at(9), "quantity": 4}, {"at": at(7), "quantity": 1}]
    catalog: Any = {"components": {"screw": {"stock": 2, "arrivals": arrivals, "buy": {
        "lead_time": "2 h", "expedite": {"lead_time": "1 h", "price": 5}}}}}
    cells: Any = {"c": {"location": "hall", "resources": {"a": {}}}}
    work: Any = {"x": {"resources": ["a"]}}
    book = works(cells, work, plant={"locations": ["hall"]}, catalog=catalog, now=at(1), floor=[
        {"lot": "O0", "operation": "screw", "state": "material", "end": at(1, 30)}])
    plan = shopped(book)
    pegs = dataclasses.replace(plan.pegs, component=("screw",), **{name: np.array([value]) for name, value in (
        ("order", 0), ("source", 0), ("lot", -1), ("consumer", 0), ("quantity", 3), ("available", 0))})
    # the operation that supplies stands behind the one that needs, with three modes: stock, buy, expedite
    plan = dataclasses.replace(
        plan, pegs=pegs, names=("x", "supply of screw"), op_lot=np.array([0, 0]), op_name=np.array([0, 1]),
        lot_first=np.array([0, 2]), op_release=np.array([0, 0]), mode_first=np.array([0, 1, 4]),
        mode_resource=np.array([0, -1, -1, -1]), mode_configuration=np.zeros(4, dtype=np.int64),
        mode_index=np.zeros(4, dtype=np.int64), mode_duration=np.array([0, 0, 120, 60]),
        mode_cost=np.arange(4) * MICRO, arc_from=np.array([1]), arc_to=np.array([0]))
    made = shop(plan, op_supply=[-1, 0], op_component=[-1, 0], stocked=("screw",), mode_source=[-1, 0, 2, 3])
    found = encode(book, dataclasses.replace(plan, shop=made))
    rules = found.rules
    assert rules is not None
    assert found.resources == 2
    assert (rules.unlimited.tolist(), rules.supply.tolist()) == ([False, True], [False, True])
    assert (found.location.tolist(), found.states.tolist(), found.initial_state.tolist()) == ([0, 1], [1, 1], [-1, -1])
    assert found.mode_resource.tolist() == [0, 1, 1, 1]
    # bought at release it is there at 02:00, expedited from 01:00 on too; nothing is there before 01:30
    assert found.mode_duration.tolist() == [0, 0, 30, 30]
    assert found.release.tolist() == [0, 90]
    assert needs(rules, 1) == [(0, 3, KEEP)]
    assert [needs(rules, m) for m in (2, 3)] == [[], []]
    assert pool(rules, 0) == [(0, 2), (420, 3), (540, 7)]
    assert rules.state_first.tolist() == [0, 1, 2]


def test_states_carry_modules_and_campaigns() -> None:
    configurations = {"p": {"modules": ["m", "n", "m"]}, "q": {}}
    cells: Any = {"c": {"configurations": configurations, "reconfiguration": {"minimum_run": "90 min"},
                        "resources": {"a": {}}},
                  "d": {"kind": "subcontractor", "configurations": {"p": {"modules": ["m"]}}, "resources": {"s": {}}}}
    _, rules = encoded(works(cells, plant={"modules": {"n": {}, "m": {"number": 2}}}))
    assert (rules.state_first.tolist(), rules.campaign.tolist()) == ([0, 2, 3], [90, 90, 0])
    assert (rules.module_first.tolist(), rules.module_pool.tolist()) == ([0, 2, 2, 2], [1, 0])
    assert [pool(rules, k) for k in range(2)] == [[(0, 1)], [(0, 2)]]
    assert rules.unlimited.tolist() == [False, True]


def test_exchanging_modules_is_rounded_once() -> None:
    cells: Any = {"c": {"hourly_cost": 60, "configurations": {"p": {"modules": ["m"]}, "q": {"modules": ["n"]}},
                        "reconfiguration": {"default": {"time": "20 s", "cost": 1}}, "resources": {"a": {}}}}
    modules = {"m": {"remove": {"time": "30 s", "cost": 2}}, "n": {"install": {"time": "40 s", "cost": 4}}}
    found, _ = encoded(works(cells, plant={"modules": modules}))
    assert found.setup_time.tolist() == [0, 2, 1, 0]
    assert found.setup_cost.tolist() == [0, (2 * 100 + 700) * MICRO, (100 + 100) * MICRO, 0]


def test_buffers_are_between_cells() -> None:
    cells: Any = {name: {"resources": {f"{name}1": {}, f"{name}2": {}}} for name in "cd"}
    buffers = {"b": {"from": "c", "to": "d", "size": 3}, "again": {"from": "c", "to": "d", "size": 5}}
    _, rules = encoded(works(cells, {"x": {"resources": ["c1"]}}, plant={"buffers": buffers}))
    assert rules.group.tolist() == [0, 0, 1, 1]
    assert rules.buffer.tolist() == [[-1, 0, -1], [-1, -1, -1], [-1, -1, -1]]
    assert pool(rules, 0) == [(0, 3)]


def test_limits_of_the_whole_plant() -> None:
    _, rules = encoded(works(plant={"work_in_process": 4, "transport": {"vehicles": 2}}))
    assert (pool(rules, rules.job_pool), pool(rules, rules.vehicle_pool)) == ([(0, 4)], [(0, 2)])
    _, free = encoded(works())
    assert (free.job_pool, free.vehicle_pool, free.pool_first.tolist()) == (-1, -1, [0])


def test_batches_agree_in_all_that_is_counted_once() -> None:
    cells: Any = {"c": {"batch": {"capacity": 4}, "resources": {"a": {}}}, "d": {"resources": {"b": {}}}}
    work: Any = {"x": {"resources": ["a", "b"], "work": {"fixed": "1 h"}}}
    scenario = works(cells, work, orders=4)
    _, rules = encoded(scenario, op_batch=[0, 0, 1, -1], op_places=[2, 2, 2, 9], batch_names=("k", "l"))
    assert rules.batch_class.tolist() == [0, -1, 0, -1, 1, -1, -1, -1]
    assert (rules.batch_capacity.tolist(), rules.batch_places.tolist()) == ([4, 0], [2, 2, 2, 9])
    _, other = encoded(scenario, op_batch=[0] * 4, batch_names=("k",), mode_load=[5, 0, 0, 0, 0, 0, 0, 0])
    assert other.batch_class[::2].tolist() == [0, 1, 1, 1]
    large, _ = encoded(scenario, op_batch=[0] * 4, op_places=[5, 1, 1, 1], batch_names=("k",))
    assert np.diff(large.mode_first).tolist() == [1, 2, 2, 2]


def test_what_fits_no_batch_is_a_mistake() -> None:
    cells: Any = {"c": {"batch": {"capacity": 4}, "resources": {"a": {}}}}
    with pytest.raises(InputError, match="takes 5 places, and no resource that can run it has more than 4"):
        encoded(works(cells), op_batch=[0], op_places=[5], batch_names=("k",))


def test_facts_and_pins() -> None:
    cells: Any = {"c": {"calendar": "day", "configurations": {"p": {}, "q": {}}, "resources": {"a": {}, "b": {}}}}
    work: Any = {name: {"resources": ["a", "b"], "work": {"fixed": "60 min"}} for name in "vwxyz"}
    floor = [entry("v", "finished", resource="b", start=at(3), end=at(5)),
             entry("w", "started", resource="a", configuration="q", start=at(8, 50)),
             entry("x", "pinned", resource="a"), entry("y", "pinned", resource="a", configuration="p", start=at(14)),
             entry("z", "announced", resource="b", start=at(15))]
    found, rules = encoded(works(cells, work, now=at(9), floor=floor, policy={"replanning": {
        "per_move": 3, "per_hour": 6, "other_resource": 2, "tolerance": "5 min"}}))
    assert rules.now == 540
    assert np.diff(found.mode_first).tolist() == [1, 1, 2, 1, 4]
    assert (found.mode_resource.tolist(), found.mode_state.tolist()) == (
        [1, 0, 0, 0, 0, 0, 0, 1, 1], [0, 1, 0, 1, 0, 0, 1, 0, 1])
    assert found.fixed_mode.tolist() == [0, 1, -1, 4, -1]
    assert found.fixed_start.tolist() == [180, 530, -1, 840, -1]
    assert rules.fact.tolist() == [True, True, False, False, False]
    assert rules.fixed_end.tolist() == [300, 590, -1, -1, -1]
    assert (rules.ref_start.tolist(), rules.ref_resource.tolist()) == ([-1] * 4 + [900], [-1] * 4 + [1])
    assert (rules.move_fixed, rules.move_rate, rules.move_resource, rules.move_tolerance) == (
        300 * MICRO, 10 * MICRO, 200 * MICRO, 5)


@pytest.mark.parametrize(("start", "duration", "left", "now", "end"), [
    (530, 60, None, 540, 590), (530, 60, 0, 540, 540), (530, 60, 100, 930, 1440 + 480 + 70),
    (480, 60, None, 2000, 2000), (500, 7 * 60, None, 600, 860)])
def test_what_runs_ends_when_its_work_is_done(start: int, duration: int, left: int | None, now: int, end: int) -> None:
    """The machine works from 08:00 to 16:00; overtime from 16:00 to 17:00 does not count; it is twice as fast at 10."""
    day = {"weekly": {"mon-fri": ["08:00-16:00"]}, "overtime": [{"start": at(16), "end": at(17), "cost": 1}]}
    resource = {"speeds": [{"start": at(10), "end": at(11), "percent": 200}]}
    scenario = works({"c": {"calendar": "day", "resources": {"a": resource}}}, plant={"calendars": {"day": day}})
    scenario = dataclasses.replace(scenario, now=now)
    assert finish(scenario, 0, start, duration, left) == end


@pytest.mark.parametrize(("given", "message"), [
    ({"operation": "nothing", "state": "pinned"}, "no operation 'nothing'"),
    ({"operation": "x", "state": "pinned", "resource": "q"}, "unknown resource 'q'"),
    ({"operation": "x", "state": "pinned", "mode": 4}, "cannot run like that"),
    ({"operation": "x", "state": "finished", "start": at(1)}, "ended"),
    ({"operation": "x", "state": "started"}, "started")])
def test_a_floor_that_fits_nothing_is_a_mistake(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        encoded(works(floor=[{"lot": "O0", **given}]))
    assert caught.value.mistakes[0].where == ("floor", 0)


def test_orders_that_have_begun_must_be_made() -> None:
    floor = [entry("x", "finished", resource="a", start=at(0), end=at(1))]
    scenario = works(orders=3, floor=floor, now=at(2), policy={"refuse_orders": True})
    may, price = np.array([True, True, False]), np.array([500, 700, 900])
    scenario = dataclasses.replace(scenario, orders=dataclasses.replace(scenario.orders, may_refuse=may, price=price))
    _, rules = encoded(scenario)
    assert rules.refuse_cost.tolist() == [FAR, 700 * MICRO, FAR]
    policy = scenario.policy.model_copy(update={"objective": ("makespan", "money")})
    _, other = encoded(dataclasses.replace(scenario, policy=policy))
    assert (other.refuse_cost == FAR).all()


def test_the_horizon_covers_what_is_far_away() -> None:
    near, _ = encoded(works())
    assert (horizon_of(near) or 0) < 60 * 1440
    later = {"start": at(0, day=1), "end": datetime(2025, 1, 1), "number": 0}
    crews: Any = {"crews": {"m": {"skills": {"s": 100}, "changes": [later]}}}
    found, _ = encoded(works(plant=crews), team_needs=(((0, 1, RUN),),), teams=(("m",),))
    assert (horizon_of(found) or 0) > (366 + 28) * 1440
    floor = [entry("x", "announced", resource="a", start=datetime(2024, 12, 1))]
    assert (horizon_of(encoded(works(floor=floor))[0]) or 0) > 330 * 1440


def test_the_horizon_leaves_room_for_a_rare_crew() -> None:
    """40 operations of one hour by a crew that comes for two hours on Mondays: 20 weeks at least."""
    plant: Any = {"calendars": {"day": {"weekly": {"mon-fri": ["08:00-16:00"]}},
                                "rare": {"weekly": {"mon": ["08:00-10:00"]}}},
                  "crews": {"m": {"skills": {"s": 100}, "calendar": "rare"}}}
    found, rules = encoded(works(orders=40, plant=plant), team_needs=(((0, 1, RUN),),), teams=(("m",),))
    k = int(rules.mode_calendar[0])
    assert found.window_first[k + 1] - found.window_first[k] >= 20


def test_a_conflict_names_the_crew() -> None:
    scenario = works(plant={"crews": {"m": {"skills": {"s": 100}}}})
    plan = shopped(scenario, team_needs=(((0, 1, RUN),),), teams=(("m",),))
    assert describe_conflict(scenario, plan, (), (), [0]) == [
        "operation x of lot O0 takes 1 h and must fit into one open window of a while its crew is there"]
