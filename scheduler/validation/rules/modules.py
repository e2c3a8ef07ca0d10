"""Rule modules: the modules that configurations are composed of are there in limited number."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.hours import constant
from scheduler.validation.loads import Load, excesses
from scheduler.validation.shop import Shop

RULE = "modules"


def modules(context: Context) -> Iterator[Violation]:
    """Forbids more resources to carry a module at once than there are of it. A resource carries the modules of a
    configuration from the reconfiguration to the end of the run, and on to the next operation where that needs them too
    (from the origin, where the initial configuration has them).

    Allows a module to move to another resource in the tick it is no longer needed. That exchanging it takes time is the
    rule of reconfiguration.
    """
    if not isinstance(context, Shop) or not context.scenario.plant.modules:
        return
    rows, _ = context.sequence
    loads: dict[str, list[Load]] = {}
    for r, part in context.lanes:
        sets = [set(conf.modules) for conf in context.cell(r).all_configurations.values()]
        if context.unlimited[r] or not any(sets):
            continue
        initial = context.resources[r].initial
        mounted, since, known = sets[initial] if initial >= 0 else set[str](), 0, True
        for i in rows[part].tolist():
            wanted, begin, end = sets[int(context.configuration[i])], int(context.prepared[i]), int(context.end[i])
            fact = bool(context.fact[i])
            if context.leads[i]:
                for name in sorted(wanted):
                    loads.setdefault(name, []).append(Load(begin, end, 1, i, not fact))
                    if name in mounted:
                        loads[name].append(Load(since, begin, 1, i, not (fact and known)))
            mounted, since, known = wanted, end, fact
    for name, mine in loads.items():
        there_are = constant(context.scenario.plant.modules[name].number)
        for time, used, there, row in excesses(mine, there_are, context.scenario.now):
            yield context.blame(RULE, row, f"needs module {name} at {context.when(time)}, when {used} resources carry "
                                           f"it, but there are {there}.", time)
