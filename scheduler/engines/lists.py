"""Dispatching where the problem has rules: the priority lists of lists_rules, each built by the serial kernel.

Orders are taken one after another where nothing else leads to a schedule. Orders that cost more than refusing them are
refused, and overtime and other branches are tried. Source: Kolisch 1996 (serial scheme under limited resources).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from scheduler.engines.contract import Channel, Limits
from scheduler.engines.lists_rules import Lists, Weights, latest_starts, weighed
from scheduler.engines.lists_timely import Timely, pays
from scheduler.problem.evaluate import account_terms, evaluate, levels_of, missed_deadlines, over_budget
from scheduler.problem.problem import FAR, MICRO, TERMS, Problem, Solution
from scheduler.problem.ruled import extra_of, moved_pins, rules_of
from scheduler.problem.serial.serial import ENDLESS, Plan, Serial

EARLY = 4
"""Number of the list after which dear orders are refused: those after it are tried without these orders too."""
LARGE = 5_000
"""Operations beyond which dear orders are refused after the first list: a few lists take all the time there is."""
TURNS = 5
"""Tries of a block in the mean beyond which a list of a large problem is given up: good ones take four at most."""
GRID = 0.6
"""Share of the time for lists; the rest is for refusing, overtime and branches."""
MARGINS = (1, 0, 3)
"""How much earlier than need be an order begins, in mean operations."""
AIMS: tuple[Weights, ...] = ((1.0, 1.0, 0.05), (1.0, 1.0, 0.3))
"""Weights for lists that aim at deliveries."""
ROUNDS = 3
"""Rounds of refusing."""
FILLED = 4
"""Lists that are filled with one order after another where none makes everything."""
HOPELESS = (1 << 62,)
"""A key that every schedule beats."""
ALONE, PARTS = 50, 4
"""Orders refused one at a time where refusing all that are too dear is no gain; parts of them where there are many."""


@dataclass(frozen=True)
class ListTrial:
    """One list: its rule by name, the measures it reached."""

    rule: str
    measures: tuple[int, ...]


def broken(problem: Problem, solution: Solution, measures: tuple[int, ...]) -> int:
    """How many hard limits (deadlines, budgets, pins) a solution breaks."""
    return (moved_pins(problem, solution) + len(missed_deadlines(problem, solution))
            + len(over_budget(problem, measures)))


def key_of(problem: Problem, solution: Solution) -> tuple[int, ...]:
    """Broken hard limits, then the levels: the less the better."""
    measures = evaluate(problem, solution)
    return (broken(problem, solution, measures), *levels_of(problem, measures))


class ListDispatch:
    """Tries lists within the limits; the best solution and its key are what construct returns."""

    def __init__(self) -> None:
        self.trials: list[ListTrial] = []
        self.key: tuple[int, ...] | None = None

    def construct(self, problem: Problem, limits: Limits,
                  channel: Channel) -> tuple[Solution | None, tuple[int, ...]]:
        """Best solution and its key (broken hard limits, then the levels). Offers what breaks none."""
        self.trials = []
        self.problem, self.channel = problem, channel
        self.latest = latest_starts(problem)
        self.best: Solution | None = None
        self.best_key: tuple[int, ...] = HOPELESS
        opened = channel.seconds()
        self.until = opened + limits.seconds * GRID
        serial, lists = Serial(problem), Lists(problem)
        lists.prepare(serial)
        self.least = serial.shop.op["least"]
        best: tuple[Plan, Weights] | None = None
        large = problem.operations > LARGE
        early = 0 if large else EARLY
        none = np.zeros(problem.jobs, dtype=np.int64)
        for number, (name, given, weights) in enumerate(lists.plans()):
            kept = best[0].refused if best is not None and number > early else none
            known = self.best is not None or channel.best is not None
            if self.late() and (known or channel.seconds() - opened > limits.seconds):
                break
            serial.greed[:3] = weighed(problem, weights)
            refusals = (none,) if not kept.any() else (kept,) if large else (kept, none)
            keeps = (False, True) if len(rules_of(problem).module_pool) and not (large and number) else (False,)
            for refused, keeping in product(refusals, keeps):
                before = self.best_key
                plan = replace(given, refused=refused, reserving=keeping)
                if number > early and large and pays(problem):
                    aimed = next(self.timely(serial, plan), None)
                    if aimed is None:
                        continue
                    plan = aimed
                self.take(serial, plan, f"dispatch: {name}{', refusing' if refused.any() else ''}")
                if self.best_key < before:
                    best = plan, weights
            if best is not None and (number == early or (number > early and best[0].rank is given.rank)):
                serial.greed[:3] = weighed(problem, best[1])
                best = self.refuse(serial, best[0]), best[1]
                if number == early and large:
                    best = self.in_time(serial, best[0]), best[1]
        if best is None:
            self.until = opened + limits.seconds
            self.without(serial, lists)
            return self.best, self.best_key
        self.until = opened + limits.seconds
        serial.greed[:3] = weighed(problem, best[1])
        self.improve(serial, self.in_time(serial, best[0]))
        return self.best, self.best_key

    def late(self) -> bool:
        return self.channel.stop.is_set() or self.channel.seconds() > self.until

    def take(self, serial: Serial, plan: Plan, name: str, beat: tuple[int, ...] | None = None) -> bool:
        """Builds a plan; whether it is the best so far. Its key is kept in `key`, None where it led to none or is known
        to be no better than `beat`, unless given the best key."""
        self.key = None
        limit = beat or self.best_key
        serial.most = ENDLESS
        if self.problem.levels[0] == "money" and limit[0] == 0:
            serial.beat(limit[1])
        if self.problem.operations > LARGE and self.best is not None:
            serial.patience = TURNS * int(serial.shop.par["blocks"][0])
        found = serial.run(plan)
        if found is None and not serial.dear and (self.latest < FAR).any():
            found = serial.run(replace(plan, rank=self.urgent_first(plan.rank)))
        if found is None:
            return False
        measures = evaluate(self.problem, found)
        self.trials.append(ListTrial(name, measures))
        self.key = key = (broken(self.problem, found, measures), *levels_of(self.problem, measures))
        if key >= self.best_key:
            return False
        self.best, self.best_key = found, key
        if not key[0]:
            self.channel.offer(found, key[1:], name)
        return True

    def urgent_first(self, rank: np.ndarray) -> np.ndarray:
        """The same list with what must start by some time before all else, so that nothing takes its place or crew."""
        urgent = self.latest < FAR
        soon = int(rank.min()) - int(self.latest[urgent].max()) - 2
        return np.where(urgent, soon + np.where(urgent, self.latest, 0), rank).astype(np.int64)

    def in_time(self, serial: Serial, plan: Plan) -> Plan:
        """Begins orders as late as their delivery allows, and gathers batches, as long as that is better; the plan
        then."""
        again = True
        while again and not self.late():
            again = False
            for changed in self.timely(serial, plan):
                if self.late():
                    break
                if self.take(serial, changed, "dispatch: just in time"):
                    plan, again = changed, True
        return plan

    def timely(self, serial: Serial, plan: Plan) -> Iterator[Plan]:
        """Plans that aim at the deliveries of what a plan leads to; none where nothing is to be gained by it."""
        if not pays(self.problem):
            return
        serial.most = ENDLESS
        built = serial.run(plan)
        if built is not None:
            timely = Timely(self.problem, serial, built)
            for aim, margin, eager in product(AIMS, MARGINS, (1, 0)):
                yield replace(timely.plan(plan, margin), eager=eager, greed=aim)

    def improve(self, serial: Serial, plan: Plan) -> None:
        """Refuses what costs more than its price and makes what does not, buys overtime and takes other branches where
        that is better."""
        for j in self._refused_dearest(plan):
            changed = replace(plan, refused=np.where(np.arange(len(plan.refused)) == j, 0, plan.refused))
            if not self.late() and self.take(serial, changed, "dispatch: one more order"):
                plan = changed
        plan = self.in_time(serial, self.refuse(serial, plan))
        for change in self._changes(plan):
            if self.late():
                break
            changed = change(plan)
            if self.take(serial, changed, "dispatch: overtime and branches"):
                plan = changed

    def _refused_dearest(self, plan: Plan) -> np.ndarray:
        """The refused jobs that cost most to refuse, of those that could cost less to make."""
        p = self.problem
        always = rules_of(p).branch < 0
        least = (p.fixed_cost * p.weights[TERMS.index("material")]).astype(np.float64)
        least += np.bincount(p.account[always], weights=self.least[always], minlength=p.accounts)
        price = rules_of(p).refuse_cost.astype(np.float64) * p.weights[TERMS.index("refusal")]
        refused = np.flatnonzero((plan.refused > 0) & ((least[: p.jobs] < price) | (p.levels[0] != "money")))
        return refused[np.argsort(-rules_of(self.problem).refuse_cost[refused], kind="stable")][:ALONE]

    def refuse(self, serial: Serial, plan: Plan) -> Plan:
        """Refuses what costs more than its price where that is better; the plan then."""
        for _ in range(ROUNDS):
            dear = self._too_dear()
            if not dear.any() or self.late():
                break
            changed = replace(plan, refused=np.where(dear, 1, plan.refused))
            if self.take(serial, changed, "dispatch: refusing"):
                plan = changed
                continue
            some = np.flatnonzero(dear)
            for part in np.array_split(some, PARTS) if self.problem.operations > LARGE else some[:ALONE, None]:
                changed = replace(plan, refused=plan.refused.copy())
                changed.refused[part] = 1
                if not self.late() and self.take(serial, changed, "dispatch: refusing"):
                    plan = changed
            break
        return plan

    def without(self, serial: Serial, lists: Lists) -> None:
        """Where no list makes everything: refuses all that may be refused, then takes orders one by one as they fit."""
        rules = rules_of(self.problem)
        free = (rules.refuse_cost < FAR).astype(np.int64)
        free[self.problem.account[rules.fact & (self.problem.account < self.problem.jobs)]] = 0
        worked = 0
        for name, given, _ in lists.plans() if free.any() else ():
            plan = replace(given, refused=free)
            if self.late() or worked == FILLED:
                return
            self.take(serial, plan, f"dispatch: {name}", HOPELESS)
            if self.key is None:
                continue
            worked, reached = worked + 1, self.key
            for j in np.argsort(-rules.refuse_cost, kind="stable"):
                if plan.refused[j] and not self.late():
                    more = replace(plan, refused=np.where(np.arange(len(free)) == j, 0, plan.refused))
                    self.take(serial, more, f"dispatch: {name}, one more order", reached)
                    if self.key is not None and self.key < reached:
                        plan, reached = more, self.key

    def _too_dear(self) -> np.ndarray:
        """Jobs that cost more in the best solution than it would to refuse them, bool [J]."""
        rules, p = rules_of(self.problem), self.problem
        if self.best is None or not (rules.refuse_cost < FAR).any() or p.levels[0] != "money":
            return np.zeros(p.jobs, dtype=bool)
        cost = (account_terms(p, self.best) @ p.weights)[: p.jobs]
        price = np.where(rules.refuse_cost < FAR, rules.refuse_cost // MICRO * p.weights[TERMS.index("refusal")], FAR)
        hopeless = np.zeros(p.jobs, dtype=bool)
        hopeless[list(missed_deadlines(p, self.best))] = True
        return np.asarray(((cost > price) | (hopeless & (price < FAR))) & ~extra_of(self.best).refused)

    def _changes(self, plan: Plan) -> Iterator[Callable[[Plan], Plan]]:
        rules = rules_of(self.problem)
        for i in [None, *range(len(plan.overtime))] if len(plan.overtime) else []:
            def bought(p: Plan, i: int | None = i) -> Plan:
                overtime = p.overtime.copy()
                overtime[slice(None) if i is None else i] = 1
                return replace(p, overtime=overtime)
            yield bought
        for b, choice in enumerate(rules.branch_choice.tolist()):
            if plan.chosen[choice] == b or rules.fact[rules.branch == self_branch(plan, choice)].any():
                continue

            def other(p: Plan, b: int = b, choice: int = choice) -> Plan:
                chosen = p.chosen.copy()
                chosen[choice] = b
                return replace(p, chosen=chosen)
            yield other


def self_branch(plan: Plan, choice: int) -> int:
    """The branch a plan has chosen."""
    return int(plan.chosen[choice])
