"""The model while it is being built: CP-SAT model, variables by meaning, and the complete hint that goes with them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from scheduler.engines.cpsat.facts import Facts
from scheduler.engines.cpsat.spans import Spans
from scheduler.problem.problem import Solution
from scheduler.problem.timing import sequences

Expr = Any
"""A linear expression, a variable or an int, as CP-SAT takes them."""


@dataclass(eq=False)
class Hint:
    """A schedule as the families ask for it: chosen modes, times, immediate successors on each resource."""

    mode: list[int]
    start: list[int]
    end: list[int]
    follows: set[tuple[int, int]]
    """(mode before, mode after) on one resource; -1 for none before the first or after the last."""

    @classmethod
    def of(cls, facts: Facts, solution: Solution) -> Hint:
        first, seq, length = sequences(facts.problem, solution)
        mode = solution.mode.tolist()
        follows: set[tuple[int, int]] = set()
        for r in range(facts.problem.resources):
            row = [-1, *(mode[o] for o in seq[first[r] : first[r] + length[r]].tolist()), -1]
            follows.update(itertools.pairwise(row))
        return cls(mode, solution.start.tolist(), solution.end.tolist(), follows)


@dataclass(eq=False)
class Draft:
    """One CP-SAT model.

    start, end: per operation; present: literal per live mode; intervals: per resource (mode, interval);
    arcs: per resource with setups {(mode before, mode after): literal}, -1 as in Hint; entering_arcs: per operation
    (cost micros, literal, resource) of arcs into it; delivery, tardiness, stay: per job as far as asked for;
    measures: expression of each measure asked for. Every variable gets its value of the hint as it is made.
    """

    facts: Facts
    spans: Spans
    hint: Hint | None
    levels: tuple[str, ...]
    """Measures that need an expression."""
    stopped: Callable[[], bool] = lambda: False
    """Asked now and then while a large model is built; once it says so the model is incomplete and must not be
    solved."""
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    start: list[Expr] = field(default_factory=list)
    end: list[Expr] = field(default_factory=list)
    present: dict[int, Expr] = field(default_factory=dict)
    intervals: list[list[tuple[int, Any]]] = field(default_factory=list)
    clocks: dict[tuple[int, int], Expr] = field(default_factory=dict)
    arcs: list[dict[tuple[int, int], Expr]] = field(default_factory=list)
    entering_arcs: list[list[tuple[int, Expr, int]]] = field(default_factory=list)
    stay: dict[int, Expr] = field(default_factory=dict)
    delivery: dict[int, Expr] = field(default_factory=dict)
    tardiness: dict[int, Expr] = field(default_factory=dict)
    measures: dict[str, Expr] = field(default_factory=dict)
    values: dict[int, int] = field(default_factory=dict)
    """Hinted value by variable index, also of derived variables."""
    _always: Any = field(default=None, init=False)

    def literal(self, value: Any = None) -> Any:
        """A new literal; value: what it is in the hint."""
        return self._hinted(self.cp.new_bool_var(""), value)

    def integer(self, low: int, high: int, value: Any = None) -> Any:
        """A new integer variable; value: what it is in the hint (clipped to its domain)."""
        return self._hinted(self.cp.new_int_var(low, high, ""), None if value is None else min(max(value, low), high))

    def within(self, ranges: Iterable[tuple[int, int]], value: Any = None) -> Any:
        """A new integer variable with several intervals as domain."""
        domain = cp_model.Domain.from_intervals([list(r) for r in ranges])
        return self._hinted(self.cp.new_int_var_from_domain(domain, ""), value)

    def always(self) -> Any:
        """The literal that is true."""
        if self._always is None:
            self._always = self.cp.new_constant(1)
        return self._always

    def _hinted(self, variable: Any, value: Any) -> Any:
        if self.hint is not None and value is not None:
            self.values[variable.index] = int(value)
        return variable

    def give_hint(self) -> None:
        """Puts all hinted values into the model at once (one by one is slow)."""
        hint = self.cp.proto.solution_hint
        hint.vars.extend(list(self.values))
        hint.values.extend(list(self.values.values()))

    def chosen(self, mode: int) -> bool | None:
        """Whether the hint uses this mode."""
        return None if self.hint is None else self.hint.mode[self.facts.owner[mode]] == mode

    def hinted(self, values: str, index: int) -> int | None:
        """Value of `start` or `end` in the hint."""
        return None if self.hint is None else int(getattr(self.hint, values)[index])

    def read(self, value: Any) -> Solution:
        """The schedule in a solution of the model; value(expression) gives values."""
        facts, n = self.facts, self.facts.n
        mode = np.zeros(n, dtype=np.int64)
        start = np.zeros(n, dtype=np.int64)
        for o in range(n):
            live = self.spans.live[o]
            mode[o] = live[0] if len(live) == 1 else next(m for m in live if value(self.present[m]))
            start[o] = value(self.start[o])
        end = start + facts.problem.mode_duration[mode]
        return Solution(mode, start, end, self._ranks(mode, start, end, value))

    def _ranks(self, mode: np.ndarray, start: np.ndarray, end: np.ndarray, value: Any) -> np.ndarray:
        place = np.zeros(self.facts.n, dtype=np.int64)
        place[self.facts.order] = np.arange(self.facts.n)
        resource = self.facts.problem.mode_resource[mode]
        rank = np.zeros(self.facts.n, dtype=np.int64)
        row: list[int] = []
        for o in [*np.lexsort((place, end, start, resource)).tolist(), -1]:
            if row and (o < 0 or resource[o] != resource[row[0]]):
                rank[self._untied(row, mode, start, end, value)] = np.arange(len(row))
                row = []
            row.append(o)
        return rank

    def _untied(self, row: list[int], mode: np.ndarray, start: np.ndarray, end: np.ndarray, value: Any) -> list[int]:
        """The row with operations of zero duration at the same tick in the order of the circuit."""
        arcs = self.arcs[int(self.facts.problem.mode_resource[mode[row[0]]])] if self.arcs else {}
        if not arcs:
            return row
        found: list[int] = []
        i = 0
        while i < len(row):
            k = i + 1
            while k < len(row) and start[row[k]] == start[row[i]] and end[row[k]] == end[row[i]]:
                k += 1
            tied = row[i:k]
            last = found[-1] if found else -1
            while len(tied) > 1:
                before = int(mode[last]) if last >= 0 else -1
                following = [o for o in tied if (before, int(mode[o])) in arcs and value(arcs[before, int(mode[o])])]
                last = following[0] if following else tied[0]
                tied.remove(last)
                found.append(last)
            found.extend(tied)
            i = k
        return found
