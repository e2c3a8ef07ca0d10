"""Rule 2: crews and skills."""

from __future__ import annotations

from typing import Any

from scheduler.domain.scenario import Scenario
from tests.rules.kit import CELL, MONEY, PAIR, Json, Numbers, at, factory, order, orders, part, shifts, step


def staffed(crew: Json, calendar: Json | None = None, **crews: Json) -> Json:
    """A plant with the crew 'm', which has the skill s, on the calendar 'shift' where one is given."""
    first = {"skills": {"s": 100}, **({"calendar": "shift"} if calendar else {}), **crew}
    return {"plant": {"crews": {"m": first, **crews}, **({"calendars": {"shift": calendar}} if calendar else {})}}


def need(during: str = "run", people: int = 1) -> Json:
    return {"crews": [{"skill": "s", "during": during, "people": people}]}


def _with(rule: bool, more: Json) -> Json:
    return more if rule else {}


@part(2, best=5, without=2)
def a_shift_of_its_own(n: Numbers, rule: bool) -> Scenario:
    """The crew comes at 3: x [3, 5)."""
    begin = n(3, 0, 4)
    book = [order("O", {"x": step(n(2, 1, 3), **_with(rule, need()))})]
    return factory(CELL, book, **staffed({}, shifts((begin, begin + 4))))


@part(2, best=4, without=2)
def who_does_it_decides_how_long(n: Numbers, rule: bool) -> Scenario:
    """The beginner needs double the time and is there: [0, 4). The master comes at 3, and would end at 5. A beginner as
    fast as planned ends at 2."""
    plant = staffed({}, shifts((n(3, 1, 4), 9)), beginner={"skills": {"s": n(200, 150, 300) if rule else 100}})
    return factory(CELL, [order("O", {"x": step(2, **need())})], **plant)


@part(2, best=4, without=2)
def too_few_people_for_two(n: Numbers, rule: bool) -> Scenario:
    """Two machines, 3 people, and 2 of them needed at each: one after the other. With 1 needed both run [0, 2)."""
    book = orders(2, {"x": step(n(2, 1, 3), "a", "b", **need(people=n(2, 1, 3) if rule else 1))})
    return factory(PAIR, book, **staffed({"people": 3}))


@part(2, best=7, without=4)
def people_for_loading(n: Numbers, rule: bool) -> Scenario:
    """Loading takes the first of 4 hours and a crew that is there from 3 to 5: x [3, 7)."""
    begin = n(3, 0, 4)
    book = [order("O", {"x": step(n(4, 2, 5), **_with(rule, {"loading": "1 h", **need("loading")}))})]
    return factory(CELL, book, **staffed({}, shifts((begin, begin + 2))))


@part(2, best=4, without=2)
def people_for_unloading(n: Numbers, rule: bool) -> Scenario:
    """Unloading takes the last of 2 hours and a crew that is there from 3 to 5: x [2, 4)."""
    begin = n(3, 0, 4)
    book = [order("O", {"x": step(n(2, 1, 4), **_with(rule, {"unloading": "1 h", **need("unloading")}))})]
    return factory(CELL, book, **staffed({}, shifts((begin, begin + 2))))


def reconfigured(time: int, crews: list[Json] | None = None, **more: Any) -> Json:
    """A cell whose resource a is set up as q at first, and takes so long to become anything else."""
    return {"c": {"configurations": {"p": {"capabilities": ["p"]}, "q": {"capabilities": ["q"]}},
                  "reconfiguration": {"default": {"time": f"{time} h"}, **({"crews": crews} if crews else {})},
                  "resources": {"a": {"initial_configuration": "q"}}, **more}}


@part(2, best=5, without=2)
def people_for_reconfiguring(n: Numbers, rule: bool) -> Scenario:
    """Setting up as p takes 1 hour of a crew that comes at 3: [3, 4), then x [4, 5)."""
    begin = n(3, 0, 4)
    cells = reconfigured(n(1, 1, 2), [{"skill": "s", "during": "reconfiguration"}] if rule else None)
    book = [order("O", {"x": {"capability": "p", "work": {"fixed": "1 h"}}})]
    return factory(cells, book, **staffed({}, shifts((begin, begin + 3))))


@part(2, best=5, without=2)
def an_absence(n: Numbers, rule: bool) -> Scenario:
    """Nobody is there before 3: x [3, 5)."""
    change = {"start": at(0), "end": at(n(3, 1, 4)), "number": 0, "reason": "ill"}
    book = [order("O", {"x": step(n(2, 1, 3), **need())})]
    return factory(CELL, book, **staffed(_with(rule, {"changes": [change]})))


@part(2, best=1000, without=400, hours=3)
def what_people_cost(n: Numbers, rule: bool) -> Scenario:
    """2 hours of a crew at 7 are 14; the way without people costs 10. At 2 an hour they are the cheaper way: 4."""
    work = step(n(2, 1, 3), **need(), alternatives=[{"cost": n(10, 1, 20), "crews": []}])
    return factory(CELL, [order("O", {"x": work})], **staffed({"hourly_cost": 7 if rule else 2}), policy=MONEY)


@part(2, best=5, without=2)
def work_pauses_while_people_are_away(n: Numbers, rule: bool) -> Scenario:
    """The crew works [1, 2) and [4, 6): x pauses between, [1, 5)."""
    book = [order("O", {"x": step(n(2, 1, 3), pausing=True, **_with(rule, need()))})]
    return factory(CELL, book, **staffed({}, shifts((1, 2), (4, 6 + n(0, 0, 2)))))
