"""The judge: whether a schedule is one the scenario allows, said by nobody who made it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from scheduler.domain.results import Violation
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.validation.columns import columns_of
from scheduler.validation.context import Context
from scheduler.validation.rules.alternatives import alternatives
from scheduler.validation.rules.batches import batches
from scheduler.validation.rules.budgets import budgets
from scheduler.validation.rules.buffers import buffers
from scheduler.validation.rules.calendar import calendar
from scheduler.validation.rules.campaigns import campaigns
from scheduler.validation.rules.completeness import completeness
from scheduler.validation.rules.crews import crews
from scheduler.validation.rules.deadline import deadline
from scheduler.validation.rules.duration import duration
from scheduler.validation.rules.eligibility import eligibility
from scheduler.validation.rules.fixtures import fixtures
from scheduler.validation.rules.floor import floor
from scheduler.validation.rules.header import header
from scheduler.validation.rules.horizon import horizon
from scheduler.validation.rules.links import links
from scheduler.validation.rules.maintenance import maintenance
from scheduler.validation.rules.material import material
from scheduler.validation.rules.modules import modules
from scheduler.validation.rules.overlap import overlap
from scheduler.validation.rules.overtime import overtime
from scheduler.validation.rules.pooling import pooling
from scheduler.validation.rules.precedence import precedence
from scheduler.validation.rules.reconfiguration import reconfiguration
from scheduler.validation.rules.refusal import refusal
from scheduler.validation.rules.release import release
from scheduler.validation.rules.stock import stock
from scheduler.validation.rules.structure import structure
from scheduler.validation.rules.supply import supply
from scheduler.validation.rules.tools import tools
from scheduler.validation.rules.vehicles import vehicles
from scheduler.validation.rules.work_in_process import work_in_process
from scheduler.validation.shop import context_of

Rule = Callable[[Context], Iterable[Violation]]

RULES: tuple[Rule, ...] = (
    structure, completeness, eligibility, duration, horizon, overlap, reconfiguration, calendar, precedence, release,
    material, stock, tools, deadline, budgets, floor, crews, fixtures, modules, campaigns, overtime, maintenance, links,
    vehicles, supply, refusal, alternatives, pooling, batches, buffers, work_in_process, header)
"""In the order in which they speak: from `floor` on those that a plain shop has no need of. `header` comes last: it
asks whether the others found anything."""


def validate(scenario: Scenario, schedule: Schedule, limit: int = 1000) -> list[Violation]:
    """Every violation in `schedule`, rule by rule, at most `limit` of them; an empty list means the schedule is valid.

    What had to be made is derived from `scenario` alone. The schedule may be wrong in any way: that gives violations,
    never an exception. Where there are more than `limit`, every rule that found something keeps a fair share.
    """
    columns = columns_of(schedule)
    if isinstance(columns, list):
        return columns[:limit]
    context = context_of(scenario, schedule, columns)
    found: list[list[Violation]] = []
    for rule in RULES:
        found.append(list(islice(rule(context), limit)))
        context.clean = context.clean and not found[-1]
    return _shared_out(found, limit)


def _shared_out(found: list[list[Violation]], limit: int) -> list[Violation]:
    """All violations, or the longest lists cut until `limit` is kept."""
    room, kept = max(0, limit), [0] * len(found)
    by_length = sorted(range(len(found)), key=lambda k: len(found[k]))
    for done, k in enumerate(by_length):
        kept[k] = min(len(found[k]), room // (len(found) - done))
        room -= kept[k]
    return [violation for violations, count in zip(found, kept) for violation in violations[:count]]
