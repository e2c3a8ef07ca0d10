"""Small whole factories, drawn at random: a scenario file and its orders, from hypothesis or from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from scheduler.domain.assemble import assemble
from scheduler.domain.orders import OrderEntry
from scheduler.domain.scenario import Scenario, ScenarioFile
from scheduler.errors import Mistake
from scheduler.usecases.diagnose import diagnose
from tests.generated.catalog import CatalogMaker
from tests.generated.draw import Draw
from tests.generated.plant import ORIGINS, moment, plant

Json = dict[str, Any]
OBJECTIVES: tuple[str | list[str], ...] = (
    "money", "money", "money", "makespan", "weighted_tardiness", "lead_time", ["makespan", "money"],
    ["money", "lead_time"], ["weighted_tardiness", "makespan", "money"], ["lead_time", "weighted_tardiness"])
RATES = ("processing", "material", "reconfiguration", "lateness", "holding")


@dataclass(frozen=True)
class Factory:
    """What was drawn, as a file would say it: a ScenarioFile and OrderEntries as plain dicts."""

    file: Json
    orders: list[Json]

    def mistakes(self) -> list[Mistake]:
        return diagnose(*self._parsed())

    def scenario(self) -> Scenario:
        return assemble(*self._parsed())

    def _parsed(self) -> tuple[ScenarioFile, list[OrderEntry]]:
        return ScenarioFile.model_validate(self.file), [OrderEntry.model_validate(o) for o in self.orders]


def factory(draw: Draw) -> Factory:
    """A factory of 2 to 5 resources with up to 5 orders. A third are tiny, with few ticks, for brute force."""
    tiny = draw.maybe(35)
    start = draw.pick(*ORIGINS)
    origin = datetime.fromisoformat(start)
    shop = plant(draw, origin, tiny or draw.maybe(15))
    maker = CatalogMaker(draw, shop["cells"], tiny)
    goods = maker.catalog()
    sold = goods["families"] if draw.maybe(85) else {}
    orders = [order(draw, n, origin, sold, maker) for n in range(draw.choose(1, 3 if tiny else 5))]
    holding = draw.maybe(50) and not (tiny and draw.maybe(50))
    file = {
        "version": 1, "name": "generated", "origin": start, "time_zone": draw.pick("UTC", "Europe/Berlin"),
        "tick": draw.pick("30 min", "1 h") if tiny else draw.pick("1 min", "5 min", "15 min", "1 h"), "plant": shop,
        "catalog": goods, "policy": policy(draw, holding),
        "value_classes": {"A": {"priority": 3, "penalty_per_day": 48.6},
                          "B": {"penalty_percent": 2.5, "penalty_limit": 20}},
        "customers": {"Ada": {"value_class": "A"}, "Bob": {"value_class": "B"}}}
    return Factory(file, orders)


def policy(draw: Draw, holding: bool) -> Json:
    found: Json = {"objective": draw.pick(*OBJECTIVES), "seed": draw.choose(0, 9)}
    if draw.maybe(30):
        found["weights"] = {term: draw.choose(0, 3) for term in RATES} | {"processing": 1}
    if holding:
        found["holding_percent_per_day"] = draw.pick(1, 0.3, 12.5)
    if draw.maybe(20):
        found["priority_factors"] = {"1": 1, "3": draw.pick(2.5, 0), "4": 10}
    if draw.maybe(20):
        found["budgets"] = draw.pick({"makespan": f"{draw.choose(4, 60)} h"}, {"money": draw.choose(50, 2000)},
                                     {"lead_time": f"{draw.choose(5, 200)} h"},
                                     {"weighted_tardiness": f"{draw.choose(0, 48)} h"})
    return found


def order(draw: Draw, n: int, origin: datetime, families: Json, maker: CatalogMaker) -> Json:
    found: Json = {"id": f"O{n + 1}", "quantity": draw.pick(1, draw.choose(1, 4))}
    if families and not draw.maybe(15):
        found["family"] = draw.pick(*families)
        found["choices"] = choices(draw, families[found["family"]])
    else:
        names = tuple(draw.some(("cut", "weld", "paint", "pack"), 1, 1 if maker.lean else 4))
        found["routing"] = {"operations": maker.operations(names), "components": maker.uses(names, 1),
                            "material_cost": draw.pick(0, 9.99)}
    if draw.maybe(40):
        found["release"] = moment(draw, origin, 0, 600)
    if draw.maybe(75):
        found["due"] = moment(draw, origin, 700, 2500)
        found["may_leave_early"] = not draw.maybe(35)
    if draw.maybe(12):
        found["deadline"] = moment(draw, origin, 800, 4500)
    if draw.maybe(50):
        found["penalty_per_day"] = draw.pick(0, 24, 77.7)
    if draw.maybe(40):
        found["customer"] = draw.pick("Ada", "Bob")
    if draw.maybe(40):
        found["priority"] = draw.choose(1, 4)
    if draw.maybe(40):
        found["price"] = draw.pick(0, 100, 999.99)
    return found


def choices(draw: Draw, family: Json) -> Json:
    """Choices that obey the rule, or none."""
    options = family["options"]
    found = {o: draw.pick(*spec["choices"]) for o, spec in options.items() if draw.maybe(70)}
    full = {o: found.get(o, spec["default"]) for o, spec in options.items()}
    for rule in family["rules"]:
        if all(full[o] == c for o, c in rule["when"].items()):
            for kind in ("requires", "excludes"):
                for option, wanted in rule.get(kind, {}).items():
                    if (full[option] in ([wanted] if isinstance(wanted, str) else wanted)) != (kind == "requires"):
                        return {}
    return found


def attempts(seed: int) -> tuple[Factory, int]:
    """The factory of a seed, and how many before it had mistakes (two effects that clash, for instance)."""
    for n in count():
        made = factory(Draw.seeded(seed * 1000 + n))
        if not made.mistakes():
            return made, n
    raise AssertionError


def seeded(seed: int) -> Factory:
    """The factory of a seed, without mistakes."""
    return attempts(seed)[0]


@st.composite
def factories(draw: st.DrawFn) -> Factory:
    """Factories without mistakes, for hypothesis."""
    made = factory(Draw(lambda low, high: draw(st.integers(low, high))))
    assume(not made.mistakes())
    return made
