"""Tiny random problems with any mixture of rules, small enough for the brute force."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np

from scheduler.problem.problem import FAR, Problem
from scheduler.problem.rules import DIFFERENT, KEEP, PREPARE, SAME, TOGETHER
from tests.engines.problems import Features, column, seeded
from tests.rules.neutral import ruled

KINDS = ("pools", "overtime", "speeds", "pausing", "lags", "transfer", "buffers", "vehicles", "refusal", "branches",
         "batches", "campaigns", "modules", "holds", "links", "facts", "moving", "work_in_process", "latest",
         "unlimited", "supply", "terms")


class Mixer:
    """Draws the rules of one problem."""

    def __init__(self, seed: int, kinds: tuple[str, ...], operations: int = 3) -> None:
        self.random = random.Random(seed)
        features = Features(jobs=2, operations=operations, deadlines=self.maybe(20), budgets=self.maybe(15))
        p = seeded(seed, features)
        duration = np.minimum(3, np.maximum(1, p.mode_duration))
        self.p = replace(p, mode_duration=duration, weights=column([self.random.choice((1, 1, 2)) for _ in range(9)]))
        self.kinds = kinds
        self.steps: list[list[tuple[int, int]]] = []
        self.given: dict[str, Any] = {}
        self.needs: list[list[tuple[int, int, int]]] = [[] for _ in range(self.modes)]

    @property
    def modes(self) -> int:
        return len(self.p.mode_resource)

    def maybe(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def pick(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def pool(self, low: int = 1, high: int = 2) -> int:
        """A new pool with one or two steps of capacity."""
        steps = [(0, self.pick(low, high))]
        if self.maybe(30):
            steps.append((self.pick(1, 8), self.pick(low - 1 if self.maybe(30) else low, high)))
            steps.append((steps[-1][0] + self.pick(1, 5), self.pick(low, high)))
        self.steps.append(steps)
        return len(self.steps) - 1

    def build(self) -> Problem:
        for kind in self.kinds:
            getattr(self, kind)()
        given = self.given
        for o in np.flatnonzero(given.get("fact", [])).tolist():
            # what happened was wanted
            if "refuse_cost" in given and self.p.account[o] < self.p.jobs:
                given["refuse_cost"][int(self.p.account[o])] = int(FAR)
            if "branch" in given and given["branch"][o] >= 0:
                given["branch"] = [-1] * self.p.operations
                given["branch_choice"] = []
        if "unlimited" in given and "batch_capacity" in given:
            given["batch_capacity"] = [0 if u else c for u, c in zip(given["unlimited"], given["batch_capacity"])]
            given["batch_class"] = [-1 if given["unlimited"][r] else c
                                    for r, c in zip(self.p.mode_resource, given["batch_class"])]
        given["pool_first"] = [0, *np.cumsum([len(x) for x in self.steps])]
        given["pool_time"] = [t for x in self.steps for t, _ in x]
        given["pool_capacity"] = [c for x in self.steps for _, c in x]
        given["need_first"] = [0, *np.cumsum([len(x) for x in self.needs])]
        for i, name in enumerate(("need_pool", "need_quantity", "need_phase")):
            given[name] = [need[i] for row in self.needs for need in row]
        return ruled(self.p, **given)

    def pools(self) -> None:
        for _ in range(self.pick(1, 2)):
            pool, phase = self.pool(), self.pick(PREPARE, KEEP)
            for k in range(self.modes):
                if self.maybe(70):
                    self.needs[k].append((pool, 1, phase))
        d = self.p.mode_duration
        self.given["mode_load"] = [self.pick(0, int(x)) for x in d]
        self.given["mode_unload"] = [self.pick(0, int(x - y)) for x, y in zip(d, self.given["mode_load"])]

    def overtime(self) -> None:
        w = len(self.p.window_start)
        first, ids, kinds = [0], [], self.pick(1, 2)
        for i in range(w):
            if self.p.window_end[i] < FAR and self.maybe(50):
                ids.append(self.pick(0, kinds - 1))
            first.append(len(ids))
        self.given |= {"overtime_first": first, "overtime_id": ids,
                       "overtime_cost": [self.pick(0, 4) * 1_000_000 for _ in range(kinds)]}

    def speeds(self) -> None:
        self.given["pace"] = 2
        self.given["window_rate"] = [self.pick(1, 4) for _ in self.p.window_start]
        # work in units does not enter any rule, but belongs to the problem
        spans = (self.p.window_end - self.p.window_start) * np.array(self.given["window_rate"])
        work = []
        for a, b in zip(self.p.window_first, self.p.window_first[1:]):
            work += [int(x) for x in np.concatenate(([0], np.cumsum(spans[a: b - 1])))][: b - a]
        self.p = replace(self.p, window_work=column(work))

    def pausing(self) -> None:
        self.given["mode_pause"] = [self.maybe(60) for _ in range(self.modes)]
        c = len(self.p.window_first) - 1
        if self.maybe(50):
            self.given["mode_setup_calendar"] = [self.pick(0, c - 1) for _ in range(self.modes)]
        if self.maybe(50):
            self.given["mode_calendar"] = [self.pick(0, c - 1) for _ in range(self.modes)]

    def lags(self) -> None:
        a = len(self.p.pred)
        self.given["arc_min"] = [self.pick(0, 2) for _ in range(a)]
        self.given["arc_max"] = [self.given["arc_min"][i] + self.pick(0, 3) if self.maybe(50) else int(FAR)
                                 for i in range(a)]

    def transfer(self) -> None:
        p, head, tail, hf, tf = self.p, [], [], [0], [0]
        for o in range(p.operations):
            for z in range(int(p.pred_first[o]), int(p.pred_first[o + 1])):
                if self.maybe(60):
                    a = int(p.pred[z])
                    head += [self.pick(0, int(d)) for d in p.mode_duration[p.mode_first[a]: p.mode_first[a + 1]]]
                    tail += [self.pick(0, int(d)) for d in p.mode_duration[p.mode_first[o]: p.mode_first[o + 1]]]
                hf.append(len(head))
                tf.append(len(tail))
        self.given |= {"head_first": hf, "head": head, "tail_first": tf, "tail": tail}

    def buffers(self) -> None:
        r = self.p.resources
        self.given["group"] = [i % 2 for i in range(r)]
        table = [[-1, -1], [-1, -1]]
        for x in range(2):
            for y in range(2):
                if self.maybe(50):
                    table[x][y] = self.pool(1, 1)
        self.given["buffer"] = table

    def vehicles(self) -> None:
        self.given["vehicle_pool"] = self.pool(1, 1)

    def refusal(self) -> None:
        self.given["refuse_cost"] = [self.pick(1, 20) * 700_000 if self.maybe(60) else int(FAR)
                                     for _ in range(self.p.jobs)]
        self.p = replace(self.p, levels=("money",))

    def branches(self) -> None:
        """One operation has an alternative in another of the same job: either or."""
        p = self.p
        jobs = [j for j in range(p.jobs) if (p.account == j).sum() >= 2]
        if not jobs:
            return
        mine = np.flatnonzero(p.account == self.random.choice(jobs)).tolist()
        self.random.shuffle(mine)
        branch = [-1] * p.operations
        branch[mine[0]], branch[mine[1]] = 0, 1
        self.given |= {"branch": branch, "branch_choice": [0, 0]}

    def batches(self) -> None:
        self.given["batch_class"] = [int(s) for s in self.p.mode_state]
        self.given["batch_capacity"] = [self.pick(2, 3) for _ in range(self.p.resources)]
        self.given["mode_shared"] = [self.pick(0, int(c)) for c in self.p.mode_cost]
        duration = self.p.mode_duration.copy()
        for r in range(self.p.resources):
            duration[self.p.mode_resource == r] = self.pick(1, 3)
        self.p = replace(self.p, mode_duration=duration)

    def campaigns(self) -> None:
        self.given["campaign"] = [self.pick(0, 5) for _ in range(int(self.p.states.sum()))]

    def modules(self) -> None:
        pool, first, found = self.pool(1, 1), [0], []
        for _ in range(int(self.p.states.sum())):
            if self.maybe(50):
                found.append(pool)
            first.append(len(found))
        self.given |= {"module_first": first, "module_pool": found}

    def holds(self) -> None:
        p, pool = self.p, self.pool(1, 1)
        pairs = [(int(p.pred[z]), o) for o in range(p.operations)
                 for z in range(int(p.pred_first[o]), int(p.pred_first[o + 1]))]
        pairs += [(o, o) for o in range(p.operations) if self.maybe(40)]
        kept = [x for x in pairs if self.maybe(70)]
        self.given |= {"hold_pool": [pool] * len(kept), "hold_quantity": [1] * len(kept),
                       "hold_from": [a for a, _ in kept], "hold_to": [b for _, b in kept]}

    def links(self) -> None:
        n = self.p.operations
        if n > 1:
            a, b = self.random.sample(range(n), 2)
            self.given |= {"link_kind": [self.random.choice((SAME, DIFFERENT, TOGETHER))], "link_a": [a],
                           "link_b": [b]}

    def facts(self) -> None:
        p, n = self.p, self.p.operations
        now = self.pick(0, 3)
        self.given["now"] = now
        if not self.maybe(70):
            return
        o = next(x for x in range(n) if p.pred_first[x] == p.pred_first[x + 1])
        k = self.pick(int(p.mode_first[o]), int(p.mode_first[o + 1]) - 1)
        fact, mode, start, end = [False] * n, [-1] * n, [-1] * n, [-1] * n
        fact[o], mode[o], start[o] = True, k, self.pick(0, now)
        end[o] = start[o] + self.pick(0, 3)
        self.given |= {"fact": fact, "fixed_end": end}
        self.p = replace(p, fixed_mode=column(mode), fixed_start=column(start))

    def moving(self) -> None:
        n = self.p.operations
        self.given |= {"ref_start": [self.pick(0, 6) if self.maybe(70) else -1 for _ in range(n)],
                       "ref_resource": [self.pick(0, self.p.resources - 1) for _ in range(n)],
                       "move_fixed": self.pick(0, 2) * 600_000, "move_rate": self.pick(0, 2) * 300_000,
                       "move_resource": self.pick(0, 2) * 1_000_000, "move_tolerance": self.pick(0, 2)}

    def work_in_process(self) -> None:
        self.given["job_pool"] = self.pool(1, 1)

    def latest(self) -> None:
        self.given["latest_end"] = [self.pick(4, 14) if self.maybe(30) else int(FAR)
                                    for _ in range(self.p.operations)]

    def unlimited(self) -> None:
        self.given["unlimited"] = [self.maybe(50) for _ in range(self.p.resources)]

    def supply(self) -> None:
        p = self.p
        self.given["supply"] = [p.pred_first[o] == p.pred_first[o + 1] and self.maybe(50)
                                for o in range(p.operations)]

    def terms(self) -> None:
        self.given["mode_term"] = [self.random.choice((0, 1, 6)) for _ in range(self.modes)]


def mixed(seed: int, kinds: tuple[str, ...] | None = None, operations: int = 3) -> Problem:
    """The random problem of a seed with these kinds of rules, or with some kinds of all."""
    chooser = random.Random(seed * 7919 + 13)
    chosen = kinds if kinds is not None else tuple(
        k for k in KINDS if chooser.random() < 0.3)
    return Mixer(seed, chosen, operations).build()


def bounded(problem: Problem) -> int:
    """A horizon for the brute force: an operation after the other, with room for lags and closed hours."""
    last = int(problem.window_start.max(initial=0))
    return min(24, last + int(problem.mode_duration.sum()) + 6)
