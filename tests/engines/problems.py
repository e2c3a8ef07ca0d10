"""Small random problems for all engines, from hypothesis or from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from scheduler.problem.problem import FAR, MEASURES, Problem

Choose = Callable[[int, int], int]
"""choose(low, high): an integer between them, both included."""


@dataclass(frozen=True)
class Features:
    """What a random problem may have. deadlines and budgets can make it infeasible."""

    jobs: int = 3
    operations: int = 5
    alternatives: bool = True
    transport: bool = True
    setups: bool = True
    calendars: bool = True
    deadlines: bool = False
    holding: bool = True
    budgets: bool = False
    fixed: bool = False
    levels: tuple[tuple[str, ...], ...] = (
        ("money",),
        ("makespan",),
        ("weighted_tardiness",),
        ("lead_time",),
        ("makespan", "money"),
        ("money", "lead_time"),
        ("weighted_tardiness", "makespan", "money"),
    )


def column(values: list[int]) -> np.ndarray:
    """A list as the Problem wants it."""
    return np.array(values, dtype=np.int64)


@dataclass
class Builder:
    """Collects operations and plant, then makes the Problem."""

    choose: Choose
    features: Features
    account: list[int] = field(default_factory=list)
    preds: list[list[int]] = field(default_factory=list)

    def maybe(self, percent: int) -> bool:
        """True in so many percent of cases (for hypothesis only a hint); shrinks to False."""
        return self.choose(0, 99) >= 100 - percent

    def build(self) -> Problem:
        jobs = self._orders()
        plant = self._plant()
        modes, mode_first = self._modes(len(plant["calendar"]), plant["states"])
        n = len(self.account)
        succ: list[list[int]] = [[] for _ in range(n)]
        for o, before in enumerate(self.preds):
            for p in before:
                succ[p].append(o)
        release = [
            max(0, jobs["job_release"][a] if a < len(jobs["due"]) else 0) + self.choose(0, 2) for a in self.account
        ]
        accounts = max(len(jobs["due"]), *(a + 1 for a in self.account))
        fixed = self._fixed(mode_first, release)
        return Problem(
            mode_first=column(mode_first),
            **{k: column(v) for k, v in modes.items()},
            pred_first=column([0, *np.cumsum([len(p) for p in self.preds]).tolist()]),
            pred=column([p for before in self.preds for p in before]),
            succ_first=column([0, *np.cumsum([len(s) for s in succ]).tolist()]),
            succ=column([s for after in succ for s in after]),
            release=column(release),
            account=column(self.account),
            **{k: column(v) for k, v in jobs.items() if k != "early"},
            early=np.array(jobs["early"], dtype=bool),
            fixed_cost=column([self.choose(0, 3_000_000) for _ in range(accounts)]),
            **{k: v if isinstance(v, np.ndarray) else column(v) for k, v in plant.items()},
            levels=self.features.levels[self.choose(0, len(self.features.levels) - 1)],
            weights=column([1] * 9 if not self.maybe(40) else [self.choose(0, 3) for _ in range(5)] + [1] * 4),
            budgets=self._budgets(),
            **fixed,
        )

    def _orders(self) -> dict[str, list[int]]:
        """Orders with their operations as random DAGs, and sometimes a shared lot before some of them."""
        f, jobs = self.features, self.choose(1, self.features.jobs)
        if f.operations > jobs and self.maybe(25):
            self.account.append(jobs)
            self.preds.append([])
        shared = len(self.account)
        for j in range(jobs):
            room = f.operations - len(self.account) - (jobs - j - 1)
            begin = len(self.account)
            for i in range(self.choose(1, max(1, min(3, room)))):
                before = [begin + k for k in range(i) if self.maybe(60)]
                if shared and not before and self.maybe(70):
                    before = [0]
                self.account.append(j)
                self.preds.append(before)
        found: dict[str, list[int]] = {
            k: [] for k in ("due", "deadline", "job_release", "weight", "late_rate", "hold_rate", "early")
        }
        for _ in range(jobs):
            release = self.choose(0, 4)
            due = release + self.choose(0, 12) if self.maybe(70) else int(FAR)
            found["job_release"].append(release)
            found["due"].append(due)
            found["deadline"].append(release + self.choose(4, 25) if f.deadlines and self.maybe(50) else int(FAR))
            found["weight"].append(self.choose(0, 3))
            found["late_rate"].append(self.choose(0, 3_000_000) if self.maybe(80) else 0)
            found["hold_rate"].append(self.choose(0, 1_500_000) if f.holding and self.maybe(50) else 0)
            found["early"].append(int(not self.maybe(40)))
        return found

    def _plant(self) -> dict[str, list[int] | np.ndarray]:
        f = self.features
        resources, calendars = self.choose(1, 3), self.choose(1, 2)
        start, end, work, first = [], [], [], [0]
        for _ in range(calendars):
            t, worked = 0, 0
            for _ in range(self.choose(0, 3) if f.calendars else 0):
                opens = t + self.choose(0, 4)
                closes = opens + self.choose(1, 6)
                start.append(opens), end.append(closes), work.append(worked)
                t, worked = closes, worked + closes - opens
            (
                start.append(t + (self.choose(1, 5) if t else 0)),
                end.append(int(FAR) if self.maybe(70) else t + 300),
                work.append(worked),
            )
            first.append(len(start))
        locations = self.choose(1, 3) if f.transport else 1
        transport = np.zeros((locations + 1, locations + 1), dtype=np.int64)
        for a in range(locations):
            for b in range(locations):
                transport[a, b] = self.choose(0, 3) if a != b else 0
        states = [self.choose(1, 3) if f.setups else 1 for _ in range(resources)]
        times: list[int] = []
        costs: list[int] = []
        for s in states:
            plain = s == 1 or self.maybe(20)
            times += [0 if plain or a == b else self.choose(0, 4) for a in range(s) for b in range(s)]
            costs += [0 if plain or a == b else self.choose(0, 2_500_000) for a in range(s) for b in range(s)]
        return {
            "calendar": [self.choose(0, calendars - 1) for _ in range(resources)],
            "location": [self.choose(0, locations) for _ in range(resources)],
            "initial_state": [self.choose(-1, s - 1) for s in states],
            "states": states,
            "setup_first": [0, *np.cumsum([s * s for s in states]).tolist()][:-1],
            "setup_time": times,
            "setup_cost": costs,
            "window_first": first,
            "window_start": start,
            "window_end": end,
            "window_work": work,
            "transport": transport,
        }

    def _modes(self, resources: int, states: list[int] | np.ndarray) -> tuple[dict[str, list[int]], list[int]]:
        found: dict[str, list[int]] = {k: [] for k in ("mode_resource", "mode_state", "mode_duration", "mode_cost")}
        first = [0]
        for _ in self.account:
            for _ in range(self.choose(1, 2) if self.features.alternatives else 1):
                r = self.choose(0, resources - 1)
                found["mode_resource"].append(r)
                found["mode_state"].append(self.choose(0, int(states[r]) - 1))
                found["mode_duration"].append(self.choose(0, 5))
                found["mode_cost"].append(self.choose(0, 6_000_000))
            first.append(len(found["mode_resource"]))
        return found, first

    def _budgets(self) -> np.ndarray:
        limits = np.full(len(MEASURES), FAR, dtype=np.int64)
        if self.features.budgets:
            for i, (low, high) in enumerate(((10, 80), (8, 30), (0, 30), (5, 60))):
                if self.maybe(30):
                    limits[i] = self.choose(low, high)
        return limits

    def _fixed(self, mode_first: list[int], release: list[int]) -> dict[str, np.ndarray]:
        n = len(self.account)
        mode, start = [-1] * n, [-1] * n
        if self.features.fixed:
            for o in range(n):
                if self.maybe(30):
                    mode[o] = self.choose(mode_first[o], mode_first[o + 1] - 1)
                    if self.maybe(50):
                        start[o] = release[o] + self.choose(0, 6)
        return {"fixed_mode": column(mode), "fixed_start": column(start)}


def seeded(seed: int, features: Features | None = None) -> Problem:
    """The random problem of a seed."""
    return Builder(random.Random(seed).randint, features or Features()).build()


@st.composite
def problems(draw: st.DrawFn, features: Features | None = None) -> Problem:
    """Random problems for hypothesis."""
    return Builder(lambda low, high: draw(st.integers(low, high)), features or Features()).build()
