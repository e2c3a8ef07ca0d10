"""Assembly with bills of material."""

from collections import Counter
from pathlib import Path

import pytest

from scheduler.domain.catalog import Component, Family
from scheduler.errors import InputError
from scheduler.formats.instances import read_instance
from scheduler.planning.build import build
from tests.instances.outside import BOM, write_bom


def uses(item: Family | Component) -> list[str]:
    assert all(use.quantity == 1 for use in item.components)
    return [use.component for use in item.components]


def test_a_component_for_each_piece(tmp_path: Path) -> None:
    scenario = read_instance(str(write_bom(tmp_path)))
    assert scenario.name == "tiny"
    assert scenario.orders.id == ("2-1", "2-2")
    family, = scenario.catalog.families.values()
    assert list(family.operations) == ["1"]
    assert uses(family) == ["2.0", "1", "0"]
    components = scenario.catalog.components
    assert uses(components["2.0"]) == ["0", "0 (2)"]
    assert list(components["0"].operations) == ["0", "1"]
    assert components["0"] == components["0 (2)"]
    first = components["0"].operations["0"]
    assert (first.resources, first.work.fixed) == (("0",), 3)
    assert [(a.resources, a.work.fixed if a.work else None) for a in first.alternatives] == [(("1",), 4)]
    assert [r.id for r in scenario.resources] == ["0", "1", "2"]


def test_every_piece_has_its_operations(tmp_path: Path) -> None:
    plan = build(read_instance(str(write_bom(tmp_path))))
    pieces = Counter((item.removesuffix(" (2)"), plan.names[name])
                     for item, name in ((plan.lots.item[lot], op) for lot, op in zip(plan.op_lot, plan.op_name)))
    assert pieces == {("0", "0"): 6, ("0", "1"): 6, ("1", "0"): 2, ("2.0", "0"): 2, ("", "1"): 2}
    assert len(plan.arc_from) == 6 + 4 + 2 * 3


@pytest.mark.parametrize(("file", "old", "new", "message"), [
    ("based_data.csv", '"(6, 2, 2)"', '"(5, 2, 2)"', "based_data.csv:2:1: kind_number says 5 pieces of part 0; "
     "the products take 6"),
    ("based_data.csv", '"(6, 2, 2)"', '"(6, 2)"', "based_data.csv:2:1: kind_number has not one whole number"),
    ("based_data.csv", "kind_number", "numbers", "based_data.csv:1:1: there is no column 'kind_number'"),
    ("based_data.csv", "2,2,1,1", "2,0,1,1", "based_data.csv:2:1: a count is not a whole number of 1 or more"),
    ("process_data.csv", '"(3, 4)"', '"(3, 4, 5)"', "process_data.csv:2:1: machines and times do not fit"),
    ("process_data.csv", '"(0, 1)"', '"(0, 3)"', "process_data.csv:2:1: machines and times do not fit"),
    ("process_data.csv", "[[], [1]]", "print(1)", "process_data.csv:2:1: a value is neither a number nor a list"),
    ("process_data.csv", "[[(0, 0)], [1]]", "[[(0, 9)], [1]]", "process_data.csv:3:1: cost_count is not"),
    ("process_data.csv", "[[(0, 0)], [1]]", "[[(0, 0)], [2]]", "process_data.csv:3:1: operation 1 of part 0 does not"),
    ("process_data.csv", "[[(0, 1)], [2]]", "[[(0, 0)], [2]]", "process_data.csv:5:1: part 0 is taken after operation"),
])
def test_mistakes(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    assert old in BOM[file]
    folder = write_bom(tmp_path, {**BOM, file: BOM[file].replace(old, new)})
    with pytest.raises(InputError) as caught:
        read_instance(str(folder))
    assert message in str(caught.value)
