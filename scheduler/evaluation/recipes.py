"""Recipes: what the catalog says about the lots of a schedule, looked up when asked and remembered per scenario."""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

from scheduler.domain.orders import Variant
from scheduler.domain.scenario import Scenario
from scheduler.planning.explode import explode, explode_tool
from scheduler.planning.template import Template


class Recipe(NamedTuple):
    """How one item of a template is made.

    fixed: hundredths per (operation, mode index); before: operation names before each operation; waits: component ->
    operations of this item that wait for it; sinks: operations without successor; material_cost: hundredths per
    piece, with what the choices cost.
    """

    fixed: dict[tuple[str, int], int]
    before: dict[str, tuple[str, ...]]
    waits: dict[str, tuple[str, ...]]
    sinks: tuple[str, ...]
    material_cost: int


class Recipes:
    """Recipes of one scenario. A shared lot (variant -1) is made as the catalog says, without choices."""

    def __init__(self) -> None:
        self._products: dict[int, Template] = {}
        self._tools: dict[str, Template] = {}
        self._defaults: dict[str, Template] = {}
        self._found: dict[tuple[int, str], Recipe | None] = {}

    def product(self, scenario: Scenario, variant: int) -> Template:
        """The template of a variant of the order book. Raises InputError as `explode` does."""
        if variant not in self._products:
            self._products[variant] = explode(scenario, scenario.orders.variants[variant])
        return self._products[variant]

    def default(self, scenario: Scenario, family: str) -> Template:
        """The template of a family's default variant."""
        if family not in self._defaults:
            options = scenario.catalog.families[family].options
            choices = tuple((name, option.default) for name, option in options.items())
            self._defaults[family] = explode(scenario, Variant(family, choices))
        return self._defaults[family]

    def of(self, scenario: Scenario, variant: int, item: str) -> Recipe | None:
        """The recipe of an item ('' the product) in a variant; None where the variant has no such item."""
        key = (variant, item)
        if key not in self._found:
            self._found[key] = self._look_up(scenario, variant, item)
        return self._found[key]

    def _look_up(self, scenario: Scenario, variant: int, item: str) -> Recipe | None:
        if variant >= 0:
            template = self.product(scenario, variant)
            at = next((i for i, it in enumerate(template.items) if it.component == item), None)
            return None if at is None else recipe(template, at)
        if item not in scenario.catalog.components:
            return None
        if item not in self._tools:
            self._tools[item] = explode_tool(scenario, item)
        return recipe(self._tools[item], 0)


def recipe(template: Template, at: int) -> Recipe:
    """The recipe of the item at position `at` of a template."""
    item = template.items[at]
    mine = template.steps[item.first:item.last]
    name = [step.name for step in template.steps]
    return Recipe(
        fixed={(step.name, way.index): way.cost for step in mine for way in step.ways},
        before={step.name: tuple(name[i] for i in step.after) for step in mine},
        waits={part.component: tuple(name[i] for i in part.at) for part in template.items if part.parent == at},
        sinks=tuple(name[i] for i in item.sinks), material_cost=item.material_cost)


_KNOWN: WeakKeyDictionary[Scenario, Recipes] = WeakKeyDictionary()


def recipes(scenario: Scenario) -> Recipes:
    """The recipes of a scenario, shared by everything that evaluates it."""
    if scenario not in _KNOWN:
        _KNOWN[scenario] = Recipes()
    return _KNOWN[scenario]
