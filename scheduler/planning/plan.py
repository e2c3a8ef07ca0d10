"""The plan: all lots and operations an order book needs, as columns, before anything has a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.domain.schedule import Lots, Pegs


@dataclass(frozen=True, eq=False)
class Shop:
    """What a plan says beyond the plain shop. -1 means none. n operations, M modes, A arcs, B branches.

    Operations [n]: op_quantity: pieces it works on; op_branch; op_latest: latest end, tick (NEVER: none); op_supply:
    row of Plan.pegs that this operation supplies (it is no operation of the schedule, comes last in the lot that needs
    it, is named 'supply of COMPONENT', and its modes have mode_resource -1; the peg's source and available wait for the
    solver); op_batch: index into batch_names; op_places: places per piece (modes on resources whose batch they exceed
    are still there). branch_choice [B]: choices are numbered from 0; the branches of a choice stand together, the part
    as given first.
    Modes [M]: mode_pause (bool), mode_load, mode_unload: ticks; mode_term: index into TERMS; mode_shared: millionths of
    a hundredth, the part of mode_cost that a batch pays once; mode_source: index into SOURCES for supply, else -1;
    mode_team: index into teams (0: no needs).
    teams: the crew of each need, in order (the operation's `crews`, then those of the cell's reconfiguration);
    team_needs, aligned: (crew, people, phase of problem.rules as written there) of each.
    fixture_first [M+1] with fixture (index into plant.fixtures), fixture_number, fixture_held (bool: from the
    reconfiguration on). stocked: components whose stock the solver shares out; op_component [n]: index into it.
    Arcs [A], aligned with arc_from: arc_min, arc_max (ticks, NEVER: none); head_first [A+1], head: ticks until the
    first transfer lot is done, per mode of arc_from (empty: no transfer); tail_first [A+1], tail: ticks of the last
    transfer lot, per mode of arc_to.
    Holds: hold_fixture, hold_number, hold_from, hold_to. Links: link_kind (as in problem.rules), link_a, link_b.
    """

    op_quantity: np.ndarray
    op_branch: np.ndarray
    op_latest: np.ndarray
    op_supply: np.ndarray
    op_component: np.ndarray
    op_batch: np.ndarray
    op_places: np.ndarray
    batch_names: tuple[str, ...]
    branch_choice: np.ndarray
    mode_pause: np.ndarray
    mode_load: np.ndarray
    mode_unload: np.ndarray
    mode_term: np.ndarray
    mode_shared: np.ndarray
    mode_source: np.ndarray
    mode_team: np.ndarray
    teams: tuple[tuple[str, ...], ...]
    team_needs: tuple[tuple[tuple[int, int, int], ...], ...]
    fixture_first: np.ndarray
    fixture: np.ndarray
    fixture_number: np.ndarray
    fixture_held: np.ndarray
    stocked: tuple[str, ...]
    arc_min: np.ndarray
    arc_max: np.ndarray
    head_first: np.ndarray
    head: np.ndarray
    tail_first: np.ndarray
    tail: np.ndarray
    hold_fixture: np.ndarray
    hold_number: np.ndarray
    hold_from: np.ndarray
    hold_to: np.ndarray
    link_kind: np.ndarray
    link_a: np.ndarray
    link_b: np.ndarray


@dataclass(frozen=True, eq=False)
class Plan:
    """Operations in columns of length n, lot by lot (each lot's operations are contiguous); modes in columns of
    length M, operation by operation.

    lots, pegs: as in the schedule. lot_first: [L+1] first operation of each lot.
    op_lot; op_name: index into names; op_release: tick before which it cannot start (order release, arrival of bought
    components). mode_first: [n+1]; mode_resource: index into Scenario.resources; mode_configuration; mode_index: 0
    the operation as given, k its k-th alternative; mode_duration: ticks; mode_cost: millionths of a hundredth (rate
    x time + fixed). arc_from, arc_to: operations, from completes before to starts (plus transport).
    lot_material: millionths of a hundredth per lot: materials bought, taken from stock and consumed for it (what a
    supply operation brings is the cost of its mode instead).
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
    shop: Shop | None = None
    """None where nothing of it is used."""

    def __len__(self) -> int:
        return len(self.op_lot)
