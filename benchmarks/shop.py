"""The all-features workshop grown to about 1,000 operations: first schedule, what search saves, and a replan."""

from __future__ import annotations

import copy
import json
import random
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from benchmarks.record import write
from scheduler import Files, Options, Outcome, load_files, read_events, replan, solve, validate
from scheduler.domain.scenario import Scenario
from scheduler.encoding.encode import encode
from scheduler.engines.lists import key_of
from scheduler.engines.lists_rules import Lists, weighed
from scheduler.planning.build import build
from scheduler.problem.serial.serial import Serial

SOURCE = Path(__file__).parents[1] / "scenarios" / "all_features" / "scenario.yaml"
FIRST = date(2026, 3, 2)
WEEKS, MOST_WEEKS = 2, 8
"""Weeks of demand of the workshop of 235 orders, and of one of 2,000 and more."""
LARGE = 1_000
"""Orders from which on the results have a table of their own."""


def grow(folder: Path, orders: int = 235, seed: int = 1) -> Path:
    """Writes the workshop with `orders` orders (about seven operations each), its plant and dates grown to match: with
    1,000 orders and more it lasts longer, and as many orders a week have as many resources, fixtures and people as in
    the small one. Shared lots stay as large as they are: beyond three times the plant there are several families."""
    data: dict[str, Any] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    weeks = max(WEEKS, min(MOST_WEEKS, orders // 250))
    # what is late at the end of two weeks must not add up over eight
    load = 60 if weeks == WEEKS else 52
    draw, times = random.Random(seed), max(1, orders * WEEKS // (load * weeks))
    _plant(data["plant"], times, weeks)
    families = _families(data["catalog"], max(1, times // 3))
    motor = data["catalog"]["components"]["motor"]
    motor["stock"] = orders * WEEKS // (8 * weeks)
    motor["arrivals"] = [{"at": str(datetime(2026, 3, 4, 10) + timedelta(days=7 * w)),
                          "quantity": orders * WEEKS // (4 * weeks)} for w in range(weeks)]
    rows = ["id,family,customer,quantity,release,due,price,must_make,option:colour,option:finish"]
    for i in range(orders):
        release = i * 5 * weeks // orders
        due = release + draw.choice((1, 2, 2, 3, 4))
        price = draw.choice(("", "", "", "", "", "", "60"))
        rows.append(f"D{i + 1},{families[i % len(families)]},shop,{draw.choice((1, 1, 2, 2, 3, 4))},"
                    f"{_workday(max(0, release - 2))},{_workday(due)},{price},"
                    f"{'yes' if i == 0 or draw.random() < 0.2 else ''},{draw.choice(('white', 'red'))},"
                    f"{draw.choice(('standard', 'standard', 'fine'))}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scenario.yaml").write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    (folder / "orders.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "floor.csv").write_text(
        "lot,operation,state,resource,configuration,mode,start,end,remaining,behind\n"
        "D1,mill body,finished,mill-1,rough,0,2026-03-02 06:00,2026-03-02 07:40,,\n", encoding="utf-8")
    return folder


def _families(catalog: dict[str, Any], count: int) -> list[str]:
    """Makes so many families of the one there is, each with brackets of its own; their names."""
    drive, bracket = catalog["families"]["drive"], catalog["components"]["bracket"]
    paint = drive["operations"]["paint"]
    paint["capability"] = "paint"
    del paint["resources"]
    names = ["drive"]
    for i in range(2, count + 1):
        names.append(f"drive-{i}")
        catalog["components"][f"bracket-{i}"] = copy.deepcopy(bracket)
        family = catalog["families"][names[-1]] = copy.deepcopy(drive)
        family["components"][0]["component"] = f"bracket-{i}"
    return names


def _workday(n: int) -> date:
    return FIRST + timedelta(days=7 * (n // 5) + n % 5)


def _plant(plant: dict[str, Any], times: int, weeks: int) -> None:
    plant["work_in_process"] *= 3 * times
    plant["transport"]["vehicles"] = times
    for shift in plant["crews"]["joiners"]["shifts"]:
        shift["people"] *= times
    plant["crews"]["joiners"]["changes"][0]["number"] *= times
    plant["crews"]["apprentices"]["people"] *= times
    for kind in ("fixtures", "modules"):
        for spec in plant[kind].values():
            spec["number"] *= times
    plant["buffers"]["drying-rack"]["size"] *= 2 * times
    plant["calendars"]["two-shift"]["overtime"] = [
        {"start": str(datetime(2026, 3, 4, 22) + timedelta(days=7 * w)),
         "end": str(datetime(2026, 3, 5, 2) + timedelta(days=7 * w)), "cost": 90 * times} for w in range(weeks)]
    for name in ("mill", "oven", "assembly"):
        cell = plant["cells"][name]
        specs = list(cell["resources"].items())
        copies = {f"{key.rsplit('-', 1)[0]}-{1 + i + k * len(specs)}": (spec if k == 0 else _plain(spec))
                  for k in range(times) for i, (key, spec) in enumerate(specs)}
        cell["resources"] = copies
    plant["cells"]["oven"]["capabilities"] = ["paint"]


def _plain(spec: dict[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in (spec or {}).items() if key == "initial_configuration"}


def run(results: Path, orders: int, seconds: float, workers: int, seeds: int) -> None:
    """The best dispatching rule and the portfolio on the same workshop, one seed of demand after the other."""
    rows, raw = [], []
    for seed in range(1, seeds + 1):
        with tempfile.TemporaryDirectory() as place:
            scenario = load_files(grow(Path(place) / "shop", orders, seed)).scenario()
        if seed == 1:
            solve(scenario, Options(engine="dispatch", time_limit=0.05))
        rule = solve(scenario, Options(engine="dispatch", time_limit=seconds))
        found = solve(scenario, Options(time_limit=seconds, workers=workers))
        assert rule.objective is not None
        assert found.objective is not None
        assert found.schedule is not None
        assert not validate(scenario, found.schedule)
        first = next(e.seconds for e in found.trace if e.objective is not None)
        lists = best_rule(scenario, seconds)
        rows.append((seed, orders, len(found.schedule), f"{first:.2f}", f"{lists / 100:,.2f}",
                     f"{1 - found.objective / lists:.1%}", f"{rule.objective / 100:,.2f}",
                     f"{1 - found.objective / rule.objective:.1%}", f"{found.objective / 100:,.2f}",
                     f"{(found.bound or 0) / 100:,.2f}", len(found.schedule.refused), len(found.schedule.overtime)))
        raw.append({"seed": seed, "rule": lists, "dispatch": rule.objective, "objective": found.objective,
                    "bound": found.bound, "first_seconds": first, "status": found.status,
                    "trace": [(round(e.seconds, 2), e.objective, e.bound, e.source) for e in found.trace]})
        print(rows[-1], flush=True)
    columns = ("seed", "orders", "rows", "first schedule after s", "best rule", "cheaper than it", "dispatch engine",
               "cheaper than that", "found", "bound", "refused", "overtime")
    write(results, "shop" if orders < LARGE else "shop-large", columns, rows, raw,
          "The workshop of scenarios/all_features grown by `benchmarks.shop.grow`; kernels were compiled before. All "
          "schedules validated. The best rule is the best schedule of one priority rule alone, over all rules and "
          "weights; batches come about where lots happen to meet. The dispatch engine also begins orders late, gathers "
          "batches, refuses orders, buys overtime and takes other branches, where it pays.")


def best_rule(scenario: Scenario, seconds: float) -> int:
    """Cost of the best schedule that one priority rule alone makes, hundredths, of all rules and weights that the time
    allows."""
    problem = encode(scenario, build(scenario))
    serial, lists, found = Serial(problem), Lists(problem), list[int]()
    lists.prepare(serial)
    until = time.monotonic() + seconds
    for _, plan, weights in lists.plans():
        if time.monotonic() > until:
            break
        serial.greed[:3] = weighed(problem, weights)
        solution = serial.run(plan)
        if solution is not None and not (key := key_of(problem, solution))[0]:
            found.append(key[1])
    return min(found)


def moving(results: Path, orders: int, seconds: float, workers: int) -> None:
    """A breakdown in the workshop's plan: time to the first valid answer, and what moves against planning afresh."""
    with tempfile.TemporaryDirectory() as place:
        files = load_files(grow(Path(place) / "shop", orders))
        scenario = files.scenario()
        plan = solve(scenario, Options(time_limit=seconds, workers=workers)).schedule
        assert plan is not None
        now = datetime(2026, 3, 10, 10)
        told = Path(place) / "events.jsonl"
        told.write_text(json.dumps({"at": "2026-03-10T09:40", "kind": "breakdown", "id": "mill-2",
                                    "until": "2026-03-11T14:00"}) + "\n", encoding="utf-8")
        events = read_events(told)
    replan(files, plan, events, now, Options(engine="dispatch", time_limit=1))
    rows, raw = [], []
    for name, given, limit in (("first answer", files, 0.5), ("replanned", files, seconds),
                               ("from scratch", _free(files), seconds)):
        found = replan(given, plan, events, now, Options(time_limit=limit, workers=workers))
        if found.outcome.schedule is None:
            rows.append((name, found.announced, "none found", "-", "-", f"{found.outcome.wall_seconds:.2f}", "-"))
            raw.append({"what": name, "announced": found.announced, "status": found.outcome.status,
                        "wall_seconds": found.outcome.wall_seconds})
            continue
        first = next(e.seconds for e in found.outcome.trace if e.objective is not None)
        rows.append((name, found.announced, str(len(found.moved)), f"{found.share_moved:.1%}", f"{first:.2f}",
                     f"{found.outcome.wall_seconds:.2f}", f"{_without_moving(found.outcome) / 100:,.2f}"))
        raw.append({"what": name, "announced": found.announced, "moved": len(found.moved), "first_seconds": first,
                    "wall_seconds": found.outcome.wall_seconds, "cost": _without_moving(found.outcome)})
        print(rows[-1], flush=True)
    write(results, "replan", ("what", "announced", "moved", "share", "first schedule after s", "seconds in all",
                              "cost without moving"), rows, raw,
          "`mill-2` of the grown workshop is down for a day and a half. From scratch: moving costs nothing, nothing is "
          "frozen and the search does not begin from the plan. Kernels were compiled before.")


def _without_moving(outcome: Outcome) -> int:
    assert outcome.costs is not None
    return outcome.costs.total - int(outcome.costs.terms[:, -1].sum())


def _free(files: Files) -> Files:
    policy = files.file.policy
    free = policy.model_copy(update={"replanning": type(policy.replanning)()})
    return Files(files.file.model_copy(update={"policy": free}), files.entries, files.floor)
