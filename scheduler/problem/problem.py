"""The problem: the factory in flat integer arrays. Knows no names, no dates, no files."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from scheduler.problem.rules import Extra, Rules

FAR = np.int64(1 << 60)
"""Later than everything: no due date, no deadline, beyond the calendar."""
MICRO = 1_000_000
MEASURES = ("money", "makespan", "weighted_tardiness", "lead_time")
TERMS = ("processing", "material", "reconfiguration", "lateness", "holding", "overtime", "subcontracting", "refusal",
         "moving")


@dataclass(frozen=True, eq=False)
class Problem:
    """Operations, modes, accounts, resources, calendars, objective. All arrays int64 unless said otherwise.

    Operations 0..n-1, modes in CSR order of their operation:
      mode_first [n+1]; mode_resource, mode_state, mode_duration (ticks, >= 0), mode_cost (micros) [M].
      pred_first [n+1], pred [A]: operations that must be complete (plus transport) before it starts; succ_first,
      succ: the inverse.
      release [n]: earliest start tick. account [n]: whose costs it carries.
    Accounts 0..J-1 are orders (jobs), J.. are shared lots:
      due, deadline [J] (FAR: none), job_release [J], weight [J] (priority), late_rate, hold_rate [J] (micros per
      tick), early [J]
      (may be delivered before due), fixed_cost [accounts] (micros, material).
    Resources 0..R-1: calendar [R]; location [R] (index into transport; its last row and column are 'no location');
      initial_state [R] (-1: the first operation needs no reconfiguration); states [R] number of states;
      setup_first [R]: offset of the resource's [states x states] matrix in setup_time (ticks of working time) and
      setup_cost (micros).
    Calendars: window_first [K+1]; window_start, window_end (ticks) and window_work (working ticks before the
    window) [W].
      Working time runs only inside windows; a reconfiguration may pause over closed time, an operation must fit one
      window. Beyond the last window nothing can run.
    transport [L+1, L+1]: ticks from location to location.
    Objective: minimise `levels` in order; money = sum over accounts and terms of weights[term] x micros rounded
    half up to 1.
    budgets: limit per measure (FAR: none), in the measure's unit.
    fixed_mode, fixed_start [n]: -1 where free (what already happened, or is pinned).
    rules: everything beyond this, None for a plain problem.
    """

    mode_first: np.ndarray
    mode_resource: np.ndarray
    mode_state: np.ndarray
    mode_duration: np.ndarray
    mode_cost: np.ndarray
    pred_first: np.ndarray
    pred: np.ndarray
    succ_first: np.ndarray
    succ: np.ndarray
    release: np.ndarray
    account: np.ndarray
    due: np.ndarray
    deadline: np.ndarray
    job_release: np.ndarray
    weight: np.ndarray
    late_rate: np.ndarray
    hold_rate: np.ndarray
    early: np.ndarray
    fixed_cost: np.ndarray
    calendar: np.ndarray
    location: np.ndarray
    initial_state: np.ndarray
    states: np.ndarray
    setup_first: np.ndarray
    setup_time: np.ndarray
    setup_cost: np.ndarray
    window_first: np.ndarray
    window_start: np.ndarray
    window_end: np.ndarray
    window_work: np.ndarray
    transport: np.ndarray
    levels: tuple[str, ...] = ("money",)
    weights: np.ndarray = field(default_factory=lambda: np.ones(len(TERMS), dtype=np.int64))
    budgets: np.ndarray = field(default_factory=lambda: np.full(len(MEASURES), FAR, dtype=np.int64))
    fixed_mode: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    fixed_start: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    rules: Rules | None = None

    @property
    def operations(self) -> int:
        return len(self.release)

    @property
    def jobs(self) -> int:
        return len(self.due)

    @property
    def accounts(self) -> int:
        return len(self.fixed_cost)

    @property
    def resources(self) -> int:
        return len(self.calendar)


@dataclass(frozen=True, eq=False)
class Solution:
    """mode [n]: index into the modes; start, end [n]: ticks; rank [n]: place in its resource's sequence, from 0.

    extra: where the problem has rules; mode is then -1 (and start, end, rank 0) for what is absent, and rank on an
    unlimited resource is by start."""

    mode: np.ndarray
    start: np.ndarray
    end: np.ndarray
    rank: np.ndarray
    extra: Extra | None = None
