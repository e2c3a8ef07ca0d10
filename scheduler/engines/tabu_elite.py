"""The elite of tabu search: a few good and unlike schedules, and schedules between two of them.

Sources: Nowicki, Smutnicki 2005 (elite and path relinking for job shops); González, Vela, Varela 2015 and Peng, Lü,
Cheng 2015 (populations with path relinking and tabu search).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.engines.midway import Point, midway, positions
from scheduler.engines.tabu_graph import Net, Tour, rebuild

SIZE = 5
LIKE = 0.02
"""Share of places that differ below which two schedules count as the same."""


@dataclass(frozen=True, eq=False)
class Kept:
    """A schedule as modes and sequences."""

    makespan: int
    mode: np.ndarray
    seq: np.ndarray
    length: np.ndarray


def kept_of(tour: Tour, makespan: int) -> Kept:
    """A copy of the schedule in the tour."""
    return Kept(makespan, tour.mode.copy(), tour.seq.copy(), tour.length.copy())


def put_back(net: Net, tour: Tour, kept: Kept) -> None:
    """Makes the tour that schedule, with heads and tails."""
    tour.mode[:], tour.seq[:], tour.length[:] = kept.mode, kept.seq, kept.length
    rebuild(net, tour)


class Elite:
    """Up to SIZE schedules, none like another."""

    def __init__(self) -> None:
        self.members: list[Kept] = []

    def admit(self, kept: Kept) -> None:
        """Enters a schedule in place of the one most like it, of the worst, or in a free place, if it is no worse."""
        distances = [distance(kept, other) for other in self.members]
        if distances and min(distances) < LIKE:
            i = distances.index(min(distances))
        elif len(self.members) < SIZE:
            self.members.append(kept)
            return
        else:
            i = max(range(SIZE), key=lambda x: self.members[x].makespan)
        if kept.makespan <= self.members[i].makespan:
            self.members[i] = kept

    def pair(self, luck: np.random.Generator) -> tuple[Kept, Kept] | None:
        """Two members, drawn; None until the elite is full."""
        if len(self.members) < SIZE:
            return None
        i, j = luck.choice(SIZE, 2, replace=False)
        return self.members[i], self.members[j]


def distance(a: Kept, b: Kept) -> float:
    """Share of places in the sequences that differ."""
    return float((a.seq != b.seq).mean())


def relink(net: Net, tour: Tour, a: Kept, b: Kept, luck: np.random.Generator) -> None:
    """Makes the tour a schedule on the way from a to b."""
    mode, order = midway(_point(net, tour, a), _point(net, tour, b), luck)
    resource = net.mode_resource[mode]
    tour.mode[:] = mode
    tour.length[:] = np.bincount(resource, minlength=len(tour.length))
    by_resource, place = positions(resource, order, len(tour.length))
    tour.seq[net.room[resource[by_resource]] + place] = by_resource
    rebuild(net, tour)


def _point(net: Net, tour: Tour, kept: Kept) -> Point:
    """Time: twice the middle between earliest and latest start."""
    put_back(net, tour, kept)
    return Point(kept.mode, tour.head - tour.duration + kept.makespan - tour.tail, tour.rank.copy())
