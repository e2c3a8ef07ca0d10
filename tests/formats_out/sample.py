"""A schedule of the tiny factory with made-up times: two orders, a shared mould, a reconfiguration, one late order."""

from dataclasses import replace
from typing import Any

import numpy as np

from scheduler.domain.results import Costs, KPIs
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Carries, Header, Lots, Pegs, Schedule
from tests.factories import make, tiny_factory, tiny_orders


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def scenario(**overrides: Any) -> Scenario:
    return make(tiny_factory(**overrides), tiny_orders()[:2])


def schedule(made_for: Scenario) -> Schedule:
    """Rows are stored in no order. Resources: 0 press1, 1 booth1 (white at first), 2 booth2, 3 bench1, 4 bench2."""
    return Schedule(
        header=Header("tiny", "feasible", "money", 12345, 1000.5, "cheapest modes", "dispatch", 7, 1.25,
                      ((0.5, None, 900.0, "bounds"), (1.0, 12345, 900.0, "dispatch")),
                      ({"measure": "money", "value": 3},)),
        lots=Lots(("A1", "A2", "A1/body", "mould"), ("", "", "body", "mould"), ints(0, 1, 0, -1), ints(2, 1, 2, 1)),
        names=("mill", "press", "paint", "test"),
        lot=ints(1, 0, 2, 3, 0), name=ints(2, 2, 1, 0, 3), resource=ints(1, 1, 0, 0, 3),
        configuration=ints(1, 0, 0, 0, 0), mode=ints(0, 0, 0, 0, 1), start=ints(600, 500, 480, 360, 900),
        end=ints(615, 525, 494, 480, 910), rec_start=ints(595, 500, 480, 360, 900),
        rec_end=ints(600, 500, 480, 360, 900),
        position=ints(1, 0, 1, 0, 0),
        pegs=Pegs(("body", "mould", "sheet"), ints(0, 0, 0), ints(1, 1, 0), ints(2, 3, -1), ints(0, 2, 2),
                  ints(2, 1, 6), ints(-1, -1, 0)),
        resources=tuple(r.id for r in made_for.resources),
        configurations=tuple(r.configurations for r in made_for.resources), orders=made_for.orders.id)


def full(made_for: Scenario) -> Schedule:
    """The same with all that a plain factory has none of."""
    plain = schedule(made_for)
    return replace(
        plain, leave=ints(630, 525, 494, 480, 910), team=ints(0, 1, 0, 0, 2), teams=((), ("Ann",), ("Ann", "Bo")),
        batch=ints(7, 7, -1, -1, -1), carries=Carries(ints(2, 1), ints(1, 4), ints(494, 525), ints(500, 535)),
        overtime=(("long", 1320, 1380), ("day", 960, 1020)), refused=(1,),
        pegs=replace(plain.pegs, source=ints(1, 1, 3)))


def costs(delivery: tuple[int, int] = (910, 6000)) -> Costs:
    return Costs(terms=np.array([[100, 200, 0, 0, 5, 0, 0, 0, 0], [50, 60, 100, 1234, 0, 0, 0, 0, 0]]),
                 standard=ints(310, 200), customization=ints(-10, -90), reconfiguration=ints(0, 100),
                 lateness=ints(0, 1234), holding=ints(5, 0),
                 weighted=1749, delivery=ints(*delivery), first_start=ints(480, 600))


def kpis() -> KPIs:
    return KPIs({"makespan": np.int64(910), "on_time_share": 0.5,
                 "load": {"booth1": np.float64(0.25), "press1": float("nan")},
                 "series": np.array([1, 2])})
