"""The modes that are left, as columns of a problem with rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import SOURCES
from scheduler.encoding.clocks import CrewNeeds, offsets
from scheduler.encoding.floor import Floor
from scheduler.planning.plan import Plan, Shop


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns of the modes that are left [M], resources with the one for supply [R], operations [n].

    first [n+1]; op [M]: operation of each mode; resource, state, duration (ticks) [M]; key [M]: index into keys, the
    pairs (resource, team) in use; release [n]: earliest start; unlimited [R]; supply (bool): there is such a resource,
    the last.
    """

    first: np.ndarray
    op: np.ndarray
    resource: np.ndarray
    state: np.ndarray
    duration: np.ndarray
    key: np.ndarray
    keys: tuple[tuple[int, int], ...]
    release: np.ndarray
    unlimited: np.ndarray
    supply: bool


def columns_of(scenario: Scenario, plan: Plan, shop: Shop, floor: Floor) -> Columns:
    """The columns. What is bought from an order's release on comes so long after that release, even where now is
    later; an expedited purchase can only be ordered from now on."""
    modes = np.flatnonzero(floor.kept)
    op = np.repeat(np.arange(len(plan)), np.diff(plan.mode_first))[modes]
    source, supply = shop.mode_source[modes], shop.op_supply[op] >= 0
    release = np.maximum(plan.op_release, floor.supplied)
    duration = plan.mode_duration[modes].copy()
    ordered = np.where(source == SOURCES.index("buy"), 0, scenario.now)
    there = np.maximum(plan.op_release[op], ordered) + duration
    bought = supply & (source != SOURCES.index("stock"))
    duration[bought] = np.maximum(0, there - np.maximum(release[op], scenario.now))[bought]
    duration[supply & floor.fact[op]] = 0
    resource = np.where(supply, len(scenario.resources), plan.mode_resource[modes])
    teams = max(1, len(shop.teams))
    pairs, key = np.unique(resource * teams + shop.mode_team[modes], return_inverse=True)
    outside = [scenario.plant.cells[r.cell].kind == "subcontractor" for r in scenario.resources]
    return Columns(
        first=offsets(np.bincount(op, minlength=len(plan))), op=op, resource=resource,
        state=np.where(supply, 0, plan.mode_configuration[modes]), duration=duration, key=key.reshape(-1),
        keys=tuple((p // teams, p % teams) for p in pairs.tolist()), release=release,
        unlimited=np.array(outside + [True] * bool(supply.any()), dtype=bool), supply=bool(supply.any()))


def crew_needs(shop: Shop, team: int, phase: int) -> CrewNeeds:
    """(crew, people) that must be there for a team's needs in a phase, each crew once, in the order of plant.crews.

    Needs that take the same crew are looked at one by one: that it has people for all of them is the pool's concern.
    """
    found: dict[int, int] = {}
    for crew, people, when in shop.team_needs[team]:
        if when == phase:
            found[crew] = max(found.get(crew, 0), people)
    return tuple(sorted(found.items()))


def batch_classes(plan: Plan, shop: Shop, floor: Floor, columns: Columns, capacity: np.ndarray) -> np.ndarray:
    """Number of the compatibility class of each mode, -1 where it runs alone. capacity [R]: places, 0 without batches.

    Modes of one class agree in resource, class of the operation, configuration, duration and team, and in all else that
    is counted once for the batch: pausing, loading, unloading and fixtures held during the run.
    """
    modes = np.flatnonzero(floor.kept)
    name = shop.op_batch[columns.op]
    found = np.full(len(modes), -1, dtype=np.int64)
    known: dict[tuple[object, ...], int] = {}
    for k in np.flatnonzero((name >= 0) & (capacity[columns.resource] > 0)).tolist():
        m = int(modes[k])
        part = slice(int(shop.fixture_first[m]), int(shop.fixture_first[m + 1]))
        running = ~shop.fixture_held[part]
        key = (int(columns.resource[k]), int(name[k]), int(columns.state[k]), int(columns.duration[k]),
               int(shop.mode_team[m]), bool(shop.mode_pause[m]), int(shop.mode_load[m]), int(shop.mode_unload[m]),
               tuple(zip(shop.fixture[part][running].tolist(), shop.fixture_number[part][running].tolist())))
        found[k] = known.setdefault(key, len(known))
    return found
