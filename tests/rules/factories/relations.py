"""Rule 6: time links between operations, and transport by vehicles."""

from __future__ import annotations

from scheduler.domain.scenario import Scenario
from tests.rules.kit import PAIR, Json, Numbers, at, factory, order, orders, part, shifts, step

LATER: Json = {"c": {"resources": {"a": {}, "b": {"available_from": at(3)}}}}
"""b is there from 3 on."""


def _link(rule: bool, **link: object) -> Json:
    return {"links": {"x": link}} if rule else {}


@part(6, best=4, without=2)
def a_minimum_lag(n: Numbers, rule: bool) -> Scenario:
    """x [0, 1), 2 hours to dry, y [3, 4)."""
    work = {"x": step(1), "y": step(n(1, 1, 2), "b", **_link(rule, minimum=f"{n(2, 1, 4)} h"))}
    return factory(PAIR, [order("O", work)])


@part(6, best=9, without=6)
def a_maximum_lag(n: Numbers, rule: bool) -> Scenario:
    """b is there from 5, and a closes at 3 until 7: within an hour of x, y can only run after the second opening."""
    cells: Json = {"c": {"resources": {"a": {"calendar": "day"}, "b": {"available_from": at(n(5, 3, 5))}}}}
    work = {"x": step(1), "y": step(1, "b", **_link(rule, maximum=f"{n(1, 0, 3)} h"))}
    return factory(cells, [order("O", work)], plant={"calendars": {"day": shifts((0, 3), (7, 12))}})


@part(6, best=5, without=4)
def no_wait(n: Numbers, rule: bool) -> Scenario:
    """x, y and z of P take an hour each on a, b and a, and w 2 on a. Where P waits, w runs [1, 3) and z [3, 4). Where P
    may not, w comes before or after its 3 hours."""
    hot = {"maximum": 0} if rule else {}
    p = {"x": step(1), "y": step(n(1, 1, 2), "b", links={"x": hot}), "z": step(1, links={"y": hot})}
    return factory(PAIR, [order("P", p), order("O", {"w": step(n(2, 1, 3))})])


@part(6, best=6, without=8)
def overlapping_operations(n: Numbers, rule: bool) -> Scenario:
    """y begins when half of x is done: [2, 6)."""
    work = {"x": step(n(4, 2, 4)), "y": step(n(4, 1, 4), "b", **_link(rule, overlap=n(50, 20, 90)))}
    return factory(PAIR, [order("O", work)])


@part(6, best=4, without=2)
def the_same_resource(n: Numbers, rule: bool) -> Scenario:
    """Both on one machine: 2 hours after 2 hours."""
    more = {"same_resource_as": ["x"]} if rule else {}
    work = {"x": step(n(2, 1, 3), "a", "b"), "y": step(n(2, 1, 3), "a", "b", after=[], **more)}
    return factory(PAIR, [order("O", work)])


@part(6, best=4, without=2)
def another_resource(n: Numbers, rule: bool) -> Scenario:
    """x [0, 1) on a, y on b, which is there from 3: [3, 4)."""
    more = {"other_resource_than": ["x"]} if rule else {}
    return factory(LATER, [order("O", {"x": step(n(1, 1, 3), "a", "b"), "y": step(1, "a", "b", **more)})])


@part(6, best=6, without=4)
def started_together(n: Numbers, rule: bool) -> Scenario:
    """y starts on b at 3 at the earliest, and x with it: [3, 6)."""
    more = {"start_with": ["x"]} if rule else {}
    return factory(LATER, [order("O", {"x": step(n(3, 1, 3)), "y": step(1, "b", after=[], **more)})])


@part(6, best=6, without=4)
def one_vehicle(n: Numbers, rule: bool) -> Scenario:
    """Both orders wait for transport at 1; it takes 2 hours each, one after the other: the last y runs [5, 6)."""
    cells: Json = {"c": {"location": "here", "resources": {"a": {}, "a2": {}}},
                   "d": {"location": "there", "resources": {"b": {}, "b2": {}}}}
    transport = {"default": f"{n(2, 1, 2)} h", **({"vehicles": 1} if rule else {})}
    book = orders(2, {"x": step(1, "a", "a2"), "y": step(n(1, 1, 2), "b", "b2")})
    return factory(cells, book, plant={"locations": ["here", "there"], "transport": transport})
