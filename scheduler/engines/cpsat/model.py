"""The CP-SAT model of a problem: one function per family of constraints, called from one list."""

from __future__ import annotations

from collections.abc import Callable

from scheduler.engines.cpsat.circuits import add_circuits, add_working_time
from scheduler.engines.cpsat.draft import Draft, Hint
from scheduler.engines.cpsat.facts import NEVER, Facts
from scheduler.engines.cpsat.measures import add_jobs, add_lead_time, add_makespan, add_money, add_weighted_tardiness
from scheduler.engines.cpsat.operations import add_no_overlap, add_operations, add_precedence, add_transport
from scheduler.engines.cpsat.redundant import add_entering_setups, add_groups, add_loads
from scheduler.engines.cpsat.spans import Spans
from scheduler.problem.problem import MEASURES, Solution

FAMILIES = (
    add_operations,
    add_precedence,
    add_transport,
    add_no_overlap,
    add_working_time,
    add_circuits,
    add_jobs,
    add_makespan,
    add_weighted_tardiness,
    add_lead_time,
    add_money,
    add_entering_setups,
    add_groups,
    add_loads,
)
SEARCHED = FAMILIES[:-2]
"""Without what only helps to prove."""


def build(
    facts: Facts,
    spans: Spans,
    limits: list[int],
    level: str | None,
    start: Solution | None,
    express: tuple[str, ...] = (),
    stopped: Callable[[], bool] = lambda: False,
    families: tuple[Callable[[Draft], None], ...] = FAMILIES,
) -> Draft:
    """The model that minimises measure `level` (None: any schedule) with every measure at most its limit (NEVER: none).

    Deadlines are in the spans. `start` becomes a complete hint. express: further measures to
    have an expression of. stopped: ends the building early; the model must then not be solved.
    """
    needed = tuple(m for m, limit in zip(MEASURES, limits) if m == level or limit < NEVER or m in express)
    draft = Draft(facts, spans, Hint.of(facts, start) if start is not None else None, needed, stopped)
    if not all(spans.live):
        draft.cp.add_bool_or([])
        return draft
    for family in families:
        family(draft)
    for measure, limit in zip(MEASURES, limits):
        if limit < NEVER:
            draft.cp.add(draft.measures[measure] <= limit)
    draft.give_hint()
    if level is not None:
        draft.cp.minimize(draft.measures[level])
    return draft
