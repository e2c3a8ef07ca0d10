"""Plans with shops made by hand: a plain plan, and columns of a shop that ask for nothing but what a test wants."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.scenario import Scenario
from scheduler.encoding.encode import encode
from scheduler.planning.build import build
from scheduler.planning.plan import Plan, Shop
from scheduler.problem.problem import Problem
from scheduler.problem.rules import Rules
from tests.factories import make, plain_factory


def shop(plan: Plan, **changes: Any) -> Shop:
    """A shop that asks for nothing; `changes` replaces columns (lists become arrays of the same type)."""
    n, m, a = len(plan), len(plan.mode_cost), len(plan.arc_from)

    def full(size: int, value: int) -> np.ndarray:
        return np.full(size, value, dtype=np.int64)

    none = full(0, 0)
    unset = full(n, -1)
    base: dict[str, Any] = {
        "op_quantity": plan.lots.quantity[plan.op_lot], "op_branch": unset, "op_latest": full(n, int(NEVER)),
        "op_supply": unset, "op_component": unset, "op_batch": unset, "op_places": full(n, 1), "batch_names": (),
        "branch_choice": none, "mode_pause": np.zeros(m, dtype=bool), "mode_load": full(m, 0),
        "mode_unload": full(m, 0), "mode_term": full(m, 0), "mode_shared": plan.mode_cost, "mode_source": full(m, -1),
        "mode_team": full(m, 0), "teams": ((),), "team_needs": ((),), "fixture_first": full(m + 1, 0), "fixture": none,
        "fixture_number": none, "fixture_held": np.zeros(0, dtype=bool), "stocked": (), "arc_min": full(a, 0),
        "arc_max": full(a, int(NEVER)), "head_first": full(a + 1, 0), "head": none, "tail_first": full(a + 1, 0),
        "tail": none, "hold_fixture": none, "hold_number": none, "hold_from": none, "hold_to": none,
        "link_kind": none, "link_a": none, "link_b": none}
    given = {k: np.array(v, dtype=base[k].dtype) if isinstance(base[k], np.ndarray) else v for k, v in changes.items()}
    return Shop(**{**base, **given})


def shopped(scenario: Scenario, **changes: Any) -> Plan:
    """The plan of a scenario with a shop of these changes."""
    plan = build(scenario)
    return replace(plan, shop=shop(plan, **changes))


def encoded(scenario: Scenario, horizon: int | None = None, **changes: Any) -> tuple[Problem, Rules]:
    problem = encode(scenario, shopped(scenario, **changes), horizon)
    assert problem.rules is not None
    return problem, problem.rules


def works(cells: dict[str, Any] | None = None, operations: dict[str, Any] | None = None, orders: int = 1,
          plant: dict[str, Any] | None = None, **overrides: Any) -> Scenario:
    """One resource 'a' on the calendar 'day' (weekdays 08:00 to 16:00) and orders O0, O1, ... with one operation 'x' of
    60 minutes, unless said otherwise; Monday 2024-01-01 is tick 0, a tick is a minute."""
    cells = cells or {"c": {"calendar": "day", "resources": {"a": {}}}}
    plant = {"calendars": {"day": {"weekly": {"mon-fri": ["08:00-16:00"]}}}, **(plant or {})}
    steps = operations or {"x": {"resources": ["a"], "work": {"fixed": "60 min"}}}
    book = [{"id": f"O{j}", "routing": {"operations": steps}} for j in range(orders)]
    return make(plain_factory(cells, plant=plant, **overrides), book)


def windows(problem: Problem, calendar: int) -> list[tuple[int, ...]]:
    """(start, end, work before, rate, *overtimes) of a calendar's windows."""
    rules = problem.rules
    assert rules is not None
    found = []
    for w in range(int(problem.window_first[calendar]), int(problem.window_first[calendar + 1])):
        ids = rules.overtime_id[rules.overtime_first[w]: rules.overtime_first[w + 1]].tolist()
        found.append((int(problem.window_start[w]), int(problem.window_end[w]), int(problem.window_work[w]),
                      int(rules.window_rate[w]), *ids))
    return found


def pool(rules: Rules, number: int) -> list[tuple[int, int]]:
    """(from, how many) of a pool."""
    part = slice(int(rules.pool_first[number]), int(rules.pool_first[number + 1]))
    return list(zip(rules.pool_time[part].tolist(), rules.pool_capacity[part].tolist()))


def needs(rules: Rules, mode: int) -> list[tuple[int, int, int]]:
    """(pool, quantity, phase) of a mode."""
    part = slice(int(rules.need_first[mode]), int(rules.need_first[mode + 1]))
    return list(zip(rules.need_pool[part].tolist(), rules.need_quantity[part].tolist(),
                    rules.need_phase[part].tolist()))
