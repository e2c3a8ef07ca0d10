"""Cases of the rules about supply: what is made, for whom, from what."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.validation.hand import make as build
from tests.validation.hand import moved, row, schedule, tiny_factory, with_part, with_rows, without_rows
from tests.validation.kit import Case, cabinet, case, computer


@case("completeness")
class Completeness:
    @staticmethod
    def forbidden() -> Case:
        scenario, made = cabinet()
        return scenario, without_rows(made, [row(made, "A1", "test")])

    @staticmethod
    def allowed() -> Case:
        """Two body lots instead of one."""
        lots = [
            ("mould", "mould", "", 1),
            ("A1", "", "A1", 2),
            ("A1/body", "body", "A1", 1),
            ("A1/body#2", "body", "A1", 1),
        ]
        small = build(tiny_factory(), [{"id": "A1", "family": "cabinet", "quantity": 2}])
        return small, schedule(
            small,
            lots,
            [
                ("mould", "mill", "press1", 360, 480),
                ("A1/body", "press", "press1", 480, 492),
                ("A1/body#2", "press", "press1", 492, 504),
                ("A1", "paint", "booth1", 514, 539, "white"),
                ("A1", "assemble", "bench1", 549, 589),
                ("A1", "test", "bench1", 589, 599),
            ],
            [
                ("body", "lot", "A1/body", "A1", 1, -1),
                ("body", "lot", "A1/body#2", "A1", 1, -1),
                ("hinge", "buy", "", "A1", 4, 240),
                ("sheet", "stock", "", "A1/body", 3, 0),
                ("sheet", "stock", "", "A1/body#2", 3, 0),
                ("mould", "lot", "mould", "A1/body", 1, -1),
                ("mould", "lot", "mould", "A1/body#2", 1, -1),
            ],
        )


@case("precedence")
class Precedence:
    @staticmethod
    def forbidden() -> Case:
        """Before the body is brought to the annex."""
        scenario, made = cabinet()
        return scenario, moved(made, row(made, "A1", "paint"), -1)

    @staticmethod
    def allowed() -> Case:
        """Without transport, ten minutes earlier."""
        scenario, made = cabinet(plant={"transport": {"default": 0}})
        return scenario, moved(made, row(made, "A1", "paint"), -10)


@case("release")
class Release:
    @staticmethod
    def orders(hour: int) -> Case:
        made = cabinet()[1]
        orders = [
            {
                "id": "A1",
                "family": "cabinet",
                "quantity": 2,
                "customer": "ACME",
                "due": "2024-01-03T00:00:00",
                "release": datetime(2024, 1, 1, hour),
            },
            {"id": "A2", "family": "cabinet", "choices": {"colour": "red"}, "deadline": "2024-01-03T16:00:00"},
        ]
        late = build(tiny_factory(), orders)
        hinge = made.pegs.component.index("hinge")
        return late, with_part(made, "pegs", hinge, available=240 + 60 * hour)

    @staticmethod
    def forbidden() -> Case:
        return Release.orders(9)

    @staticmethod
    def allowed() -> Case:
        """The mould is made before, and belongs to no order."""
        scenario, made = Release.orders(8)
        return scenario, moved(moved(made, row(made, "A1", "assemble"), 181), row(made, "A1", "test"), 181)


@case("material")
class Material:
    @staticmethod
    def forbidden() -> Case:
        """Pressed on Monday, from sheets that come on Tuesday."""
        scenario, made = cabinet()
        press = row(made, "A2/body", "press")
        return scenario, moved(made, press, 494 - 1800)

    @staticmethod
    def allowed() -> Case:
        """The same, and the pegs give it the sheets in stock: the other body waits."""
        small = build(
            tiny_factory(catalog={"components": {"sheet": {"buy": {"lead_time": "8 h"}}}}),
            [{"id": "A1", "family": "cabinet", "quantity": 2}],
        )
        return small, schedule(
            small,
            [("mould", "mould", "", 1), ("A1", "", "A1", 2), ("A1/body", "body", "A1", 2)],
            [
                ("mould", "mill", "press1", 360, 480),
                ("A1/body", "press", "press1", 480, 494),
                ("A1", "paint", "booth1", 504, 529, "white"),
                ("A1", "assemble", "bench1", 539, 579),
                ("A1", "test", "bench1", 579, 589),
            ],
            [
                ("body", "lot", "A1/body", "A1", 2, -1),
                ("hinge", "buy", "", "A1", 4, 240),
                ("sheet", "stock", "", "A1/body", 2, 0),
                ("sheet", "buy", "", "A1/body", 4, 480),
                ("mould", "lot", "mould", "A1/body", 1, -1),
            ],
        )


@case("stock")
class Stock:
    @staticmethod
    def forbidden() -> Case:
        """Six screws when C2 closes at 9:10, and four in stock."""
        scenario, made = computer()
        return scenario, moved(made, row(made, "C2", "close"), -50)

    @staticmethod
    def allowed() -> Case:
        """The other order gets the screws in stock."""
        scenario, made = computer()
        made = moved(moved(made, row(made, "C2", "mount"), 90), row(made, "C2", "close"), 40)
        own, stocked, bought = (
            made.pegs.component.index("screw"),
            *[i for i, c in enumerate(made.pegs.component) if c == "screw"][1:],
        )
        made = with_part(with_part(made, "pegs", own, quantity=8), "pegs", stocked, order=0, consumer=0)
        return scenario, with_part(made, "pegs", bought, quantity=6)


@case("tools")
class Tools:
    @staticmethod
    def forbidden() -> Case:
        """Pressed while the mould is being milled elsewhere."""
        scenario, made = cabinet(plant={"cells": {"shop": {"resources": {"press1": {}, "press2": {}}}}})
        press = row(made, "A1/body", "press")
        made = with_rows(made, row(made, "A2/body", "press"), position=1)
        names = tuple(r.id for r in scenario.resources)
        made = replace(made, resources=(), configurations=(), resource=made.resource + (made.resource > 0))
        return scenario, moved(with_rows(made, press, resource=names.index("press2"), position=0), press, -1)

    @staticmethod
    def allowed() -> Case:
        """Both presses use the one mould at the same time."""
        small = build(
            tiny_factory(
                plant={"cells": {"shop": {"resources": {"press1": {}, "press2": {}}}}},
                catalog={"components": {"sheet": {"stock": 9}}},
            ),
            [{"id": i, "family": "cabinet"} for i in ("A1", "A2")],
        )
        rows, pegs = [("mould", "mill", "press1", 360, 480)], []
        for k, i in enumerate(("A1", "A2")):
            rows += [
                (f"{i}/body", "press", f"press{k + 1}", 480, 492),
                (i, "paint", f"booth{k + 1}", 502, 517, "white"),
                (i, "assemble", f"bench{k + 1}", 527, 547),
                (i, "test", f"bench{k + 1}", 547, 557),
            ]
            pegs += [
                ("body", "lot", f"{i}/body", i, 1, -1),
                ("hinge", "buy", "", i, 2, 240),
                ("sheet", "stock", "", f"{i}/body", 3, 0),
                ("mould", "lot", "mould", f"{i}/body", 1, -1),
            ]
        lots = [
            ("mould", "mould", "", 1),
            *((i, "", i, 1) for i in ("A1", "A2")),
            *((f"{i}/body", "body", i, 1) for i in ("A1", "A2")),
        ]
        return small, schedule(small, lots, rows, pegs)
