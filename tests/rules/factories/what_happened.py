"""Rule 1: what already happened, what is pinned, what was announced."""

from __future__ import annotations

from scheduler.domain.scenario import Scenario
from tests.rules.kit import CELL, MONEY, PAIR, Json, Numbers, at, factory, late, order, orders, part, shifts, step


@part(1, best=2, without=4)
def an_operation_finished_early(n: Numbers, rule: bool) -> Scenario:
    """x was planned for 3 hours and took 1: y runs [1, 2). Planned from scratch: x [0, 3), y [3, 4)."""
    took = n(1, 1, 2)
    book = [order("O", {"x": step(3), "y": step(n(1, 1, 3))})]
    floor = [{"lot": "O", "operation": "x", "state": "finished", "resource": "a", "start": at(0), "end": at(took)}]
    return factory(CELL, book, floor=floor, now=at(took)) if rule else factory(CELL, book)


@part(1, best=5, without=3)
def an_operation_started_with_much_left(n: Numbers, rule: bool) -> Scenario:
    """x began at 0 and at 1 needs 3 more hours: x [0, 4), y [4, 5). Planned from scratch: x [0, 2), y [2, 3)."""
    book = [order("O", {"x": step(2), "y": step(n(1, 1, 2))})]
    floor = [{"lot": "O", "operation": "x", "state": "started", "resource": "a", "start": at(0),
              "remaining": f"{n(3, 1, 4)} h"}]
    return factory(CELL, book, floor=floor, now=at(1)) if rule else factory(CELL, book)


@part(1, best=4, without=1)
def nothing_before_now(n: Numbers, rule: bool) -> Scenario:
    """It is 3 o'clock: x [3, 4)."""
    return factory(CELL, [order("O", {"x": step(n(1, 1, 3))})], **({"now": at(n(3, 1, 4))} if rule else {}))


@part(1, best=4, without=2)
def a_pinned_start(n: Numbers, rule: bool) -> Scenario:
    """x is pinned to 3 and runs [3, 4); y fits before it. Free, both run in [0, 2)."""
    floor = [{"lot": "X", "operation": "x", "state": "pinned", "start": at(n(3, 1, 4))}]
    return factory(CELL, [order("X", {"x": step(1)}), order("Y", {"y": step(n(1, 1, 2))})],
                   **({"floor": floor} if rule else {}))


@part(1, best=4, without=2)
def a_pinned_resource(n: Numbers, rule: bool) -> Scenario:
    """Both are pinned to a, so that they run [0, 2) and [2, 4); free, b takes one of them."""
    book = [order(name, {"x": step(n(2, 1, 3), "a", "b")}) for name in "XY"]
    floor = [{"lot": name, "operation": "x", "state": "pinned", "resource": "a"} for name in "XY"]
    return factory(PAIR, book, **({"floor": floor} if rule else {}))


@part(1, best=5, without=4)
def pinned_behind_another(n: Numbers, rule: bool) -> Scenario:
    """P before Q on a by order of the planner: Q/x [1, 2), then Q/y [2, 5) on b. Free, Q goes first and ends at 4."""
    book = [order("P", {"x": step(n(1, 1, 2))}), order("Q", {"x": step(1), "y": step(n(3, 1, 3), "b")})]
    floor = [{"lot": "Q", "operation": "x", "state": "pinned", "behind": "P/x"}]
    return factory(PAIR, book, **({"floor": floor} if rule else {}))


def _announced(n: Numbers, rule: bool, prices: Json, *resources: str) -> Scenario:
    cells: Json = {"c": {"resources": {"a": {}, "b": {"hourly_cost": 2}}}}
    floor = [{"lot": "O", "operation": "x", "state": "announced", "resource": resources[0], "start": at(n(4, 0, 4))}]
    return factory(cells, [order("O", {"x": step(1, *resources)}, **late())], policy=MONEY | (
        {"replanning": prices} if rule else {}), floor=floor)


@part(1, best=400, without=0, hours=6)
def announced_and_not_moved(n: Numbers, rule: bool) -> Scenario:
    """Announced for 4, due at 1, 1 per hour late: staying costs 4, moving to 0 would cost 4 hours at 5. Where moving
    is free it starts at 0 and is in time."""
    return _announced(n, rule, {"per_hour": n(5, 0, 5)}, "a")


@part(1, best=300, without=0, hours=6)
def announced_and_moved_within_the_tolerance(n: Numbers, rule: bool) -> Scenario:
    """Announced for 4. Moving by 1 hour is free: it ends at 4, 3 late. Moving more would cost 5 at once."""
    return _announced(n, rule, {"per_move": n(5, 0, 5), "tolerance": "1 h"}, "a")


@part(1, best=100, without=0, hours=3)
def announced_on_another_resource(n: Numbers, rule: bool) -> Scenario:
    """Announced on b, which costs 2 an hour; moving to a costs 1."""
    cells: Json = {"c": {"resources": {"a": {}, "b": {"hourly_cost": n(2, 0, 3)}}}}
    floor = [{"lot": "O", "operation": "x", "state": "announced", "resource": "b", "start": at(0)}]
    return factory(cells, [order("O", {"x": step(1, "a", "b")}, **late())], floor=floor, policy=MONEY | (
        {"replanning": {"other_resource": n(1, 0, 3)}} if rule else {}))


@part(1, best=4, without=2)
def late_material(n: Numbers, rule: bool) -> Scenario:
    """The glue should come after 1 hour and comes at 3: x [3, 4) instead of [1, 2)."""
    catalog = {"components": {"glue": {"buy": {"lead_time": "1 h", "price": 1}}}}
    book = [order("O", {"x": step(n(1, 1, 3))}, {"components": [{"component": "glue"}]})]
    floor = [{"lot": "O", "operation": "glue", "state": "material", "end": at(n(3, 1, 4))}]
    return factory(CELL, book, catalog=catalog, **({"floor": floor} if rule else {}))


@part(1, best=4, without=2)
def pinned_into_one_batch(n: Numbers, rule: bool) -> Scenario:
    """Both are pinned to 2 on the oven, which takes both: [2, 4). Free, [0, 2)."""
    cells: Json = {"oven": {"batch": {"capacity": 2}, "resources": {"a": {}}}}
    floor = [{"lot": f"O{j}", "operation": "x", "state": "pinned", "start": at(n(2, 1, 3))} for j in (1, 2)]
    floor[1]["start"] = floor[0]["start"]
    return factory(cells, orders(2, {"x": step(n(2, 1, 3), batch="k")}), **({"floor": floor} if rule else {}))


@part(1, best=400, without=0, hours=6)
def pinned_into_overtime(n: Numbers, rule: bool) -> Scenario:
    """Pinned to 3, which is overtime that costs 1, and 3 hours late at 1. Free, it runs [0, 1) for nothing."""
    day = {**shifts((0, 3), (5, 9)), "overtime": [{"start": at(3), "end": at(5), "cost": n(1, 1, 3)}]}
    cells: Json = {"c": {"calendar": "day", "resources": {"a": {}}}}
    floor = [{"lot": "O", "operation": "x", "state": "pinned", "start": at(n(3, 3, 4))}]
    return factory(cells, [order("O", {"x": step(1)}, **late())], plant={"calendars": {"day": day}}, policy=MONEY,
                   **({"floor": floor} if rule else {}))
