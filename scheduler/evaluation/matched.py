"""Rows of a schedule matched with the operations and modes of its plan, where there is more than the plain shop."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from scheduler.domain.floor import FloorEntry
from scheduler.domain.policy import TERMS
from scheduler.domain.scenario import MICRO, Scenario
from scheduler.domain.schedule import Schedule
from scheduler.evaluation.used import shop_plan
from scheduler.planning.plan import Plan, Shop

PROCESSING, SUBCONTRACTING = TERMS.index("processing"), TERMS.index("subcontracting")
MAINTENANCE = "maintenance"
"""Item of the lots that planned maintenance is."""


@dataclass(frozen=True, eq=False)
class Matched:
    """Columns of length n (rows of the schedule); -1 where the plan knows nothing like it.

    op, mode: of the plan; row_of: row of each operation of the plan (-1: it has none); leads: bool, first of its batch
    or in none; entries: what the floor says by (lot, operation), facts and pins before what was announced.
    """

    plan: Plan
    shop: Shop
    op: np.ndarray
    mode: np.ndarray
    row_of: np.ndarray
    leads: np.ndarray
    entries: dict[tuple[str, str], list[FloorEntry]]


_KNOWN: WeakKeyDictionary[Schedule, tuple[Scenario, Matched]] = WeakKeyDictionary()


def matched(scenario: Scenario, schedule: Schedule) -> Matched | None:
    """The rows matched with the plan; None where the scenario is plain. Remembered as long as the schedule lives."""
    plan = shop_plan(scenario)
    if plan is None or plan.shop is None:
        return None
    known = _KNOWN.get(schedule)
    if known is None or known[0] is not scenario:
        known = (scenario, _matched(scenario, schedule, plan, plan.shop))
        _KNOWN[schedule] = known
    return known[1]


def _matched(scenario: Scenario, schedule: Schedule, plan: Plan, shop: Shop) -> Matched:
    keys = {(plan.lots.id[lot], plan.names[name]): o
            for o, (lot, name) in enumerate(zip(plan.op_lot.tolist(), plan.op_name.tolist())) if shop.op_supply[o] < 0}
    op = np.array([keys.get((schedule.lots.id[lot], schedule.names[name]), -1)
                   for lot, name in zip(schedule.lot.tolist(), schedule.name.tolist())], dtype=np.int64)
    row_of = np.full(len(plan), -1, dtype=np.int64)
    row_of[op[op >= 0]] = np.flatnonzero(op >= 0)
    entries: dict[tuple[str, str], list[FloorEntry]] = {}
    for entry in scenario.floor:
        entries.setdefault((entry.lot, entry.operation), []).append(entry)
    return Matched(plan, shop, op, _modes(schedule, plan, shop, op), row_of, leads(schedule), entries)


def _modes(schedule: Schedule, plan: Plan, shop: Shop, op: np.ndarray) -> np.ndarray:
    """The mode of each row; where no team is like the row's, the first that is like it in everything else."""
    mode = np.full(len(schedule), -1, dtype=np.int64)
    first = plan.mode_first.tolist()
    teams = [schedule.teams[t] for t in schedule.team.tolist()] if schedule.team is not None else [()] * len(schedule)
    looks = zip(op.tolist(), schedule.resource.tolist(), schedule.configuration.tolist(), schedule.mode.tolist())
    for i, (o, *wanted) in enumerate(looks):
        if o < 0:
            continue
        like = [m for m in range(first[o], first[o + 1]) if wanted == [
            plan.mode_resource[m], plan.mode_configuration[m], plan.mode_index[m]]]
        mode[i] = next((m for m in like if shop.teams[shop.mode_team[m]] == tuple(teams[i])), like[0] if like else -1)
    return mode


def leads(schedule: Schedule) -> np.ndarray:
    """Which rows are in no batch or have the first position of it, [n] bool."""
    found = np.ones(len(schedule), dtype=bool)
    if schedule.batch is None or not (schedule.batch >= 0).any():
        return found
    rows = np.flatnonzero(schedule.batch >= 0)
    rows = rows[np.lexsort((rows, schedule.position[rows], schedule.batch[rows]))]
    batch = schedule.batch[rows]
    found[rows[1:][batch[1:] == batch[:-1]]] = False
    return found


def run_micros(scenario: Scenario, schedule: Schedule, found: Matched) -> tuple[np.ndarray, np.ndarray]:
    """(micros, term) of running each row, [n]: what its mode costs as planned, whatever time the row takes.

    Of a batch all but the first row pay only what is not shared. A row without such a mode costs its time.
    """
    resources, cells = scenario.resources, scenario.plant.cells
    rate = np.array([r.rate for r in resources], dtype=np.int64)
    bought = np.array([cells[r.cell].kind == "subcontractor" for r in resources], dtype=bool)
    micros = rate[schedule.resource] * (schedule.end - schedule.start)
    term = np.where(bought[schedule.resource], SUBCONTRACTING, PROCESSING)
    known = found.mode >= 0
    mode = found.mode[known]
    micros[known] = found.plan.mode_cost[mode] - np.where(found.leads[known], 0, found.shop.mode_shared[mode])
    term[known] = found.shop.mode_term[mode]
    return micros, term


def facts(scenario: Scenario, schedule: Schedule, found: Matched) -> np.ndarray:
    """Which rows already happened or were begun, [n] bool."""
    names, lots = schedule.names, schedule.lots.id
    done = {key for key, entries in found.entries.items() if any(e.state in ("finished", "started") for e in entries)}
    return np.array([(lots[lot], names[name]) in done
                     for lot, name in zip(schedule.lot.tolist(), schedule.name.tolist())], dtype=bool)


__all__ = ["MAINTENANCE", "MICRO", "Matched", "facts", "leads", "matched", "run_micros"]
