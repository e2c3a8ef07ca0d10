"""Cases of the rules about the floor: resources, times, and what the header says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.validation.hand import moved, row, with_header, with_rows
from tests.validation.kit import Case, cabinet, case, computer, jobs


@case("structure")
class Structure:
    @staticmethod
    def forbidden() -> Case:
        scenario, made = jobs()
        return scenario, with_rows(made, 1, position=5)

    @staticmethod
    def allowed() -> Case:
        scenario, made = jobs()
        order = [3, 1, 0, 2]
        names = ("lot", "name", "resource", "configuration", "mode", "start", "end", "rec_start", "rec_end", "position")
        return scenario, replace(
            made, resources=(), orders=(), configurations=(), **{n: getattr(made, n)[order] for n in names}
        )


@case("eligibility")
class Eligibility:
    @staticmethod
    def forbidden() -> Case:
        """Painted red what was ordered white."""
        scenario, made = cabinet()
        return scenario, with_rows(made, row(made, "A1", "paint"), configuration=1)

    @staticmethod
    def allowed() -> Case:
        """White in the other booth, which needs no reconfiguration before its first operation."""
        scenario, made = cabinet()
        booth2 = [r.id for r in scenario.resources].index("booth2")
        made = with_rows(made, row(made, "A1", "paint"), resource=booth2)
        return scenario, with_rows(made, row(made, "A2", "paint"), position=0)


@case("duration")
class Duration:
    @staticmethod
    def forbidden() -> Case:
        scenario, made = computer()
        return scenario, with_rows(made, row(made, "C1", "close"), end=679)

    @staticmethod
    def allowed() -> Case:
        """The alternative takes less."""
        scenario, made = cabinet()
        return scenario, with_rows(made, row(made, "A1", "assemble"), mode=1, end=539 + 24)


@case("horizon")
class Horizon:
    @staticmethod
    def forbidden() -> Case:
        scenario, made = jobs()
        return scenario, moved(made, 0, -1)

    @staticmethod
    def allowed() -> Case:
        """A start in the tick the resource becomes available."""
        ready = {"press1": {"available_from": datetime(2024, 1, 1, 6)}}
        return cabinet(plant={"cells": {"shop": {"resources": ready}}})


@case("overlap")
class Overlap:
    @staticmethod
    def forbidden() -> Case:
        scenario, made = jobs()
        return scenario, moved(with_header(made, status="feasible", objective=None), 1, -1)

    @staticmethod
    def allowed() -> Case:
        """An operation of no duration first, another starting in its tick."""
        scenario, made = jobs()
        made = with_rows(made, 1, start=4, end=4)
        return scenario, made


@case("reconfiguration")
class Reconfiguration:
    @staticmethod
    def forbidden() -> Case:
        """Six minutes to red, where five are between the end of the white one and the end of the shift."""
        scenario, made = cabinet()
        white = row(made, "A1", "paint")
        late = moved(moved(moved(made, white, 427), row(made, "A1", "assemble"), 1440), row(made, "A1", "test"), 1440)
        return scenario, late

    @staticmethod
    def allowed() -> Case:
        """Earlier in the gap, and in two parts around the night."""
        scenario, made = cabinet()
        red = row(made, "A2", "paint")
        made = moved(moved(moved(made, red, 3), row(made, "A2", "assemble"), 3), row(made, "A2", "test"), 3)
        return scenario, with_rows(made, red, rec_start=957, rec_end=1440 + 482)


@case("calendar")
class Calendar:
    @staticmethod
    def forbidden() -> Case:
        """Over the noon break."""
        scenario, made = computer()
        return scenario, moved(moved(made, row(made, "C1", "mount"), 100), row(made, "C1", "close"), 120)

    @staticmethod
    def allowed() -> Case:
        """Up to the minute of noon."""
        scenario, made = computer()
        return scenario, moved(moved(made, row(made, "C1", "mount"), 60), row(made, "C1", "close"), 120)


@case("deadline")
class Deadline:
    @staticmethod
    def forbidden() -> Case:
        scenario, made = cabinet()
        late = 2 * 1440 + 961 - int(made.end[row(made, "A2", "test")])
        return scenario, moved(made, row(made, "A2", "test"), late)

    @staticmethod
    def allowed() -> Case:
        """To the minute; and A1 far beyond its due date."""
        scenario, made = cabinet()
        last = row(made, "A2", "test")
        made = moved(made, last, 2 * 1440 + 960 - int(made.end[last]))
        first = row(made, "A1", "test")
        made = moved(made, first, 3 * 1440)
        return scenario, with_rows(with_rows(made, last, position=1), first, position=2)


@case("budgets")
class Budget:
    @staticmethod
    def forbidden() -> Case:
        return jobs(budgets={"makespan": "8 ms"})

    @staticmethod
    def allowed() -> Case:
        return jobs(budgets={"makespan": "9 ms", "lead_time": "13 ms", "money": 0})


@case("header")
class Header:
    @staticmethod
    def forbidden() -> Case:
        scenario, made = jobs()
        return scenario, with_header(made, objective=8, bound=8.0)

    @staticmethod
    def allowed() -> Case:
        """A fractional bound proves the next whole number."""
        scenario, made = jobs()
        return scenario, with_header(made, bound=8.2)
