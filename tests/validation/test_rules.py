"""For each rule one case it forbids and one it allows, each a small step from the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.validation.judge import RULES
from tests.validation.hand import (
    cabinet_schedule,
    cabinets,
    computer_schedule,
    computers,
    job_shop,
    job_shop_schedule,
    moved,
    row,
    rules,
    says,
    schedule,
    tiny_factory,
    with_header,
    with_part,
    with_rows,
    without_rows,
)
from tests.validation.hand import make as build

Case = tuple[Scenario, Schedule]
CASES: dict[str, tuple[Callable[[], Case], Callable[[], Case]]] = {}


def case(rule: str) -> Callable[[type], type]:
    def keep(pair: type) -> type:
        CASES[rule] = (pair.forbidden, pair.allowed)  # type: ignore[attr-defined]
        return pair
    return keep


def jobs(**policy: object) -> Case:
    scenario = job_shop(**policy)
    return scenario, job_shop_schedule(scenario)


def cabinet(**overrides: object) -> Case:
    scenario = cabinets(**overrides)
    return scenario, cabinet_schedule(scenario)


def computer(**overrides: object) -> Case:
    scenario = computers(**overrides)
    return scenario, computer_schedule(scenario)


@case("structure")
class Structure:
    @staticmethod
    def forbidden() -> Case:
        scenario, made = jobs()
        return scenario, with_rows(made, 1, position=5)

    @staticmethod
    def allowed() -> Case:
        scenario, made = jobs()
        order = [3, 1, 0, 2]
        names = ("lot", "name", "resource", "configuration", "mode", "start", "end", "rec_start", "rec_end", "position")
        return scenario, replace(made, resources=(), orders=(), configurations=(), **{n: getattr(made, n)[order] for n in names})


@case("completeness")
class Completeness:
    @staticmethod
    def forbidden() -> Case:
        scenario, made = cabinet()
        return scenario, without_rows(made, [row(made, "A1", "test")])

    @staticmethod
    def allowed() -> Case:
        """Two body lots instead of one."""
        scenario, made = cabinet()
        lots = [("mould", "mould", "", 1), ("A1", "", "A1", 2), ("A1/body", "body", "A1", 1), ("A1/body#2", "body", "A1", 1)]
        small = build(tiny_factory(), [{"id": "A1", "family": "cabinet", "quantity": 2}])
        return small, schedule(
            small, lots,
            [("mould", "mill", "press1", 360, 480), ("A1/body", "press", "press1", 480, 492),
             ("A1/body#2", "press", "press1", 492, 504), ("A1", "paint", "booth1", 514, 539, "white"),
             ("A1", "assemble", "bench1", 549, 589), ("A1", "test", "bench1", 589, 599)],
            [("body", "lot", "A1/body", "A1", 1, -1), ("body", "lot", "A1/body#2", "A1", 1, -1),
             ("hinge", "buy", "", "A1", 4, 240), ("sheet", "stock", "", "A1/body", 3, 0), ("sheet", "stock", "", "A1/body#2", 3, 0),
             ("mould", "lot", "mould", "A1/body", 1, -1), ("mould", "lot", "mould", "A1/body#2", 1, -1)])


@case("eligibility")
class Eligibility:
    @staticmethod
    def forbidden() -> Case:
        """Painted red what was ordered white."""
        scenario, made = cabinet()
        return scenario, with_rows(made, row(made, "A1", "paint"), configuration=1)

    @staticmethod
    def allowed() -> Case:
        """White in the other booth, which needs no reconfiguration before its first operation."""
        scenario, made = cabinet()
        booth2 = [r.id for r in scenario.resources].index("booth2")
        made = with_rows(made, row(made, "A1", "paint"), resource=booth2)
        return scenario, with_rows(made, row(made, "A2", "paint"), position=0)


@case("duration")
class Duration:
    @staticmethod
    def forbidden() -> Case:
        scenario, made = computer()
        return scenario, with_rows(made, row(made, "C1", "close"), end=679)

    @staticmethod
    def allowed() -> Case:
        """The alternative takes less."""
        scenario, made = cabinet()
        return scenario, with_rows(made, row(made, "A1", "assemble"), mode=1, end=539 + 24)


@case("horizon")
class Horizon:
    @staticmethod
    def forbidden() -> Case:
        scenario, made = jobs()
        return scenario, moved(made, 0, -1)

    @staticmethod
    def allowed() -> Case:
        """A start in the tick the resource becomes available."""
        scenario, made = cabinet(plant={"cells": {"shop": {"resources": {"press1": {"available_from": datetime(2024, 1, 1, 6)}}}}})
        return scenario, made


@case("overlap")
class Overlap:
    @staticmethod
    def forbidden() -> Case:
        scenario, made = jobs()
        return scenario, moved(with_header(made, status="feasible", objective=None), 1, -1)

    @staticmethod
    def allowed() -> Case:
        """An operation of no duration first, another starting in its tick."""
        scenario, made = jobs()
        made = with_rows(made, 1, start=4, end=4)
        return scenario, made


@case("reconfiguration")
class Reconfiguration:
    @staticmethod
    def forbidden() -> Case:
        """Six minutes to red, where five are between the end of the white one and the end of the shift."""
        scenario, made = cabinet()
        white = row(made, "A1", "paint")
        late = moved(moved(moved(made, white, 427), row(made, "A1", "assemble"), 1440), row(made, "A1", "test"), 1440)
        return scenario, late

    @staticmethod
    def allowed() -> Case:
        """Earlier in the gap, and in two parts around the night."""
        scenario, made = cabinet()
        red = row(made, "A2", "paint")
        made = moved(moved(moved(made, red, 3), row(made, "A2", "assemble"), 3), row(made, "A2", "test"), 3)
        return scenario, with_rows(made, red, rec_start=957, rec_end=1440 + 482)


@case("calendar")
class Calendar:
    @staticmethod
    def forbidden() -> Case:
        """Over the noon break."""
        scenario, made = computer()
        return scenario, moved(moved(made, row(made, "C1", "mount"), 100), row(made, "C1", "close"), 120)

    @staticmethod
    def allowed() -> Case:
        """Up to the minute of noon."""
        scenario, made = computer()
        return scenario, moved(moved(made, row(made, "C1", "mount"), 60), row(made, "C1", "close"), 120)


@case("precedence")
class Precedence:
    @staticmethod
    def forbidden() -> Case:
        """Before the body is brought to the annex."""
        scenario, made = cabinet()
        return scenario, moved(made, row(made, "A1", "paint"), -1)

    @staticmethod
    def allowed() -> Case:
        """Without transport, ten minutes earlier."""
        scenario, made = cabinet(plant={"transport": {"default": 0}})
        return scenario, moved(made, row(made, "A1", "paint"), -10)


@case("release")
class Release:
    @staticmethod
    def orders(hour: int) -> Case:
        scenario, made = cabinet()
        orders = [{"id": "A1", "family": "cabinet", "quantity": 2, "customer": "ACME", "due": "2024-01-03T00:00:00",
                   "release": datetime(2024, 1, 1, hour)},
                  {"id": "A2", "family": "cabinet", "choices": {"colour": "red"}, "deadline": "2024-01-03T16:00:00"}]
        late = build(tiny_factory(), orders)
        hinge = made.pegs.component.index("hinge")
        return late, with_part(made, "pegs", hinge, available=240 + 60 * hour)

    @staticmethod
    def forbidden() -> Case:
        return Release.orders(9)

    @staticmethod
    def allowed() -> Case:
        """The mould is made before, and belongs to no order."""
        scenario, made = Release.orders(8)
        return scenario, moved(moved(made, row(made, "A1", "assemble"), 181), row(made, "A1", "test"), 181)


@case("material")
class Material:
    @staticmethod
    def forbidden() -> Case:
        """Pressed on Monday, from sheets that come on Tuesday."""
        scenario, made = cabinet()
        press = row(made, "A2/body", "press")
        return scenario, moved(made, press, 494 - 1800)

    @staticmethod
    def allowed() -> Case:
        """The same, and the pegs give it the sheets in stock: the other body waits."""
        small = build(tiny_factory(catalog={"components": {"sheet": {"buy": {"lead_time": "8 h"}}}}),
                      [{"id": "A1", "family": "cabinet", "quantity": 2}])
        return small, schedule(
            small, [("mould", "mould", "", 1), ("A1", "", "A1", 2), ("A1/body", "body", "A1", 2)],
            [("mould", "mill", "press1", 360, 480), ("A1/body", "press", "press1", 480, 494),
             ("A1", "paint", "booth1", 504, 529, "white"), ("A1", "assemble", "bench1", 539, 579),
             ("A1", "test", "bench1", 579, 589)],
            [("body", "lot", "A1/body", "A1", 2, -1), ("hinge", "buy", "", "A1", 4, 240), ("sheet", "stock", "", "A1/body", 2, 0),
             ("sheet", "buy", "", "A1/body", 4, 480), ("mould", "lot", "mould", "A1/body", 1, -1)])


@case("stock")
class Stock:
    @staticmethod
    def forbidden() -> Case:
        """Six screws when C2 closes at 9:10, and four in stock."""
        scenario, made = computer()
        return scenario, moved(made, row(made, "C2", "close"), -50)

    @staticmethod
    def allowed() -> Case:
        """The other order gets the screws in stock."""
        scenario, made = computer()
        made = moved(moved(made, row(made, "C2", "mount"), 90), row(made, "C2", "close"), 40)
        own, stocked, bought = (made.pegs.component.index("screw"), *[
            i for i, c in enumerate(made.pegs.component) if c == "screw"][1:])
        made = with_part(with_part(made, "pegs", own, quantity=8), "pegs", stocked, order=0, consumer=0)
        return scenario, with_part(made, "pegs", bought, quantity=6)


@case("tools")
class Tools:
    @staticmethod
    def forbidden() -> Case:
        """Pressed while the mould is being milled elsewhere."""
        scenario, made = cabinet(plant={"cells": {"shop": {"resources": {"press1": {}, "press2": {}}}}})
        press = row(made, "A1/body", "press")
        made = with_rows(made, row(made, "A2/body", "press"), position=1)
        names = tuple(r.id for r in scenario.resources)
        made = replace(made, resources=(), configurations=(), resource=made.resource + (made.resource > 0))
        return scenario, moved(with_rows(made, press, resource=names.index("press2"), position=0), press, -1)

    @staticmethod
    def allowed() -> Case:
        """Both presses use the one mould at the same time."""
        small = build(tiny_factory(plant={"cells": {"shop": {"resources": {"press1": {}, "press2": {}}}}},
                                   catalog={"components": {"sheet": {"stock": 9}}}),
                      [{"id": i, "family": "cabinet"} for i in ("A1", "A2")])
        rows, pegs = [("mould", "mill", "press1", 360, 480)], []
        for k, i in enumerate(("A1", "A2")):
            rows += [(f"{i}/body", "press", f"press{k + 1}", 480, 492), (i, "paint", f"booth{k + 1}", 502, 517, "white"),
                     (i, "assemble", f"bench{k + 1}", 527, 547), (i, "test", f"bench{k + 1}", 547, 557)]
            pegs += [("body", "lot", f"{i}/body", i, 1, -1), ("hinge", "buy", "", i, 2, 240),
                     ("sheet", "stock", "", f"{i}/body", 3, 0), ("mould", "lot", "mould", f"{i}/body", 1, -1)]
        lots = [("mould", "mould", "", 1), *((i, "", i, 1) for i in ("A1", "A2")),
                *((f"{i}/body", "body", i, 1) for i in ("A1", "A2"))]
        return small, schedule(small, lots, rows, pegs)


@case("deadline")
class Deadline:
    @staticmethod
    def forbidden() -> Case:
        scenario, made = cabinet()
        late = 2 * 1440 + 961 - int(made.end[row(made, "A2", "test")])
        return scenario, moved(made, row(made, "A2", "test"), late)

    @staticmethod
    def allowed() -> Case:
        """To the minute; and A1 far beyond its due date."""
        scenario, made = cabinet()
        last = row(made, "A2", "test")
        made = moved(made, last, 2 * 1440 + 960 - int(made.end[last]))
        first = row(made, "A1", "test")
        made = moved(made, first, 3 * 1440)
        return scenario, with_rows(with_rows(made, last, position=1), first, position=2)


@case("budgets")
class Budget:
    @staticmethod
    def forbidden() -> Case:
        return jobs(budgets={"makespan": "8 ms"})

    @staticmethod
    def allowed() -> Case:
        return jobs(budgets={"makespan": "9 ms", "lead_time": "13 ms", "money": 0})


@case("header")
class Header:
    @staticmethod
    def forbidden() -> Case:
        scenario, made = jobs()
        return scenario, with_header(made, objective=8, bound=8.0)

    @staticmethod
    def allowed() -> Case:
        """A fractional bound proves the next whole number."""
        scenario, made = jobs()
        return scenario, with_header(made, bound=8.2)


def test_every_rule_has_its_cases() -> None:
    assert set(CASES) == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize("rule", CASES)
def test_forbidden(rule: str) -> None:
    scenario, made = CASES[rule][0]()
    found = says(scenario, made, rule)
    assert found
    assert all(violation.message.endswith(".") and len(violation.message) > 20 for violation in found)


@pytest.mark.parametrize("rule", CASES)
def test_allowed(rule: str) -> None:
    scenario, made = CASES[rule][1]()
    assert rules(scenario, made) == set()


def test_every_rule_says_what_it_forbids_and_allows() -> None:
    for rule in RULES:
        assert "Forbids" in (rule.__doc__ or "")
        assert "Allows" in (rule.__doc__ or "")


def test_sentences_name_names_and_times() -> None:
    scenario, made = CASES["precedence"][0]()
    (violation,) = says(scenario, made, "precedence")
    assert (violation.order, violation.operation, violation.resource, violation.time) == ("A1", "A1/paint", "booth1", 503)
    assert violation.message == (
        "Operation A1/paint starts on booth1 at 2024-01-01T08:23+00:00, before A1/body/press, which it waits for, ends at "
        "2024-01-01T08:14+00:00, plus 10 min of transport from press1.")
