"""Modes by teams, what they cost and how long they take; fixtures, loading, batches, subcontractors."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain.policy import TERMS
from scheduler.planning.crews import PHASES
from scheduler.planning.relations import KINDS
from scheduler.problem import rules
from tests.planning.shops import CELLS, ROOM, mistakes, modes, planned, work

CREWS: dict[str, Any] = {
    "ann": {"skills": {"weld": 100, "load": 100}, "hourly_cost": 30},
    "team": {"skills": {"weld": 150}, "people": 3, "hourly_cost": 12},
    "rigs": {"skills": {"rig": 100}, "shifts": [{"calendar": "early", "people": 1}, {"calendar": "late", "people": 2}]},
}
PLANT: dict[str, Any] = {
    "crews": CREWS, "fixtures": {"jig": {"number": 2}, "pallet": {"kind": "pallet", "number": 5}},
    "calendars": {"early": {"weekly": {"daily": ["06:00-14:00"]}}, "late": {"weekly": {"daily": ["14:00-22:00"]}}},
}


def need(skill: str, people: int = 1, during: str = "run") -> dict[str, Any]:
    return {"skill": skill, "people": people, "during": during}


def test_a_mode_for_each_team_and_the_slowest_crew_decides() -> None:
    plan, shop = planned({"a": work("10 min", crews=[need("weld"), need("weld")])}, plant=PLANT)
    mine = modes(plan, "a")
    assert [shop.teams[shop.mode_team[m]] for m in mine] == [
        ("ann", "ann"), ("ann", "team"), ("team", "ann"), ("team", "team")]
    assert plan.mode_duration[mine].tolist() == [10, 15, 15, 15]
    assert shop.teams[0] == ()
    assert shop.team_needs[shop.mode_team[mine[1]]] == ((0, 1, rules.RUN), (1, 1, rules.RUN))


def test_crews_are_paid_by_people_and_time_and_shared_but_not_the_fixed_cost() -> None:
    operation = work("10 min", cost=7, loading="2 min", crews=[need("weld", 2), need("load", during="loading")])
    plan, shop = planned({"a": operation}, plant=PLANT)
    (m,) = modes(plan, "a")
    assert shop.teams[shop.mode_team[m]] == ("team", "ann")
    assert plan.mode_duration[m] == 15
    shared = 15 * 1.0 + 15 * 2 * 0.2 + 2 * 0.5
    assert shop.mode_shared[m] / 1e8 == pytest.approx(shared)
    assert plan.mode_cost[m] / 1e8 == pytest.approx(shared + 7)
    assert (shop.mode_load[m], shop.mode_unload[m]) == (2, 0)
    assert shop.mode_term[m] == TERMS.index("processing")


def test_percentages_round_once_after_everything_else() -> None:
    plan, _ = planned({"a": work("0 min", "25 s", crews=[need("weld")])}, [{"id": "O", "quantity": 3}], plant=PLANT)
    assert plan.mode_duration[modes(plan, "a")].tolist() == [2, 2]
    plan, _ = planned({"a": work("0 min", "25 s", crews=[need("weld")])}, [{"id": "O", "quantity": 4}], plant=PLANT)
    assert plan.mode_duration[modes(plan, "a")].tolist() == [2, 3]


def test_alternatives_inherit_crews_and_fixtures_or_give_their_own() -> None:
    operation = work(crews=[need("load")], fixtures=[{"fixture": "jig"}], alternatives=[
        {"resources": ["r2"]}, {"crews": [], "fixtures": [{"fixture": "pallet", "number": 4, "during": "run"}]}])
    plan, shop = planned({"a": operation}, plant=PLANT)
    mine = modes(plan, "a")
    assert [shop.teams[shop.mode_team[m]] for m in mine] == [("ann",), ("ann",), ()]
    held = [(shop.fixture[a], shop.fixture_number[a], bool(shop.fixture_held[a])) for a in shop.fixture_first[mine]]
    assert held == [(0, 1, True), (0, 1, True), (1, 4, False)]
    assert shop.fixture_first.tolist() == [0, 1, 2, 3]


def test_reconfiguring_takes_its_crew_only_where_configurations_change() -> None:
    cells = {**CELLS, "room": ROOM, "plain": {**ROOM, "configurations_from": {"colour": ["white"]},
                                             "resources": {"tub": {}}}}
    plan, shop = planned({"a": {"capability": "paint", "work": {"fixed": "1 min"}, "crews": [need("load")]}},
                         plant={**PLANT, "cells": cells})
    mine = modes(plan, "a")
    assert [shop.teams[shop.mode_team[m]] for m in mine] == [("ann", "rigs"), ("ann", "rigs"), ("ann",)]
    assert shop.team_needs[shop.mode_team[mine[0]]] == ((0, 1, rules.RUN), (2, 1, rules.PREPARE))
    assert (plan.mode_cost[mine] == 500_000 * 100).all()


def test_pausing_places_batches_and_subcontractors() -> None:
    cells = {**CELLS, "oven": {"batch": {"capacity": 9}, "capabilities": ["bake"], "resources": {"oven1": {}}}}
    bake = {"capability": "bake", "work": {"fixed": "1 h"}, "batch": "{heat}-hot", "places": 3, "pausing": True}
    plate = {"capability": "plate", "work": {"fixed": "1 h"}, "cost": 5}
    plan, shop = planned({"b": bake, "p": plate}, [{"id": "O", "quantity": 2}], plant={"cells": cells},
                         options={"heat": {"default": "very", "choices": {"very": {}}}})
    assert shop.batch_names == ("very-hot",)
    assert (shop.op_batch.tolist(), shop.op_places.tolist(), shop.op_quantity.tolist()) == ([0, -1], [3, 1], [2, 2])
    assert shop.mode_pause.tolist() == [True, False]
    assert shop.mode_term.tolist() == [TERMS.index("processing"), TERMS.index("subcontracting")]
    assert plan.mode_cost[1] == (6 + 5) * 10**8
    assert shop.mode_shared[1] == 6 * 10**8


def test_phases_and_kinds_are_those_of_the_solver() -> None:
    assert [PHASES.index(p) for p in ("reconfiguration", "loading", "run", "unloading")] == [
        rules.PREPARE, rules.LOAD, rules.RUN, rules.UNLOAD]
    assert [KINDS.index(k) for k in ("same_resource_as", "other_resource_than", "start_with")] == [
        rules.SAME, rules.DIFFERENT, rules.TOGETHER]


@pytest.mark.parametrize(("operation", "words"), [
    (work(crews=[need("wield")]), "crews/0/skill: no crew has skill 'wield'; write 'weld'"),
    (work(crews=[need("weld"), need("weld", 4)]),
     "crews/1/people: no crew with skill 'weld' has 4 people; ask for at most 3"),
    (work(alternatives=[{"crews": [need("fly")]}]), "alternatives/0/crews/0/skill: no crew has skill 'fly'"),
    (work(fixtures=[{"fixture": "jug"}]), "fixtures/0/fixture: unknown fixture 'jug'; write 'jig'"),
    (work(fixtures=[{"fixture": "jig", "number": 3}]), "there are never 3 of fixture 'jig'; ask for at most 2"),
    (work("3 min", loading="2 min", unloading="2 min"), "loading and unloading take longer than operation 'a'"),
    (work("0 min", "1 min", loading="2 min"), "orders/0/quantity: loading and unloading take longer than operation 'a' "
                                              "of 'O'"),
])
def test_mistakes(operation: dict[str, Any], words: str) -> None:
    found = mistakes({"a": operation}, plant=PLANT)
    assert len(found) == 1
    assert words in found[0]


def test_a_reconfiguration_crew_that_nobody_is() -> None:
    cells = {"room": {**ROOM, "reconfiguration": {"crews": [{"skill": "rigg", "during": "reconfiguration"}]}}}
    (found,) = mistakes({"a": {"capability": "paint"}}, plant={**PLANT, "cells": cells})
    assert "plant/cells/room/reconfiguration/crews/0/skill: no crew has skill 'rigg'; write 'rig'" in found
