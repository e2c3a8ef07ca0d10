"""Whole factories with any mix of the rules, from a seed: a plain one, on which rules are laid one after the other."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from itertools import count

from scheduler.encoding.encode import encode
from scheduler.errors import InputError
from scheduler.planning.build import build
from tests.generated.draw import Draw
from tests.generated.factories import Factory, factory
from tests.generated.rules import goods, happened, plant
from tests.generated.rules.mix import Mix

RULES: dict[str, Callable[[Mix], None]] = {
    "crews": plant.crews, "loading": plant.loading, "reconfiguration crews": plant.reconfiguration_crews,
    "fixtures": plant.fixtures, "holds": plant.holds, "modules": plant.modules, "campaigns": plant.campaigns,
    "unattended": plant.unattended, "pauses": plant.pauses, "speeds": plant.speeds,
    "planned maintenance": plant.planned_maintenance, "overtime": plant.overtime, "subcontractor": plant.subcontractor,
    "lags": goods.lags, "transfer": goods.transfer, "resources": goods.resources, "together": goods.together,
    "batches": plant.batches, "buffers": plant.buffers, "vehicles": plant.vehicles,
    "work in process": plant.work_in_process, "sub-plans": goods.sub_plans, "splits": goods.splits,
    "pools": goods.pools, "arrivals": goods.arrivals, "refusal": goods.refusal, "deadlines": goods.deadlines,
    "now": happened.now, "pins": happened.pins, "announced": happened.announced,
    "late material": happened.late_material}
"""In the order in which they are laid on: what happened comes last, as it speaks of the plan."""
SHARES = (12, 25, 25, 40, 60)
"""Percent of the rules that a factory tries."""
LEAST, MOST = 4, 20
"""Operations of the plain factory."""
TRIES = 3
"""How often a rule is drawn again where it makes a mistake, before the factory goes without it."""


def ruled(seed: int) -> tuple[Factory, tuple[str, ...]]:
    """The factory of a seed, without mistakes, and the rules laid on it that changed it."""
    draw = Draw.seeded(seed * 7919 + 13)
    made = _plain(seed)
    laid: list[str] = []
    share = draw.pick(*SHARES)
    wanted = [name for name in RULES if draw.maybe(share)] or [draw.pick(*RULES)]
    for name in wanted:
        for _ in range(TRIES):
            other = _laid(draw, made, RULES[name])
            if other is not None:
                made, laid = other, [*laid, name]
                break
    return made, tuple(laid)


def _plain(seed: int) -> Factory:
    """A plain factory with several orders, without mistakes."""
    for n in count():
        made = factory(Draw.seeded((seed * 1000 + n) * 2 + 1))
        if len(made.orders) > 1 and not made.mistakes() and MOST >= len(build(made.scenario())) >= LEAST:
            return made
    raise AssertionError


def _laid(draw: Draw, made: Factory, rule: Callable[[Mix], None]) -> Factory | None:
    """The factory with a rule on top; None where that changes nothing or makes a mistake."""
    other = Factory(deepcopy(made.file), deepcopy(made.orders))
    try:
        rule(Mix(draw, other.file, other.orders))
        if not other.file.get("floor", True):
            del other.file["floor"]
        if (other.file, other.orders) == (made.file, made.orders) or other.mistakes():
            return None
        scenario = other.scenario()
        encode(scenario, build(scenario))
    except InputError:
        return None
    return other
