"""Rules 7 and 8: materials shared by all orders, and what to make, where and how."""

from __future__ import annotations

from scheduler.domain.scenario import Scenario
from tests.rules.kit import CELL, MONEY, PAIR, Json, Numbers, at, factory, late, order, orders, part, step

SCREW = {"components": [{"component": "screw"}]}


def _screw(lead: int, price: int = 0, **more: object) -> Json:
    return {"components": {"screw": {"buy": {"lead_time": f"{lead} h", "price": price}, **more}}}


@part(7, best=3, without=7)
def a_dated_arrival(n: Numbers, rule: bool) -> Scenario:
    """Screws come at 2, bought ones at 6."""
    more: Json = {"arrivals": [{"at": at(n(2, 1, 4)), "quantity": 5}]} if rule else {}
    return factory(CELL, [order("O", {"x": step(1)}, SCREW)], catalog=_screw(n(6, 3, 6), **more))


@part(7, best=600, without=700, hours=8)
def expedited_where_it_pays(n: Numbers, rule: bool) -> Scenario:
    """Bought for 1 they come at 6: 6 hours late. Expedited for 5 at 1: 1 hour late."""
    catalog = _screw(n(6, 3, 6), 1)
    if rule:
        catalog["components"]["screw"]["buy"]["expedite"] = {"lead_time": "1 h", "price": n(5, 2, 9)}
    return factory(CELL, [order("O", {"x": step(1)}, SCREW, **late())], catalog=catalog, policy=MONEY)


@part(7, best=300, without=2000, hours=5)
def stock_goes_where_it_is_worth_most(n: Numbers, rule: bool) -> Scenario:
    """One screw in stock, bought ones at 3. By due date A would get it, and B, due at 2, be 2 hours late at 10. So B
    takes it, and A is 3 hours late at 1."""
    catalog = _screw(3, stock=1)
    if rule:
        catalog["components"]["screw"]["buy"]["expedite"] = {"lead_time": "1 h", "price": 1000}
    book = [order("A", {"x": step(1)}, SCREW, **late(n(1, 1, 4))),
            order("B", {"x": step(1, "b")}, SCREW, **late(n(10, 1, 10), 2))]
    return factory(PAIR, book, catalog=catalog, policy=MONEY)


@part(7, best=3, without=2)
def an_arrival_is_shared(n: Numbers, rule: bool) -> Scenario:
    """One screw each, of which one comes at 1 and one at 2: the second order runs [2, 3). Were there two at 1, [1, 2).
    """
    come = [(1, 1), (2, 1)] if rule else [(1, 2), (2, 1)]
    more: Json = {"arrivals": [{"at": at(t + n(0, 0, 1)), "quantity": q} for t, q in come]}
    return factory(PAIR, orders(2, {"x": step(1, "a", "b")}, SCREW), catalog=_screw(n(6, 3, 6), **more))


@part(8, best=100, without=600, hours=4)
def an_order_that_does_not_pay(n: Numbers, rule: bool) -> Scenario:
    """3 hours at 2 cost 6, and the order brings 1: refused."""
    cells: Json = {"c": {"hourly_cost": 2, "resources": {"a": {}}}}
    return factory(cells, [order("O", {"x": step(n(3, 1, 3))}, price=n(1, 1, 7))],
                   policy=MONEY | {"refuse_orders": rule})


@part(8, best=700, without=200, hours=6)
def an_order_that_must_be_made(n: Numbers, rule: bool) -> Scenario:
    """Both cost 6 and bring 1; one must be made: 6 + 1."""
    cells: Json = {"c": {"hourly_cost": 2, "resources": {"a": {}}}}
    book = [order("O", {"x": step(n(3, 1, 3))}, price=1, must_make=rule), order("P", {"x": step(3)}, price=n(1, 1, 7))]
    return factory(cells, book, policy=MONEY | {"refuse_orders": True})


@part(8, best=1000, without=0, hours=8)
def a_deadline_that_only_one_can_keep(n: Numbers, rule: bool) -> Scenario:
    """Two orders of 3 hours, both to be done by 5: one is refused and its 10 lost."""
    more: Json = {"deadline": at(n(5, 3, 6))} if rule else {}
    return factory(CELL, orders(2, {"x": step(3)}, price=n(10, 1, 10), **more), policy=MONEY | {"refuse_orders": True})


@part(8, best=4, without=8)
def a_subcontractor(n: Numbers, rule: bool) -> Scenario:
    """Outside all three orders run at once, [0, 4); with one more machine of our own the third is done at 8."""
    out: Json = {"resources": {"b": {}}, **({"kind": "subcontractor"} if rule else {})}
    book = orders(3, {"x": step(n(4, 1, 4), "a", "b", cost=1)})
    return factory({"c": {"resources": {"a": {}}}, "out": out}, book)


@part(8, best=900, without=600, hours=8)
def a_subcontractor_has_its_price(n: Numbers, rule: bool) -> Scenario:
    """Two orders of 4 hours for 3 each, due at 4, 1 per hour late: both here would cost 6 and 4 hours late. One of them
    outside costs 3 of subcontracting, which counts twice: 9. On a second machine of our own: 6."""
    out: Json = {"resources": {"b": {}}, **({"kind": "subcontractor"} if rule else {})}
    work = step(n(4, 2, 4), "a", "b", cost=n(3, 1, 5))
    return factory({"c": {"resources": {"a": {}}}, "out": out}, orders(2, {"x": work}, **late(1, 4)),
                   policy=MONEY | {"weights": {"subcontracting": 2}})


@part(8, best=3, without=6)
def another_routing(n: Numbers, rule: bool) -> Scenario:
    """x and y take 4 hours, glueing instead 1."""
    glued = {"glued": {"replaces": ["x", "y"], "operations": {"glue": step(n(1, 1, 3), cost=1)}}}
    work = {"w": step(1), "x": step(n(2, 1, 2)), "y": step(2), "z": step(1)}
    return factory(CELL, [order("O", work, {"sub_plans": glued} if rule else {})])
