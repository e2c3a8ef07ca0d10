"""Cases of time links, vehicles and materials."""

from __future__ import annotations

from typing import Any

from tests.validation.shop_kit import Case, allows, by_hand, forbids, op, order, shop

MONDAY = "2024-01-01T"


# -- links ------------------------------------------------------------------------------------------------------------


def linked(start: int, **link: Any) -> Case:
    """A/join follows A/cut, which ends at 0:40, five minutes away."""
    scenario = shop(
        order(
            "A",
            quantity=10,
            cut={"capability": "work", "work": {"per_piece": "4 min"}},
            join={"capability": "work", "work": {"fixed": "3 min", "per_piece": "2 min"}, "links": {"cut": link}},
        ),
        cell={"resources": {"m1": {"location": "here"}, "m2": {"location": "there"}}},
        plant={"locations": ["here", "there"], "transport": {"default": "5 min"}},
    )
    return scenario, by_hand(scenario, [("A", "cut", "m1", 0, 40), ("A", "join", "m2", start, start + 23)])


@forbids("links")
def too_soon() -> Case:
    return linked(54, minimum="10 min")


@forbids("links")
def too_long_a_wait() -> Case:
    return linked(61, minimum="10 min", maximum="15 min")


@allows("links")
def in_between() -> Case:
    return linked(60, minimum="10 min", maximum="15 min")


@forbids("links")
def before_the_first_pieces_are_there() -> Case:
    """Three pieces take 12 minutes, and five to be brought."""
    return linked(16, transfer=3)


@forbids("links")
def the_last_pieces_worked_too_soon() -> Case:
    """They are there at 45 and take 6 minutes, but it ends at 50."""
    return linked(27, transfer=3)


@allows("links")
def the_last_pieces_worked_at_the_end() -> Case:
    return linked(28, transfer=3)


@forbids("links")
def before_a_quarter_is_done() -> Case:
    scenario, _ = linked(0, overlap=50)
    return scenario, by_hand(scenario, [("A", "cut", "m1", 0, 40), ("A", "join", "m2", 24, 47)])


@allows("links")
def after_half_of_it() -> Case:
    return linked(25, overlap=50)


def paired(resource: str, start: int, **asked: Any) -> Case:
    scenario = shop(order("A", cut=op(), join=op(after=[], **asked)))
    return scenario, by_hand(scenario, [("A", "cut", "m1", 10, 20), ("A", "join", resource, start, start + 10)])


@forbids("links")
def on_another_resource() -> Case:
    return paired("m2", 10, same_resource_as=["cut"])


@forbids("links")
def on_the_same_resource() -> Case:
    return paired("m1", 20, other_resource_than=["cut"])


@forbids("links")
def not_together() -> Case:
    return paired("m2", 11, start_with=["cut"])


@allows("links")
def together_on_two_resources() -> Case:
    return paired("m2", 10, start_with=["cut"], other_resource_than=["cut"])


@allows("links")
def on_the_same_resource_as_asked() -> Case:
    return paired("m1", 20, same_resource_as=["cut"])


# -- vehicles ---------------------------------------------------------------------------------------------------------


def brought(*carries: tuple[str, int, int], number: int = 1) -> Case:
    """A and B go from here to there, ten minutes; they are cut until 10 and 15, joined from 25 and 35 on."""
    scenario = shop(
        *(order(name, cut=op(), join=op(resources=["n1", "n2"])) for name in "AB"),
        cell={
            "resources": {
                "m1": {"location": "here"},
                "m2": {"location": "here"},
                "n1": {"location": "there"},
                "n2": {"location": "there"},
            }
        },
        plant={"locations": ["here", "there"], "transport": {"default": "10 min", "vehicles": number}},
    )
    rows = [
        ("A", "cut", "m1", 0, 10),
        ("B", "cut", "m2", 5, 15),
        ("A", "join", "n1", 25, 35),
        ("B", "join", "n2", 35, 45),
    ]
    return scenario, by_hand(scenario, rows, carries=[((name, "cut"), (name, "join"), a, b) for name, a, b in carries])


@forbids("vehicles")
def one_not_brought() -> Case:
    return brought(("A", 10, 20))


@forbids("vehicles")
def two_with_one_vehicle() -> Case:
    return brought(("A", 10, 20), ("B", 19, 29))


@forbids("vehicles")
def brought_before_it_is_done() -> Case:
    return brought(("A", 9, 19), ("B", 19, 29))


@forbids("vehicles")
def brought_too_fast() -> Case:
    return brought(("A", 10, 19), ("B", 19, 29))


@allows("vehicles")
def one_after_the_other() -> Case:
    return brought(("A", 10, 20), ("B", 20, 30))


@allows("vehicles")
def two_vehicles() -> Case:
    return brought(("A", 12, 22), ("B", 15, 25), number=2)


# -- materials --------------------------------------------------------------------------------------------------------

BAR = {
    "stock": 2,
    "stock_value": 1,
    "arrivals": [{"at": f"{MONDAY}01:00:00", "quantity": 3}],
    "buy": {"lead_time": "2 h", "price": 3, "expedite": {"lead_time": "30 min", "price": 7}},
}


def supplied(*sources: tuple[str, int, int], start: int = 0, **header: Any) -> Case:
    """A needs two bars and B three; sources: where from, when there, used from when on."""
    use = {"components": [{"component": "bar"}]}
    scenario = shop(
        order("A", quantity=2, cut=op(), routing=use),
        order("B", quantity=3, cut=op(), routing=use),
        catalog={"components": {"bar": BAR}},
    )
    rows = [(name, "cut", m, begin, begin + 10) for name, m, (_, _, begin) in zip("AB", ("m1", "m2"), sources)]
    pegs = [("bar", source, "", name, q, at) for name, q, (source, at, _) in zip("AB", (2, 3), sources)]
    return scenario, by_hand(scenario, rows, pegs=pegs, **header)


@forbids("supply")
def taken_before_it_arrives() -> Case:
    return supplied(("stock", 0, 0), ("stock", 59, 59))


@forbids("supply")
def bought_too_late() -> Case:
    return supplied(("stock", 0, 0), ("buy", 119, 119))


@forbids("supply")
def used_before_it_is_there() -> Case:
    return supplied(("stock", 0, 0), ("expedite", 30, 29))


@forbids("supply")
def from_two_sources() -> Case:
    scenario, _ = supplied(("stock", 60, 60), ("buy", 120, 120))
    return scenario, by_hand(
        scenario,
        [("A", "cut", "m1", 60, 70), ("B", "cut", "m2", 120, 130)],
        pegs=[("bar", "stock", "", "A", 2, 60), ("bar", "stock", "", "B", 1, 60), ("bar", "buy", "", "B", 2, 120)],
    )


@allows("supply")
def from_stock_and_what_arrived() -> Case:
    return supplied(("stock", 0, 0), ("stock", 60, 60), objective=2000 + 500)


@allows("supply")
def bought_and_expedited() -> Case:
    return supplied(("buy", 120, 125), ("expedite", 30, 30), objective=2000 + 600 + 2100)


@allows("supply")
def what_is_used_up_came_from_somewhere() -> Case:
    """A took five bars when two were there; B buys."""
    use = {"components": [{"component": "bar"}]}
    ran = {"lot": "A", "operation": "cut", "state": "finished", "resource": "m1"}
    scenario = shop(
        order("A", quantity=5, cut=op(), routing=use),
        order("B", quantity=3, cut=op(), routing=use),
        catalog={"components": {"bar": BAR}},
        now=f"{MONDAY}00:30:00",
        floor=[{**ran, "start": f"{MONDAY}00:10:00", "end": f"{MONDAY}00:20:00"}],
    )
    return scenario, by_hand(
        scenario,
        [("A", "cut", "m1", 10, 20), ("B", "cut", "m2", 120, 130)],
        pegs=[("bar", "stock", "", "A", 5, 10), ("bar", "buy", "", "B", 3, 120)],
    )
