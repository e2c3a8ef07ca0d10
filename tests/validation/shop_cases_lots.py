"""Cases of order choice, alternatives, lots, batches and buffers."""

from __future__ import annotations

from typing import Any

from tests.validation.shop_kit import Case, allows, by_hand, forbids, op, order, shop

# -- order choice -----------------------------------------------------------------------------------------------------


def choice(*rows: str, policy: Any = None, **more: Any) -> Case:
    scenario = shop(
        order("A", cut=op(), price=40),
        order("B", cut=op(), price=30, must_make=True),
        policy={"refuse_orders": True, **(policy or {})},
    )
    placed = [(name, "cut", "m1", 10 * k, 10 * k + 10) for k, name in enumerate(rows)]
    return scenario, by_hand(scenario, placed, **more)


@forbids("refusal")
def what_must_be_made() -> Case:
    return choice("A", refused=["B"])


@forbids("refusal")
def refused_but_made() -> Case:
    return choice("A", "B", refused=["A"])


@forbids("refusal")
def refused_for_speed() -> Case:
    return choice("B", refused=["A"], policy={"objective": "makespan"})


@forbids("completeness")
def neither_made_nor_refused() -> Case:
    return choice("B")


@allows("refusal")
def one_that_may_be() -> Case:
    return choice("B", refused=["A"], objective=1000 + 4000)


@allows("overlap")
def a_subcontractor_does_any_number_at_once() -> Case:
    outside = {
        "kind": "subcontractor",
        "hourly_cost": 0,
        "configurations": {"x": {"capabilities": ["work"]}, "y": {"capabilities": ["work"]}},
        "resources": {"m1": {"initial_configuration": "y"}},
    }
    scenario = shop(
        order("A", cut=op(cost=5)), order("B", cut=op(cost=7)), cell=outside, policy={"weights": {"subcontracting": 2}}
    )
    return scenario, by_hand(scenario, [("A", "cut", "m1", 0, 10, "x"), ("B", "cut", "m1", 0, 10, "y")], objective=2400)


ROUTE = {
    "sub_plans": {
        "cast": {"replaces": ["cut", "join"], "operations": {"pour": op(30), "grind": op(5)}},
        "buy it": {"replaces": ["cut", "join"], "operations": {"fetch": op(60)}},
    }
}


def routed(*rows: tuple[str, int, int]) -> Case:
    scenario = shop(order("A", saw=op(), cut=op(), join=op(), pack=op(), routing=ROUTE))
    return scenario, by_hand(scenario, [("A", name, "m1", a, b) for name, a, b in rows])


@forbids("alternatives")
def half_of_one_way_and_all_of_another() -> Case:
    return routed(("saw", 0, 10), ("cut", 10, 20), ("pour", 20, 50), ("grind", 50, 55), ("pack", 55, 65))


@forbids("completeness")
def half_of_one_way() -> Case:
    return routed(("saw", 0, 10), ("pour", 10, 40), ("pack", 40, 50))


@forbids("precedence")
def a_way_begun_before_what_comes_before_it() -> Case:
    return routed(("pour", 0, 30), ("saw", 30, 40), ("grind", 40, 45), ("pack", 45, 55))


@forbids("precedence")
def a_way_ended_after_what_comes_after_it() -> Case:
    return routed(("saw", 0, 10), ("pour", 10, 40), ("pack", 40, 50), ("grind", 50, 55))


@allows("alternatives")
def the_way_as_given() -> Case:
    return routed(("saw", 0, 10), ("cut", 10, 20), ("join", 20, 30), ("pack", 30, 40))


@allows("alternatives")
def another_way() -> Case:
    return routed(("saw", 0, 10), ("pour", 10, 40), ("grind", 40, 45), ("pack", 45, 55))


def parted(*rows: tuple[str, str, int, int]) -> Case:
    """Seven pieces of two minutes each, in up to three parts of at least two."""
    sew = {"capability": "work", "work": {"per_piece": "2 min"}, "split": {"parts": 4, "minimum": 2}}
    scenario = shop(order("A", quantity=7, cut=op(), sew=sew, pack=op()), cell={"resources": {"m3": {}, "m4": {}}})
    return scenario, by_hand(scenario, [("A", name, m, a, b) for name, m, a, b in rows])


@forbids("duration")
def parts_of_another_size() -> Case:
    return parted(
        ("cut", "m1", 0, 10), ("sew (1 of 2)", "m1", 10, 16), ("sew (2 of 2)", "m2", 10, 18), ("pack", "m1", 18, 28)
    )


@forbids("alternatives")
def parts_that_are_too_small() -> Case:
    """Seven in four: two, two, two and one."""
    return parted(
        ("cut", "m1", 0, 10),
        ("sew (1 of 4)", "m1", 10, 14),
        ("sew (2 of 4)", "m2", 10, 14),
        ("sew (3 of 4)", "m3", 10, 14),
        ("sew (4 of 4)", "m4", 10, 12),
        ("pack", "m1", 14, 24),
    )


@forbids("completeness")
def a_part_missing() -> Case:
    return parted(("cut", "m1", 0, 10), ("sew (1 of 2)", "m1", 10, 18), ("pack", "m1", 18, 28))


@allows("alternatives")
def two_parts_beside_each_other() -> Case:
    return parted(
        ("cut", "m1", 0, 10), ("sew (1 of 2)", "m1", 10, 18), ("sew (2 of 2)", "m2", 10, 16), ("pack", "m1", 18, 28)
    )


@allows("alternatives")
def one_part() -> Case:
    return parted(("cut", "m1", 0, 10), ("sew", "m1", 10, 24), ("pack", "m1", 24, 34))


# -- pooled lots ------------------------------------------------------------------------------------------------------


def pooled(*lots: tuple[str, int], pegs: dict[str, str], due: int = 2, **more: Any) -> Case:
    """A needs two gears and B three, due on January 2 and on another day; made together in sixes."""
    gear = {
        "material_cost": 1,
        "operations": {"mill": {"capability": "work", "work": {"per_piece": "1 min"}}},
        "pool": {"within": "2 d", "minimum": 4, "multiple": 2},
    }
    use = {"components": [{"component": "gear"}]}
    scenario = shop(
        order("A", quantity=2, cut=op(), routing=use, due="2024-01-02"),
        order("B", quantity=3, cut=op(), routing=use, due=f"2024-01-{due:02d}", price=50),
        catalog={"components": {"gear": gear}},
        policy={"refuse_orders": True},
    )
    rows: list[tuple[Any, ...]] = []
    for k, (name, quantity) in enumerate(lots):
        rows.append((name, "mill", "m1", 20 * k, 20 * k + quantity))
    rows += [(name, "cut", "m2", 50 + 10 * k, 60 + 10 * k) for k, name in enumerate(pegs)]
    return scenario, by_hand(
        scenario,
        rows,
        lots=[(name, "gear", "", q) for name, q in lots],
        pegs=[("gear", "lot", lot, name, {"A": 2, "B": 3}[name], -1) for name, lot in pegs.items()],
        **more,
    )


@forbids("pooling")
def no_multiple() -> Case:
    return pooled(("gear:1", 5), pegs={"A": "gear:1", "B": "gear:1"})


@forbids("pooling")
def too_few() -> Case:
    return pooled(("gear:1", 2), ("gear:2", 4), pegs={"A": "gear:1", "B": "gear:2"})


@forbids("pooling")
def too_many() -> Case:
    return pooled(("gear:1", 8), pegs={"A": "gear:1", "B": "gear:1"})


@forbids("pooling")
def due_too_far_apart() -> Case:
    return pooled(("gear:1", 6), pegs={"A": "gear:1", "B": "gear:1"}, due=5)


@forbids("stock")
def not_enough_for_all() -> Case:
    return pooled(("gear:1", 4), pegs={"A": "gear:1", "B": "gear:1"})


@allows("pooling")
def six_for_five() -> Case:
    return pooled(("gear:1", 6), pegs={"A": "gear:1", "B": "gear:1"}, due=4, objective=600 + 600 + 2000)


@allows("pooling")
def a_lot_each() -> Case:
    return pooled(("gear:1", 4), ("gear:2", 4), pegs={"A": "gear:1", "B": "gear:2"}, due=5)


@allows("pooling")
def made_for_an_order_that_is_refused() -> Case:
    return pooled(("gear:1", 6), pegs={"A": "gear:1"}, refused=["B"])


# -- batches ----------------------------------------------------------------------------------------------------------


def baked(
    start: int = 0,
    *,
    capacity: int = 6,
    classes: tuple[str, str] = ("hot", "hot"),
    together: bool = True,
    cell: Any = None,
    minutes: int = 10,
    **header: Any,
) -> Case:
    """A bakes two pieces of one place each and B two of two places each, in one oven."""
    orders = [
        order(name, quantity=2, bake=op(minutes if name == "B" else 10, batch=kind, places=places, cost=1))
        for name, kind, places in zip("AB", classes, (1, 2))
    ]
    scenario = shop(*orders, cell={"batch": {"capacity": capacity}, **(cell or {})})
    return scenario, by_hand(
        scenario,
        [("A", "bake", "m1", 0, 10), ("B", "bake", "m1", start, start + minutes)],
        batches=[[("A", "bake"), ("B", "bake")]] if together else (),
        **header,
    )


@forbids("batches")
def too_full() -> Case:
    return baked(capacity=5)


@forbids("batches")
def too_large_alone() -> Case:
    return baked(10, capacity=3, together=False)


@forbids("batches")
def another_class() -> Case:
    return baked(classes=("hot", "cold"))


@forbids("batches")
def another_duration() -> Case:
    return baked(minutes=11)


@forbids("batches")
def on_a_cell_that_does_not_batch() -> Case:
    return baked(cell={"batch": None})


@forbids("overlap")
def at_once_but_not_as_a_batch() -> Case:
    return baked(together=False)


@allows("batches")
def paid_once() -> Case:
    """Ten minutes at 60 an hour, and twice a fixed cost of 1."""
    return baked(objective=1000 + 200)


@allows("batches")
def one_after_the_other_in_the_oven() -> Case:
    return baked(10, together=False, objective=2200)


# -- buffers and work in process --------------------------------------------------------------------------------------


def buffered(size: int, *leave: int, third: int = 20) -> Case:
    """A, B and C are cut one after another on m1, leave it as told, and are packed on p1 from 10, 40 and 60 on."""
    scenario = shop(
        *(order(name, cut=op(resources=["m1"]), pack=op(20, resources=["p1"])) for name in "ABC"),
        cells={"packing": {"capabilities": ["work"], "resources": {"p1": {}}}},
        plant={"buffers": {"belt": {"from": "shop", "to": "packing", "size": size}}},
    )
    return scenario, by_hand(
        scenario,
        [
            ("A", "cut", "m1", 0, 10),
            ("B", "cut", "m1", 10, 20),
            ("C", "cut", "m1", third, third + 10),
            ("A", "pack", "p1", 10, 30),
            ("B", "pack", "p1", 40, 60),
            ("C", "pack", "p1", 60, 80),
        ],
        leave={(name, "cut"): tick for name, tick in zip("ABC", leave)},
    )


@forbids("buffers")
def two_on_a_belt_of_one() -> Case:
    return buffered(1, 10, 20, 39)


@forbids("buffers")
def left_after_it_is_needed() -> Case:
    return buffered(2, 10, 41, 60, third=41)


@forbids("buffers")
def left_before_its_end() -> Case:
    return buffered(2, 10, 19, 40)


@forbids("buffers")
def stays_without_a_buffer() -> Case:
    scenario, made = buffered(1, 10, 20, 40)
    assert made.leave is not None
    made.leave[5] = 81
    return scenario, made


@forbids("overlap")
def begun_while_the_last_one_blocks() -> Case:
    return buffered(0, 10, 40, 60, third=39)


@allows("buffers")
def one_on_the_belt() -> Case:
    return buffered(1, 10, 20, 40)


@allows("buffers")
def no_belt_and_the_resource_waits() -> Case:
    return buffered(0, 10, 40, 60, third=40)


def begun(complete: int) -> Case:
    scenario = shop(*(order(name, cut=op(), pack=op()) for name in "ABC"), plant={"work_in_process": 2})
    return scenario, by_hand(
        scenario,
        [
            ("A", "cut", "m1", 0, 10),
            ("B", "cut", "m1", 10, 20),
            ("A", "pack", "m2", complete - 10, complete),
            ("B", "pack", "m2", 40, 50),
            ("C", "cut", "m1", 20, 30),
            ("C", "pack", "m2", 50, 60),
        ],
    )


@forbids("work_in_process")
def a_third_order() -> Case:
    return begun(21)


@allows("work_in_process")
def a_third_order_when_one_is_complete() -> Case:
    return begun(20)


@allows("work_in_process")
def too_many_orders_in_the_past_only() -> Case:
    ran = {"operation": "cut", "state": "finished", "resource": "m1"}
    scenario = shop(
        order("A", cut=op(), pack=op()),
        order("B", cut=op()),
        plant={"work_in_process": 1},
        now="2024-01-01T00:30:00",
        floor=[
            {**ran, "lot": "A", "start": "2024-01-01T00:00:00", "end": "2024-01-01T00:10:00"},
            {**ran, "lot": "B", "start": "2024-01-01T00:10:00", "end": "2024-01-01T00:20:00"},
        ],
    )
    return scenario, by_hand(
        scenario, [("A", "cut", "m1", 0, 10), ("B", "cut", "m1", 10, 20), ("A", "pack", "m2", 30, 40)]
    )
