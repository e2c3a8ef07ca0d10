"""Pins that no schedule can keep are mistakes: behind what comes later anyway, where the batch is too small."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain.orders import OrderEntry
from scheduler.domain.scenario import ScenarioFile
from scheduler.usecases.diagnose import diagnose
from tests.factories import plain_factory
from tests.rules.kit import PAIR, Json, order, step


def said(cells: Json, book: list[Json], floor: list[Json]) -> list[str]:
    file = ScenarioFile.model_validate(plain_factory(cells, floor=floor))
    return [str(m) for m in diagnose(file, [OrderEntry.model_validate(entry) for entry in book])]


@pytest.mark.parametrize(("pins", "circle"), [
    ({"O/x": "O/y"}, "O/x -> O/y -> O/x"), ({"O/x": "P/x", "P/x": "O/z"}, "O/x -> P/x -> O/z -> O/y -> O/x"),
    ({"P/x": "O/z"}, None)])
def test_behind_what_comes_later(pins: dict[str, str], circle: str | None) -> None:
    work: Any = {name: step(1) for name in "xyz"}
    floor = [dict(zip(("lot", "operation"), name.split("/"))) | {"state": "pinned", "behind": other}
             for name, other in pins.items()]
    found = said(PAIR, [order("O", work), order("P", {"x": step(1)})], floor)
    assert [circle in what for what in found] == [True] if circle else found == []


@pytest.mark.parametrize(("places", "mistakes"), [(2, 0), (3, 1)])
def test_pinned_where_the_batch_is_too_small(places: int, mistakes: int) -> None:
    cells = {"c": {"batch": {"capacity": 2}, "resources": {"a": {}}}, "d": {"resources": {"b": {}}}}
    floor = [{"lot": "O", "operation": "x", "state": "pinned", "resource": "a"}]
    found = said(cells, [order("O", {"x": step(1, "a", "b", batch="k", places=places)})], floor)
    assert len(found) == mistakes
    assert all("resource 'a' cannot run 'x' of lot 'O'" in what for what in found)
