"""Names each rule of the shop floor that lacks its place in the format, its judge, its constraint, its timing, a case
it forbids and one it allows, a page, or its cause in explanations."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from scheduler.engines.cpsat.rules.model import FAMILIES
from scheduler.formats.schemas import schema
from scheduler.validation.judge import RULES as JUDGED
from tests.evaluation.test_rule_causes import CAUSES
from tests.rules.factories import PARTS
from tests.validation.shop_cases import ALLOWED, FORBIDDEN

MODEL = Path(__file__).parents[2] / "docs" / "model"


@dataclass(frozen=True)
class Whole:
    """What a rule must have. fields: 'Model.field' of the scenario schema; judge: rules of the judge with cases of
    their own; families: constraints of the CP-SAT model; page: under docs/model, which must speak of every field."""

    number: int
    fields: tuple[str, ...]
    judge: tuple[str, ...]
    families: tuple[str, ...]
    page: str


RULES = (
    Whole(1, ("ScenarioFile.now", "ScenarioFile.floor", "FloorEntry.state", "FloorEntry.remaining",
              "FloorEntry.behind", "Policy.replanning", "Replanning.freeze"), ("floor",),
          ("add_modes", "add_runs", "add_money"), "happened"),
    Whole(2, ("Plant.crews", "Crew.skills", "Crew.shifts", "Crew.changes", "Operation.crews", "Operation.loading",
              "Operation.unloading", "Alternative.crews", "Reconfiguration.crews"), ("crews",),
          ("add_needs", "add_pools"), "crews"),
    Whole(3, ("Plant.fixtures", "Operation.fixtures", "Family.holds", "Component.holds", "Routing.holds",
              "Fixture.changes"), ("fixtures",), ("add_holds", "add_pools"), "fixtures"),
    Whole(4, ("Plant.modules", "Configuration.modules", "Module.install", "Module.remove",
              "Reconfiguration.unattended", "CalendarSpec.unattended"), ("modules", "reconfiguration"),
          ("add_modules", "add_sequences"), "modules"),
    Whole(5, ("Operation.pausing", "ResourceSpec.speeds", "ResourceSpec.planned_maintenance", "CalendarSpec.overtime"),
          ("calendar", "maintenance", "overtime", "duration"), ("add_runs", "add_overtime"), "calendars"),
    Whole(6, ("Operation.links", "Link.minimum", "Link.maximum", "Operation.same_resource_as",
              "Operation.other_resource_than", "Operation.start_with", "Transport.vehicles"), ("links", "vehicles"),
          ("add_arcs", "add_links"), "links"),
    Whole(7, ("Component.arrivals", "Buy.expedite"), ("supply",), ("add_needs", "add_pools"), "materials"),
    Whole(8, ("Policy.refuse_orders", "OrderEntry.must_make", "Cell.kind", "Family.sub_plans", "Component.sub_plans",
              "Routing.sub_plans"), ("refusal", "alternatives", "overlap"), ("add_orders", "add_branches"), "refusal"),
    Whole(9, ("Operation.split", "Link.transfer", "Link.overlap", "Component.pool"),
          ("alternatives", "links", "pooling"), ("add_branches", "add_arcs"), "splitting"),
    Whole(10, ("Cell.batch", "Operation.batch", "Operation.places", "Reconfiguration.minimum_run"),
          ("batches", "campaigns"), ("add_batches", "add_campaigns"), "batches"),
    Whole(11, ("Plant.buffers", "Plant.work_in_process"), ("buffers", "work_in_process"),
          ("add_buffers", "add_leaving", "add_work_in_process"), "buffers"),
)


def definitions() -> dict[str, dict[str, object]]:
    found = schema("scenario")
    models = {name: spec.get("properties", {}) for name, spec in found["$defs"].items()}
    models["ScenarioFile"] = found["properties"]
    return models


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"rule {rule.number}")
def test_nothing_is_lacking(rule: Whole) -> None:
    models = definitions()
    judged = {judge.__name__ for judge in JUDGED}
    families = {family.__name__ for family in FAMILIES}
    page = MODEL / f"{rule.page}.md"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    lacking = [f"the field {name}" for name in rule.fields
               if name.split(".")[1] not in models.get(name.split(".")[0], {})]
    lacking += [f"its judge '{name}'" for name in rule.judge if name not in judged]
    lacking += [f"a case that '{name}' forbids" for name in rule.judge if not FORBIDDEN.get(name)]
    lacking += [f"a case that '{name}' allows" for name in rule.judge if not ALLOWED.get(name)]
    lacking += [f"its constraint '{name}'" for name in rule.families if name not in families]
    lacking += [] if any(part.rule == rule.number for part in PARTS) else ["a factory in which it decides the result"]
    lacking += [] if text else [f"its page {page.name}"]
    lacking += [f"a word about '{name}' on {page.name}" for name in rule.fields if name.split(".")[1] not in text]
    lacking += [] if CAUSES.get(rule.number) else ["its cause in explanations"]
    assert not lacking, f"rule {rule.number} lacks " + "; ".join(lacking)


def test_every_rule_is_listed() -> None:
    assert [rule.number for rule in RULES] == list(range(1, 12))


def test_pages_are_in_the_contents() -> None:
    index = (MODEL / "index.md").read_text(encoding="utf-8")
    assert [rule.page for rule in RULES if rule.page not in index] == []


def test_schema_is_json() -> None:
    assert json.loads(json.dumps(schema("scenario")))["properties"]["now"]
