"""Rule 5: calendars in full."""

from __future__ import annotations

from scheduler.domain.scenario import Scenario
from tests.rules.kit import CELL, MONEY, PAIR, Json, Numbers, at, factory, late, order, orders, part, shifts, step

SHIFTED: Json = {"c": {"calendar": "day", "resources": {"a": {}}}}


@part(5, best=5, without=7)
def an_operation_that_pauses(n: Numbers, rule: bool) -> Scenario:
    """Open [0, 2) and [4, 8): 3 hours are [0, 5) with a pause, [4, 7) in one piece."""
    day = shifts((0, n(2, 1, 3)), (4, 8))
    return factory(SHIFTED, [order("O", {"x": step(n(3, 1, 4), pausing=rule)})], plant={"calendars": {"day": day}})


@part(5, best=4, without=2)
def half_speed(n: Numbers, rule: bool) -> Scenario:
    """2 hours of work at 50 % are 4."""
    speed = {"start": at(n(0, 0, 1)), "end": at(9), "percent": n(50, 50, 200)}
    cells: Json = {"c": {"resources": {"a": {"speeds": [speed]} if rule else {}}}}
    return factory(cells, [order("O", {"x": step(n(2, 1, 4))})])


@part(5, best=4, without=2)
def maintenance_placed_by_the_solver(n: Numbers, rule: bool) -> Scenario:
    """2 hours of maintenance must be over at 3, so that 2 hours of work come after it."""
    oil = {"oil": {"duration": f"{n(2, 1, 2)} h", "earliest": at(n(0, 0, 1)), "latest": at(3)}}
    cells: Json = {"c": {"resources": {"a": {"planned_maintenance": oil} if rule else {}}}}
    return factory(cells, [order("O", {"x": step(n(2, 1, 3))})])


@part(5, best=400, without=500, hours=7)
def overtime_where_it_pays(n: Numbers, rule: bool) -> Scenario:
    """Closed [3, 5), 4 hours of work, due at 1: with an hour of overtime for 1 it ends at 4, 3 late. Without it, at 6,
    5 late."""
    extra = [{"start": at(3), "end": at(4), "cost": n(1, 0, 3)}]
    day = {**shifts((0, 3), (5, 9)), **({"overtime": extra} if rule else {})}
    book = [order("O", {"x": step(n(4, 2, 4), pausing=True)}, **late())]
    return factory(SHIFTED, book, plant={"calendars": {"day": day}}, policy=MONEY)


@part(5, best=4, without=2)
def capacity_that_changes(n: Numbers, rule: bool) -> Scenario:
    """Two people, but one until 2: the second order runs [2, 4)."""
    change = {"start": at(0), "end": at(n(2, 1, 3)), "number": 1}
    crew: Json = {"skills": {"s": 100}, "people": 2, **({"changes": [change]} if rule else {})}
    book = orders(2, {"x": step(n(2, 1, 3), "a", "b", crews=[{"skill": "s"}])})
    return factory(PAIR, book, plant={"crews": {"m": crew}})


@part(5, best=6, without=3)
def an_operation_that_must_fit_a_window(n: Numbers, rule: bool) -> Scenario:
    """Open [0, 2) and [3, 9): 3 hours in one piece are [3, 6); on a resource that never closes, [0, 3)."""
    day = shifts((0, 2), (3, 9))
    cells = SHIFTED if rule else CELL
    return factory(cells, [order("O", {"x": step(n(3, 1, 4))})], plant={"calendars": {"day": day},
                                                                        "work_in_process": 1})
