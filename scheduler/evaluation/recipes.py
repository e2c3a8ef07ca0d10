"""Recipes: what the catalog says about the lots of a schedule, looked up when asked and remembered per scenario."""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

from scheduler.domain.orders import Variant
from scheduler.domain.scenario import Scenario
from scheduler.planning.explode import explode, explode_tool
from scheduler.planning.template import Template, Way


class Recipe(NamedTuple):
    """How one item of a template is made.

    fixed: hundredths per (operation, mode index); before: operation names before each operation; needs: components
    each operation waits for; sinks: operations without successor; ways: modes of each operation.
    """

    fixed: dict[tuple[str, int], int]
    before: dict[str, tuple[str, ...]]
    needs: dict[str, tuple[str, ...]]
    sinks: tuple[str, ...]
    ways: dict[str, tuple[Way, ...]]


def recipe(template: Template, at: int) -> Recipe:
    """The recipe of the item at position `at` of a template."""
    item = template.items[at]
    steps = template.steps
    mine = range(item.first, item.last)
    parts = [part for part in template.items if part.parent == at]
    return Recipe(
        fixed={(steps[i].name, way[2]): way.cost for i in mine for way in steps[i].ways},
        before={steps[i].name: tuple(steps[p].name for p in steps[i].after) for i in mine},
        needs={steps[i].name: tuple(part.component for part in parts if i in part.at) for i in mine},
        sinks=tuple(steps[i].name for i in item.sinks),
        ways={steps[i].name: steps[i].ways for i in mine})


class Recipes:
    """Recipes of one scenario. A shared lot (variant -1) is made as the catalog says, without choices."""

    def __init__(self) -> None:
        self._templates: dict[int | str, Template] = {}
        self._defaults: dict[str, Template] = {}
        self._found: dict[tuple[int, str], Recipe | None] = {}

    def default(self, scenario: Scenario, family: str) -> Template:
        """The template of a family's default variant. Raises InputError as `explode` does."""
        if family not in self._defaults:
            options = scenario.catalog.families[family].options
            choices = tuple((name, option.default) for name, option in options.items())
            self._defaults[family] = explode(scenario, Variant(family, choices))
        return self._defaults[family]

    def of(self, scenario: Scenario, variant: int, item: str) -> Recipe | None:
        """The recipe of an item ('' the product) of a variant; None where there is none. Raises like `default`."""
        key = (variant, item)
        if key not in self._found:
            self._found[key] = self._look_up(scenario, variant, item)
        return self._found[key]

    def _look_up(self, scenario: Scenario, variant: int, item: str) -> Recipe | None:
        if variant < 0 and item not in scenario.catalog.components:
            return None
        key: int | str = variant if variant >= 0 else item
        if key not in self._templates:
            self._templates[key] = (explode(scenario, scenario.orders.variants[variant]) if variant >= 0
                                    else explode_tool(scenario, item))
        template = self._templates[key]
        at = next((i for i, it in enumerate(template.items) if it.component == item), None)
        return None if at is None else recipe(template, at)


_KNOWN: WeakKeyDictionary[Scenario, Recipes] = WeakKeyDictionary()


def recipes(scenario: Scenario) -> Recipes:
    """The recipes of a scenario, shared by everything that evaluates it."""
    if scenario not in _KNOWN:
        _KNOWN[scenario] = Recipes()
    return _KNOWN[scenario]
