"""Rule crews: the people an operation needs can do it, are there, and are not elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.hours import NORMAL, Hours
from scheduler.validation.loads import Load, excesses
from scheduler.validation.shop import Shop

RULE = "crews"


def crews(context: Context) -> Iterator[Violation]:
    """Forbids an operation that does not name a crew with the skill for each of its needs (and its cell's, when that is
    reconfigured), a run while too few of a crew are on shift, and more people of a crew at work at once than are there,
    in runs, loading, unloading and reconfiguration.

    Allows one crew for several needs, and a pausing operation to stand still while its crew is off shift.
    """
    if not isinstance(context, Shop):
        return
    loads: dict[str, list[Load]] = {}
    for i in context.crewed:
        if i not in context.staffed:
            yield from _named(context, i)
            continue
        if not context.fact[i]:
            yield from _there(context, i)
        if context.leads[i]:
            for crew, load in _loads(context, i):
                loads.setdefault(crew, []).append(load)
    if context.columns.extras.team is not None:
        rows = np.flatnonzero(context.sound & (context.way >= 0) & (context.columns.extras.team > 0))
        for i in rows.tolist():
            if context.team(i) and not context.crew_needs(i):
                yield context.blame(RULE, i, f"names {', '.join(context.team(i))}, but needs no people.")
    for crew, mine in loads.items():
        for time, used, there, row in excesses(mine, context.people(crew), context.scenario.now):
            yield context.blame(RULE, row, f"asks for {crew} at {context.when(time)}, when {used} of them are needed "
                                           f"at once, but {there} are there.", time)


def _named(context: Shop, row: int) -> Iterator[Violation]:
    needs, team, known = context.crew_needs(row), context.team(row), context.scenario.plant.crews
    if context.fact[row] and not team:
        return
    if len(needs) != len(team):
        yield context.blame(RULE, row, f"names {len(team)} crews ({', '.join(team) or 'none'}), but has {len(needs)} "
                                       f"needs: {', '.join(f'{n.people} for {n.skill}' for n in needs)}.")
        return
    for need, crew in zip(needs, team):
        if crew not in known:
            yield context.blame(RULE, row, f"names the crew {crew}, which the plant does not have.")
        elif need.skill not in known[crew].skills:
            yield context.blame(RULE, row, f"names {crew} for {need.skill}, but they do not have that skill.")


def _there(context: Shop, row: int) -> Iterator[Violation]:
    """Whether every crew of the run is on shift with enough people, in all that is open of the resource."""
    start, end, resource = int(context.start[row]), int(context.end[row]), int(context.resource[row])
    detail = context.tables.details[int(context.operation[row])] if context.tables.details else None
    for need, crew in context.staffed[row]:
        if need.during != "run":
            continue
        hours = context.crew_hours(crew)
        enough = hours.rates >= need.people
        there = Hours(hours.starts[enough], hours.ends[enough], hours.rates[enough])
        if start == end:
            fine = bool(there.touches(np.array([start]))[0])
        elif detail is not None and detail.pausing:
            fine = bool(there.rate(np.array([start]))[0] > 0)
        else:
            usual = context.open_hours(resource).open_parts(start, end)
            fine = all(there.between(a, b) == b - a for a, b in usual)
        if not fine:
            when = "at its start" if start == end or (detail is not None and detail.pausing) else "throughout"
            yield context.blame(RULE, row, f"runs from {context.when(start)} to {context.when(end)} and needs "
                                           f"{need.people} of {crew}, who are not there {when}.")


def _loads(context: Shop, row: int) -> Iterator[tuple[str, Load]]:
    """(crew, load) of each part of an operation in which people are busy."""
    start, end, work = int(context.start[row]), int(context.end[row]), int(context.work[row]) * NORMAL
    axis, free = context.scenario.axis, not context.fact[row]
    detail = context.tables.details[int(context.operation[row])] if context.tables.details else None
    for need, crew in context.staffed[row]:
        hours, since, until = context.run_hours(row), start, end
        if need.during == "reconfiguration":
            hours, since = context.setup_hours(row), int(context.prepared[row])
            until = min(start, int(context.rec_end[row]))
        elif need.during == "loading":
            done = hours.done(start, axis.duration(detail.loading) * NORMAL) if detail else start
            until = end if done is None else min(end, done)
        elif need.during == "unloading":
            last = hours.done(start, work - axis.duration(detail.unloading) * NORMAL) if detail else end
            since = end if last is None else last
        parts = hours.open_parts(since, until) if free else [(since, until)]
        for a, b in parts:
            yield crew, Load(a, b, need.people, row, free)
