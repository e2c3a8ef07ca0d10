"""What the report shows beyond the plain shop, of the bakery."""

from __future__ import annotations

import re

from scheduler.report.html import render
from tests.report.samples import chain_schedule, data_of, tiny
from tests.report.shops import baked, bakery, bakery_report

NAMES = {"mixer1": 0, "mixer2": 1, "oven": 2}


def visible(page: str) -> str:
    return re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S)


def bars() -> dict[str, int]:
    """Number of each bar by 'LOT operation'."""
    schedule = baked(bakery())
    ranked = sorted(range(len(schedule)), key=lambda i: (schedule.resource[i], schedule.position[i]))
    return {f"{schedule.lots.id[schedule.lot[i]]} {schedule.names[schedule.name[i]]}": b for b, i in enumerate(ranked)}


def test_refused_orders_are_listed_with_their_price() -> None:
    data = bakery_report()
    assert data.refused == (("B7", "own routing", "35.00 EUR", "making it would have cost more"),)
    text = visible(render(data))
    assert "1 of 7 orders is refused, at a price of 35.00 EUR." in text
    assert 'id="refused"' in text
    assert "not scheduled" not in " ".join(data.sentences)


def test_columns_say_what_belongs_to_which_bar() -> None:
    shop, bar = bakery_report().columns["shop"], bars()
    assert shop["now"] == 450
    assert dict(zip(shop["leave"]["at"], shop["leave"]["length"])) == {
        bar["B2 knead"]: 30, bar["B3 knead"]: 30, bar["B6 knead"]: 60}
    assert sorted(map(sorted, shop["batches"])) == sorted(sorted(bar[f"{a} bake"] for a in pair)
                                                         for pair in (("B1", "B2"), ("B3", "B4"), ("B5", "B6")))
    assert sorted(shop["pauses"]) == sorted([[bar["B3 decorate"], 960, 840], [bar["B5 decorate"], 960, 840]])
    assert sorted(shop["facts"]) == sorted([[bar["B1 knead"], 1], [bar["B2 knead"], 2]])
    assert sorted(shop["announced"]) == sorted([[bar["B3 knead"], 450, NAMES["mixer2"]],
                                                [bar["B5 bake"], 720, NAMES["oven"]]])
    assert shop["maintenance"] == [bar["mixer2:grease grease"]]
    assert [row[:3] for row in shop["overtime"]] == [["day", 840, 960]]
    assert shop["refused"] == [[6, 3500]]
    teams = dict(zip(shop["teams"]["at"], shop["teams"]["team"]))
    assert shop["teams"]["names"][teams[bar["B1 knead"]]] == "bakers"
    assert len(shop["outside"]) == 1


def test_pools_show_people_over_time() -> None:
    pools = {p["title"]: p for p in bakery_report().columns["shop"]["pools"]}
    assert list(pools) == ["crew bakers", "crew icers", "fixture turntable", "buffer rack"]
    assert max(pools["crew icers"]["load"]) == 2
    assert 2 in pools["crew bakers"]["capacity"], "two are in training"
    assert bakery_report().pools[1][:2] == ("bakers", "crew")


def test_overtime_is_open_time_and_a_batch_counts_once() -> None:
    load = bakery_report().columns["load"]
    assert sum(load["operation"][NAMES["oven"]]) == 3 * 90
    assert sum(load["open"][NAMES["mixer1"]]) >= 480 + 120
    tables = load["operation"][3]
    assert sum(tables) == 240 + 240, "pauses are no operation"


def test_the_cost_split_shows_only_parts_there_are() -> None:
    data = bakery_report()
    assert list(data.columns["orders"]["split"]) == ["standard", "lateness", "overtime", "refusal", "moving"]
    assert sum(sum(part) for part in data.columns["orders"]["split"].values()) + data.columns["plant"] > 0


def test_key_figures_are_in_words() -> None:
    rows = dict(next(rows for heading, rows in bakery_report().kpis if heading == "Shop floor"))
    assert rows["Orders refused"] == "1"
    assert rows["Price of refused orders"] == "35.00 EUR"
    assert rows["Overtime: cost"] == "120.00 EUR"
    assert rows["Overtime: time"] == "2 h"
    assert rows["Batches: fill mean"] == "66.7 %"
    assert rows["Resources blocked by finished lots"] == "2 h"


def test_a_plain_report_has_none_of_it() -> None:
    data = data_of(tiny(), chain_schedule(tiny(), 3))
    assert data.columns["shop"] is None
    page = visible(render(data))
    assert 'id="people"' not in page
    assert 'id="refused"' not in page
    assert list(data.columns["orders"]["split"]) == [
        "standard", "customization", "reconfiguration", "lateness", "holding"]
