"""Links and holds between operations of one item, by their positions in its layout."""

from __future__ import annotations

from scheduler.errors import Location
from scheduler.planning.crews import Staff
from scheduler.planning.drafts import Drafter, StepDraft, nearest
from scheduler.planning.layout import Layout

KINDS = ("same_resource_as", "other_resource_than", "start_with")
"""In the order of the kinds of problem.rules."""


def links(drafter: Drafter, layout: Layout) -> list[tuple[int, int, int]]:
    """(kind, operation, operation) of a layout; an operation that choices removed is no partner."""
    found: dict[tuple[int, int, int], None] = {}
    for name, at in layout.places.items():
        step = layout.nodes[at].step
        if step.special is None:
            continue
        for kind, word in enumerate(KINDS):
            for i, key in enumerate(getattr(step.special, word)):
                other = key.removeprefix(step.prefix)
                if _fits(drafter, layout, name, other, (*step.where, word, i)):
                    pair = sorted((at, layout.places[other]))
                    found[kind, pair[0], pair[1]] = None
    return list(found)


def _fits(drafter: Drafter, layout: Layout, name: str, other: str, where: Location) -> bool:
    if other not in layout.places:
        if not layout.known(other):
            others = [n for n in layout.places if n != name]
            drafter.wrong(where, f"unknown operation '{other}'", nearest(other, others))
        return False
    if other == name:
        drafter.wrong(where, f"operation '{name}' names itself", "name another operation of the item")
        return False
    for each in (name, other):
        if layout.split(each):
            drafter.wrong(where, f"operation '{each}' is split and linked to another", "do only one of these")
            return False
    return True


def holds(drafter: Drafter, layout: Layout, staff: Staff) -> list[tuple[int, int, int, int]]:
    """(fixture, number, from, to) of a layout; a hold whose ends are not both there with these choices is none."""
    found = []
    for i, hold in enumerate(layout.draft.holds):
        where = (*layout.draft.where, "holds", i)
        fixture = staff.fixture(drafter, hold.fixture, hold.number, where)
        there = True
        for word, name in (("from", hold.from_), ("to", hold.to)):
            if name not in layout.places:
                there = False
                if not layout.known(name):
                    drafter.wrong((*where, word), f"unknown operation '{name}'", nearest(name, list(layout.places)))
            elif layout.split(name):
                there = False
                drafter.wrong((*where, word), f"operation '{name}' is split and holds a fixture over others",
                              "do only one of these")
        if there and not _leads(layout, layout.places[hold.from_], layout.places[hold.to]):
            drafter.wrong((*where, "to"), f"operation '{hold.to}' does not come after '{hold.from_}'",
                          "name an operation that does")
        elif there and fixture >= 0:
            found.append((fixture, hold.number, layout.places[hold.from_], layout.places[hold.to]))
    return found


def _leads(layout: Layout, source: int, target: int) -> bool:
    seen, open_ = {target}, [target]
    while open_:
        fresh = [p for p in layout.nodes[open_.pop()].after if p not in seen]
        seen.update(fresh)
        open_ += fresh
    return source in seen


def exclusions(drafter: Drafter, name: str, step: StepDraft) -> None:
    """Notes what an operation says that excludes each other."""
    if step.special is not None and step.special.split is not None and step.special.batch is not None:
        drafter.wrong((*step.where, "split"), f"operation '{name}' is split and batched", "do only one of these")
