"""Reconfigurable assembly with modules and workers."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.scenario import changes
from scheduler.errors import InputError
from tests.instances.outside import MODULES, operations, read_json, ways


def test_operations(tmp_path: Path) -> None:
    scenario = read_json(tmp_path, MODULES)
    first = operations(scenario, "R1")
    assert list(first) == ["first", "second"]
    # 10.0 x 0.9 = 9 min = 18 ticks of 0.5 min; taking B off and putting A on: one for both, or one for each.
    assert ways(first["first"]) == [("M1", 18, ("A and B",)), ("M1", 18, ("only B", "only A"))]
    # 5.0 x 1.1 = 5.5 min = 11 ticks; M2 never changes, so that nobody is needed.
    assert ways(first["second"]) == [
        ("M1", 11, ("A and B",)), ("M1", 11, ("only A", "only B")), ("M2", 10, ())]
    assert all(need.during == "reconfiguration" for need in first["first"].crews)
    # 4.0 x 1.1 = 4.4 min is rounded up.
    assert ways(operations(scenario, "R2")["only"])[0][:2] == ("M1", 9)


def test_crews(tmp_path: Path) -> None:
    crews = read_json(tmp_path, MODULES).plant.crews
    assert {name: set(crew.skills) for name, crew in crews.items()} == {
        "H1": {"A and B"}, "H2": {"only A", "A without B"}, "H3": {"only B", "B without A"}}
    assert all(crew.people == 1 for crew in crews.values())


def test_teams_without_workers_of_one_module(tmp_path: Path) -> None:
    content = deepcopy(MODULES)
    machines, workers = content["instance"]["machines"], content["instance"]["workers"]
    content["instance"]["modules"]["C"] = {"fixed_disassembly_cost": 1.0, "fixed_installation_cost": 2.0}
    machines[1]["module_parameters"]["C"] = machines[1]["module_parameters"]["B"]
    workers[1]["qualified_modules"] = ["A", "C"]
    first = operations(read_json(tmp_path, content), "R1")
    assert ways(first["first"]) == [("M1", 18, ("A and B",)), ("M1", 18, ("B without A", "A without B"))]
    # Nobody is qualified for both B and C.
    assert ways(first["second"])[2:] == [("M2", 10, ("C without B", "B without C"))]


def test_modules_are_taken_off_and_put_on(tmp_path: Path) -> None:
    scenario = read_json(tmp_path, MODULES)
    cell = scenario.plant.cells["M1"]
    assert {name: c.modules for name, c in cell.all_configurations.items()} == {"A": ("M1 A",), "B": ("M1 B",)}
    one, other = scenario.plant.modules["M1 A"], scenario.plant.modules["M1 B"]
    # Off: base x (1 + 0.2 x 0.5), 3.3 min and 2.75 min; on: base x (1 + 0.1 x 0.5), 2.1 min and 4.2 min.
    assert (one.remove.time, one.install.time, other.remove.time, other.install.time) == (7, 5, 6, 9)
    # Fixed cost and 2.00 for each minute of standstill.
    assert (one.remove.cost, one.install.cost, other.remove.cost, other.install.cost) == (800, 700, 900, 1350)
    assert one.number == 1
    time, _ = changes(cell, scenario.axis, scenario.plant.modules)
    assert time.tolist() == [[0, 7 + 9], [6 + 5, 0]]
    assert [r.configurations[r.initial] for r in scenario.resources] == ["A", "B"]


def test_orders(tmp_path: Path) -> None:
    scenario = read_json(tmp_path, MODULES)
    assert scenario.orders.id == ("R1", "R2")
    assert scenario.orders.release.tolist() == [3, 0]
    assert scenario.orders.deadline.tolist() == [200, 200]
    assert scenario.policy.levels == ("lead_time",)
    pallet = scenario.plant.fixtures["R1"]
    assert pallet.number == 1
    assert [(scenario.axis.to_ticks(c.start), scenario.axis.to_ticks(c.end), c.number) for c in pallet.changes] == [
        (0, 3, 0)]
    assert scenario.plant.fixtures["R2"].changes == ()
    assert all(o.fixtures[0].fixture == "R1" and o.fixtures[0].during == "reconfiguration"
               for o in operations(scenario, "R1").values())


@pytest.mark.parametrize(("where", "wrong", "message"), [
    (("machines", 0, "initial_module"), "C", "'C' is no module of this machine"),
    (("orders", 0, "operations", 0, "required_module"), "C", "no machine can be given module 'C' by the workers"),
    (("workers",), MODULES["instance"]["workers"][1:2], "no machine can be given module 'A' by the workers"),
    (("orders", 1, "id"), "R1", "an id in orders stands twice"),
    (("machines", 0, "module_parameters", "C"), MODULES["instance"]["machines"][0]["module_parameters"]["A"],
     "machine 'M1' has 3 modules"),
    (("time", "resolution"), 0, "'resolution' is '0'"),
])
def test_mistakes(tmp_path: Path, where: tuple[Any, ...], wrong: Any, message: str) -> None:
    content = deepcopy(MODULES)
    place: Any = content["instance"]
    for key in where[:-1]:
        place = place[key]
    place[where[-1]] = wrong
    with pytest.raises(InputError) as caught:
        read_json(tmp_path, content)
    assert message in str(caught.value)
    assert all(m.place.count(":") == 2 for m in caught.value.mistakes)
