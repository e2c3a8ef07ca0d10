"""A slow, plain reading of the problem's rules, sharing no code with the kernels: the reference of all engine tests.

`check` lists broken rules, `reference_measures` evaluates, `brute_force` finds the optimum of tiny problems.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, permutations, product

import numpy as np

from scheduler.problem.problem import FAR, MEASURES, Problem, Solution

TOO_LONG = 3000
"""brute_force looks at no more ticks than this."""


def windows(problem: Problem, calendar: int) -> list[tuple[int, int]]:
    """(start, end) of every window of a calendar."""
    a, b = problem.window_first[calendar], problem.window_first[calendar + 1]
    return [(int(s), int(e)) for s, e in zip(problem.window_start[a:b], problem.window_end[a:b])]


def working(problem: Problem, calendar: int, tick: int) -> int:
    """Working ticks before `tick`."""
    return sum(max(0, min(tick, e) - s) for s, e in windows(problem, calendar))


def setup(problem: Problem, resource: int, before: int, after: int) -> tuple[int, int]:
    """(working ticks, micros) of a reconfiguration; nothing is needed from state -1."""
    if before < 0:
        return 0, 0
    cell = int(problem.setup_first[resource]) + before * int(problem.states[resource]) + after
    return int(problem.setup_time[cell]), int(problem.setup_cost[cell])


def travel(problem: Problem, a: int, b: int) -> int:
    """Ticks of transport from mode a to mode b."""
    here, there = problem.location[problem.mode_resource[a]], problem.location[problem.mode_resource[b]]
    return int(problem.transport[here, there])


def rows(problem: Problem, solution: Solution) -> list[list[int]]:
    """Operations of each resource by rank."""
    found: list[list[int]] = [[] for _ in range(problem.resources)]
    for o in sorted(range(problem.operations), key=lambda o: int(solution.rank[o])):
        found[int(problem.mode_resource[solution.mode[o]])].append(o)
    return found


def check(problem: Problem, solution: Solution) -> list[str]:
    """Every rule a schedule breaks, in words; empty where it is feasible."""
    broken = []
    for o in range(problem.operations):
        m, start, end = (int(a[o]) for a in (solution.mode, solution.start, solution.end))
        if not problem.mode_first[o] <= m < problem.mode_first[o + 1]:
            return [f"operation {o} has a mode of another"]
        if end != start + problem.mode_duration[m]:
            broken.append(f"operation {o} has the wrong duration")
        if start < max(0, problem.release[o]):
            broken.append(f"operation {o} starts before release")
        calendar = int(problem.calendar[problem.mode_resource[m]])
        if not any(s <= start and end <= e for s, e in windows(problem, calendar)):
            broken.append(f"operation {o} at [{start}, {end}) fits no window")
        for p in problem.pred[problem.pred_first[o] : problem.pred_first[o + 1]]:
            if start < solution.end[p] + travel(problem, int(solution.mode[p]), m):
                broken.append(f"operation {o} starts before {p} has arrived")
        for name, given, taken in (("mode", problem.fixed_mode, m), ("start", problem.fixed_start, start)):
            if len(given) and given[o] >= 0 and given[o] != taken:
                broken.append(f"operation {o} has not its fixed {name}")
    for r, row in enumerate(rows(problem, solution)):
        if sorted(int(solution.rank[o]) for o in row) != list(range(len(row))):
            broken.append(f"ranks on resource {r} are not 0, 1, 2...")
        broken += _check_row(problem, solution, r, row)
    return [*broken, *_check_limits(problem, solution)]


def _check_row(problem: Problem, solution: Solution, r: int, row: list[int]) -> Iterator[str]:
    calendar, state, end = int(problem.calendar[r]), int(problem.initial_state[r]), 0
    for o in row:
        needed = setup(problem, r, state, int(problem.mode_state[solution.mode[o]]))[0]
        start = int(solution.start[o])
        if start < end:
            yield f"operation {o} overlaps the one before it on resource {r}"
        if working(problem, calendar, start) - working(problem, calendar, end) < needed:
            yield f"operation {o} starts before resource {r} is reconfigured"
        state, end = int(problem.mode_state[solution.mode[o]]), int(solution.end[o])


def _check_limits(problem: Problem, solution: Solution) -> Iterator[str]:
    completion, _, _ = dates(problem, solution)
    for j in range(problem.jobs):
        if completion[j] > problem.deadline[j]:
            yield f"job {j} misses its deadline"
    for name, value, limit in zip(MEASURES, reference_measures(problem, solution), problem.budgets):
        if value > limit:
            yield f"{name} is over budget"


def dates(problem: Problem, solution: Solution) -> tuple[list[int], list[int], list[int]]:
    """(completion, delivery, first start) per job."""
    completion, delivery, first = [], [], []
    for j in range(problem.jobs):
        own = [o for o in range(problem.operations) if problem.account[o] == j]
        done = max((int(solution.end[o]) for o in own), default=int(problem.job_release[j]))
        wait = not problem.early[j] and problem.due[j] < FAR
        completion.append(done)
        delivery.append(max(done, int(problem.due[j])) if wait else done)
        first.append(min((int(solution.start[o]) for o in own), default=delivery[-1]))
    return completion, delivery, first


def half_up(micros: int) -> int:
    """Millionths to whole units, half up."""
    return (micros + 500_000) // 1_000_000


def reference_measures(problem: Problem, solution: Solution) -> tuple[int, ...]:
    """Value of each measure, in the order of MEASURES."""
    _, delivery, first = dates(problem, solution)
    late = [max(0, d - int(u)) if u < FAR else 0 for d, u in zip(delivery, problem.due)]
    micros = [[0] * 9 for _ in range(problem.accounts)]
    for o in range(problem.operations):
        micros[int(problem.account[o])][0] += int(problem.mode_cost[solution.mode[o]])
    for a in range(problem.accounts):
        micros[a][1] = int(problem.fixed_cost[a])
    for r, row in enumerate(rows(problem, solution)):
        state = int(problem.initial_state[r])
        for o in row:
            after = int(problem.mode_state[solution.mode[o]])
            micros[int(problem.account[o])][2] += setup(problem, r, state, after)[1]
            state = after
    for j in range(problem.jobs):
        micros[j][3] = int(problem.late_rate[j]) * late[j]
        micros[j][4] = int(problem.hold_rate[j]) * (delivery[j] - first[j])
    money = sum(int(w) * half_up(x) for row in micros for w, x in zip(problem.weights, row))
    makespan = max((int(e) for e in solution.end), default=0)
    weight = [int(w) for w in problem.weight]
    lead = sum(w * (d - int(r)) for w, d, r in zip(weight, delivery, problem.job_release))
    return money, makespan, sum(w * t for w, t in zip(weight, late)), lead


def reference_objective(problem: Problem, solution: Solution) -> tuple[int, ...]:
    """Value of each level."""
    measures = reference_measures(problem, solution)
    return tuple(measures[MEASURES.index(level)] for level in problem.levels)


def end_of_time(problem: Problem) -> int:
    """A tick by which some best schedule is over: beyond the last release, due date, start of a last window, all work
    in a row."""
    latest = [0, *problem.release.tolist(), *(int(d) for d in problem.due if d < FAR)]
    latest += [windows(problem, c)[-1][0] for c in range(len(problem.window_first) - 1)]
    work = sum(int(problem.mode_duration[a:b].max()) for a, b in zip(problem.mode_first, problem.mode_first[1:]))
    setups = problem.operations * (int(problem.setup_time.max(initial=0)) + int(problem.transport.max(initial=0)))
    return min(TOO_LONG, max(latest) + work + setups)


def earliest(problem: Problem, mode: list[int], order: list[list[int]], floor: list[int], end: int) -> Solution | None:
    """The earliest schedule of given modes and sequences in which no operation starts before its floor."""
    n = problem.operations
    start, done = [-1] * n, [-1] * n
    before = {b: a for row in order for a, b in pairwise(row)}
    waiting = list(range(n))
    while waiting:
        ready = [o for o in waiting if done[before.get(o, o)] >= 0 or o not in before]
        ready = [o for o in ready if all(done[p] >= 0 for p in _preds(problem, o))]
        if not ready:
            return None
        o = ready[0]
        waiting.remove(o)
        m = mode[o]
        r, d = int(problem.mode_resource[m]), int(problem.mode_duration[m])
        c = int(problem.calendar[r])
        state = int(problem.mode_state[mode[before[o]]]) if o in before else int(problem.initial_state[r])
        free = done[before[o]] if o in before else 0
        work = working(problem, c, free) + setup(problem, r, state, int(problem.mode_state[m]))[0]
        t = max([floor[o], free, *(done[p] + travel(problem, mode[p], m) for p in _preds(problem, o))])
        opened = windows(problem, c)
        while working(problem, c, t) < work or not any(s <= t and t + d <= e for s, e in opened):
            t += 1
            if t > end:
                return None
        start[o], done[o] = t, t + d
    rank = [0] * n
    for row in order:
        for i, o in enumerate(row):
            rank[o] = i
    return Solution(*(np.array(a, dtype=np.int64) for a in (mode, start, done, rank)))


def simple(problem: Problem) -> Solution | None:
    """A schedule without any thought: first (or fixed) modes, operations one after another as they are numbered."""
    mode = [_choices(problem, o)[0] for o in range(problem.operations)]
    order: list[list[int]] = [[] for _ in range(problem.resources)]
    for o, m in enumerate(mode):
        order[int(problem.mode_resource[m])].append(o)
    return earliest(problem, mode, order, problem.release.tolist(), TOO_LONG)


def _preds(problem: Problem, o: int) -> list[int]:
    return [int(p) for p in problem.pred[problem.pred_first[o] : problem.pred_first[o + 1]]]


def brute_force(problem: Problem) -> tuple[tuple[int, ...], Solution] | None:
    """The optimum over all modes, sequences and, where holding costs, first starts of orders; None where nothing is
    feasible.

    For given modes, sequences and first starts (as floors) the earliest schedule is best in every measure.
    """
    end = end_of_time(problem)
    found: tuple[tuple[int, ...], Solution] | None = None
    for mode in product(*(_choices(problem, o) for o in range(problem.operations))):
        on: list[list[int]] = [[] for _ in range(problem.resources)]
        for o, m in enumerate(mode):
            on[int(problem.mode_resource[m])].append(o)
        for order in product(*(list(permutations(row)) for row in on)):
            for floor in _floors(problem, list(mode), [list(row) for row in order], end):
                solution = earliest(problem, list(mode), [list(row) for row in order], floor, end)
                if solution is None or check(problem, solution):
                    continue
                value = reference_objective(problem, solution)
                if found is None or value < found[0]:
                    found = value, solution
    return found


def _choices(problem: Problem, o: int) -> list[int]:
    if len(problem.fixed_mode) and problem.fixed_mode[o] >= 0:
        return [int(problem.fixed_mode[o])]
    return list(range(int(problem.mode_first[o]), int(problem.mode_first[o + 1])))


def _floors(problem: Problem, mode: list[int], order: list[list[int]], end: int) -> Iterator[list[int]]:
    """Floors of all operations for every choice of first starts of the orders whose holding counts."""
    base = [int(r) for r in problem.release]
    if len(problem.fixed_start):
        base = [max(b, int(f)) for b, f in zip(base, problem.fixed_start)]
    soonest = earliest(problem, mode, order, base, end)
    if soonest is None:
        return
    money = "money" in problem.levels or problem.budgets[0] < FAR
    held = [j for j in range(problem.jobs) if money and problem.weights[4] > 0 and problem.hold_rate[j] > 0]
    held = [j for j in held if (problem.account == j).any()]
    _, _, first = dates(problem, soonest)
    for chosen in product(*(range(first[j], end + 1) for j in held)):
        at = dict(zip(held, chosen))
        yield [max(b, at.get(int(a), 0)) for b, a in zip(base, problem.account)]
