"""The plan: all lots and operations an order book needs, as columns, before anything has a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.domain.schedule import Lots, Pegs


@dataclass(frozen=True, eq=False)
class Plan:
    """Operations in columns of length n, lot by lot (each lot's operations are contiguous); modes in columns of
    length M, operation by operation.

    lots, pegs: as in the schedule. lot_first: [L+1] first operation of each lot.
    op_lot; op_name: index into names; op_release: tick before which it cannot start (order release, arrival of bought
    components). mode_first: [n+1]; mode_resource: index into Scenario.resources; mode_configuration; mode_index: 0
    the operation as given, k its k-th alternative; mode_duration: ticks; mode_cost: millionths of a hundredth (rate
    x time + fixed). arc_from, arc_to: operations, from completes before to starts (plus transport).
    lot_material: millionths of a hundredth per lot: materials bought, taken from stock and consumed for it.
    """

    lots: Lots
    pegs: Pegs
    names: tuple[str, ...]
    lot_first: np.ndarray
    lot_material: np.ndarray
    op_lot: np.ndarray
    op_name: np.ndarray
    op_release: np.ndarray
    mode_first: np.ndarray
    mode_resource: np.ndarray
    mode_configuration: np.ndarray
    mode_index: np.ndarray
    mode_duration: np.ndarray
    mode_cost: np.ndarray
    arc_from: np.ndarray
    arc_to: np.ndarray

    def __len__(self) -> int:
        return len(self.op_lot)
