"""The columns of a plan beyond the plain shop."""

from __future__ import annotations

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.policy import TERMS
from scheduler.domain.quantities import MICRO
from scheduler.domain.scenario import Scenario
from scheduler.planning.plan import Plan, Shop


def neutral(scenario: Scenario, plan: Plan, quantity: np.ndarray, fixed: np.ndarray) -> Shop:
    """A shop that asks for nothing. quantity [n]: pieces; fixed [M]: hundredths of each mode's fixed cost."""
    n, m, a = len(plan), len(plan.mode_cost), len(plan.arc_from)

    def full(size: int, value: int) -> np.ndarray:
        return np.full(size, value, dtype=np.int64)

    none = full(0, 0)
    outside = np.array([scenario.plant.cells[r.cell].kind == "subcontractor" for r in scenario.resources], dtype=bool)
    term = np.where(outside[plan.mode_resource], TERMS.index("subcontracting"), TERMS.index("processing"))
    return Shop(
        op_quantity=quantity, op_branch=full(n, -1), op_latest=full(n, int(NEVER)), op_supply=full(n, -1),
        op_component=full(n, -1), op_batch=full(n, -1), op_places=full(n, 1), batch_names=(), branch_choice=none,
        mode_pause=np.zeros(m, dtype=bool), mode_load=full(m, 0), mode_unload=full(m, 0), mode_term=term,
        mode_shared=plan.mode_cost - fixed * MICRO, mode_source=full(m, -1), mode_team=full(m, 0), teams=((),),
        team_needs=((),), fixture_first=full(m + 1, 0), fixture=none, fixture_number=none,
        fixture_held=np.zeros(0, dtype=bool), stocked=(), arc_min=full(a, 0), arc_max=full(a, int(NEVER)),
        head_first=full(a + 1, 0), head=none, tail_first=full(a + 1, 0), tail=none, hold_fixture=none,
        hold_number=none, hold_from=none, hold_to=none, link_kind=none, link_a=none, link_b=none)
