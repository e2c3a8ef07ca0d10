"""Rules 3 and 4: fixtures, and configurations that are sets of modules."""

from __future__ import annotations

from scheduler.domain.scenario import Scenario
from tests.rules.factories.people import reconfigured
from tests.rules.kit import CELL, MONEY, PAIR, Json, Numbers, at, factory, order, orders, part, step

JIG = {"fixtures": [{"fixture": "jig"}]}


@part(3, best=4, without=2)
def one_fixture_for_two_machines(n: Numbers, rule: bool) -> Scenario:
    """Both operations need the jig: [0, 2) and [2, 4). With two jigs they run at once."""
    book = orders(2, {"x": step(n(2, 1, 3), "a", "b", **JIG)})
    return factory(PAIR, book, plant={"fixtures": {"jig": {"number": 1 if rule else 2}}})


@part(3, best=5, without=3)
def a_fixture_held_from_the_reconfiguration_on(n: Numbers, rule: bool) -> Scenario:
    """x needs 2 hours of reconfiguration with its jig and runs 1; z needs the jig for 2 hours on b. Held from the
    reconfiguration on they cannot overlap: 3 + 2 hours. Held during the run, z has it [0, 2), and x [2, 3)."""
    cells = {**reconfigured(n(2, 1, 2)), "d": {"resources": {"b": {}}}}
    jig = {"fixtures": [{"fixture": "jig", "during": "reconfiguration" if rule else "run"}]}
    book = [order("X", {"x": {"capability": "p", "work": {"fixed": "1 h"}, **jig}}),
            order("Z", {"z": step(n(2, 1, 2), "b", **JIG)})]
    return factory(cells, book, plant={"fixtures": {"jig": {}}})


@part(3, best=4, without=3)
def a_pallet_held_over_two_operations(n: Numbers, rule: bool) -> Scenario:
    """One pallet from x to y: the second order begins when the first is done, at 2. Else x follows x at 1."""
    routing = {"holds": [{"fixture": "pallet", "from": "x", "to": "y"}]} if rule else {}
    book = orders(2, {"x": step(1), "y": step(n(1, 1, 2), "b")}, routing)
    return factory(PAIR, book, plant={"fixtures": {"pallet": {"kind": "pallet"}}})


@part(3, best=5, without=2)
def a_fixture_away(n: Numbers, rule: bool) -> Scenario:
    """The only jig is away before 3: x [3, 5)."""
    change = {"start": at(0), "end": at(n(3, 1, 4)), "number": 0}
    return factory(CELL, [order("O", {"x": step(n(2, 1, 3), **JIG)})],
                   plant={"fixtures": {"jig": {"changes": [change]} if rule else {}}})


def _modules(install: int, remove: int, cost: int = 0) -> Json:
    return {"m": {"install": {"time": f"{install} h", "cost": cost}, "remove": {"time": f"{remove} h"}}}


def _mounted(rule: bool, **initial: str) -> Json:
    """Resources that do p with the module m and q without."""
    p: Json = {"capabilities": ["p"], **({"modules": ["m"]} if rule else {})}
    return {"c": {"configurations": {"p": p, "q": {"capabilities": ["q"]}},
                  "resources": {name: {"initial_configuration": conf} for name, conf in initial.items()}}}


def _do(capability: str, hours: int, *resources: str) -> Json:
    return {"capability": capability, "work": {"fixed": f"{hours} h"}, **(
        {"resources": list(resources)} if resources else {})}


@part(4, best=4, without=2)
def modules_are_installed(n: Numbers, rule: bool) -> Scenario:
    """Two orders of 1 hour, p and q, on a, which is q: q [0, 1), installing m for 2, then p [3, 4)."""
    book = [order("P", {"x": _do("p", 1)}), order("Q", {"x": _do("q", n(1, 1, 2))})]
    return factory(_mounted(rule, a="q"), book, plant={"modules": _modules(n(2, 1, 2), n(1, 0, 2))})


@part(4, best=500, without=0, hours=5)
def modules_cost(n: Numbers, rule: bool) -> Scenario:
    """q first, where a is q already, then p for 5; p first would cost 5 too, and removing m is free."""
    book = [order("P", {"x": _do("p", 1)}), order("Q", {"x": _do("q", 1)})]
    return factory(_mounted(rule, a="q"), book, plant={"modules": _modules(0, 0, n(5, 1, 9))}, policy=MONEY)


@part(4, best=4, without=2)
def one_module_for_two_machines(n: Numbers, rule: bool) -> Scenario:
    """Both machines need m for p, and there is one: 2 hours after 2 hours, wherever. With two of them: at once."""
    book = orders(2, {"x": _do("p", n(2, 1, 3))})
    cells = _mounted(True, a="p", b="p")
    return factory(cells, book, plant={"modules": {"m": {"number": 1 if rule else 2}}})


@part(4, best=6, without=5)
def a_module_stays_between_two_runs(n: Numbers, rule: bool) -> Scenario:
    """b, which is p, runs P1 and then P2, which comes at 4: it keeps m from 0 to 5. P3 needs m on a: [5, 6), and with
    two of them any hour before."""
    cells = _mounted(True, a="p", b="p")
    cells["c"]["resources"]["a"] = {}
    book = [order("P1", {"x": _do("p", 1, "b")}), order("P2", {"x": _do("p", 1, "b")}, release=at(n(4, 1, 4))),
            order("P3", {"x": _do("p", n(1, 1, 2), "a")}, release=at(1))]
    return factory(cells, book, plant={"modules": {"m": {"number": 1 if rule else 2}}})


@part(4, best=5, without=2)
def no_reconfiguration_without_anybody_there(n: Numbers, rule: bool) -> Scenario:
    """The shift until 3 is unattended: reconfigured [3, 4), x [4, 5)."""
    cells = reconfigured(n(1, 1, 2), calendar="day")
    cells["c"]["reconfiguration"]["unattended"] = not rule
    day = {"weekly": {"mon": ["00:00-12:00"]}, "unattended": {"mon": [f"00:00-0{n(3, 1, 4)}:00"]}}
    return factory(cells, [order("O", {"x": _do("p", 1)})], plant={"calendars": {"day": day}})
