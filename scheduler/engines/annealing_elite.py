"""The best states of several annealing runs, and states between two of them to begin others with.

Source: Brady 1985 (annealing and recombination take turns); midway.py.
"""

from __future__ import annotations

import numpy as np

from scheduler.engines.annealing_state import State
from scheduler.engines.midway import Point, midway, positions
from scheduler.problem.problem import Problem

SIZE = 5


class Elite:
    """Up to SIZE states of unlike value, best first."""

    def __init__(self) -> None:
        self.members: list[tuple[float, Point]] = []

    def admit(self, value: float, state: State) -> bool:
        """Enters a state unless there is one of that value, and says whether there was none; the worst goes where
        there is no place."""
        if any(abs(value - other) < 1e-9 for other, _ in self.members):
            return False
        # on a resource operations of no duration may begin together: their position tells them apart
        point = Point(state.mode.copy(), (state.start + state.end).astype(np.int64), state.position.copy())
        self.members = sorted([*self.members, (value, point)], key=lambda member: member[0])[:SIZE]
        return True

    def child(self, problem: Problem, luck: np.random.Generator) -> tuple[np.ndarray, np.ndarray] | None:
        """(modes, positions) between two members, drawn; None where there are not two."""
        if len(self.members) < 2:
            return None
        i, j = luck.choice(len(self.members), 2, replace=False)
        mode, order = midway(self.members[i][1], self.members[j][1], luck)
        by_resource, place = positions(problem.mode_resource[mode], order, problem.resources)
        position = np.empty(len(mode), dtype=np.int64)
        position[by_resource] = place
        return mode.astype(np.int64), position
