"""scheduler replan: a press that breaks down, what is printed and written, and what is said of wrong input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli.exits import BAD_INPUT
from tests.cli.kit import Call, press_shop

QUICK = ("--engine", "cpsat", "--time-limit", "5", "--quiet")
NOW = "2026-03-02T02:00"
DOWN = {"at": "2026-03-02T01:00", "kind": "breakdown", "id": "press-1", "until": "2026-03-02T05:00"}
NEW = {"at": "2026-03-02T01:30", "kind": "order_new", "id": "fourth",
       "order": {"family": "bracket", "due": "2026-03-02T09:00", "penalty_per_day": 2400}}
POLICY = "policy: {time_limit: 2 s, replanning: {per_move: 1, per_hour: 0.1}}"


@pytest.fixture
def shop(tmp_path: Path, call: Call) -> Path:
    """The press shop with its schedule beside it."""
    folder = press_shop(tmp_path / "shop")
    text = (folder / "scenario.yaml").read_text("utf-8").replace("policy: {time_limit: 2 s}", POLICY)
    (folder / "scenario.yaml").write_text(text, "utf-8")
    assert call("solve", folder, "--out", tmp_path / "plan", *QUICK).code == 0
    return folder


def lines(folder: Path, *events: dict[str, Any]) -> Path:
    path = folder / "events.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in events), "utf-8")
    return path


def test_what_moved_and_why(call: Call, shop: Path, tmp_path: Path) -> None:
    said = call("replan", shop, tmp_path / "plan", lines(tmp_path, DOWN, NEW), "--now", NOW, "--out", tmp_path / "new",
                *QUICK)
    assert said.code == 0, said.err
    for part in ("1 operations had happened by now; of 2 announced 2 moved (100%)",
                 "press-1 is down until 2026-03-02T05:00+00:00", "first 4 h later, 2026-03-02T07:00",
                 "fourth new, delivered", "cost as announced", "for moving", "use it for validate"):
        assert part in said.out, (part, said.out)
    scenario = tmp_path / "new" / "scenario"
    assert call("validate", scenario, tmp_path / "new").code == 0
    assert call("replan", scenario, tmp_path / "new", lines(tmp_path), "--now", "2026-03-02T08:00", *QUICK).code == 0


def test_as_json(call: Call, shop: Path, tmp_path: Path) -> None:
    said = call("replan", shop, tmp_path / "plan", lines(tmp_path, DOWN), "--now", NOW, "--json", *QUICK)
    assert said.code == 0
    assert said.err == ""
    found = said.json
    assert (found["facts"], found["announced"], found["share_moved"]) == (1, 2, 1.0)
    assert {move["lot"] for move in found["moved"]} == {"second", "third"}
    assert all(move["cause"].startswith("press-1 is down") for move in found["moved"])
    assert [d["order"] for d in found["deliveries"]] == ["first", "second", "third"]
    assert found["out"] == "out/shop-replan"
    free = call("replan", shop, tmp_path / "plan", lines(tmp_path, DOWN), "--now", NOW, "--json", "--from-scratch",
                *QUICK).json
    assert free["objective"] < found["objective"]
    assert (free["frozen"], free["cost_announced"]) == (0, found["cost_announced"])


def test_all_mistakes_at_once(call: Call, shop: Path, tmp_path: Path) -> None:
    events = lines(tmp_path, {**DOWN, "kind": "brakedown"}, {**DOWN, "until": "later"})
    said = call("replan", shop, tmp_path / "nowhere", events, "--now", "soon")
    assert said.code == BAD_INPUT
    for part in ("events.jsonl:1: unknown kind 'brakedown'; did you mean 'breakdown'?",
                 "events.jsonl:2: 'until' is 'later', not a date and time", "--now: ", "nowhere"):
        assert part in said.err, (part, said.err)
    assert said.out == ""


def test_events_that_fit_nothing(call: Call, shop: Path, tmp_path: Path) -> None:
    events = lines(tmp_path, {**DOWN, "id": "press-2"}, {**DOWN, "until": "2026-03-01T05:00"},
                   {**NEW, "at": "2026-03-02T03:00"}, {"at": NOW, "kind": "finished", "id": "first/pres"},
                   {"at": NOW, "kind": "order_cancelled", "id": "fifth"})
    said = call("replan", shop, tmp_path / "plan", events, "--now", NOW)
    assert said.code == BAD_INPUT
    assert len(said.err.splitlines()) == 5
    for part in ("events.jsonl:1: unknown resource 'press-2'; did you mean 'press-1'?", "events.jsonl:2: 'until'",
                 "events.jsonl:3: the event lies at", "events.jsonl:4: unknown operation 'first/pres'; did you mean",
                 "events.jsonl:5: unknown order 'fifth'"):
        assert part in said.err, (part, said.err)


@pytest.mark.parametrize(("now", "said"), [("2026-03-01T02:00", "--now: 2026-03-01 02:00"),
                                           ("2026-03-02", "--now: '2026-03-02' has no time of day")])
def test_a_now_that_cannot_be(now: str, said: str, call: Call, shop: Path, tmp_path: Path) -> None:
    found = call("replan", shop, tmp_path / "plan", lines(tmp_path), "--now", now)
    assert found.code == BAD_INPUT
    assert found.err.startswith(said), found.err
