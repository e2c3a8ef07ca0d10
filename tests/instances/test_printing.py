"""The online printing shop."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scheduler.domain.scenario import changes
from scheduler.errors import InputError
from tests.instances.outside import PRINTING, operations, read_json, ways


def test_orders_are_directed_graphs(tmp_path: Path) -> None:
    scenario = read_json(tmp_path, PRINTING)
    assert scenario.orders.id == ("1", "2")
    first = operations(scenario, "1")
    assert list(first) == ["1", "2", "3"]
    assert [first[i].after for i in "123"] == [(), (), ("1", "2")]
    assert [way[:2] for way in ways(first["2"])] == [("1", 9), ("2", 11)]
    assert all(o.pausing for o in first.values())
    assert first["3"].links.keys() == {"2"}
    assert first["3"].links["2"].overlap == 55
    assert first["3"].links["2"].minimum == 0
    assert scenario.policy.levels == ("makespan",)


def test_windows_close_and_the_last_stays_open(tmp_path: Path) -> None:
    scenario = read_json(tmp_path, PRINTING)
    one, two = (scenario.windows(resource, 1000) for resource in scenario.resources)
    assert np.transpose(one).tolist() == [[0, 20], [25, 1000]]
    assert np.transpose(two).tolist() == [[5, 1000]]


def test_setups(tmp_path: Path) -> None:
    scenario = read_json(tmp_path, PRINTING)
    cell = scenario.plant.cells["1"]
    assert list(cell.all_configurations) == ["unset", "4-1-1", "6-1-2"]
    # First: the larger of 2 and 3, colour 1, varnish 4. Smaller to larger 3, larger to smaller 2, varnish 4.
    assert changes(cell, scenario.axis)[0].tolist() == [[0, 8, 8], [0, 0, 7], [0, 6, 0]]
    assert scenario.resources[0].initial == 0
    # Resource 2: size 1, colour 2, varnish 0.
    assert changes(scenario.plant.cells["2"], scenario.axis)[0].tolist() == [[0, 3, 3], [0, 0, 3], [0, 3, 0]]
    assert operations(scenario, "1")["2"].needs == {"size": "6", "color": "1", "varnish": "2"}


def test_release_and_given_start(tmp_path: Path) -> None:
    scenario = read_json(tmp_path, PRINTING)
    routing = scenario.orders.variants[0].routing
    assert routing is not None
    # The release of operation 1 is void, since its start is given.
    assert [(use.component, use.at) for use in routing.components] == [("paper 2", "2")]
    buy = scenario.catalog.components["paper 2"].buy
    assert buy is not None
    assert (buy.lead_time, buy.price) == (7, 0)
    pin, = scenario.floor
    assert (pin.lot, pin.operation, pin.state, pin.resource) == ("1", "1", "pinned", "1")
    assert pin.start is not None
    assert scenario.axis.to_ticks(pin.start) == 10


@pytest.mark.parametrize(("where", "wrong", "message"), [
    (("resources", 0, "availability"), [0, 20, 25], "availability is no rising list of pairs"),
    (("resources", 0, "availability"), [0, 20, 20, 30], "availability is no rising list of pairs"),
    (("resources", 1, "id"), 1, "the id 1 stands twice"),
    (("jobs", 0, "topology", 2, "sucessors"), [1], "the successors form a cycle"),
    (("jobs", 0, "topology", 2, "sucessors"), [4], "there is no operation 4 in this job"),
    (("jobs", 0, "topology", 1, "time"), [9], "1 times for 2 resources"),
    (("jobs", 0, "topology", 1, "resources"), [1, 9], "there is no resource 9"),
    (("jobs", 0, "topology", 1, "starting"), 4, "an operation with a given start has several resources"),
    (("jobs", 0, "topology", 1, "overlap"), 0.555, "overlap 0.555 is finer than a hundredth"),
    (("jobs", 0, "topology", 1, "overlap"), 1.5, "'overlap' is '1.5'"),
    (("jobs", 0, "topology", 1, "connection"), 1, "connection is 1; only 0 has a meaning"),
    (("jobs", 0, "duedate"), 30, "duedate is 30; only 0 has a meaning"),
    (("jobs", 0, "colour"), 30, "colour"),
])
def test_mistakes(tmp_path: Path, where: tuple[Any, ...], wrong: Any, message: str) -> None:
    content = deepcopy(PRINTING)
    place: Any = content
    for key in where[:-1]:
        place = place[key]
    place[where[-1]] = wrong
    with pytest.raises(InputError) as caught:
        read_json(tmp_path, content)
    assert message in str(caught.value)
    assert all(m.place.count(":") == 2 and "tiny.json" in m.place for m in caught.value.mistakes)
