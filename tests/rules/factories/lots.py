"""Rules 9, 10 and 11: lots, batches and campaigns, buffers and work in process."""

from __future__ import annotations

from scheduler.domain.scenario import Scenario
from tests.rules.kit import CELL, MONEY, PAIR, Json, Numbers, at, factory, order, orders, part, step

PIECES: Json = {"per_piece": "1 h"}


@part(9, best=2, without=4)
def a_lot_is_split(n: Numbers, rule: bool) -> Scenario:
    """4 pieces of 1 hour, 2 on each machine."""
    work: Json = {"resources": ["a", "b"], "work": PIECES, **({"split": {"parts": 2}} if rule else {})}
    return factory(PAIR, [order("O", {"x": work}, quantity=n(4, 2, 5))])


@part(9, best=5, without=3)
def a_part_has_a_minimum(n: Numbers, rule: bool) -> Scenario:
    """5 pieces of 1 hour: 3 and 2 side by side, but two parts of at least 3 pieces they do not make."""
    work: Json = {"resources": ["a", "b"], "work": PIECES, "split": {"parts": 2, "minimum": n(3, 1, 3) if rule else 1}}
    return factory(PAIR, [order("O", {"x": work}, quantity=n(5, 3, 6))])


@part(9, best=5, without=8)
def transfer_lots(n: Numbers, rule: bool) -> Scenario:
    """4 pieces of 1 hour on both: y begins with the first at 1 and ends at 5."""
    link = {"links": {"x": {"transfer": n(1, 1, 3)}}} if rule else {}
    work: Json = {"x": {"resources": ["a"], "work": PIECES}, "y": {"resources": ["b"], "work": PIECES, **link}}
    return factory(PAIR, [order("O", work, quantity=n(4, 2, 4))])


@part(9, best=4, without=6)
def one_lot_for_two_orders(n: Numbers, rule: bool) -> Scenario:
    """The part is made once in 2 hours for both orders, whose own work is 1 hour each: 4 instead of 6."""
    made: Json = {"operations": {"make": step(n(2, 1, 2))}, **({"pool": {"within": "1 d"}} if rule else {})}
    book = orders(2, {"x": step(1)}, {"components": [{"component": "part"}]})
    return factory(CELL, book, catalog={"components": {"part": made}}, plant={"work_in_process": 2})


@part(9, best=6, without=3)
def a_minimum_and_a_multiple(n: Numbers, rule: bool) -> Scenario:
    """2 pieces are needed and 4 made, 1 hour each on a, then both x on b: 6. Without a pool a makes one and b runs the
    first x while a makes the other: 3."""
    pool = {"pool": {"minimum": 3, "multiple": n(4, 2, 4)}} if rule else {}
    made: Json = {"operations": {"make": {"resources": ["a"], "work": PIECES}}, **pool}
    book = orders(2, {"x": step(n(1, 1, 2), "b")}, {"components": [{"component": "part"}]})
    return factory(PAIR, book, catalog={"components": {"part": made}}, plant={"work_in_process": 2})


def _oven(capacity: int | None, cost: int = 0) -> Json:
    batch = {"batch": {"capacity": capacity}} if capacity else {}
    return {"oven": {"resources": {"a": {}}, "hourly_cost": cost, **batch}}


@part(10, best=4, without=6)
def a_batch_of_two(n: Numbers, rule: bool) -> Scenario:
    """Three orders of 2 hours, two of them at once."""
    book = orders(3, {"x": step(n(2, 1, 3), batch="k")})
    return factory(_oven(n(2, 2, 3) if rule else None), book)


@part(10, best=4000, without=6000, hours=6)
def a_batch_is_paid_once(n: Numbers, rule: bool) -> Scenario:
    """Three orders in two batches of 2 hours at 10."""
    book = orders(3, {"x": step(n(2, 1, 2), batch="k")})
    return factory(_oven(2 if rule else None, n(10, 1, 10)), book, policy=MONEY)


@part(10, best=4, without=2)
def places_in_the_oven(n: Numbers, rule: bool) -> Scenario:
    """Of 4 places each order takes 2, so that the third waits; with 1 each all fit."""
    book = orders(3, {"x": step(n(2, 1, 2), batch="k", places=n(2, 1, 4) if rule else 1)})
    return factory(_oven(4), book)


@part(10, best=4, without=2)
def only_one_class_at_once(n: Numbers, rule: bool) -> Scenario:
    """Two orders of 2 hours, red and blue: one after the other. Both red: together."""
    book = [order(name, {"x": step(n(2, 1, 3), batch=name if rule else "red")}) for name in ("red", "blue")]
    return factory(_oven(2), book)


@part(10, best=4, without=2)
def a_campaign(n: Numbers, rule: bool) -> Scenario:
    """As p for at least 3 hours, then q [3, 4) - or the other way round."""
    cells: Json = {"c": {"configurations": {"p": {"capabilities": ["p"]}, "q": {"capabilities": ["q"]}},
                         "reconfiguration": {"minimum_run": f"{n(3, 1, 4)} h"} if rule else {},
                         "resources": {"a": {}}}}
    book = [order(name, {"x": {"capability": name, "work": {"fixed": f"{n(1, 1, 2)} h"}}}) for name in "pq"]
    return factory(cells, book)


@part(11, best=6, without=5)
def a_full_buffer(n: Numbers, rule: bool) -> Scenario:
    """x on a 1 hour, y on b 2 hours, twice, and z on a 3 hours. With no place between, the second x stays on a until
    b is free at 3: z [3, 6). With any, z [2, 5)."""
    cells: Json = {"c": {"resources": {"a": {}}}, "d": {"resources": {"b": {}}}}
    plant: Json = {"buffers": {"rack": {"from": "c", "to": "d", "size": 0}}} if rule else {}
    book = [*orders(2, {"x": step(1), "y": step(n(2, 1, 2), "b")}), order("Z", {"z": step(n(3, 1, 3))})]
    return factory(cells, book, plant=plant)


@part(11, best=7, without=6)
def one_place_in_the_buffer(n: Numbers, rule: bool) -> Scenario:
    """x on a 1 hour, twice, y on b, which is there from 3, and z on a 4 hours. With one place the second x stays on a
    until 3, and z runs [3, 7); behind the first x z runs [1, 5), the second x [5, 6) and its y [6, 7). With two
    places: x, x, z [2, 6)."""
    cells: Json = {"c": {"resources": {"a": {}}}, "d": {"resources": {"b": {"available_from": at(n(3, 1, 3))}}}}
    plant: Json = {"buffers": {"rack": {"from": "c", "to": "d", "size": 1 if rule else 2}}}
    book = [*orders(2, {"x": step(1), "y": step(1, "b")}), order("Z", {"z": step(n(4, 1, 4))})]
    return factory(cells, book, plant=plant)


@part(11, best=4, without=3)
def one_order_in_process(n: Numbers, rule: bool) -> Scenario:
    """The second order begins when the first is complete, at 2."""
    plant: Json = {"work_in_process": 1} if rule else {}
    return factory(PAIR, orders(2, {"x": step(1), "y": step(n(1, 1, 2), "b")}), plant=plant)
