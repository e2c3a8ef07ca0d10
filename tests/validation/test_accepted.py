"""Valid schedules, written by hand, are accepted; so is every other way to cover the same needs."""

from __future__ import annotations

import pytest

from scheduler.domain.schedule import Schedule
from scheduler.validation.columns import Columns, columns_of
from scheduler.validation.context import Context
from scheduler.validation.costs import measured
from scheduler.validation.judge import validate
from tests.validation import hand


def measures(scenario: hand.Scenario, made: Schedule) -> dict[str, int]:
    columns = columns_of(made)
    assert isinstance(columns, Columns)
    found = measured(Context(scenario, made, columns))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("scenario", "made"),
    [
        (hand.cabinets(), hand.cabinet_schedule),
        (hand.job_shop(), hand.job_shop_schedule),
        (hand.computers(), hand.computer_schedule),
    ],
    ids=["cabinets", "job shop", "computers"],
)
def test_a_valid_schedule_is_accepted(scenario: hand.Scenario, made: object) -> None:
    assert validate(scenario, made(scenario)) == []  # type: ignore[operator]


def test_the_cost_of_the_computers_worked_by_hand() -> None:
    scenario = hand.computers()
    found = measures(scenario, hand.computer_schedule(scenario))
    work = (60 + 30 + 40 + 60 + 20 + 10) * 60  # minutes at 36 an hour, 60 hundredths a minute
    material = 3 * 2000 + 3 * 500 + 3 * 700 + 14 * 100 + 4 * 50  # computers, boards, chips, bought and stocked screws
    late = 10  # ten minutes at 24 a day: 2400 hundredths / 1440 = 1.67 a minute, 16.67 in all
    assert found == {"money": work + material + 17, "makespan": 680, "weighted_tardiness": late, "lead_time": 680 + 610}


def test_the_cost_of_the_cabinets_worked_by_hand() -> None:
    scenario = hand.cabinets(policy={"holding_percent_per_day": 0.0})
    found = measures(scenario, hand.cabinet_schedule(scenario))
    shop = (120 + 14 + 12) * 50 + 1000  # 30 an hour, and 10 fixed for the mould
    paint = (25 + 15) * 100  # 60 an hour
    assembly = (40 + 10 + 12 + 10) * 40 + 800  # 24 an hour, and 8 fixed for the quick way
    change = 5 * 100 + 100
    material = 3 * 1000 + 200 + 3 * 1200 + 6 * 400 + 3 * 500 + 6 * 150 + 20000
    assert found["money"] == shop + paint + assembly + change + material
    assert found["makespan"] == 1440 + 527


def test_a_tool_in_stock_needs_no_lot_and_no_peg() -> None:
    scenario = hand.cabinets(catalog={"components": {"mould": {"stock": 1}}})
    made = hand.cabinet_schedule(hand.cabinets())
    assert "completeness" in hand.rules(scenario, made)
    without = hand.schedule(
        scenario,
        [("A1", "", "A1", 2), ("A1/body", "body", "A1", 2), ("A2", "", "A2", 1), ("A2/body", "body", "A2", 1)],
        [
            (
                made.lots.id[made.lot[i]],
                made.names[made.name[i]],
                scenario.resources[made.resource[i]].id,
                int(made.start[i]),
                int(made.end[i]),
                scenario.resources[made.resource[i]].configurations[made.configuration[i]],
                int(made.mode[i]),
                int(made.rec_start[i]),
                int(made.rec_end[i]),
            )
            for i in range(1, len(made))
        ],
        [
            ("body", "lot", "A1/body", "A1", 2, -1),
            ("hinge", "buy", "", "A1", 4, 240),
            ("sheet", "stock", "", "A1/body", 6, 0),
            ("body", "lot", "A2/body", "A2", 1, -1),
            ("hinge", "buy", "", "A2", 2, 240),
            ("sheet", "buy", "", "A2/body", 3, 1440),
        ],
    )
    assert validate(scenario, without) == []


def test_a_bought_tool_is_a_lot_without_operations() -> None:
    bought = {"operations": {}, "buy": {"lead_time": "6 h", "price": 90}}
    factory = hand.tiny_factory()
    factory["catalog"]["components"]["mould"] = {"kind": "tool", **bought}
    scenario = hand.make(factory, [{"id": "A1", "family": "cabinet", "quantity": 2}])
    made = hand.schedule(
        scenario,
        [("mould", "mould", "", 1), ("A1", "", "A1", 2), ("A1/body", "body", "A1", 2)],
        [
            ("A1/body", "press", "press1", 360, 374),
            ("A1", "paint", "booth1", 480, 505, "white"),
            ("A1", "assemble", "bench1", 515, 555),
            ("A1", "test", "bench1", 555, 565),
        ],
        [
            ("body", "lot", "A1/body", "A1", 2, -1),
            ("hinge", "buy", "", "A1", 4, 240),
            ("sheet", "stock", "", "A1/body", 6, 0),
            ("mould", "buy", "", "A1/body", 1, 360),
        ],
    )
    assert validate(scenario, made) == []
    assert hand.rules(scenario, hand.moved(made, 0, -1)) == {"tools", "calendar"}
    processing = 14 * 50 + 25 * 100 + 50 * 40
    holding = measures(scenario, made)["money"] - (processing + 2 * 1000 + 2 * 1200 + 6 * 400 + 4 * 150 + 9000)
    assert 0 < holding < 100


def test_one_lot_may_serve_two_orders() -> None:
    scenario = hand.computers()
    made = hand.schedule(
        scenario,
        [("C1", "", "C1", 2), ("C1/board", "board", "C1", 3), ("C2", "", "C2", 1)],
        [
            ("C1/board", "solder", "bench", 480, 570),
            ("C2", "mount", "second", 570, 610),
            ("C1", "mount", "bench", 600, 660),
            ("C1", "close", "bench", 660, 680),
            ("C2", "close", "second", 610, 620),
        ],
        [
            ("board", "lot", "C1/board", "C1", 2, -1),
            ("chip", "stock", "", "C1/board", 3, 0),
            ("screw", "buy", "", "C1", 12, 600),
            ("board", "lot", "C1/board", "C2", 1, -1),
            ("screw", "stock", "", "C2", 4, 0),
            ("screw", "buy", "", "C2", 2, 600),
        ],
    )
    assert validate(scenario, made) == []
