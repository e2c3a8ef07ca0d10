"""schedule.json: an exact round trip, and whatever else a file may hold is refused with what is wrong."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.schedule import Header, Lots, Pegs, Schedule
from scheduler.errors import InputError
from scheduler.formats.schedule_json import read_schedule, schedule_text
from tests.formats_out import sample


def equal(a: object, b: object) -> bool:
    if dataclasses.is_dataclass(a) and dataclasses.is_dataclass(b):
        fields = [field.name for field in dataclasses.fields(a)]
        return type(a) is type(b) and all(equal(getattr(a, name), getattr(b, name)) for name in fields)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b)
    return type(a) is type(b) and a == b


def written(tmp_path: Path, made: Schedule) -> Path:
    path = tmp_path / "schedule.json"
    path.write_text(schedule_text(made), encoding="utf-8")
    return path


def test_round_trip(tmp_path: Path) -> None:
    for made in (sample.schedule(sample.scenario()), sample.full(sample.scenario())):
        assert equal(read_schedule(written(tmp_path, made)), made)


def test_a_plain_schedule_says_nothing_more(tmp_path: Path) -> None:
    data = json.loads(schedule_text(sample.schedule(sample.scenario())))
    assert not {"teams", "carries", "overtime", "refused"} & set(data)
    assert not {"leave", "team", "batch"} & set(data["operations"])


def test_round_trip_of_an_empty_schedule(tmp_path: Path) -> None:
    none = np.empty(0, dtype=np.int64)
    made = Schedule(Header("nothing", "infeasible"), Lots((), (), none, none), (), *[none] * 10,
                    Pegs((), *[none] * 6), (), (), ())
    assert equal(read_schedule(written(tmp_path, made)), made)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_round_trip_of_anything(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
    big = st.integers(-2**63, 2**63 - 1)

    def column(values: st.SearchStrategy[int], size: int) -> np.ndarray:
        return np.array(data.draw(st.lists(values, min_size=size, max_size=size)), dtype=np.int64)

    n, lots = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    names = tuple(data.draw(st.lists(text, min_size=2, max_size=2)))
    made = Schedule(
        Header(*data.draw(st.tuples(text, st.just("optimal"), text, st.none() | big,
                                    st.none() | st.floats(-1e9, 1e9)))),
        Lots(names[:1] * lots, names[1:] * lots, column(st.integers(-1, 1), lots), column(big, lots)), names,
        column(st.integers(0, lots - 1), n), column(st.integers(0, 1), n), column(st.integers(0, 1), n),
        column(st.integers(0, 1), n), *[column(big, n) for _ in range(6)],
        Pegs(names, *[column(st.integers(0, 0), 2) for _ in range(4)], column(big, 2), column(big, 2)),
        names, (names, names), names)
    assert equal(read_schedule(written(tmp_path_factory.mktemp("any"), made)), made)


def test_an_infinite_bound_is_unknown(tmp_path: Path) -> None:
    made = sample.schedule(sample.scenario())
    made = dataclasses.replace(made, header=dataclasses.replace(made.header, bound=float("-inf")))
    assert read_schedule(written(tmp_path, made)).header.bound is None


def put(*path_and_value: Any) -> Callable[[dict[str, Any]], None]:
    *path, last, value = path_and_value

    def change(data: dict[str, Any]) -> None:
        for key in path:
            data = data[key]
        data[last] = value
    return change


def cut(*path: str) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        for key in path[:-1]:
            data = data[key]
        if isinstance(data[path[-1]], list):
            data[path[-1]].pop()
        else:
            del data[path[-1]]
    return change


@pytest.mark.parametrize(("change", "message"), [
    (put("format", "other"), 'is not a schedule; a schedule.json says "format": "scheduler-schedule"'),
    (put("version", 2), "has version 2; supported is version 1"),
    (put("version", "1"), "has version '1'; supported is version 1"),
    (put("version", True), "has version True; supported is version 1"),
    (put("header", None), "header is None; it is a mapping"),
    (put("header", "status", "great"), "header/status is 'great'; one of optimal, feasible, infeasible, not_found"),
    (cut("header", "status"), "header/status is missing; it is a text"),
    (put("header", "objective", 1.5), "header/objective is 1.5; it is a whole number or null"),
    (put("header", "bound", "x"), "header/bound is 'x'; it is a number or null"),
    (put("header", "trace", 0, [1]), "header/trace/0 is not an event"),
    (put("header", "levels", [3]), "header/levels holds what is not a mapping"),
    (put("orders", 0, 7), "orders/0 is 7; it is a text"),
    (put("names", "x"), "names is 'x'; it is a list"),
    (put("names", 0, "\ud800"), "names has a character that is none"),
    (cut("configurations"), "configurations has 4 entries; resources has 5"),
    (put("configurations", 0, 3), "configurations/0 is 3; it is a list"),
    (cut("lots", "order"), "lots/order has 3 entries; the first column of lots has 4"),
    (put("lots", "order", 1, 2), "lots/order/1 is 2; there are 2 orders"),
    (put("lots", "order", 1, -2), "lots/order/1 is -2"),
    (cut("operations", "start"), "operations/start has 4 entries"),
    (put("operations", "start", 2, 480.0), "operations/start/2 is 480.0; it is a whole number"),
    (put("operations", "start", 2, True), "operations/start/2 is True; it is a whole number"),
    (put("operations", "start", 2, None), "operations/start/2 is None; it is a whole number"),
    (put("operations", "end", 2, 2**63), "operations/end has a number that is too large"),
    (put("operations", "lot", 0, 4), "operations/lot/0 is 4; there are 4 lots"),
    (put("operations", "resource", 0, -1), "operations/resource/0 is -1; there are 5 resources"),
    (put("operations", "configuration", 0, 3), "operations/configuration/0 is 3; there are 3 configurations of its"),
    (put("operations", "lot", {}), "operations/lot is {}; it is a list"),
    (put("pegs", "source", 0, 4), "pegs/source/0 is 4; there are 4 sources"),
    (put("pegs", "component", []), "pegs/order has 3 entries; the first column of pegs has 0"),
    (put("pegs", None), "pegs is None; it is a mapping"),
])
def test_wrong_content(tmp_path: Path, change: Callable[[dict[str, Any]], None], message: str) -> None:
    refuses(tmp_path, sample.schedule(sample.scenario()), change, message)


@pytest.mark.parametrize(("change", "message"), [
    (cut("operations", "leave"), "operations/leave has 4 entries; the first column of operations has 5"),
    (put("operations", "team", 3, 3), "operations/team/3 is 3; there are 3 teams"),
    (put("operations", "batch", 3, -2), "operations/batch/3 is -2; -1, or what a batch has in common"),
    (put("teams", 1, [2]), "teams/1/0 is 2; it is a text"),
    (cut("carries", "end"), "carries/end has 1 entries; the first column of carries has 2"),
    (put("carries", "after", 1, 5), "carries/after/1 is 5; there are 5 operations"),
    (put("carries", 3), "carries is 3; it is a mapping"),
    (put("overtime", 0, ["day", 3]), "overtime/0 is not a window of overtime; [calendar, start, end] with ticks"),
    (put("refused", 0, 2), "refused/0 is 2; there are 2 orders"),
    (put("refused", 0, "A1"), "refused/0 is 'A1'; it is a whole number"),
])
def test_wrong_content_of_what_only_some_have(tmp_path: Path, change: Callable[[dict[str, Any]], None],
                                              message: str) -> None:
    refuses(tmp_path, sample.full(sample.scenario()), change, message)


def refuses(tmp_path: Path, made: Schedule, change: Callable[[dict[str, Any]], None], message: str) -> None:
    data = json.loads(schedule_text(made))
    change(data)
    path = tmp_path / "schedule.json"
    path.write_text(json.dumps(data))
    with pytest.raises(InputError) as caught:
        read_schedule(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize(("content", "message"), [
    (b"", ":1:1: is not JSON"), (b"{\n  x", ":2:3: is not JSON"), (b"[]", "is not a schedule"),
    (b"3", "is not a schedule"),
    (b"\xff\xfe", "is not a text file"), (b"[" * 100_000, "is not JSON"), (b'{"a": NaN}', "NaN is not a JSON number"),
    (b'{"a": ' + b"9" * 5000 + b"}", "is not JSON")])
def test_not_a_schedule(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "schedule.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_schedule(path)
    assert message in str(caught.value)


@pytest.mark.parametrize("name", [".", "nowhere.json", "a\0b"])
def test_unreadable(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_schedule(tmp_path / name)


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    data = json.loads(schedule_text(sample.schedule(sample.scenario())))
    del data["names"], data["lots"]["item"]
    path = tmp_path / "schedule.json"
    path.write_text(json.dumps(data))
    with pytest.raises(InputError) as caught:
        read_schedule(path)
    assert {"names is missing", "lots/item is missing"} <= {mistake.what for mistake in caught.value.mistakes}
