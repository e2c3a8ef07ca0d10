"""python -m tests.generated --rules: many factories with rules, a line for each, and what was drawn and really used."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable

from tests.generated.rules.factories import RULES
from tests.generated.rules.proof import Ruled, prove_ruled

STATUSES = ("optimal", "feasible", "infeasible", "not_found")


def run(seeds: Iterable[int], limit: float, small: int) -> int:
    """Solves the factories of all seeds; how many of them are wrong."""
    began, found = time.monotonic(), []
    for seed in seeds:
        found.append(prove_ruled(seed, limit, small))
        print(line(found[-1]), flush=True)
        for what in found[-1].wrong:
            print(f"seed {seed}: {what}", flush=True)
    print(summary(found, time.monotonic() - began))
    return sum(bool(one.wrong) for one in found)


def line(one: Ruled) -> str:
    """Result of one factory: status and objective by engine, rules drawn."""
    results = ", ".join(f"{name} {o.status}" + (f" {o.objective}" if o.objective is not None else "")
                        for name, o in one.proof.outcomes.items())
    return (f"{one.seed}: {one.operations} operations, {len(one.laid)} rules, {results}"
            f"{'' if not one.wrong else f' - {len(one.wrong)} WRONG'}")


def summary(found: list[Ruled], seconds: float) -> str:
    status, drawn, used = Counter[tuple[str, str]](), Counter[str](), Counter[str]()
    for one in found:
        drawn.update(one.laid)
        used.update(one.used)
        status.update((name, o.status) for name, o in one.proof.outcomes.items())
    scheduled = sum(any(o.schedule is not None for o in one.proof.outcomes.values()) for one in found)
    proven = sum(any(o.status in ("optimal", "infeasible") for o in one.proof.outcomes.values()) for one in found)
    lines = [f"{len(found)} factories in {seconds:.0f} s, {scheduled} with a schedule, {proven} proven optimal or "
             f"infeasible; {sum(one.operations for one in found)} operations"]
    for name in dict.fromkeys(name for name, _ in status):
        lines.append(f"  {name}: " + ", ".join(f"{status[name, s]} {s}" for s in STATUSES))
    lines.append("  drawn: " + ", ".join(f"{name} {drawn[name]}" for name in RULES))
    lines.append("  really used: " + ", ".join(f"{name} {n}" for name, n in sorted(used.items())))
    lines.append(f"mismatches: {sum(bool(one.wrong) for one in found)}")
    return "\n".join(lines)
