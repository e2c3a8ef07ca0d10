"""docs/format.md lists every field of every model with its type and default, and says what it means."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from scheduler.domain.scenario import ScenarioFile
from tests.docs.markdown import DOCS, tables
from tests.docs.reference import models, rows

TABLES = tables(DOCS / "format.md")


@pytest.mark.parametrize("model", models(ScenarioFile), ids=lambda model: model.__name__)
def test_every_field_is_documented(model: type[BaseModel]) -> None:
    header, *found = TABLES[model.__name__]
    assert header == ["field", "type", "default", "meaning"]
    assert [tuple(row[:3]) for row in found] == rows(model)
    assert all(row[3] for row in found)


def test_all_models_are_found() -> None:
    assert len(models(ScenarioFile)) > 25
