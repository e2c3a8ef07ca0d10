"""docs/model/replanning.md lists every kind of event with its fields, and its examples are events."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from scheduler.domain.events import KINDS, FloorEvent
from scheduler.formats.events import read_events
from tests.docs.markdown import DOCS, fences, tables

PAGE = DOCS / "model" / "replanning.md"


def models() -> dict[str, Any]:
    """The model of each kind."""
    union = get_args(get_args(FloorEvent)[0])
    return {kind: model for model in union for kind in get_args(model.model_fields["kind"].annotation)}


def test_every_kind_stands_there_with_its_fields() -> None:
    rows = {row[0].strip("`"): row for row in tables(PAGE)["Events"][1:]}
    assert tuple(rows) == KINDS
    for kind, model in models().items():
        fields = {name for name in model.model_fields if name not in ("at", "kind", "id")}
        assert {name.strip(" `") for name in rows[kind][2].split(",")} - {"–"} == fields, kind


def test_examples(tmp_path: Path) -> None:
    [block] = [fence for fence in fences(PAGE) if fence.info == "text events.jsonl"]
    path = tmp_path / "events.jsonl"
    path.write_text(block.text, encoding="utf-8")
    assert [event.kind for event, _ in read_events(path)] == list(KINDS)
