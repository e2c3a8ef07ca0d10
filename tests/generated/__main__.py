"""python -m tests.generated --count 500 --seed 1: many generated factories by every engine, with a summary.

With --rules: factories with any mix of the rules of the shop floor, and a line for each.
Exit code 1 where an engine is wrong or contradicts another one or brute force. A wrong factory is printed with its
seed, by which `tests.generated.factories.seeded` makes it again.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from tests.generated.factories import attempts
from tests.generated.proof import Proof, prove
from tests.generated.rules.command import run
from tests.generated.rules.proof import SMALL

STATUSES = ("optimal", "feasible", "infeasible", "not_found")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.generated", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=500, help="factories")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first; the others follow")
    parser.add_argument("--limit", type=float, default=0.3, help="deterministic work for each engine")
    parser.add_argument("--tries", type=int, default=20_000, help="placements brute force may try")
    parser.add_argument("--threads", type=float, default=0.0, help="seconds of the portfolio in two threads besides")
    parser.add_argument("--rules", action="store_true", help="with the rules of the shop floor")
    parser.add_argument("--small", type=int, default=SMALL, help="operations up to which the constraint model joins in")
    given = parser.parse_args()
    if given.rules:
        return 1 if run(range(given.seed, given.seed + given.count), given.limit, given.small) else 0
    began, tally, wrong = time.monotonic(), Counter[tuple[str, str]](), 0
    for seed in range(given.seed, given.seed + given.count):
        factory, refused = attempts(seed)
        proof = prove(factory, given.limit, given.tries, given.threads)
        tally["drawn", "refused"] += refused
        count(tally, proof)
        wrong += bool(proof.wrong)
        for what in proof.wrong:
            print(f"seed {seed}: {what}", flush=True)
    print(summary(tally, given.count, wrong, time.monotonic() - began))
    return 1 if wrong else 0


def count(tally: Counter[tuple[str, str]], proof: Proof) -> None:
    """Adds one factory."""
    truth = proof.truth
    proven = [n for n, found in proof.outcomes.items() if found.status in ("optimal", "infeasible")]
    for name, found in proof.outcomes.items():
        tally[name, found.status] += 1
    if truth is not None:
        tally["brute force", "exact" if truth.exact else "partial"] += 1
        tally["brute force", "agrees with a proof"] += bool(truth.exact and proven)
    tally["all", "proven"] += bool(proven)
    tally["all", "operations"] += max((len(o.schedule) for o in proof.outcomes.values() if o.schedule), default=0)
    tally["all", "scheduled"] += any(o.schedule is not None for o in proof.outcomes.values())


def summary(tally: Counter[tuple[str, str]], factories: int, wrong: int, seconds: float) -> str:
    lines = [f"{factories} factories in {seconds:.0f} s, {tally['all', 'scheduled']} with a schedule "
             f"({tally['all', 'operations']} operations), {tally['all', 'proven']} proven optimal or infeasible by an "
             f"engine; {tally['drawn', 'refused']} drawn besides had mistakes"]
    for name in dict.fromkeys(name for name, status in tally if status in STATUSES):
        lines.append(f"  {name}: " + ", ".join(f"{tally[name, s]} {s}" for s in STATUSES))
    lines.append(f"  brute force: tried everything in {tally['brute force', 'exact']}, a part in "
                 f"{tally['brute force', 'partial']}; agrees with {tally['brute force', 'agrees with a proof']} proofs")
    lines.append(f"mismatches: {wrong}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
