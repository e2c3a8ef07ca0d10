"""The linear program of the bounds: least C so that every operation is done by its modes and every cut holds.

A cut is `constant + sum of coefficient x mode <= weight x C` with integer data, where `mode` is the share of an
operation that a mode does. The program only finds good multipliers: the bound is computed from them in integers
(`priced`), so no tolerance of a solver can make it wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numba import njit
from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    model_update_pb2,
    parameters_pb2,
    result_pb2,
)
from ortools.math_opt.core.python import solver as mathopt
from ortools.math_opt.python.solve import StatusNotOk  # type: ignore[attr-defined]

SCALE = 1 << 24
"""Sum of the integer multipliers: rounding them to integers loses about one part in ten million of the bound."""
DEAD = np.int64(1 << 61)


@dataclass(eq=False)
class Cuts:
    """Cuts in CSR form: constant, weight [q] (ticks, count); mode, coefficient (ticks) of cut i from first[i] on."""

    constant: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    weight: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    first: np.ndarray = field(default_factory=lambda: np.zeros(1, np.int64))
    mode: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    coefficient: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.constant)

    def join(self, other: Cuts) -> Cuts:
        """These cuts and then the others."""
        return Cuts(np.concatenate((self.constant, other.constant)), np.concatenate((self.weight, other.weight)),
                    np.concatenate((self.first, self.first[-1] + other.first[1:])),
                    np.concatenate((self.mode, other.mode)), np.concatenate((self.coefficient, other.coefficient)))

    def take(self, which: np.ndarray) -> Cuts:
        """Only the cuts where `which` [q] bool is true."""
        term = np.repeat(which, np.diff(self.first))
        first = np.concatenate(([0], np.cumsum(np.diff(self.first)[which])))
        return Cuts(self.constant[which], self.weight[which], first, self.mode[term], self.coefficient[term])


class Program:
    """The program over some modes, solved again after each addition of cuts from where it stood.

    mode_first [n+1]; alive [M] bool: modes it may use, at least one of each operation; least: C is at least this
    (ticks). With fewer modes than there are its value is no bound; what `priced` makes of its multipliers is.
    """

    def __init__(self, mode_first: np.ndarray, alive: np.ndarray, least: int) -> None:
        self.mode_first, self.alive, self.least = mode_first, alive, max(1, least)
        self.cuts = Cuts()
        self.modes = np.flatnonzero(alive)
        self.column = np.full(len(alive), -1, dtype=np.int64)
        self.column[self.modes] = np.arange(len(self.modes))
        self.operations = len(mode_first) - 1
        count = len(self.modes)
        model = model_pb2.ModelProto()
        _columns(model.variables, count + 1)
        model.objective.linear_coefficients.ids.append(count)
        model.objective.linear_coefficients.values.append(1.0)
        _rows(model.linear_constraints, 0, np.ones(self.operations), np.ones(self.operations))
        owner = np.repeat(np.arange(self.operations), np.diff(mode_first))[self.modes]
        _matrix(model.linear_constraint_matrix, owner, np.arange(count), np.ones(count))
        self._solver: Any = mathopt.new(  # type: ignore[no-untyped-call]
            parameters_pb2.SOLVER_TYPE_GLOP, model, parameters_pb2.SolverInitializerProto())

    def add(self, cuts: Cuts) -> None:
        """Adds cuts; terms of modes that are not alive are left out."""
        base = self.operations + len(self.cuts)
        update = model_update_pb2.ModelUpdateProto()
        _rows(update.new_linear_constraints, base, cuts.constant / self.least, np.full(len(cuts), np.inf))
        row = np.repeat(np.arange(len(cuts)), np.diff(cuts.first))
        live = self.alive[cuts.mode] & (cuts.coefficient != 0)
        row = np.concatenate((row[live], np.arange(len(cuts))))
        column = np.concatenate((self.column[cuts.mode[live]], np.full(len(cuts), len(self.modes))))
        value = np.concatenate((-cuts.coefficient[live] / self.least, cuts.weight))
        order = np.lexsort((column, row))
        _matrix(update.linear_constraint_matrix_updates, base + row[order], column[order], value[order])
        if not self._solver.update(update):
            raise RuntimeError("the linear solver does not take new rows")
        self.cuts = self.cuts.join(cuts)

    def solve(self, seconds: float) -> tuple[float, np.ndarray, np.ndarray] | None:
        """(C in ticks, share of each mode [M], integer multiplier of each cut) at the optimum; None where time was
        up or the solver gave up."""
        parameters = parameters_pb2.SolveParametersProto()
        parameters.time_limit.FromNanoseconds(max(1, int(seconds * 1e9)))
        parameters.glop.use_dual_simplex = True  # a new row leaves the basis dual feasible
        parameters.glop.use_preprocessing = False
        try:
            result: Any = self._solver.solve(parameters, model_parameters_pb2.ModelSolveParametersProto(), None,
                                             _NO_CALLBACK, None, None)
        except StatusNotOk:  # GLOP gives up on some degenerate programs ("ABNORMAL"): no multipliers, no bound
            return None
        if result.termination.reason != result_pb2.TERMINATION_REASON_OPTIMAL:
            return None
        found = result.solutions[0]
        value = _dense(found.primal_solution.variable_values, len(self.modes) + 1)
        dual = _dense(found.dual_solution.dual_values, self.operations + len(self.cuts))
        share = np.zeros(len(self.alive))
        share[self.modes] = value[:-1]
        return value[-1] * self.least, share, self._integers(dual[self.operations:])

    def _integers(self, dual: np.ndarray) -> np.ndarray:
        largest = max(int(self.cuts.constant.max(initial=1)), int(self.cuts.coefficient.max(initial=1)), self.least)
        scale = min(SCALE, (1 << 60) // (largest * 4 * max(1, self.operations)))
        whole: np.ndarray = np.rint(np.maximum(dual, 0) * scale).astype(np.int64)
        return whole


_NO_CALLBACK = callback_pb2.CallbackRegistrationProto()


def priced(mode_first: np.ndarray, alive: np.ndarray, cuts: Cuts,
           multiplier: np.ndarray) -> tuple[int, int, np.ndarray]:
    """(numerator, denominator, price [M]): no C below numerator / denominator satisfies the cuts, exactly, for any
    multipliers >= 0 (Lagrangian relaxation of the cuts).

    price: what each mode adds to the numerator; an operation with a mode that costs x more than its cheapest one raises
    the numerator by x.
    """
    price = np.zeros(len(alive), dtype=np.int64)
    _price(cuts.first, cuts.mode, cuts.coefficient, multiplier, price)
    price[~alive] = DEAD
    cheapest = np.minimum.reduceat(price, mode_first[:-1])
    constant = int((multiplier * cuts.constant).sum())
    return constant + int(cheapest.sum()), int((multiplier * cuts.weight).sum()), price


@njit(cache=True, nogil=True)
def _price(first: Any, mode: Any, coefficient: Any, multiplier: Any, price: Any) -> None:
    for i in range(len(multiplier)):
        if multiplier[i] > 0:
            for z in range(first[i], first[i + 1]):
                price[mode[z]] += multiplier[i] * coefficient[z]


def _dense(vector: Any, size: int) -> np.ndarray:
    found = np.zeros(size)
    found[np.array(vector.ids, np.int64)] = vector.values
    return found


def _columns(into: Any, count: int) -> None:
    into.ids.extend(range(count))
    into.lower_bounds.extend([0.0] * count)
    into.upper_bounds.extend([math.inf] * count)
    into.integers.extend([False] * count)


def _rows(into: Any, base: int, lower: np.ndarray, upper: np.ndarray) -> None:
    into.ids.extend(range(base, base + len(lower)))
    into.lower_bounds.extend(lower.tolist())
    into.upper_bounds.extend(upper.tolist())


def _matrix(into: Any, row: np.ndarray, column: np.ndarray, value: np.ndarray) -> None:
    into.row_ids.extend(row.tolist())
    into.column_ids.extend(column.tolist())
    into.coefficients.extend(value.tolist())
