"""The standard cost: what a family's default variant costs in its cheapest modes."""

from __future__ import annotations

import numpy as np

from scheduler.domain.scenario import MICRO, Scenario, round_micros
from scheduler.evaluation.recipes import recipes
from scheduler.planning.template import durations


def standard_cost(scenario: Scenario, family: str, quantity: int) -> int:
    """Processing and materials of `quantity` pieces of the family's default variant, in hundredths.

    Every operation in its cheapest mode, all parts made or bought as if the stock were empty, tools not counted.
    """
    return int(standard_costs(scenario, family, np.array([quantity], dtype=np.int64))[0])


def standard_costs(scenario: Scenario, family: str, quantity: np.ndarray) -> np.ndarray:
    """`standard_cost` of each of the quantities [Q]."""
    template = recipes(scenario).default(scenario, family)
    rate = np.array([r.rate for r in scenario.resources], dtype=np.int64)
    micros = np.zeros(len(quantity), dtype=np.int64)
    counted: list[bool] = []
    for item, pieces in zip(template.items, template.pieces):
        there = item.parent < 0 or (counted[item.parent] and not item.tool)
        counted.append(there and item.made)
        if not there:
            continue
        need = quantity * pieces
        micros += need * (item.material_cost if item.made else item.price) * MICRO
        for step in range(item.first, item.last):
            ways = template.ways[:, template.way_first[step]:template.way_first[step + 1]]
            ticks = durations(ways, need[:, None], template.tick)
            micros += (ticks * rate[ways[0]] + ways[6] * MICRO).min(axis=1)
    return np.asarray(round_micros(micros))
