"""Kernels as plain Python, as they run while they are being compiled, say the same as compiled ones."""

from __future__ import annotations

import os
import subprocess
import sys

from scheduler.engines.contract import Channel, Limits
from scheduler.engines.dispatch import DispatchEngine
from scheduler.problem.rules import RUN
from tests.engines.small import shop
from tests.rules.problems import ruled


def dispatched() -> tuple[int, ...]:
    """Key of the best of all lists for three operations and a crew: two people from tick 3, one from tick 9 on."""
    problem = ruled(shop([[[(0, 4)]], [[(1, 4)]], [[(2, 4)]]]), pool_first=[0, 3], pool_time=[0, 3, 9],
                    pool_capacity=[0, 2, 1], need_first=[0, 1, 2, 3], need_pool=[0] * 3, need_quantity=[1] * 3,
                    need_phase=[RUN] * 3)
    _, key = DispatchEngine().construct(problem, Limits(seconds=600), Channel())
    return key


def test_dispatching_in_plain_python_finds_the_same_schedule() -> None:
    said = subprocess.run([sys.executable, "-c", "from tests.engines.test_plain_python import dispatched\n"
                           "print(*dispatched())"], env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True,
                          text=True, check=True)
    assert tuple(map(int, said.stdout.split())) == dispatched() == (0, 11)
