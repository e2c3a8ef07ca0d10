"""Cost against speed: the frontier between production cost and the policy's speed measure."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from itertools import pairwise

from scheduler.domain.policy import Weights
from scheduler.domain.quantities import format_money
from scheduler.domain.scenario import Scenario
from scheduler.errors import InternalError
from scheduler.evaluation.costs import costs as costs_of
from scheduler.evaluation.costs import measures
from scheduler.evaluation.kpis import kpis as kpis_of
from scheduler.planning.build import build
from scheduler.problem.bounds import trivial_bound, trivial_source
from scheduler.usecases.compile import compile_kernels
from scheduler.usecases.solve import Options, Outcome, Run, outcome, with_policy
from scheduler.validation.judge import validate

PRODUCTION = Weights(processing=1, material=1, reconfiguration=1, lateness=0, holding=0)
POINTS = 12
"""Points tried by default."""
LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
UNITS = {"lead_time": "mean weighted lead time", "weighted_tardiness": "total weighted lateness",
         "makespan": "makespan"}


@dataclass(frozen=True, eq=False)
class Point:
    """One schedule of the frontier. cost: processing + material + reconfiguration, hundredths; bound: of that cost,
    whatever the speed; speed: ticks of the measure as people read it (lead time: mean weighted by priority);
    money: all terms.
    """

    label: str
    cost: int
    speed: float
    bound: int | None
    money: int
    on_time_share: float | None
    outcome: Outcome

    @property
    def gap(self) -> float | None:
        return None if self.bound is None or not self.cost else (self.cost - self.bound) / self.cost


@dataclass(frozen=True, eq=False)
class Tradeoff:
    """Non-dominated points from the cheapest to the fastest; knee: index of the recommended one; sentences between
    neighbours."""

    measure: str
    points: tuple[Point, ...]
    knee: int | None
    sentences: tuple[str, ...]
    solved: int = 0
    """Schedules found, those dominated by others included."""


def tradeoff(scenario: Scenario, options: Options | None = None, points: int = POINTS) -> Tradeoff:
    """Finds the frontier: both ends first, then the cheapest schedule within each of several limits on the speed
    measure.

    Every point starts from the schedule of a faster neighbour, which meets its limit. The time limit is shared by
    all points. Method: epsilon constraint (Haimes, Lasdon, Wismer 1971).
    """
    options = options or Options()
    tell = options.tell or (lambda _: None)
    search = _Search(scenario, dataclasses.replace(options, tell=None))
    compile_kernels(tell, "rules" if search.ruled else "plain")
    seconds = options.time_limit if options.time_limit is not None else scenario.policy.time_limit / 1000
    ends = time.monotonic() + seconds
    measure = scenario.policy.speed_measure
    tell(f"1 of {points}: the fastest schedule")
    search.run((measure, "money"), None, seconds / points, None)
    tell(f"2 of {points}: the cheapest schedule")
    search.run(("money", measure), None, seconds / points, search.latest)
    fast, slow = search.range()
    for i in range(points - 2):
        if options.stop.is_set() or slow <= fast:
            break
        limit = fast + int((slow - fast) * ((i + 1) / (points - 1)) ** 1.5)
        tell(f"{i + 3} of {points}: the cheapest schedule with {UNITS[measure]} within "
             f"{search.human(limit) / scenario.axis.ticks_per_day:.2f} days" if not scenario.axis.integer else
             f"{i + 3} of {points}: the cheapest schedule with {UNITS[measure]} within {search.human(limit):g}")
        share = max(0.2, (ends - time.monotonic()) / (points - 2 - i))
        search.run(("money", measure), limit, share, search.neighbour(limit))
    found = _frontier(search)
    return Tradeoff(measure, found, _knee(found), _sentences(scenario, measure, found),
                    len(search.found))


class _Search:
    """All schedules found so far, as (speed in measure units, production cost, outcome, bound of that cost)."""

    def __init__(self, scenario: Scenario, options: Options) -> None:
        self.scenario = with_policy(scenario, weights=PRODUCTION)
        self.original = scenario
        self.options = options
        self.plan = build(scenario)
        self.measure = scenario.policy.speed_measure
        self.found: list[tuple[int, int, Outcome, int | None]] = []
        self.latest: Outcome | None = None
        problem = Run(scenario, self.plan, options).problem
        self.ruled = problem.rules is not None
        self.floor, self.source = trivial_bound(problem), trivial_source(problem)
        self.bound: int | None = None

    def run(self, levels: tuple[str, ...], limit: int | None, seconds: float, start: Outcome | None) -> None:
        budgets = self.original.policy.budgets
        if limit is not None:
            own = getattr(budgets, self.measure)
            millis = limit * self.scenario.axis.tick
            budgets = budgets.model_copy(update={self.measure: millis if own is None else min(own, millis)})
        scenario = with_policy(self.scenario, objective=levels, budgets=budgets)
        options = dataclasses.replace(self.options, time_limit=seconds)
        opened = time.monotonic()
        run = Run(scenario, self.plan, options)
        result, problem = run.solve(start.schedule if start else None)
        found = outcome(scenario, self.plan, problem, result, options, time.monotonic() - opened)
        self.latest = found if found.schedule is not None else self.latest
        if found.schedule is None or found.costs is None:
            return
        values = measures(scenario, found.schedule, found.costs)
        bound = found.bound if levels[0] == "money" else None
        self.found.append((values[self.measure], values["money"], self.as_original(found), bound))
        if levels[0] == "money" and found.bound is not None and limit is None:
            self.bound = max(found.bound, self.bound or found.bound)

    def as_original(self, found: Outcome) -> Outcome:
        """The same schedule as one of the scenario as it was given: its header and figures speak of that policy."""
        schedule, scenario = found.schedule, self.original
        assert schedule is not None
        priced = costs_of(scenario, schedule)
        level = scenario.policy.levels[0]
        value = measures(scenario, schedule, priced)[level]
        header = dataclasses.replace(schedule.header, status="feasible", measure=level, objective=value,
                                     bound=self.floor, bound_source=self.source, levels=(), trace=())
        schedule = dataclasses.replace(schedule, header=header)
        if violations := validate(scenario, schedule):
            raise InternalError(f"our own schedule breaks {len(violations)} rules: {violations[0]}", violations)
        return dataclasses.replace(found, scenario=scenario, schedule=schedule, costs=priced, objective=value,
                                   kpis=kpis_of(scenario, schedule, priced))

    def range(self) -> tuple[int, int]:
        """Speed of the fastest and of the cheapest schedule."""
        if not self.found:
            return 0, 0
        return min(f[0] for f in self.found), min(self.found, key=lambda f: (f[1], f[0]))[0]

    def neighbour(self, limit: int) -> Outcome | None:
        """The cheapest schedule known that meets the limit."""
        inside = [f for f in self.found if f[0] <= limit]
        return min(inside, key=lambda f: (f[1], f[0]))[2] if inside else self.latest

    def human(self, value: int) -> float:
        """The measure as people read it: lead time as the mean weighted by priority, in ticks."""
        if self.measure != "lead_time":
            return float(value)
        return value / max(1, int(self.original.orders.priority.sum()))


def _frontier(search: _Search) -> tuple[Point, ...]:
    """The non-dominated ones, cheapest first. A bound found with a limit on speed holds for that point alone."""
    kept: list[tuple[int, int, Outcome, int | None]] = []
    for entry in sorted(search.found, key=lambda f: (f[1], f[0])):
        if not kept or entry[0] < kept[-1][0]:
            kept.append(entry)
    points = []
    for label, (speed, cost, found, own) in zip(LABELS, kept):
        bound = max((b for b in (own, search.bound) if b is not None), default=None)
        share = found.kpis.values["on_time_share"] if found.kpis else None
        points.append(Point(label, cost, search.human(speed), bound, found.costs.total if found.costs else 0, share,
                            found))
    return tuple(points)


def _knee(points: tuple[Point, ...]) -> int | None:
    """The point farthest below the line between both ends, both axes scaled to the range; None with fewer than
    three."""
    if len(points) < 3:
        return None
    first, last = points[0], points[-1]
    width, height = (first.speed - last.speed) or 1.0, (last.cost - first.cost) or 1
    below = [(first.speed - p.speed) / width - (p.cost - first.cost) / height for p in points]
    return max(range(len(points)), key=lambda i: below[i])


def _sentences(scenario: Scenario, measure: str, points: tuple[Point, ...]) -> tuple[str, ...]:
    """'From B to C: 1.8 days faster for 4,200.00 EUR more.'"""
    found = []
    for a, b in pairwise(points):
        if scenario.axis.integer:
            faster = f"{a.speed - b.speed:g}"
        else:
            days = (a.speed - b.speed) / scenario.axis.ticks_per_day
            faster = f"{days:.1f} days" if days >= 0.95 else f"{days * 24:.1f} hours"
            if measure == "weighted_tardiness":
                faster = f"{days:.1f} priority-days of lateness"
        found.append(f"From {a.label} to {b.label}: {faster} "
                     f"{'less' if measure == 'weighted_tardiness' else 'faster'} for "
                     f"{format_money(b.cost - a.cost, scenario.currency)} more.")
    return tuple(found)
