"""What a report says, and that nothing in it can do harm."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from scheduler.domain.results import KPIs, Violation
from scheduler.domain.schedule import Header
from scheduler.report import gantt
from scheduler.report.html import render, safe_json
from scheduler.report.load import covered, edges
from scheduler.report.words import Words, figure, percent, quality
from tests.factories import make, tiny_factory
from tests.report.samples import HOSTILE, chain_schedule, costs_of, data_of, integer, many, tiny


def columns_of(page: str) -> dict:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found.group(1))


def visible(page: str) -> str:
    """The page's own text: without scripts and styles."""
    return re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S)


def test_a_tiny_schedule_says_what_matters_in_words():
    text = visible(render(data_of(tiny())))
    for words in ("tiny", "Valid schedule", "3 of 4 orders are delivered on time.",
                  "at most 16.7 % could still be saved", "1,000.00 EUR", "75 %", "press1",
                  "93 % of open time used", "busy resources"):
        assert words in text, words


def test_columns_hold_every_bar_exactly():
    scenario = tiny()
    schedule = chain_schedule(scenario, 3)
    bars = columns_of(render(data_of(scenario, schedule)))["bars"]
    by_resource = np.lexsort((schedule.position, schedule.resource))
    assert np.cumsum(bars["start"]).tolist() == schedule.start[by_resource].tolist()
    assert bars["length"] == [30] * 12
    assert np.cumsum(bars["lot"]).tolist() == schedule.lot[by_resource].tolist()
    changed = np.cumsum(bars["changes"]["at"])
    assert bars["changes"]["length"] == [10] * 4
    assert schedule.rec_start[by_resource[changed]].tolist() == (schedule.start[by_resource[changed]] - 10).tolist()
    assert bars["first"][-1] == 12


def test_an_integer_axis_shows_plain_numbers():
    data = data_of(integer(), explanations=[], bottlenecks=[], kpis=KPIs({}))
    page = render(data)
    assert columns_of(page)["clock"] == {"integer": True, "end": data.columns["clock"]["end"]}
    assert not re.search(r"\b(Mon|Tue|Jan|2024)\b", visible(page))
    assert "3 orders without due dates" in visible(page)


def test_without_explanations_and_bottlenecks_it_says_so():
    page = render(data_of(tiny(), explanations=[], bottlenecks=[]))
    assert "No resource holds up an order." in page


def test_hostile_names_stay_text():
    scenario = tiny()
    scenario = replace(scenario, name=HOSTILE[0], description=HOSTILE[1],
                       orders=replace(scenario.orders, id=tuple(HOSTILE), customer=tuple(HOSTILE)))
    violations = [Violation(HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[3])]
    page = render(data_of(scenario, violations=violations, kpis=KPIs({HOSTILE[1]: HOSTILE[0]})))
    assert page.count("<script") == page.count("</script") == 2
    assert "<img" not in page
    assert "\u2028" not in columns_text(page)
    assert columns_of(page)["orders"]["id"] == HOSTILE


def columns_text(page: str) -> str:
    return page[page.index('id="data">'):page.index("</script>")]


def test_json_cannot_end_its_element_and_comes_back():
    value = {"a": HOSTILE, "b": [1, None, 2.5]}
    text = safe_json(value)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == value


def test_violations_stand_first():
    violation = Violation("overlap", "two at once", "A1", "cut", "press1", 485)
    text = visible(render(data_of(tiny(), violations=[violation])))
    assert "1 broken rule" in text
    assert text.index("two at once") < text.index('id="schedule"')
    assert "order A1 · cut · press1 · Mon 1 Jan 2024, 08:05" in text
    assert "Schedule with violations" in text


def test_a_large_schedule_opens_windowed_and_says_so():
    scenario = many(3000)
    data = data_of(scenario, chain_schedule(scenario, 7, length=2, gap=3), explanations=[])
    assert data.columns["window"][1] < data.columns["clock"]["end"]
    assert "21,000 operations. The chart opens on its first part" in data.notes[0]
    assert data.notes[0] in render(data)


def test_beyond_the_limit_the_earliest_bars_are_kept(monkeypatch):
    monkeypatch.setattr(gantt, "BAR_LIMIT", 21_500)
    scenario = many(3200)
    schedule = chain_schedule(scenario, 7, length=2, gap=3)
    data = data_of(scenario, schedule, explanations=[])
    assert "holds the 21,500 operations that start first" in data.notes[0]
    bars = data.columns["bars"]
    assert len(bars["length"]) == 21_500
    assert max(np.cumsum(bars["start"])) == np.sort(schedule.start)[21_499]


def test_nothing_is_loaded_from_anywhere():
    page = render(data_of(tiny()))
    addresses = set(re.findall(r"https?://[^\"'\s)]+", page))
    assert all(address.startswith("http://www.w3.org/") for address in addresses)
    assert not re.search(r"<(link|img|iframe|script)[^>]+(src|href)=", page)
    assert "default-src 'none'" in page
    assert "Apache-2.0" in page


@pytest.mark.parametrize(("status", "words"), [
    ("optimal", "Proven optimal"), ("infeasible", "no schedule can keep all hard limits"),
    ("not_found", "one may still exist")])
def test_statuses_stay_four_things(status, words):
    scenario = tiny()
    schedule = chain_schedule(scenario, 3)
    page = render(data_of(scenario, replace(schedule, header=replace(schedule.header, status=status))))
    assert words in visible(page)


def test_the_frontier_is_shown_with_its_knee():
    points = [SimpleNamespace(label=name, cost=cost, speed=speed) for name, cost, speed in
              (("A", 100_000, 900.0), ("B", 110_000, 700.0), ("C", 150_000, 650.0))]
    frontier = SimpleNamespace(measure="lead_time", points=points, knee=1, sentences=["From A to B: faster."])
    page = render(data_of(tiny(), tradeoff=frontier))
    assert "From A to B: faster." in visible(page)
    assert columns_of(page)["tradeoff"]["knee"] == 1
    assert 'id="tradeoff"' not in render(data_of(tiny()))


def test_load_adds_up_to_all_operations():
    scenario = tiny()
    schedule = chain_schedule(scenario, 3)
    load = data_of(scenario, schedule).columns["load"]
    for r in range(len(scenario.resources)):
        mine = schedule.resource == r
        assert sum(load["operation"][r]) == int((schedule.end - schedule.start)[mine].sum())
    assert load["unit"] in ("hour", "day")


def test_covered_counts_overlaps_twice():
    starts, ends = np.array([0, 5, 20]), np.array([10, 8, 30])
    assert covered(starts, ends, np.array([0, 6, 9, 25, 40])).tolist() == [0, 7, 12, 18, 23]


def test_buckets_end_at_local_midnight_through_a_clock_change():
    scenario = make_in("Europe/Berlin", "2024-03-30T00:00:00")
    points, unit = edges(scenario.axis, 5 * 1440)
    assert unit == "day"
    assert np.diff(points)[:3].tolist() == [1440, 1380, 1440]
    offsets = gantt.clock(scenario.axis, 5 * 1440)["offsets"]
    assert offsets == [(0, 3_600_000), (1440 + 120, 7_200_000)]


def make_in(zone: str, origin: str):
    return make(tiny_factory(time_zone=zone, origin=origin), [])


def test_an_empty_schedule_renders():
    scenario = make_in("UTC", "2024-01-01T00:00:00")
    schedule = chain_schedule(scenario, 3)
    schedule = replace(schedule, header=Header("tiny", "not_found"))
    costs = costs_of(scenario, schedule)
    page = render(data_of(scenario, schedule, costs=costs, explanations=[], bottlenecks=[], kpis=KPIs({})))
    assert "No schedule found" in visible(page)


def test_words():
    words = Words(tiny().axis, "EUR")
    assert words.duration(75) == "1 h 15 min"
    assert words.duration(4320) == "3.0 days"
    assert words.moment(0) == "Mon 1 Jan 2024, 00:00"
    assert percent(0.0004) == "under 0.1 %"
    assert percent(0.25) == "25 %"
    assert figure("lead_time_mean", 90.0, words) == "1 h 30 min"
    assert figure("cost_total", 123450, words) == "1,234.50 EUR"
    assert "not known" in quality(Header("x", objective=5), words)
