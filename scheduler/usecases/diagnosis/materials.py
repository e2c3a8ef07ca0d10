"""Checks of how components are supplied: arrivals, expediting, lots shared by orders."""

from __future__ import annotations

from scheduler.domain.catalog import Component
from scheduler.errors import Location
from scheduler.planning.drafts import MAINTENANCE
from scheduler.usecases.diagnosis.findings import Findings


def check_component(name: str, component: Component, where: Location, maintained: bool, found: Findings) -> None:
    """What a component says about its supply that it cannot have. maintained: maintenance is planned somewhere."""
    if name == MAINTENANCE and maintained:
        found.add(where, f"a component named '{name}', as the lots of planned maintenance are", "give it another name")
    kind = "a tool" if component.kind == "tool" else "a component that is made" if component.operations else ""
    if component.arrivals and kind:
        found.add((*where, "arrivals"), f"component '{name}' has arrivals, and is {kind}",
                  "only what is bought arrives: take 'arrivals' out, or its operations")
    expedite = component.buy.expedite if component.buy is not None else None
    if component.buy is not None and expedite is not None:
        place = (*where, "buy", "expedite")
        if kind:
            found.add(place, f"component '{name}' can be expedited, and is {kind}",
                      "only parts that are bought can: take 'expedite' out, or its operations")
        if expedite.lead_time >= component.buy.lead_time:
            found.add((*place, "lead_time"), f"component '{name}' comes no sooner when it is expedited",
                      "write a lead time shorter than that of 'buy'")
    if component.pool is not None:
        _pool(name, component, where, found)


def _pool(name: str, component: Component, where: Location, found: Findings) -> None:
    kind = "a tool" if component.kind == "tool" else "bought" if not component.operations else ""
    if kind:
        found.add((*where, "pool"), f"component '{name}' has 'pool', and is {kind}",
                  "only parts that are made can be: take 'pool' out, or give it operations")
        return
    wrong = "'{}' depends on what each order chooses, and the lots of '{}' are shared by orders"
    remedy = "take 'pool' out, or make a component of its own for each choice"
    for key, operation in component.operations.items():
        place = (*where, "operations", key)
        for attribute, value in operation.needs.items():
            if "{" in value:
                found.add((*place, "needs", attribute), wrong.format(value, name), remedy)
        if operation.batch is not None and "{" in operation.batch:
            found.add((*place, "batch"), wrong.format(operation.batch, name), remedy)
    for n, use in enumerate(component.components):
        if "{" in use.component:
            found.add((*where, "components", n, "component"), wrong.format(use.component, name), remedy)
