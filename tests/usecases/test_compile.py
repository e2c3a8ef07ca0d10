"""Compiling happens before the clock of a search runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import scheduler.engines.annealing_kernel as a, scheduler.engines.annealing_state as b
import scheduler.engines.dispatch_kernel as c, scheduler.problem.bounds as d, scheduler.problem.timing as e
from scheduler import Options, load, solve
from scheduler.usecases.compile import compile_kernels

def compiled():
    return {(m.__name__, n, str(s)) for m in (a, b, c, d, e) for n, f in vars(m).items()
            for s in getattr(f, "signatures", ())}

compile_kernels(lambda _: None)
before = compiled()
assert before
solve(load(%r), Options(engine="annealing", deterministic_limit=0.01))
print(len(compiled() - before))
"""


def test_a_solve_compiles_nothing_that_was_not_compiled_before() -> None:
    story = Path(__file__).parents[2] / "scenarios" / "special_vehicles"
    run = subprocess.run([sys.executable, "-c", SCRIPT % str(story)], capture_output=True, text=True, check=False,
                         env=dict(os.environ))
    assert run.returncode == 0, run.stderr
    assert run.stdout.split()[-1] == "0"
